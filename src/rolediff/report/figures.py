"""What a page is made of: parts, their figures, and the table behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rolediff.report.charts import Row
from rolediff.results import Estimate

MOST = 160
"""Rows of a table."""

FOLDED = (
    "pay-percentiles", "pay-within", "pay-others", "why-scale", "why-methods", "why-curve",
    "why-overturn", "skills-common", "skills-groups", "skills-pay", "work-common",
    "where-pay-sector", "where-country", "trend-ages", "path-next",
)  # fmt: skip
"""How the ids begin of figures that a page tells in a sentence and draws when they are opened."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in words: heads and rows of as many cells; the first cell names its row.

    `rest` = rows that are left out, so that a page stays small.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: int = 0

    @classmethod
    def of(cls, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Grid:
        """A table; every row is as wide as the heads."""
        made = tuple(tuple(row) for row in rows)
        if any(len(row) != len(heads) for row in made):
            raise ValueError(f"a row is not as wide as its {len(heads)} heads")
        return cls(tuple(heads), made[:MOST], max(len(made) - MOST, 0))


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or list with the table behind it and where it comes from.

    `say` is what it shows, in a sentence. `key` are pairs of a kind of mark ("a", "b", ...) and
    what it stands for, `items` of a lead, which may be empty, and what is said. `chart` is SVG.
    `n`, `interval` and `source` are said below it; `how` and `command` in the section on method,
    under `id`. `rows` are what a chart of rows draws, in `unit` (a share is 0 to 1).
    """

    id: str
    title: str
    say: str
    n: str
    source: str
    how: str
    command: str
    interval: str = ""
    chart: str = ""
    key: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    grid: Grid | None = None
    rows: tuple[Row, ...] = ()
    unit: Literal["percent", "share", "money", ""] = ""

    @property
    def folded(self) -> bool:
        """Whether a page keeps the chart closed until it is opened; print has it open."""
        return self.id.startswith(FOLDED)


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its answer in a sentence, what else is to be said, its figures.

    Where there is nothing to tell, `short` says why.
    """

    id: str
    heading: str
    answer: str = ""
    say: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = field(default=())
    short: str = ""


def intervals(found: Iterable[Estimate | None]) -> str:
    """How the intervals of a figure were made: "95 % intervals (Wilson, clustered)"."""
    methods = dict.fromkeys(
        e.method for e in found if e is not None and e.low is not None and e.method
    )
    if not methods:
        return "no intervals"
    named = "; ".join(methods) if len(methods) <= 2 else next(iter(methods)) + " and others"
    return f"95 % intervals: {named}"
