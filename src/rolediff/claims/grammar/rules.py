"""The rooms of the grammar, in the order in which a clause is shown to them."""

from __future__ import annotations

from collections.abc import Callable

from rolediff.claims.grammar.asked import certification_claims, education_claims, skill_claims
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.ellipsis import answer_claims, so_do_claims
from rolediff.claims.grammar.gap import gap_claims
from rolediff.claims.grammar.outlook import demand_claims, growth_claims, trend_claims
from rolediff.claims.grammar.pay import pay_claims
from rolediff.claims.grammar.reason import reason_claims
from rolediff.claims.grammar.share import share_claims
from rolediff.claims.grammar.unread import unread_claims
from rolediff.claims.grammar.where import country_claims, industry_claims
from rolediff.results.claims import Claim

Rule = Callable[[Clause], list[Claim]]
"""What finds the claims of one kind, or of a few, in a clause."""

ELLIPTIC: tuple[Rule, ...] = (so_do_claims, answer_claims)
"""What reads a clause that claims by leaving out what was said before; it is not weighed."""

RULES: tuple[Rule, ...] = (
    reason_claims,
    share_claims,
    certification_claims,
    education_claims,
    country_claims,
    industry_claims,
    gap_claims,
    pay_claims,
    growth_claims,
    demand_claims,
    trend_claims,
    skill_claims,
    unread_claims,
)
"""The rooms of the grammar in the order in which a clause is shown to them; the first reads."""
