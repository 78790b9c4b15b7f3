"""Growth of a share, or of a count, from period to period: log-linear, clustered by unit.

Modified Poisson regression (Zou 2004, American Journal of Epidemiology 159(7), 702-706): the share
of records that are of a kind is exp(a + b t), fitted as if counts were Poisson, with the sandwich
variance of independent units, so b is the mean log ratio from one period to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats

STEPS, TOLERANCE = 100, 1e-12


@dataclass(frozen=True)
class Growth:
    """`slope` (K,) log ratios a period, `influence` (G, K) of each unit on them, `units` (K,) how
    many units have a record of the kind."""

    slope: Floats
    influence: Floats
    units: Codes

    def error(self, contrast: Floats) -> float:
        """Standard error of `contrast` (K,) times the slopes."""
        count = len(self.influence)
        moved = self.influence @ contrast
        return float(np.sqrt(moved @ moved * count / max(count - 1, 1)))


def log_growth(period: Floats, n: Floats, kind: Floats, unit: Codes) -> Growth:
    """Growth of each of K kinds.

    `period` (m,) of each line, `n` (m,) its records, `kind` (m, K) 1 where they are of the kind,
    `unit` (m,) codes from 0.

    Raises:
        ValueError: a kind whose records are all in the first or all in the last period: its growth
            has no bound.
    """
    fits = [_fit(period, n, kind[:, k], unit) for k in range(kind.shape[1])]
    groups = int(unit.max()) + 1
    touched = [len(np.unique(unit[(kind[:, k] > 0) & (n > 0)])) for k in range(kind.shape[1])]
    influence = np.stack([f for _, f in fits], axis=1)
    assert influence.shape == (groups, kind.shape[1])
    return Growth(np.array([b for b, _ in fits]), influence, np.array(touched, np.int64))


@dataclass(frozen=True)
class CountGrowth:
    """`slope` log ratio of counts from one period to the next, `error` its standard error with
    independent units, `df` degrees of freedom, `units` units with a count above 0."""

    slope: float
    error: float
    df: float
    units: int


def count_growth(counts: Floats, times: Floats, exposure: Floats) -> CountGrowth:
    """Growth of the sum over units of `counts` (G, M) at `times` (M,): log ratios a unit of time.

    `exposure` (M,) is how long each period is. The sum is fitted as exposure exp(a + b t) by
    Poisson quasi-likelihood with the sandwich variance over units (McCullagh and Nelder 1989,
    section 9.3): how much a unit varies is read from the data.

    Raises:
        ValueError: all is counted in the first or in the last period, or in fewer than two units.
    """
    mine: Floats = counts[counts.sum(axis=1) > 0]
    total, groups = mine.sum(axis=0), len(mine)
    if groups < 2:
        raise ValueError("counts of one unit alone")
    t = times - times.mean()
    slope = _slope(t, exposure, total)
    expected = exposure * np.exp(slope * t)
    expected *= total.sum() / expected.sum()
    X = np.stack([np.ones_like(t), t], axis=1)
    bread = np.linalg.inv(X.T @ (X * expected[:, None]))
    influence = ((mine - expected / groups) @ X @ bread)[:, 1]
    influence -= influence.mean()
    size = mine.sum(axis=1)
    even = float(size.sum() ** 2 / (size @ size))
    error = float(np.sqrt(influence @ influence * groups / (groups - 1)))
    return CountGrowth(slope, error, max(even - 1, 0.0), groups)


def _fit(period: Floats, n: Floats, kind: Floats, unit: Codes) -> tuple[float, Floats]:
    """The slope, and what each unit adds to its error (G,)."""
    times, at = np.unique(period, return_inverse=True)
    total: Floats = np.asarray(np.bincount(at, n), float)
    hits: Floats = np.asarray(np.bincount(at, n * kind), float)
    t = times - times.mean()
    slope = _slope(t, total, hits)
    mean = np.exp(slope * t) * hits.sum() / (total @ np.exp(slope * t))
    X = np.stack([np.ones_like(t), t], axis=1)
    bread = np.linalg.inv(X.T @ (X * (total * mean)[:, None]))
    score = n * (kind - mean[at])
    by_unit = np.stack([np.bincount(unit, score), np.bincount(unit, score * t[at])], axis=1)
    influence: Floats = np.asarray((by_unit @ bread)[:, 1], float)
    return slope, influence


def _slope(t: Floats, total: Floats, hits: Floats) -> float:
    """The maximum of the likelihood, by Newton's method on the profile, which is concave."""
    centre = float(hits @ t / hits.sum())
    there = t[total > 0]
    if not there.min() < centre < there.max():
        raise ValueError("all records of a kind are in the first or in the last period")
    slope = 0.0
    for _ in range(STEPS):
        weight = total * np.exp(slope * t - (slope * t).max())
        mean = float(weight @ t / weight.sum())
        spread = float(weight @ (t - mean) ** 2 / weight.sum())
        step = float(np.clip((centre - mean) / max(spread, 1e-12), -1.0, 1.0))
        slope += step
        if abs(step) < TOLERANCE * max(1.0, abs(slope)):
            break
    return slope
