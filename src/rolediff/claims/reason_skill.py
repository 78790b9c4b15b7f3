"""A skill as a reason for a gap: is it asked for more often, and does pay go with it?"""

from __future__ import annotations

from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, measured, short
from rolediff.claims.judge_skill import points_of
from rolediff.claims.openings import naming, naming_gap
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope
from rolediff.compare.brief_words import growth
from rolediff.results import Evidence, Short


def skill_points(skill: str, room: Room, side: Side, scope: Scope) -> list[Draft]:
    """That ads of the role name the skill more often, and that pay goes with naming it."""
    return [_more_often(skill, room, side, scope), _worth(skill, room, side, scope)]


def _more_often(skill: str, room: Room, side: Side, scope: Scope) -> Draft:
    found = room.openings(side, scope)
    name = f"more {skill} in ads for {side.role.plural}"
    if isinstance(found, Short):
        return short(name, found.reason)
    e = naming_gap(found, (skill,), side.is_a)
    printed = room.command("skills", side, scope)
    what = f"ads for {side.role.plural} that name {skill}"
    gap = f"{what}, less those for {side.other.plural}"
    evidence = (
        Evidence(gap, e, "share", e.source, printed),
        Evidence(what, naming(found, (skill,), side.is_a), "share", e.source, printed),
    )
    return measured(name, "", e, Allowed(0.0), room.rule, figure=f"{gap}: {points_of(e)}",
                    claimed="above 0 points", evidence=evidence)  # fmt: skip


def _worth(skill: str, room: Room, side: Side, scope: Scope) -> Draft:
    """Pay that goes with the skill among ads of both roles, role, level and country held equal."""
    found = room.skills(side, scope)
    name = f"pay that goes with {skill}"
    if isinstance(found, Short):
        return short(name, found.reason)
    told = next((s for s in found.skills if s.name == skill), None)
    if told is None or told.premium is None:
        return short(name, f"too few of {found.paid} ads with pay name {skill}, or name it not")
    e = told.premium.alone
    printed = room.command("skills", side, scope)
    what = f"pay in ads that name {skill} over others, role, level and country held equal"
    evidence = (Evidence(what, e.percent, "percent", e.source, printed),)
    return measured(name, "", e, Allowed(0.0), room.rule, figure=f"{what}: {growth(e)}",
                    claimed="above 0 %", evidence=evidence)  # fmt: skip
