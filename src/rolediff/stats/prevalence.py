"""How often something is asked: shares of postings whose employers are the independent units.

Postings of one employer resemble one another, so a share is a ratio estimator over clusters
(Cochran 1977, section 9) and its interval is Wilson's (1927) at the effective sample size of Korn
and Graubard (1998, Survey Methodology 24(2), section 3): the number of independent postings that
would know the share as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.tails import critical


@dataclass(frozen=True)
class Shares:
    """Shares of K things among the postings of G employers.

    `value`, `low`, `high` (K,); `residual` (G, K) what each employer adds to the error of a
    share; `n` postings (or employers, if they weigh the same), `clusters` employers. Without an
    interval (NaN) where there are fewer than two employers.
    """

    value: Floats
    low: Floats
    high: Floats
    residual: Floats
    n: int
    clusters: int

    @classmethod
    def of(
        cls, hits: Floats, sizes: Floats, *, equal: bool = False, confidence: float = 0.95
    ) -> Shares:
        """From `hits` (G, K) postings that name each thing, among `sizes` (G,) of each employer.

        An employer with size 0 has no part in it. With `equal` every employer weighs the same:
        the mean of their shares.
        """
        here = sizes > 0
        count = int(here.sum())
        known = np.where(here, sizes, 1.0)[:, None]
        weight = here.astype(float) if equal else sizes
        total = weight.sum()
        value = (weight[:, None] * hits / known).sum(axis=0) / max(total, 1.0)
        residual = weight[:, None] * (hits / known - value) / max(total, 1.0)
        n = count if equal else int(sizes.sum())
        low, high = _wilson(value, residual, weight, count, confidence)
        return cls(value, low, high, residual, n, count)


def _wilson(
    value: Floats, residual: Floats, weight: Floats, count: int, confidence: float
) -> tuple[Floats, Floats]:
    """Wilson bounds (K,) at the effective sample size."""
    if count < 2:
        empty = np.full(len(value), np.nan)
        return empty, empty
    variance = count / (count - 1) * np.einsum("gk,gk->k", residual, residual)
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
    norm = np.sqrt((a.residual**2).sum(axis=0) * (b.residual**2).sum(axis=0))
    cross = (a.residual * b.residual).sum(axis=0)
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
    from scipy.special import ndtr

    p: Floats = 2 * ndtr(-np.abs(z))
    return p
