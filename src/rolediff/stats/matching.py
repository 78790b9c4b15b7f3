"""Exact matching on all covariates, after Nopo (2008, Review of Economics and Statistics 90(2)).

Both groups are split into those whose combination of covariates occurs in the other group and
those whose does not. Within the support the gap is split by weighting B's combinations with A's
pay: C = sum over x of mean_A(x) share_B(x).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Cells, Codes, Floats, sums_by
from rolediff.stats.units import Errors, carrying, share_size, unit_errors, weight_share
from rolediff.stats.valued import combinations

PARTS = ("gap", "explained", "unexplained", "only_a", "only_b")


@dataclass(frozen=True)
class Matching:
    """Values (5,) of `PARTS` and their errors, with pay of A as the yardstick.

    gap = mean A - mean B; explained, mean of A within the support - C; unexplained, C - mean of B
    within; only_a, mean A - mean within; only_b, mean of B within - mean B. `off` are the shares
    of A and of B outside, `combinations` how many occur in A, in B and in both, `alone` the share
    of the support's weight in A whose combination only one unit of A has.
    """

    values: Floats
    errors: Errors
    off: tuple[float, float]
    sizes: tuple[float, float]
    combinations: tuple[int, int, int]
    alone: float


def matching(cells: Cells) -> Matching:
    """Match A and B of `cells`; raises ZeroDivisionError where no combination is in both."""
    code, size = combinations(cells)
    table = _Table.of(cells, code, size)
    pull = table.pull[code]
    of_a = cells.group & (pull > 0)
    sizes = carrying(cells, True, np.where(of_a, pull, 0.0)), carrying(cells, False)
    if not table.both.any():
        raise ZeroDivisionError("no combination of covariates occurs in both groups")
    values, x, slope, added = table.parts(cells, code)
    errors = unit_errors(cells, x, sizes=sizes, per_outcome=slope, added=added)
    in_a, in_b = table.w_a > 0, table.w_b > 0
    within, outside = table.w_a[table.both], ~table.both[code]
    return Matching(
        values, errors,
        (weight_share(cells, outside, True), weight_share(cells, outside, False)),
        (share_size(cells, outside, True), share_size(cells, outside, False)),
        (int(in_a.sum()), int(in_b.sum()), int(table.both.sum())),
        float(within[table.units[table.both] == 1].sum() / within.sum()),
    )  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """Sums by combination (K,): weights, weighted outcomes, and independent units of A."""

    w_a: Floats
    w_b: Floats
    wy_a: Floats
    wy_b: Floats
    units: Floats

    @classmethod
    def of(cls, cells: Cells, code: Codes, size: int) -> _Table:
        a = cells.group
        w_a, w_b = (sums_by(code[m], cells.w[m], size) for m in (a, ~a))
        wy_a, wy_b = (sums_by(code[m], cells.wy[m], size) for m in (a, ~a))
        units = sums_by(code[a], cells.n[a], size)
        if cells.cluster is not None:
            count = int(cells.cluster.max()) + 1
            pairs = np.unique(code[a].astype(np.int64) * count + cells.cluster[a])
            units = np.bincount(pairs // count, minlength=size).astype(float)
        return cls(w_a, w_b, wy_a, wy_b, units)

    @property
    def both(self) -> NDArray[np.bool_]:
        """Combinations that occur in both groups."""
        shared: NDArray[np.bool_] = (self.w_a > 0) & (self.w_b > 0)
        return shared

    @property
    def pull(self) -> Floats:
        """What a unit of weight of A counts in C, by combination (K,)."""
        whole = self.w_b[self.both].sum()
        out: Floats = np.zeros(len(self.w_b))
        np.divide(self.w_b, self.w_a * whole, where=self.both, out=out)
        return out

    def parts(self, cells: Cells, code: Codes) -> tuple[Floats, Floats, Floats, Floats]:
        """Values (5,), influence (m, 5), the same per outcome (m, 5), variances to add (2, 5)."""
        both = self.both
        mean = np.divide(self.wy_a, self.w_a, where=self.w_a > 0, out=np.zeros(len(both)))
        in_a, in_b = self.w_a[both].sum(), self.w_b[both].sum()
        whole_a, whole_b = self.w_a.sum(), self.w_b.sum()
        m_a, m_b = self.wy_a.sum() / whole_a, self.wy_b.sum() / whole_b
        s_a, s_b = self.wy_a[both].sum() / in_a, self.wy_b[both].sum() / in_b
        c = float(mean[both] @ self.w_b[both]) / in_b
        values = np.array([m_a - m_b, s_a - c, c - s_b, m_a - s_a, s_b - m_b])
        # Rows of A: coefficients on (y - mean), on (y - mean within) and on (y - mean of its cell).
        inside, a = both[code], cells.group
        pull = self.pull[code]
        grown = self._grown()[code]
        zero = np.zeros(len(code))
        every, within = a / whole_a, (a & inside) / in_a
        cell = np.where(a & inside, pull, zero)
        direct = np.stack([every, within, zero, every - within, zero], axis=1)
        around = np.stack([zero, -cell, cell, zero, zero], axis=1)
        x = (
            -np.stack([every * m_a, within * s_a, zero, every * m_a - within * s_a, zero], axis=1)
            - around * (grown * mean[code])[:, None]
        )
        slope = direct + around * grown[:, None]
        # Rows of B.
        every, within = ~a / whole_b, (~a & inside) / in_b
        x += np.stack(
            [every * m_b, -within * (mean[code] - c), within * (mean[code] - c + s_b), zero,
             every * m_b - within * s_b], axis=1,
        )  # fmt: skip
        slope += np.stack([-every, zero, -within, zero, within - every], axis=1)
        return values, x, slope, self._alone(cells, code, direct, around, mean)

    def _grown(self) -> Floats:
        """By how much residuals in a cell of k units fall short of errors: sqrt(k / (k - 1))."""
        k = self.units
        return np.sqrt(np.divide(k, k - 1, where=k > 1, out=np.ones(len(k))))

    def _alone(
        self, cells: Cells, code: Codes, direct: Floats, around: Floats, mean: Floats
    ) -> Floats:
        """Variance (2, 5) of rows that are alone in their cell: that of the other cells."""
        a = cells.group
        one = a & (self.units == 1)[code] & self.both[code]
        rest = a & (self.units > 1)[code]
        added = np.zeros((2, 5))
        if not one.any() or not rest.any():
            return added
        m = mean[code[rest]]
        squares = cells.wyy[rest] - 2 * m * cells.wy[rest] + m**2 * cells.w[rest]
        free = 1 - 1 / self.units[code[rest]]
        spread = max(float(squares.sum()), 0.0) / float(cells.w[rest] @ free)
        missing = (direct + around)[one] ** 2 - direct[one] ** 2
        weight = cells.ww[one] if cells.cluster is None else self._by_cell(cells, code, one)
        added[0] = spread * (weight @ missing)
        return added

    def _by_cell(self, cells: Cells, code: Codes, one: NDArray[np.bool_]) -> Floats:
        """Squared sums of weights of a cell that one cluster fills, spread over its lines."""
        total = np.bincount(code[one], cells.w[one], len(self.w_a))
        return cells.w[one] * total[code[one]]
