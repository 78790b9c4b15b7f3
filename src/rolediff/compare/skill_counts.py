"""How many openings name each skill, each group of skills, and each skill with all its parts.

Skills are told by codes from here on: openings are many, and the names of skills few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from rolediff.annotate.skill_groups import group_names, skill_ancestors, skill_groups
from rolediff.compare.openings import SKILLS, Hits, Openings, codes_in
from rolediff.compare.similarity import idf
from rolediff.compare.telling import gaps, tellings
from rolediff.market import Market
from rolediff.results import AskedAs, Estimate, Telling
from rolediff.stats.cells import Codes, Floats

TABLE = 1 << 26
"""Up to so many pairs of an opening and a thing are marked in a table, which is quickest."""
Entries = tuple[Codes, Codes]
"""Rows and columns (N,) of what a table of openings by things holds."""


@dataclass(frozen=True)
class Whole:
    """All ads of a source, each once: the background of its roles.

    `names` the K skills that they name, sorted; `naming` (K,) ads that name each; `ads` in
    all.
    """

    names: pl.Series
    naming: Floats
    ads: int
    source: str

    @classmethod
    def of(cls, market: Market, source: str) -> Whole:
        """Of one source of `market`."""
        told = market.background.filter(pl.col("source") == source)
        named = told.filter(pl.col("what") == "skill")
        naming = named["n"].cast(pl.Float64).to_numpy()
        ads = int(told.filter(pl.col("what") == "ad")["n"].sum())
        return cls(named["name"], naming, ads, source)

    @property
    def weight(self) -> Floats:
        """Weight (K,) of each skill in a similarity."""
        return idf(self.ads, self.naming)

    def gaps(self, found: Openings, names: pl.Series) -> dict[str, Estimate]:
        """The differences in the skills `names` between the two roles."""
        hits = found.summed(*found.skill_codes(names), len(names))
        return gaps(names.to_list(), hits, found.sizes, self.source)


@dataclass(frozen=True)
class Named:
    """The skills of `whole` that the openings `found` name."""

    found: Openings
    whole: Whole

    @cached_property
    def _by_list(self) -> list[Entries]:
        """Which openings name which skills, by the list that they stand in."""
        return [codes_in(self.found.lines[how], self.whole.names) for how in SKILLS]

    @cached_property
    def entries(self) -> Entries:
        """Every skill of the openings: its opening, and which of the names of `whole` it is."""
        row, column = zip(*self._by_list, strict=True)
        return np.concatenate(row), np.concatenate(column)

    @cached_property
    def hits(self) -> Hits:
        """Openings of each employer that name each skill."""
        return self.found.summed(*self.entries, len(self.whole.names))

    def tellings(self) -> tuple[Telling, ...]:
        """Every skill in the two roles."""
        return self._told(self.whole.names.to_list(), self.hits, self.whole.naming)

    def groups(self) -> tuple[Telling, ...]:
        """Share of openings that name any skill of a group, in the order of the groups."""
        names = list(group_names())
        known = dict(skill_groups().select("concept", "group").iter_rows())
        skill, group = _pairs(self.whole.names, known, names)
        naming = np.bincount(group, self.whole.naming[skill], len(names)).astype(float)
        told = {t.name: t for t in self._told(names, self._any(skill, group, len(names)), naming)}
        return tuple(told[name] for name in names if name in told)

    def wider(self) -> tuple[Telling, ...]:
        """Share of openings that name a skill or any part of it, of skills with parts."""
        above = skill_ancestors()
        with_parts = {parent for listed in above.values() for parent in listed}
        taken = {name: [name, *listed] for name, listed in above.items()}
        names = sorted(with_parts)
        skill, parent = _pairs(self.whole.names, taken, names)
        naming = np.bincount(parent, self.whole.naming[skill], len(names)).astype(float)
        a, b = self._any(skill, parent, len(names))
        there = np.flatnonzero(a.totals + b.totals)
        return self._told([names[i] for i in there], (a.kept(there), b.kept(there)), naming[there])

    def asked(self) -> Mapping[tuple[bool, str], AskedAs]:
        """How openings ask for each skill, by whether they are of A."""
        k = len(self.whole.names)
        counts = np.stack([
            np.bincount(column + k * self.found.is_a[row], minlength=2 * k).reshape(2, k)
            for row, column in self._by_list
        ], axis=-1)  # fmt: skip
        names = self.whole.names.to_list()
        there = np.argwhere(counts.any(axis=-1)).tolist()
        return {(bool(side), names[i]): AskedAs(*counts[side, i].tolist()) for side, i in there}

    def _told(self, names: list[str], hits: Hits, naming: Floats) -> tuple[Telling, ...]:
        return tellings(names, hits, self.found.sizes, naming, self.whole.source)

    def _any(self, skill: Codes, to: Codes, count: int) -> Hits:
        """Openings of each employer that name any of the skills taken to each of `count` things.

        `skill` and `to` (P,) are pairs of a skill and what it is taken to, sorted by the skill.
        """
        row, column = self.entries
        first = np.searchsorted(skill, column, "left")
        times = np.searchsorted(skill, column, "right") - first
        start = np.repeat(first - np.cumsum(times) + times, times)
        key = np.repeat(row, times) * count + to[start + np.arange(len(start))]
        distinct = _distinct(key, len(self.found.is_a) * count)
        return self.found.summed(distinct // count, distinct % count, count)


def _distinct(key: Codes, size: int) -> Codes:
    """The different ones of `key`, which are below `size`."""
    if size > TABLE:
        return pl.Series(key).unique().to_numpy()
    there = np.zeros(size, dtype=bool)
    there[key] = True
    return np.flatnonzero(there)


def _pairs(skills: pl.Series, to: Mapping[str, str | list[str]], names: list[str]) -> Entries:
    """Every one of `skills` with each of `names` that it is taken to, as codes, by the skill."""
    place = {name: i for i, name in enumerate(names)}
    pairs = [
        (i, place[target])
        for i, skill in enumerate(skills)
        for target in _listed(to.get(skill, ()))
        if target in place
    ]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _listed(to: str | list[str] | tuple[()]) -> list[str] | tuple[()]:
    return [to] if isinstance(to, str) else to
