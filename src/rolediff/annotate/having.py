"""The skills a person has: of a list of names, or of the text of a résumé."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import polars as pl

from rolediff.annotate.skills import mentions
from rolediff.annotate.vocabulary import Concept, read_concepts
from rolediff.errors import UsageError

_SHOWN = 40  # characters of a person's word that a message repeats


@cache
def known_skills() -> dict[str, Concept]:
    """Every skill by the key of each of its spellings; the first to claim a spelling has it."""
    text = files("rolediff").joinpath("data/skills.tsv").read_text(encoding="utf-8")
    found: dict[str, Concept] = {}
    concepts = read_concepts(text, "data/skills.tsv")
    for name in (True, False):
        for concept in concepts:
            for spelling in (concept.name,) if name else concept.aliases:
                found.setdefault(_key(spelling), concept)
    return found


def named_skills(names: Sequence[str]) -> tuple[str, ...]:
    """The concepts called so, in that order, each once; letter case, hyphens and spaces are free.

    Raises:
        UsageError: a name that no skill has, with those it may have meant; or no name at all.
    """
    wanted = [name.strip() for name in names if name.strip()]
    if not wanted:
        raise UsageError("--have names no skill: write --have Python,SQL or name a file")
    return tuple(dict.fromkeys(_resolved(name) for name in wanted))


def is_skill(name: str) -> bool:
    """Whether a skill is called so."""
    return _found(name) is not None


def skills_of_text(text: str) -> tuple[str, ...]:
    """The concepts a text names anywhere, whatever its sections, in order of the alphabet."""
    found = mentions(pl.Series([text], dtype=pl.String))
    return tuple(found["concept"].unique().sort().to_list())


def _resolved(name: str) -> str:
    concept = _found(name)
    if concept is not None:
        return concept.name
    known = known_skills()
    near = difflib.get_close_matches(_key(name), known, n=6, cutoff=0.7)
    labels = list(dict.fromkeys(known[key].name for key in near))[:3]
    said = ", ".join(f'"{label}"' for label in labels)
    guess = f"did you mean {said}?" if labels else "give it another name, or leave it out"
    raise UsageError(f'no skill called "{_quoted(name)}": {guess}')


def _found(name: str) -> Concept | None:
    known, key = known_skills(), _key(name)
    return known.get(key) or known.get(key.removesuffix("s"))


def _key(name: str) -> str:
    return re.sub(r"[\s_/-]+", "", name.casefold()) or name.casefold()


def _quoted(text: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}..."
