"""Rows of one group that are alike in covariates, and sums over them that are made once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats


@dataclass(frozen=True)
class Kinds:
    """`cells` of one row each and outcomes `Y` (m, E), by group, A first, and by combination of
    covariates: (2, u)."""

    cells: Cells
    Y: Floats
    _moments: dict[int, tuple[Floats, Floats, Floats]] = field(default_factory=dict)

    @cached_property
    def weights(self) -> Floats:
        """Sums of w (2, u)."""
        return self._summed(self.cells.w)

    @cached_property
    def paid(self) -> list[Floats]:
        """Sums of w y of each outcome, (2, u) each."""
        return [self._summed(self.cells.w * y) for y in self.Y.T]

    @cached_property
    def _alike(self) -> tuple[Codes, Codes]:
        """The first of all rows with the same covariates, and for each row which they are."""
        c = self.cells
        sizes = [len(f.labels) for f in c.factors]
        key = np.zeros(len(c), np.int64)
        for j, size in enumerate(sizes):
            key = key * size + c.codes[:, j]
        columns = [key, *c.numeric.T] if math.prod(sizes) < 2**62 else [*c.codes.T, *c.numeric.T]
        if len(columns) == 1:
            _, first, which = np.unique(key, return_index=True, return_inverse=True)
        else:
            stacked = np.stack(columns, axis=1)
            _, first, which = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
        return first, which.ravel()

    @property
    def first(self) -> Codes:
        """The first row of each combination of covariates (u,)."""
        return self._alike[0]

    @cached_property
    def _kind(self) -> Codes:
        """Which group and combination of covariates each row is of: a place in (2, u), flat."""
        return np.where(self.cells.group, 0, len(self.first)) + self._alike[1]

    def _summed(self, values: Floats) -> Floats:
        """Sums of values (m,) over rows alike in covariates, in A and in B: (2, u)."""
        u = len(self.first)
        return np.bincount(self._kind, values, 2 * u).astype(float).reshape(2, u)

    def _squares(self, outcome: int) -> tuple[Floats, Floats, Floats]:
        """Sums of w^2, w^2 y and w^2 y^2, y less its mean: (2, u) each."""
        if outcome not in self._moments:
            ww, y = self.cells.w**2, self.Y[:, outcome] - self._middle[outcome]
            sums = self._summed(ww), self._summed(ww * y), self._summed(ww * y * y)
            self._moments[outcome] = sums
        return self._moments[outcome]

    @cached_property
    def _middle(self) -> Floats:
        """The mean of each outcome (E,)."""
        return np.asarray(self.Y.mean(axis=0))

    @cached_property
    def _fourth(self) -> Floats:
        return self._summed(self.cells.w**4)

    def error(self, slope: Floats, level: Floats, outcome: int, k: int) -> float:
        """Root of the summed squares of w (slope y + level) by unit, with HC1's or CR1's factor
        for `k` coefficients; `slope` and `level` (2, u)."""
        n, c = len(self.cells), self.cells.cluster
        if n <= k:
            return math.nan
        if c is None:
            ww, wwy, wwyy = self._squares(outcome)
            level = level + slope * self._middle[outcome]
            total = float(np.sum(level**2 * ww + 2 * level * slope * wwy + slope**2 * wwyy))
            return math.sqrt(n / (n - k) * max(total, 0.0))
        by_row = slope.ravel()[self._kind] * self.Y[:, outcome] + level.ravel()[self._kind]
        by_unit = np.bincount(c, self.cells.w * by_row)
        g = len(by_unit)
        factor = g / (g - 1) * (n - 1) / (n - k) if g > 1 else math.nan
        return math.sqrt(factor * float(by_unit @ by_unit))

    def carrying(self, slope: Floats) -> float:
        """How many equal units would carry sums of w slope, see `ols.carrying_units`."""
        c = self.cells
        if c.cluster is None:
            total = float(np.sum(slope**2 * self._squares(0)[0]))
            squared = float(np.sum(slope**4 * self._fourth))
            return total**2 / squared if total > 0 else 0.0
        pull = c.w * slope.ravel()[self._kind]
        sides = (np.bincount(c.cluster, pull * (c.group == side)) for side in (True, False))
        added = np.concatenate([side**2 for side in sides])
        total = float(np.sum(added))
        return total**2 / float(added @ added) if total > 0 else 0.0
