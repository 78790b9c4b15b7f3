"""Lists of things each with the percentage that has it: "Kotlin 97%, Java 38%"."""

from __future__ import annotations

import re

from rolediff.claims.grammar.sentences import Span
from rolediff.claims.grammar.words import words

MOST = 20
"""Things of one list that are read."""

SHARED = re.compile(
    r"(?![^()]*\b(?:up|down|by|than|more|less|from|is|are|was|were|has|have)\b)"
    r"[^\d(),;:%][^(),;:%]{0,60}[\w+#”\"'’](?: |: | \()\d{1,3}(?:[.,]\d)?\s?(?:%|per ?cent)\)?",
    re.IGNORECASE,
)
"""A thing and the percentage that has it: "Kotlin 97%", "teamwork (50 percent)"."""

_BETWEEN = re.compile(r"\s*(?:[,;/]|,? and|, then)\s+")
_LABEL = re.compile(r"[^:;,.]{1,40}:\s+")


def shares_listed(text: str, start: int, end: int) -> list[Span]:
    """The things of `text[start:end]` with their percentages, if it is a list of two or more."""
    label = _LABEL.match(text, start, end)
    at = label.end() if label else start
    found: list[Span] = []
    while len(found) < MOST and (one := SHARED.match(text, at, end)):
        found.append(Span(one.start(), one.end()))
        joint = _BETWEEN.match(text, one.end(), end)
        at = joint.end() if joint else one.end()
        if joint is None:
            break
    rest = text[at:end].strip(" .;")
    said = any(words(name).search(text, start, end) for name in ("finite", "rise", "fall"))
    return found if len(found) > 1 and not rest and not said else []
