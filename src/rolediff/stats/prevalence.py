"""How often something is asked: shares of postings whose employers are the independent units.

Postings of one employer resemble one another, so a share is a ratio estimator over clusters
(Cochran 1977, section 9) and its interval is Wilson's (1927) at the effective sample size of Korn
and Graubard (1998, Survey Methodology 24(2), section 3): the number of independent postings that
would know the share as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.sparse import Sparse
from rolediff.stats.special import special
from rolediff.stats.tails import critical

ROUNDING = 1e-12
"""Part of a sum of squares that may be left of it by rounding alone."""


@dataclass(frozen=True)
class Shares:
    """Shares of K things among the postings of G employers.

    `value`, `low`, `high` (K,); `n` postings (or employers, if they weigh the same), `clusters`
    employers. Without an interval (NaN) where there are fewer than two employers. What employer g
    adds to the error of share k is (`hits`[g, k] - `value`[k] `weight`[g]) / sum of `weight`, with
    `hits` (G, K) counts at the weight of their employers (G,).
    """

    value: Floats
    low: Floats
    high: Floats
    hits: Sparse
    weight: Floats
    n: int
    clusters: int

    @classmethod
    def of(
        cls, hits: Floats | Sparse, sizes: Floats, *, equal: bool = False, confidence: float = 0.95
    ) -> Shares:
        """From `hits` (G, K) postings that name each thing, among `sizes` (G,) of each employer.

        An employer with size 0 has no part in it. With `equal` every employer weighs the same:
        the mean of their shares.
        """
        here = sizes > 0
        count = int(here.sum())
        weight = here.astype(float) if equal else sizes
        weighed = Sparse.of(hits).scaled(weight / np.where(here, sizes, 1.0))
        value = weighed.totals / max(weight.sum(), 1.0)
        n = count if equal else int(sizes.sum())
        known = cls(value, value, value, weighed, weight, n, count)
        low, high = _wilson(value, known.own_squares, weight, count, confidence)
        found = cls(value, low, high, weighed, weight, n, count)
        found.__dict__["own_squares"] = known.own_squares
        return found

    @cached_property
    def own_squares(self) -> Floats:
        """`squares` of one role with itself (K,)."""
        return self.squares(self)

    def squares(self, other: Shares) -> Floats:
        """Sums (K,) over employers of the products of what they add to the errors of two roles.

        Written out, so that employers who name a thing are all that is looked at.
        """
        both = self.hits.times(other.hits).totals
        mine = self.hits.over_rows(other.weight)
        theirs = mine if other is self else other.hits.over_rows(self.weight)
        mean = self.value * other.value * (self.weight @ other.weight)
        total = both - other.value * mine - self.value * theirs + mean
        scale = np.maximum(np.abs(both), mean)
        exact: Floats = np.where(np.abs(total) > ROUNDING * scale, total, 0.0)
        exact /= max(self.weight.sum(), 1.0) * max(other.weight.sum(), 1.0)
        return exact


def _wilson(
    value: Floats, squares: Floats, weight: Floats, count: int, confidence: float
) -> tuple[Floats, Floats]:
    """Wilson bounds (K,) at the effective sample size."""
    if count < 2:
        empty = np.full(len(value), np.nan)
        return empty, empty
    variance = count / (count - 1) * squares
    equal_units = weight.sum() ** 2 / (weight @ weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.where(variance > 0, value * (1 - value) / variance, equal_units)
    # A share that every employer has alike (0 or 1) says nothing of how employers differ, so each
    # counts once; nothing is known better than by as many postings as there are.
    n = np.clip(known, min(1.0, equal_units), weight.sum())
    z, t = critical(np.inf, confidence), critical(count - 1, confidence)
    n = n * (z / t) ** 2
    centre = (value + z * z / (2 * n)) / (1 + z * z / n)
    margin = z / (1 + z * z / n) * np.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    low, high = np.maximum(centre - margin, 0.0), np.minimum(centre + margin, 1.0)
    return np.minimum(low, value), np.maximum(high, value)


@dataclass(frozen=True)
class Differences:
    """Differences of two roles' shares: `value`, `low`, `high`, two-sided `p` values, all (K,)."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats


def differences(a: Shares, b: Shares) -> Differences:
    """Share in A less that in B, for shares over the same G employers.

    Intervals by MOVER from Wilson's (Newcombe 1998, method 10), with the correlation that
    employers hiring for both roles induce (Zou 2008, eq. 9). `p` is of the test whose interval
    just touches zero at the same effective sizes (pooled share, normal).
    """
    norm = np.sqrt(a.own_squares * b.own_squares)
    cross = a.squares(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.where(norm > 0, cross / norm, 0.0)
    gap = a.value - b.value
    below = _margin(a.value - a.low, b.high - b.value, correlation)
    above = _margin(a.high - a.value, b.value - b.low, correlation)
    toward = np.where(gap >= 0, below, above)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(toward > 0, np.abs(gap) / toward, 0.0) * critical(np.inf)
    return Differences(gap, gap - below, gap + above, two_sided(z))


def _margin(x: Floats, y: Floats, correlation: Floats) -> Floats:
    margin: Floats = np.sqrt(np.maximum(x * x + y * y - 2 * correlation * x * y, 0.0))
    return margin


def two_sided(z: Floats) -> Floats:
    """Probability that a standard normal is further from 0 than `z` (K,)."""
    p: Floats = 2 * special().ndtr(-np.abs(z))
    return p
