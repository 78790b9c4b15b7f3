"""Further things that postings name: publications, open source, a learning budget, and the like.

Each is a concept with surface patterns (`data/signals.toml`) that count in some sections only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.arrays import Ints
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.sheet import those
from rolediff.errors import DataError

SIGNAL = "signal"
"""The set of phrases in the trie of a vocabulary."""


@dataclass(frozen=True, slots=True)
class SignalWords:
    """The vocabulary of signals.

    `phrases` = every surface pattern; `concept` = index into `concepts` of each; `within[c, s]` =
    whether concept c counts in the section s of `SECTIONS`; `groups` = group of each concept.
    """

    phrases: tuple[str, ...]
    concept: Ints
    concepts: tuple[str, ...]
    groups: tuple[str, ...]
    within: npt.NDArray[np.bool_]

    def names(self) -> pl.Series:
        """The name of each concept."""
        return pl.Series(self.concepts)


@cache
def signal_words() -> SignalWords:
    """The vocabulary that ships with the package."""
    text = files("rolediff").joinpath("data/signals.toml").read_text(encoding="utf-8")
    return read_signal_words(tomllib.loads(text))


def read_signal_words(table: Mapping[str, Any]) -> SignalWords:
    """The vocabulary in a parsed table of the form of `data/signals.toml`.

    Raises `DataError` for a section that there is not.
    """
    concepts = {name: entry for group in table.values() for name, entry in group.items()}
    unknown = {s for e in concepts.values() for s in e.get("within", ())} - set(SECTIONS)
    if unknown:
        raise DataError(f"signals name sections that there are not: {', '.join(sorted(unknown))}")
    owners: dict[str, int] = {}
    for number, entry in enumerate(concepts.values()):
        for phrase in entry["forms"]:
            owners.setdefault(phrase.lower(), number)
    return SignalWords(
        phrases=tuple(owners),
        concept=np.array(list(owners.values()), dtype=np.int64),
        concepts=tuple(concepts),
        groups=tuple(group for group, listed in table.items() for _ in listed),
        within=np.array([those(*e.get("within", SECTIONS)) for e in concepts.values()]),
    )


def signal_concepts() -> pl.DataFrame:
    """Every signal that can be told: `concept` and its `group`."""
    known = signal_words()
    return pl.DataFrame({"concept": known.concepts, "group": known.groups})
