"""The claim that a clause states, once it is decided of what kind it is."""

from __future__ import annotations

from rolediff.claims.grammar.cells import claims_of_kind
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.gap import gap_stated
from rolediff.claims.grammar.pay import sums_stated
from rolediff.claims.grammar.reason import reason_claim
from rolediff.claims.grammar.subject import subject_start
from rolediff.results.claims import Claim, ClaimKind


def stated(clause: Clause, kind: ClaimKind, label: str = "") -> list[Claim]:
    """The claims of `kind` in `clause`, under a `label`: its figures, items and sense as it says.

    What cannot be told (which of two roles is paid more) is left empty, not guessed.
    """
    if clause.block not in ("cell", "item") and clause.mentions:
        clause = clause.part(subject_start(clause), clause.end)
    if kind == "unread":
        return [clause.claim("unread")]
    if kind == "gap":
        return [gap_stated(clause)]
    if kind == "reason":
        return [reason_claim(clause, clause.text)]
    if kind == "pay":
        return sums_stated(clause, label) if clause.money else [clause.claim("pay")]
    return claims_of_kind(clause, label, kind)
