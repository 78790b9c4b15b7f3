"""`check`: a verdict on every claim of an article."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Catalogue
from rolediff.claims.drafts import Drafted, short, untestable
from rolediff.claims.judge_education import judge_certification, judge_education
from rolediff.claims.judge_gap import judge_gap
from rolediff.claims.judge_growth import judge_demand, judge_growth, judge_trend
from rolediff.claims.judge_pay import judge_pay
from rolediff.claims.judge_place import judge_country, judge_industry
from rolediff.claims.judge_reason import judge_reason
from rolediff.claims.judge_share import judge_share
from rolediff.claims.judge_skill import judge_skill
from rolediff.claims.room import Room
from rolediff.claims.rule import Rule, adjusted
from rolediff.claims.verdict import judgement
from rolediff.compare.asked import checked_where
from rolediff.errors import CurrencyError, NotEnoughEvidence, UsageError
from rolediff.market import ReadOptions, Where, load
from rolediff.results import Article, CheckedArticle, Claim

JUDGES: Mapping[str, Callable[[Claim, Room], Drafted]] = {
    "pay": judge_pay,
    "gap": judge_gap,
    "reason": judge_reason,
    "growth": judge_growth,
    "demand": judge_demand,
    "industry": judge_industry,
    "country": judge_country,
    "skill": judge_skill,
    "tool": judge_skill,
    "education": judge_education,
    "certification": judge_certification,
    "trend": judge_trend,
    "share": judge_share,
}
"""Who judges a claim of each kind."""

CAVEATS = (
    ("pay", "Pay here is advertised: a posted range is not a salary paid."),
    ("ads", "What ads name is a wish of employers, among the employers of one source."),
    ("cause", "Reasons are judged as associations: nothing here tells a cause."),
    ("proxy", "No official occupation is one of these roles: official figures are proxies."),
)


def check(
    article: Article, market: Any = None, *, claims: Sequence[Claim], rule: Rule | None = None,
    roles: Path | str | None = None, where: str | Where | None = None,
    options: ReadOptions | None = None, extra: str = "",
) -> CheckedArticle:  # fmt: skip
    """Judge the claims of an article on the records of a market.

    Args:
        article: as it was read.
        market: None for the bundled market, a `Market`, its folder, a file of records or a frame.
        claims: what it claims, found or written by hand.
        rule: thresholds; by default those of `Rule`.
        roles: a TOML file of roles that adds to the catalogue.
        where: a filter on all records, `"year=2024.."`.
        options: how to read a file or a frame.
        extra: what to add to the commands that print a figure ("--data market/").

    A claim that there is too little evidence for has that as its verdict; it fails nothing.

    Raises:
        UsageError, DataError: an argument or data that cannot be understood.
    """
    asked = rule or Rule()
    catalogue = Catalogue.load(Path(roles) if roles else None)
    loaded = load(market, options).market
    room = Room(loaded, catalogue, asked, article, checked_where(where), extra, tuple(claims))
    ordered = sorted(claims, key=lambda c: (c.start, c.end, c.line))
    drafted = [draft(claim, room) for claim in ordered]
    p = adjusted([point.p for d in drafted for point in d.points], asked)
    by_point = iter(p)
    judgements = tuple(
        judgement(d, tuple(x.point(next(by_point), asked) for x in d.points), asked)
        for d in drafted
    )
    return CheckedArticle(article, judgements, asked.words, asked.confidence, CAVEATS)


def draft(claim: Claim, room: Room) -> Drafted:
    """The points of one claim; one that names no known role is not testable."""
    if claim.kind == "unread":
        return Drafted(claim, (untestable("claim", "it looks like a claim and is not understood"),),
                       "the claim written by hand: `rolediff claims`")  # fmt: skip
    if not room.roles(claim) or claim.invented:
        return Drafted(claim, (untestable("role", _no_role(claim)),), "a role that is known here")
    try:
        found = JUDGES[claim.kind](claim, room)
    except (NotEnoughEvidence, CurrencyError, UsageError) as error:
        return Drafted(claim, (short(claim.kind, str(error)),))
    if found.points:
        return found
    return replace(found, points=(untestable(claim.kind, "nothing of it can be measured here"),))


def _no_role(claim: Claim) -> str:
    named = claim.invented or claim.roles
    if not named:
        return "the claim names no role"
    listed = ", ".join(f"“{name}”" for name in named)
    return f"{listed} is no role that is known here"
