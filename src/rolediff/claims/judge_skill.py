"""Claims that a role needs a skill or a tool, or one role more than another: shares of openings."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cache

from rolediff.annotate.having import is_skill, known_skills, named_skills
from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.openings import by_part, naming, naming_gap
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import keys_named, said
from rolediff.compare.brief_words import points as in_points
from rolediff.compare.brief_words import share as in_share
from rolediff.compare.openings import Openings
from rolediff.results import Claim, Estimate, Evidence, Short

SETTLE = "full texts of some hundred openings of each role, of many employers"
NOTE = "by what openings name: a wish of employers, not what people in the role know"

LONGEST = 5
"""Words of the name of a skill at most."""


@dataclass(frozen=True)
class Item:
    """Something listed, with the skills it names: none where it names no known one."""

    text: str
    skills: tuple[str, ...]


def judge_skill(claim: Claim, room: Room) -> Drafted:
    """Each skill that is listed, for each role, in each scope."""
    if not claim.items:
        why = "the claim lists nothing that openings could be read for"
        return Drafted(claim, (untestable(claim.kind, why),), "what it is that is needed")
    items = listed(claim)
    here = scopes(claim, room.base, room.market)
    if not here:
        return Drafted(claim, (untestable("place", f"{claim.region} is no known place"),), SETTLE)
    claim, roles = _against(claim, room)
    compared = bool(claim.sense) and len(roles) == 2
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


def _against(claim: Claim, room: Room) -> tuple[Claim, tuple[Role, ...]]:
    """The claim with its sense, and its roles; "more often" of one role is than of the other."""
    roles = room.roles(claim)
    senses = (("more", "more_often"), ("less", "less_often"))
    sense = next((s for s, manner in senses if said(claim.text, manner)), "")
    if len(roles) == 1 and sense:
        return replace(claim, sense=sense), (*roles, *room.others(roles[0])[:1])  # type: ignore[arg-type]
    return claim, roles


def listed(claim: Claim) -> tuple[Item, ...]:
    """What a claim lists, each skill for itself; alternatives ("Python or R") as one thing."""
    found = [Item(text, skills_named(text)) for text in claim.items]
    if _alternatives(claim, found):
        return (
            Item(" or ".join(i.text for i in found), tuple(s for i in found for s in i.skills)),
        )
    apart = [
        Item(skill if len(item.skills) > 1 else item.text, (skill,))
        for item in found
        for skill in item.skills
    ]
    known = {item.skills: item for item in reversed(apart)}  # a skill and its short form are one
    return (*reversed(known.values()), *(item for item in found if not item.skills))


def _alternatives(claim: Claim, found: list[Item]) -> bool:
    """Whether all that is listed stands with "or" between its last two."""
    if len(found) < 2 or not all(len(i.skills) == 1 for i in found):
        return False
    last = [re.escape(i.text.casefold()) for i in found[-2:]]
    return re.search(rf"{last[0]},? or {last[1]}", claim.text.casefold()) is not None


def skills_named(text: str) -> tuple[str, ...]:
    """The skills that a listed thing names: it is one, or its words are the names of some.

    A name with a capital ("Go") is one only where it is written so.
    """
    if is_skill(text):
        return named_skills([text])
    words = re.findall(r"[\w.+#/-]*[\w+#]", text)
    found: list[str] = []
    at = 0
    while at < len(words):
        size = next((k for k in range(LONGEST, 0, -1) if _name(words[at : at + k])), 0)
        found += [_name(words[at : at + size])] if size else []
        at += size or 1
    return tuple(dict.fromkeys(found))


def _name(words: list[str]) -> str:
    """The skill that these words are the name of, or nothing."""
    spelled = " ".join(words)
    names = _spellings()
    return names.get(spelled) or names.get(spelled[:1].lower() + spelled[1:], "")


@cache
def _spellings() -> dict[str, str]:
    """Every spelling of every skill, in its own letters, and the skill."""
    skills = known_skills().values()
    aliases = {alias: skill.name for skill in skills for alias in skill.aliases}
    return aliases | {skill.name: skill.name for skill in skills}


def unknown(text: str) -> str:
    """That a thing is in no vocabulary here, and what it may have meant."""
    known = known_skills()
    near = difflib.get_close_matches(text.casefold(), known, n=2, cutoff=0.8)
    guess = f" (nearest: {', '.join(known[k].name for k in near)})" if near else ""
    return f"“{text}” is no skill that is looked for in openings{guess}"


def share_wanted(claim: Claim, room: Room) -> tuple[Allowed, str]:
    """What a claim allows of the share of openings that name a thing, and that in words.

    A percentage as it stands; else by "most", "few", ...; else `rule.example` of what is given as
    an example or is said to be so at times, `rule.most` of what is a must, `rule.named`.
    """
    rule = room.rule
    amount = amounts.loosened(claim)
    if amount is not None and amount.unit in ("percent", "points"):
        allowed = amounts.share_allowed(amount, rule)
    elif (spoken := amounts.quantity_allowed(quantity_of(claim), rule)) is not None:
        allowed = spoken
    elif said(claim.text, "rarely"):  # which denies by itself, so that no denial is turned round
        return Allowed(high=rule.named), amounts.shares_in_words(Allowed(high=rule.named))
    elif said(claim.text, "mandatory"):
        allowed = Allowed(rule.most)
    elif said(claim.text, "example") or said(claim.text, "possible"):
        allowed = Allowed(rule.example)
    else:
        allowed = Allowed(rule.named)
    allowed = allowed.opposite if claim.negated else allowed
    return allowed, amounts.shares_in_words(allowed)


def quantity_of(claim: Claim) -> str:
    """The quantity that a claim states, in its field or in its words."""
    return claim.quantity or next(iter(keys_named(claim.text, "quantity")), "")


def _shared(claim: Claim, room: Room, role: Role, scope: Scope, item: Item) -> Draft:
    part = f"{item.text} for {role.plural}" if len(claim.roles) > 1 else item.text
    side, found = room.first(room.sides(role, claim), lambda s: room.openings(s, scope))
    if isinstance(found, Short):
        return short(part, found.reason, scope.name)
    e = naming(found, item.skills, side.is_a)
    allowed, words = share_wanted(claim, room)
    what = f"openings for {role.plural}{scope.within} that name {_spoken(item, found)}"
    return measured(
        part, scope.name, e, allowed, room.rule, figure=f"{what}: {in_share(e)}", claimed=words,
        evidence=(Evidence(what, e, "share", e.source, room.command("skills", side, scope)),),
    )  # fmt: skip


def _compared(claim: Claim, room: Room, side: Side, scope: Scope, item: Item) -> Draft:
    found = room.openings(side, scope)
    if isinstance(found, Short):
        return short(item.text, found.reason, scope.name)
    e = naming_gap(found, item.skills, side.is_a)
    same = room.rule.points / 100
    allowed = {
        "more": Allowed(0.0), "less": Allowed(high=0.0), "same": Allowed(-same, same)
    }[claim.sense]  # fmt: skip
    allowed = allowed.opposite if claim.negated else allowed
    what = (f"share of openings for {side.role.plural} that name {_spoken(item, found)}, less that "
            f"for {side.other.plural}{scope.within}")  # fmt: skip
    evidence = (Evidence(what, e, "share", e.source, room.command("skills", side, scope)),
                *_both(room, found, side, scope, item))  # fmt: skip
    fewest = int(min(sizes.sum() for sizes in found.sizes))
    return measured(item.text, scope.name, e, allowed, room.rule, fewest=fewest,
                    figure=f"{what}: {points_of(e)}",
                    claimed=amounts.in_words(Allowed(100 * allowed.low, 100 * allowed.high,
                                                     allowed.outside), "points"),
                    evidence=evidence)  # fmt: skip


def _both(room: Room, found: Openings, side: Side, scope: Scope, item: Item) -> list[Evidence]:
    printed = room.command("skills", side, scope)
    both = ((side.role, side.is_a), (side.other, not side.is_a))
    made = [(role, naming(found, item.skills, is_a)) for role, is_a in both]
    what = f"that name {_spoken(item, found)}{scope.within}"
    return [Evidence(f"openings for {role.plural} {what}", e, "share", e.source, printed)
            for role, e in made]  # fmt: skip


def points_of(e: Estimate) -> str:
    """A difference of shares as "26 points (7 to 47; n = 94)"."""
    return f"{in_points(e).removesuffix(')')}; n = {e.n:,})"


def _spoken(item: Item, found: Openings) -> str:
    """The skills of an item; with "or a part of it" where that makes a difference."""
    return f"{' or '.join(item.skills)}{' or a part of it' * by_part(found, item.skills)}"
