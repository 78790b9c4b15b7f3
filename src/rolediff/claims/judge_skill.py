"""Claims that a role needs a skill or a tool, or one role more than another: shares of ads."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from rolediff.annotate.having import is_skill, known_skills, named_skills, skills_of_text
from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.openings import naming, naming_gap, parts_of
from rolediff.claims.room import Room, Side
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import said
from rolediff.compare.brief_words import points as in_points
from rolediff.compare.brief_words import share as in_share
from rolediff.results import Claim, Estimate, Evidence, Short

SETTLE = "full texts of some hundred ads of each role, of many employers"
NOTE = "by what ads name: a wish of employers, not what people in the role know"


@dataclass(frozen=True)
class Item:
    """Something listed, with the skills it names: none where it names no known one."""

    text: str
    skills: tuple[str, ...]


def judge_skill(claim: Claim, room: Room) -> Drafted:
    """Each skill that is listed, for each role, in each scope."""
    items = listed(claim)
    here = scopes(claim, room.base, room.market)
    roles = room.roles(claim)
    if not here:
        return Drafted(claim, (untestable("place", f"{claim.region} is no known place"),), SETTLE)
    compared = claim.sense in ("more", "less", "same") and len(roles) == 2
    points: list[Draft] = []
    for item in items:
        if not item.skills:
            points.append(untestable(item.text, unknown(item.text)))
            continue
        for scope in here:
            if compared:
                points.append(_compared(claim, room, room.against(*roles), scope, item))
            else:
                points += [_shared(claim, room, role, scope, item) for role in roles]
    return Drafted(claim, tuple(points), SETTLE, (NOTE,))


def listed(claim: Claim) -> tuple[Item, ...]:
    """What a claim lists, each skill for itself; alternatives ("Python or R") as one thing."""
    found = [Item(text, skills_named(text)) for text in claim.items or (claim.text,)]
    if _alternatives(claim, found):
        return (Item(" or ".join(i.text for i in found), tuple(s for i in found for s in i.skills)),)
    apart = [
        Item(skill if len(item.skills) > 1 else item.text, (skill,))
        for item in found
        for skill in item.skills
    ]
    return (*apart, *(item for item in found if not item.skills))


def _alternatives(claim: Claim, found: list[Item]) -> bool:
    """Whether all that is listed stands with "or" between its last two."""
    if len(found) < 2 or not all(len(i.skills) == 1 for i in found):
        return False
    last = [re.escape(i.text.casefold()) for i in found[-2:]]
    return re.search(rf"{last[0]},? or {last[1]}", claim.text.casefold()) is not None


def skills_named(text: str) -> tuple[str, ...]:
    """The skills that a listed thing names: it is one, its parts are, or it speaks of some."""
    if is_skill(text):
        return named_skills([text])
    spoken = list(skills_of_text(text))
    pieces = [p.strip() for p in re.split(r",|/|\band\b|\bor\b|[()]", text)]
    exact = [named_skills([p])[0] for p in pieces if len(p) > 1 and is_skill(p)]
    return tuple(dict.fromkeys([*exact, *spoken]))


def unknown(text: str) -> str:
    """That a thing is in no vocabulary here, and what it may have meant."""
    known = known_skills()
    near = difflib.get_close_matches(text.casefold(), known, n=2, cutoff=0.8)
    guess = f"; did it mean {' or '.join(known[k].name for k in near)}?" if near else ""
    return f"“{text}” is no skill that is looked for in ads here{guess}"


def share_wanted(claim: Claim, room: Room) -> tuple[Allowed, str]:
    """What a claim allows of the share of ads that name a thing, and that in words.

    A percentage as it stands; else by "most", "few", ...; else `rule.example` of what is given as
    an example or is said to be so at times, `rule.most` of what is a must, `rule.named`.
    """
    rule = room.rule
    if claim.amount is not None and claim.amount.unit in ("percent", "points"):
        allowed = amounts.share_allowed(claim.amount, rule)
    elif (spoken := amounts.quantity_allowed(claim.quantity, rule)) is not None:
        allowed = spoken[0]
    elif said(claim.text, "rarely"):
        allowed = Allowed(high=rule.named)
    elif said(claim.text, "mandatory"):
        allowed = Allowed(rule.most)
    elif said(claim.text, "example") or said(claim.text, "possible"):
        allowed = Allowed(rule.example)
    else:
        allowed = Allowed(rule.named)
    allowed = allowed.opposite if claim.negated else allowed
    return allowed, amounts.shares_in_words(allowed)


def _shared(claim: Claim, room: Room, role: Role, scope: Scope, item: Item) -> Draft:
    name = f"{item.text}, {role.plural}, {scope.name}"
    side, found = room.first(room.sides(role, claim), lambda s: room.openings(s, scope))
    if isinstance(found, Short):
        return short(name, found.reason)
    e = naming(found, item.skills, side.is_a)
    allowed, words = share_wanted(claim, room)
    what = f"ads for {role.plural} in {scope.name} that name {_spoken(item)}"
    return measured(
        name, e, allowed, room.rule, figure=f"{what}: {in_share(e)}", claimed=words,
        evidence=(Evidence(what, e, "share", e.source, room.command("skills", side, scope)),),
    )  # fmt: skip


def _compared(claim: Claim, room: Room, side: Side, scope: Scope, item: Item) -> Draft:
    name = f"{item.text}, {scope.name}"
    found = room.openings(side, scope)
    if isinstance(found, Short):
        return short(name, found.reason)
    e = naming_gap(found, item.skills, side.is_a)
    same = room.rule.points / 100
    allowed = {
        "more": Allowed(0.0), "less": Allowed(high=0.0), "same": Allowed(-same, same)
    }[claim.sense]  # fmt: skip
    allowed = allowed.opposite if claim.negated else allowed
    what = (f"share of ads for {side.role.plural} that name {_spoken(item)}, less that for "
            f"{side.other.plural}, in {scope.name}")  # fmt: skip
    evidence = (Evidence(what, e, "share", e.source, room.command("skills", side, scope)),
                *_both(room, side, scope, item))  # fmt: skip
    return measured(name, e, allowed, room.rule, figure=f"{what}: {_points(e)}",
                    claimed=amounts.in_words(Allowed(100 * allowed.low, 100 * allowed.high,
                                                     allowed.outside), "points"),
                    evidence=evidence)  # fmt: skip


def _both(room: Room, side: Side, scope: Scope, item: Item) -> list[Evidence]:
    found = room.openings(side, scope)
    assert not isinstance(found, Short)
    printed = room.command("skills", side, scope)
    both = ((side.role, side.is_a), (side.other, not side.is_a))
    made = [(role, naming(found, item.skills, is_a)) for role, is_a in both]
    return [Evidence(f"ads for {role.plural} that name {_spoken(item)}, {scope.name}", e, "share",
                     e.source, printed) for role, e in made]  # fmt: skip


def _points(e: Estimate) -> str:
    return f"{in_points(e)}; n = {e.n:,}"


def _spoken(item: Item) -> str:
    """The skills of an item as ads are read for them; with "or a part of it" where it has any."""
    wider = any(len(parts_of(s)) > 1 for s in item.skills)
    return f"{' or '.join(item.skills)}{' or a part of it' if wider else ''}"
