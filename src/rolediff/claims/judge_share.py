"""Claims on shares ("most ads", "70 % of postings"): judged as what they are a share of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rolediff.annotate.having import is_skill
from rolediff.claims.drafts import Drafted, untestable
from rolediff.claims.judge_education import judge_certification, judge_education
from rolediff.claims.judge_place import judge_country, judge_industry
from rolediff.claims.judge_remote import judge_remote
from rolediff.claims.judge_skill import judge_skill, skills_named
from rolediff.claims.places import category_of
from rolediff.claims.room import Room
from rolediff.claims.scopes import country_code
from rolediff.claims.words import keys_named, names_any, table
from rolediff.read.values import country_names
from rolediff.results import Claim

_HELD = re.compile(
    r"\b(?:has|have|had|holds?|holding|with|studied|finished|earned)\b", re.IGNORECASE
)
_ADS = re.compile(
    r"\b(?:adverts?|ads?|postings?|openings?|vacanc\w+|listings?|jobs?|roles|positions|employers)\b",
    re.IGNORECASE,
)
SETTLE = "records that state it, for both roles"


Judge = Callable[[Claim, Room], Drafted]


def judge_share(claim: Claim, room: Room) -> Drafted:
    """A share by what is listed: skills, degrees, certificates, places, remote work."""
    claim = _of_place(claim)
    judge = _judge_of(claim)
    if judge is None:
        return Drafted(claim, (untestable("share", _why(claim)),), SETTLE)
    why = _not_recorded(claim, judge)
    return Drafted(claim, (untestable("share", why),), SETTLE) if why else judge(claim, room)


def _not_recorded(claim: Claim, judge: Judge) -> str:
    """Why a share of a kind that is recorded is itself not: of people, or against a role's."""
    if judge is judge_remote and claim.sense:
        return "places of work of two roles are not compared with one another here"
    people = _HELD.search(claim.text) and not _ADS.search(claim.text)
    if judge is judge_education and claim.amount is not None and people:
        return "the degrees that people hold are not recorded here, only those that ads ask for"
    return ""


def _of_place(claim: Claim) -> Claim:
    """A claim that most of a role is in a country, as one that lists the country."""
    own = " ".join(claim.roles).casefold()
    items = tuple(item for item in claim.items if item.casefold() not in own)
    if items or not claim.place:
        return replace(claim, items=items)
    return replace(claim, items=(country_names().get(claim.place, claim.place),), place="")


def _judge_of(claim: Claim) -> Judge | None:
    """Who judges what is listed: the first to whom it means something."""
    items = claim.items or (claim.text,)
    text = " ".join(items)
    meant: tuple[tuple[Judge, bool], ...] = (
        (judge_skill, all(is_skill(item) for item in items)),
        (judge_education, bool(keys_named(text, "degree"))),
        (judge_certification, names_any(text, table()["said"]["certificate"])),
        (judge_country, any(country_code(item) for item in items)),
        (judge_remote, bool(keys_named(text, "remote"))),
        (judge_industry, any(category_of(i, "industry") for i in claim.items)),
        (judge_skill, any(skills_named(item) for item in items)),
    )
    return next((judge for judge, means in meant if means), None)


def _why(claim: Claim) -> str:
    return f"“{', '.join(claim.items) or claim.text}” is nothing whose share is recorded here"
