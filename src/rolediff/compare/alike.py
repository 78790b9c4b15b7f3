"""Ads of one employer that say nearly the same: which of them stands for which."""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Codes, Floats

ALIKE = 0.5
"""Share of skills and duties in common from which on two ads of one employer under one title are
one opening: ads adapted to each country keep most of theirs."""


def stood_for(group: Codes, row: Codes, fact: Codes) -> Codes:
    """The number of the ad that stands for each of m ads, by leaders in the order of the ads.

    `group` (m,) tells which ads may be one, -1 those that stand alone; `row` and `fact` (N,) which
    facts each ad has, none twice. An ad stands for itself unless one before it in its group that
    does so has at least `ALIKE` of the facts of both in common (Jaccard); then the first such one
    does. One without facts stands alone.
    """
    return _Leaders(group, row, fact).stands


class _Leaders:
    """Every round the first open ad of each group leads, and those like it are settled."""

    def __init__(self, group: Codes, row: Codes, fact: Codes) -> None:
        self._width = int(fact.max()) + 1 if len(fact) else 1
        self._group, self._row, self._fact = group, row, fact
        self._size: Floats = np.bincount(self._row, minlength=len(group)).astype(float)
        self.stands: Codes = np.arange(len(group))
        self._narrow(np.flatnonzero((group >= 0) & (self._size > 0)))
        while len(self._open):
            self._settle()

    def _narrow(self, rows: Codes) -> None:
        """Leave only these ads open, of groups that have two of them."""
        group = self._group[rows]
        count = np.bincount(group, minlength=1)
        self._open = rows[count[group] > 1]
        here = np.zeros(len(self._group), dtype=bool)
        here[self._open] = True
        mine = here[self._row]
        self._row, self._fact = self._row[mine], self._fact[mine]

    def _settle(self) -> None:
        group = self._group[self._open]
        leader = np.zeros(int(group.max()) + 1, dtype=np.int64)
        leader[group[::-1]] = self._open[::-1]  # the first of each stands last
        mine = self._group[self._row]
        key = mine * self._width + self._fact
        led = _among(key, np.sort(key[leader[mine] == self._row]))
        common = np.bincount(self._row, led, len(self._group))[self._open]
        lead = leader[group]
        union = self._size[self._open] + self._size[lead] - common
        alike = common >= ALIKE * union
        self.stands[self._open[alike]] = lead[alike]
        self._narrow(self._open[~alike])


def _among(keys: Codes, known: Codes) -> Codes:
    """Which of `keys` are in the sorted `known`, 0 or 1."""
    at = np.searchsorted(known, keys)
    at[at == len(known)] = 0
    found: Codes = (known[at] == keys).astype(np.int64)
    return found
