"""Sentences that repeat a claim of others in a word or two: "So do car makers"."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.where import split_list
from rolediff.results.claims import Claim

_SO_DO = re.compile(
    r"(?:and |but )?(?:so|as|neither|nor) (?:too )?"
    r"(?:do|does|did|are|is|was|were|have|has|can|will|would|must|should) (?P<who>.{2,80})$",
    re.IGNORECASE,
)
_OF_ROLES = (
    "skill", "tool", "education", "certification", "demand", "trend", "growth", "share",
)  # fmt: skip
_OF_PLACES = ("industry", "country")


def so_do_claims(clause: Clause) -> list[Claim]:
    """The claim found last, said again of who "so do ..." names: other roles, or other places."""
    found, before = _SO_DO.match(clause.text), clause.before
    if found is None or before is None:
        return []
    named = tuple(dict.fromkeys(role for m in clause.mentions for role in m.roles))
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
