"""Skills named in a clause, by the spellings of the vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rolediff.annotate.having import known_skills
from rolediff.annotate.vocabulary import Concept
from rolediff.claims.grammar.words import names

_WORD = re.compile(r"[A-Za-z0-9+#]+(?:[.’'/&-][A-Za-z0-9+#]+)*")
_COMMON = names("skills_named_common")
_NO_SKILL = names("skills_named_no_skill")
_TOOLS = frozenset({"tool", "framework", "library", "platform", "database", "cloud"})


@dataclass(frozen=True, slots=True)
class SkillNamed:
    """A skill, where it stands, and what kind of thing it is; `tool`: software to work with."""

    start: int
    end: int
    name: str
    kind: str

    @property
    def tool(self) -> bool:
        """Whether it is a tool, framework, library, platform or database, no language or field."""
        return self.kind in _TOOLS


def skills_named(text: str, start: int, end: int) -> list[SkillNamed]:
    """The skills in `text[start:end]`, the longest name first at each word."""
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text, start, end)]
    found, at = [], 0
    while at < len(tokens):
        for size in range(min(4, len(tokens) - at), 0, -1):
            first, last = tokens[at][0], tokens[at + size - 1][1]
            one = _skill(text[first:last], first, last)
            if one is not None:
                found.append(one)
                at += size - 1
                break
        at += 1
    return found


def _skill(said: str, start: int, end: int) -> SkillNamed | None:
    low = said.lower()
    if low in _NO_SKILL - {"go"} or (len(low) < 2 and said not in ("R", "C")):
        return None
    known = known_skills()
    key = re.sub(r"[\s_/-]+", "", low)
    concept = known.get(key) or _one_of(key, said)
    if concept is None:
        return None
    doubtful = low in _COMMON or len(low) < 4 or "case" in concept.rule
    if doubtful and said == low and said not in concept.spellings:
        return None
    return SkillNamed(start, end, said, concept.kind)


def _one_of(key: str, said: str) -> Concept | None:
    """The skill of which a plural is said; a proper name, written small, has none."""
    concept = known_skills().get(key.removesuffix("s")) if len(key) > 4 else None
    proper = concept is not None and concept.name[:1].isupper() and said == said.lower()
    initials = concept is not None and concept.name.isupper() and said != f"{concept.name}s"
    return None if proper or initials else concept
