"""Quantiles of counted values, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.tails import binomial_ranks, critical


@dataclass(frozen=True)
class Counted:
    """Values (m,), how often each occurs (m,), and the independent unit each belongs to (m,).

    Sorted by value. `unit` None means that every line is a unit of its own.
    """

    value: Floats
    count: Floats
    unit: Codes | None

    @classmethod
    def of(cls, value: Floats, count: Floats, unit: Codes | None = None) -> Counted:
        """Sort the three arrays by value."""
        order = np.lexsort((count, value))
        return cls(value[order], count[order], None if unit is None else unit[order])

    @property
    def n(self) -> int:
        """Records."""
        return int(self.count.sum())

    @cached_property
    def units(self) -> int:
        """Independent units."""
        return len(self.value) if self.unit is None else len(np.unique(self.unit))

    def at_rank(self, rank: int) -> float:
        """The order statistic of this rank, 1 .. n."""
        return float(self.value[np.searchsorted(np.cumsum(self.count), rank - 0.5)])

    def quantile(self, p: float) -> float:
        """Quantile as if every record stood alone: definition 7 of Hyndman and Fan (1996)."""
        h = (self.n - 1) * p
        low, high = self.at_rank(math.floor(h) + 1), self.at_rank(math.ceil(h) + 1)
        return low + (h - math.floor(h)) * (high - low)

    def share_influence(self, q: float) -> Floats:
        """Influence of each line on the share of records at or below q (m,)."""
        below = (self.value <= q).astype(float)
        share = float(self.count @ below) / self.n
        return self.count * (below - share) / self.n

    def interval(self, p: float, confidence: float = 0.95) -> tuple[float, float, str] | None:
        """Bounds of a confidence interval for the `p` quantile and how they were found, or None.

        Order statistics where all records are independent (David and Nagaraja 2003, 7.1);
        otherwise Woodruff (1952), with the variance of the share below summed by unit. Neither
        exists unless the number of units admits an order-statistic interval.
        """
        ranks = binomial_ranks(self.units, p, confidence)
        if ranks is None:
            return None
        if self.unit is None and self.n == len(self.value):
            return self.at_rank(ranks[0]), self.at_rank(ranks[1]), "order statistics"
        margin = critical(self.units - 1, confidence) * self._share_error(p)
        low = self.at_rank(max(1, math.floor(self.n * (p - margin))))
        high = self.at_rank(min(self.n, math.ceil(self.n * (p + margin)) + 1))
        return low, high, "Woodruff, clustered"

    def _share_error(self, p: float) -> float:
        influence = self.share_influence(self.quantile(p))
        by_unit = influence if self.unit is None else np.bincount(self.unit, influence)
        g = self.units
        return math.sqrt(float(by_unit @ by_unit) * g / max(g - 1, 1))


def difference(
    a: tuple[float, float, float], b: tuple[float, float, float], correlation: float = 0.0
) -> tuple[float, float]:
    """Interval for a - b from (value, low, high) of each: MOVER (Zou and Donner 2008).

    `correlation` of the two estimates is 0 for independent samples (Zou 2008, eq. 9).
    """

    def margin(x: float, y: float) -> float:
        return math.sqrt(max(x * x + y * y - 2 * correlation * x * y, 0.0))

    gap = a[0] - b[0]
    low = gap - margin(a[0] - a[1], b[2] - b[0])
    return low, gap + margin(a[2] - a[0], b[0] - b[1])
