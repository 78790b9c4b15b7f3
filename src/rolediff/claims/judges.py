"""Who judges which claim, and what is said where nobody can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rolediff.claims.drafts import Drafted, short, untestable
from rolediff.claims.judge_education import judge_certification, judge_education
from rolediff.claims.judge_gap import judge_gap
from rolediff.claims.judge_growth import judge_demand, judge_growth
from rolediff.claims.judge_pay import judge_pay
from rolediff.claims.judge_place import judge_country, judge_industry
from rolediff.claims.judge_reason import judge_reason
from rolediff.claims.judge_share import judge_share
from rolediff.claims.judge_skill import judge_skill
from rolediff.claims.judge_trend import judge_trend
from rolediff.claims.room import Room
from rolediff.errors import CurrencyError, NotEnoughEvidence, UsageError
from rolediff.results import Claim

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
        return replace(found, claim=claim, points=tuple(dict.fromkeys(found.points)))
    return replace(
        found, claim=claim, points=(untestable(claim.kind, "nothing of it can be measured here"),)
    )


def _no_role(claim: Claim) -> str:
    named = claim.invented or claim.roles
    if not named:
        return "the claim names no role"
    listed = ", ".join(f"“{name}”" for name in named)
    return f"{listed} is no role that is known here"
