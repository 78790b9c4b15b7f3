"""Sentences that claim by leaving out what was said: "So do car makers", "Yes, in both"."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.asked import degrees
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.skills_named import skills_named
from rolediff.claims.grammar.where import split_list
from rolediff.claims.grammar.words import words
from rolediff.results.claims import Claim

_SO_DO = re.compile(
    r"(?:and |but )?(?:so|as|neither|nor) (?:too )?"
    r"(?:do|does|did|are|is|was|were|have|has|can|will|would|must|should) (?P<who>.{2,80})$",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:yes|no|neither|both|not really|rarely|seldom|usually|sometimes|always|hardly|mostly)\b",
    re.IGNORECASE,
)
LONGEST_ANSWER = 8
"""Words of an answer that leaves out what was asked."""
_OF_ROLES = (
    "skill", "tool", "education", "certification", "demand", "trend", "growth", "share",
)  # fmt: skip
_NEEDED = re.compile(
    r"\b(?:need\w*|requir\w*|must|have to|know|necessary|essential)\b", re.IGNORECASE
)
_OF_PLACES = ("industry", "country")


def so_do_claims(clause: Clause) -> list[Claim]:
    """The claim found last, said again of who "so do ..." names: other roles, or other places."""
    found, before = _SO_DO.match(clause.text), clause.before
    if found is None or before is None or words("finite").search(found["who"]):
        return []
    mentions = [m for m in clause.mentions if m.how == "name"]
    named = tuple(dict.fromkeys(role for m in mentions for role in m.roles))
    if before.kind in _OF_PLACES and not named:
        items = tuple(name for *_, name, _ in clause.places) or split_list(found["who"])
        again = clause.claim(before.kind, items=items, sense=before.sense, placed=False)
        again = replace(again, roles=before.roles, invented=before.invented)
    elif before.kind in _OF_ROLES and named:
        again = clause.claim(
            before.kind, roles=named, items=before.items, amount=before.amount,
            sense=before.sense, quantity=before.quantity,
        )  # fmt: skip
    else:
        return []
    return [replace(again, negated=before.negated, hedged=before.hedged or again.hedged)]


def answer_claims(clause: Clause) -> list[Claim]:
    """The claim that an answer of a few words makes of what was asked: "Is a PhD needed? No."."""
    asked = clause.question
    if not asked.rstrip().endswith("?") or len(clause.text.split()) > LONGEST_ANSWER:
        return []
    if not _ANSWER.search(clause.text) or not (clause.mentions or clause.carried):
        return []
    degrees_asked = degrees(asked)
    skills = tuple(dict.fromkeys(s.name for s in skills_named(asked, 0, len(asked))))
    if clause.topic == "education" and degrees_asked:
        return [clause.claim("education", items=degrees_asked)]
    if skills and _NEEDED.search(asked) and not clause.skills:
        return [clause.claim("skill", items=skills)]
    return []
