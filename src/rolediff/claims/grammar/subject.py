"""Where the subject of a clause begins, past what only leads up to it."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.words import pattern, words

_LEAD_UP = pattern("subject_lead_up")
_SAID = pattern("subject_said")
_WORDS_BEFORE = pattern("subject_words_before")
_OPENING = re.compile(
    r"(?:(?:tl;dr|short answer|in short|yes|no|on average|in general|as a rule)[:,.]?\s+)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:in|at|on|by|across|within|among|under|over|outside|with)\b", re.IGNORECASE
)


def subject_start(clause: Clause) -> int:
    """The first character of `clause` that belongs to its claim."""
    start = clause.start
    opening = _OPENING.match(clause.article, start, clause.end)
    start = opening.end() if opening else start
    for leading in (_SAID, _LEAD_UP, _SAID, _LEAD_UP):
        found = leading.match(clause.article, start, clause.end)
        verb = found and leading is _LEAD_UP and words("finite").search(found[0])
        if found and not verb and not _names(clause, start, found.end()):
            start = found.end()
    first = _first_named(clause, start)
    if first is not None and _PREPOSITION.match(clause.article, start) and first - start < 40:
        before = _WORDS_BEFORE.search(clause.article, start, first)
        start = before.start() if before else first
    return start


def _names(clause: Clause, start: int, end: int) -> bool:
    """Whether the words that lead up name a role, and the rest of the clause none."""
    within = [m for m in clause.mentions if start <= m.start < end]
    return bool(within) and len(within) == len(clause.mentions)


def _first_named(clause: Clause, start: int) -> int | None:
    found = [m.start for m in clause.mentions if m.start >= start]
    noun = words("pay_noun").search(clause.article, start, clause.end)
    if noun and found and noun.start() < found[0]:
        return noun.start()
    return found[0] if found else None
