"""How much each trait of a mention speaks for its being a skill that is asked for.

The table `data/skill_weights.csv` is a logistic regression with a squared penalty (Hastie,
Tibshirani and Friedman 2009, The Elements of Statistical Learning, 4.4), fitted by
`tools/fit_skills.py` to postings whose skills were labelled by hand. Weights are whole thousandths
of a unit of log odds, so that a sum is the same in any order.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rolediff.annotate.arrays import Ints, Keys
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.table import Table
from rolediff.annotate.tokens import tokenise

ALWAYS = "always"
ALONE = "alone in its line"
DOUBTFUL = "ambiguous, in no company"
UNLISTED = "word of work, in no list"
NEIGHBOURS, CROWD, LENGTH = 3, 7, 6
"""How many numbers of neighbours, of mentions in a line and of lengths of a line are told apart."""

Grid = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """Weights of what stands on one side of a mention: `table` numbers its code, the last is 0."""

    table: Table
    weights: Ints

    @classmethod
    def of(cls, table: Mapping[str, int], side: str) -> Side:
        """Those of `side`, "before" or "behind", in a table of weights."""
        words = _named(table, f"word {side} ")
        signs = {code: table.get(sign_trait(side, code), 0) for code in range(256)}
        keys = tokenise(list(words)).keys if words else np.zeros(0, dtype=np.uint64)
        codes = np.concatenate([np.array(list(signs), dtype=np.uint64), keys])
        weights = np.array([*signs.values(), *words.values(), 0], dtype=np.int64)
        return cls(Table.of(codes), weights)

    def weigh(self, codes: Keys) -> Ints:
        """The weight of each code: the key of a word, or a sign's byte."""
        return self.weights.take(self.table.find(codes), mode="wrap")


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a vocabulary's mentions, ready to be looked up.

    `form` (forms) = of all that the form itself tells; `kind` (forms) = index of its kind;
    `near` (concepts x `NEIGHBOURS`), `alone`, `crowd`, `length` = of how it stands in its line;
    `place` (kinds x sections x asked by rule) ; `doubtful`, `unlisted` = of what speaks against it.
    """

    form: Ints
    kind: Ints
    near: Grid
    alone: int
    crowd: Ints
    length: Ints
    before: Side
    behind: Side
    place: Grid
    doubtful: int
    unlisted: int

    @classmethod
    def of(
        cls,
        table: Mapping[str, int],
        owners: Sequence[tuple[str, str]],
        forms: Sequence[str],
        concept: Ints,
    ) -> Weights:
        """Those of `table` for concepts (name and kind), and forms of the concepts `concept`."""
        kinds = sorted({kind for _, kind in owners})
        whole = [sum(table.get(t, 0) for t in concept_traits(*owner)) for owner in owners]
        own = [sum(table.get(trait, 0) for trait in form_traits(form)) for form in forms]
        near = [
            [sum(table.get(t, 0) for t in near_traits(name, n)) for n in range(NEIGHBOURS)]
            for name, _ in owners
        ]
        place = [
            [
                [sum(table.get(t, 0) for t in place_traits(s, k, a)) for a in (0, 1)]
                for s in SECTIONS
            ]
            for k in kinds
        ]
        return cls(
            form=np.array(own) + np.array(whole)[concept] + table.get(ALWAYS, 0),
            kind=np.array([kinds.index(kind) for _, kind in owners], dtype=np.int64)[concept],
            near=np.array(near, dtype=np.int64),
            alone=table.get(ALONE, 0),
            crowd=np.array([table.get(crowd_trait(n), 0) for n in range(CROWD)], dtype=np.int64),
            length=np.array([table.get(length_trait(n), 0) for n in range(LENGTH)], np.int64),
            before=Side.of(table, "before"),
            behind=Side.of(table, "behind"),
            place=np.array(place, dtype=np.int64),
            doubtful=table.get(DOUBTFUL, 0),
            unlisted=table.get(UNLISTED, 0),
        )


def concept_traits(concept: str, kind: str) -> tuple[str, str]:
    """What a concept tells wherever it stands."""
    return f"concept {concept}", f"kind {kind}"


def form_traits(form: str) -> tuple[str, str]:
    """What a form of a concept tells wherever it stands."""
    words = form.lower().replace("-", " ").split()
    return f"first word {words[0]}", f"last word {words[-1]}"


def near_traits(concept: str, neighbours: int) -> tuple[str, ...]:
    """What its neighbours in a list tell, of which two are as good as many."""
    return f"neighbours {neighbours}", f"concept {concept}, neighbours {neighbours}"


def place_traits(section: str, kind: str, asked: int) -> tuple[str, ...]:
    """What the section tells, and whether its sentence there asks for something."""
    said = "asked" if asked else "not asked"
    return f"section {section}", said, f"section {section}, {said}", f"section {section}, {kind}"


def crowd_trait(mentions: int) -> str:
    """How many mentions its line holds."""
    return f"mentions in its line {mentions}"


def length_trait(eights: int) -> str:
    """How long its line is, in eights of words."""
    return f"line of {8 * eights} words"


def sign_trait(side: str, code: int) -> str:
    """A sign on one side; a line break is the start or the end of the line."""
    return f"sign {side} {chr(code) if 32 < code < 127 else code}"


def _named(table: Mapping[str, int], start: str) -> dict[str, int]:
    return {
        name.removeprefix(start): weight for name, weight in table.items() if name.startswith(start)
    }


@cache
def skill_weights() -> Mapping[str, int]:
    """Each trait that has a weight, and its weight in thousandths."""
    text = files("rolediff").joinpath("data/skill_weights.csv").read_text("utf-8")
    _, *rows = csv.reader(text.splitlines())
    return {trait: int(weight) for trait, weight in rows}
