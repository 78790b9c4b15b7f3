"""Errors of estimates from what each line adds to them, summed by independent unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rolediff.results import Estimate
from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.tails import critical


@dataclass(frozen=True)
class Errors:
    """Standard errors (P,) and degrees of freedom (P,) of P estimates from so many `units`."""

    se: Floats
    df: Floats
    units: int


def unit_errors(
    cells: Cells,
    influence: Floats,
    *,
    sizes: tuple[float, float],
    per_outcome: Floats | None = None,
    added: Floats | None = None,
) -> Errors:
    """Errors of P estimates.

    A row adds `influence` (m, P), plus `per_outcome` (m, P) times its outcome, per unit of its
    weight. Rows of one cluster are summed first, else every row is a unit. `sizes` are how many
    equal units carry A and B. The variance has the factor n / (n - 1), by group where the groups
    share no unit; the degrees of freedom are Welch's (1947), at most those of all units. `added`
    (2, P) are further variances, of A and of B.
    """
    more = np.zeros((2, influence.shape[1])) if added is None else added
    if cells.cluster is None:
        return _by_row(cells, influence, per_outcome, sizes, more)
    return _by_cluster(cells, cells.cluster, influence, per_outcome, sizes, more)


def carrying(cells: Cells, side: bool, times: Floats | None = None) -> float:
    """How many equal units would carry a mean of a group as these unequal ones do.

    With v the square of a unit's weight, (sum v)^2 / sum v^2: what a unit adds to the variance
    where errors are alike (Carter, Schnepel and Steigerwald 2017). `times` (m,) replaces each
    line's weight w by w times this.
    """
    mine = cells.group == side
    factor = np.ones(len(cells)) if times is None else times
    if cells.cluster is None:
        v = cells.ww[mine] * factor[mine] ** 2
        squared = float(np.sum(v**2 / cells.n[mine]))
    else:
        v = np.bincount(cells.cluster[mine], (cells.w * factor)[mine]) ** 2
        squared = float(v @ v)
    return float(v.sum()) ** 2 / squared if squared else 0.0


def effective(cells: Cells, side: bool, times: Floats | None = None) -> float:
    """Equal rows with the same spread of weights: (sum w)^2 / sum w^2 (Kish 1965)."""
    mine = cells.group == side
    factor = 1.0 if times is None else times[mine]
    total = float(np.sum(cells.w[mine] * factor))
    return total**2 / float(np.sum(cells.ww[mine] * factor**2))


def weight_share(cells: Cells, mask: NDArray[np.bool_], side: bool) -> float:
    """The share of a group's weight in `mask` (m,), 0 to 1."""
    mine = cells.group == side
    return float(cells.w[mine & mask].sum() / cells.w[mine].sum())


def share_size(cells: Cells, mask: NDArray[np.bool_], side: bool) -> float:
    """Equal independent rows that would tell a group's share of weight in `mask` (m,) as well."""
    if cells.cluster is None:
        return effective(cells, side)
    mine = cells.group == side
    w, at = cells.w[mine] / cells.w[mine].sum(), cells.cluster[mine]
    share = float(w @ mask[mine])
    by_cluster = np.bincount(at, w * (mask[mine] - share))
    variance = float(by_cluster @ by_cluster) * _small(float(len(np.unique(at))))
    clusters = 1 / float(np.sum(np.bincount(at, w) ** 2))
    return share * (1 - share) / variance if 0 < share < 1 and variance > 0 else clusters


def _by_row(
    cells: Cells, influence: Floats, per_outcome: Floats | None, sizes: tuple[float, float],
    added: Floats,
) -> Errors:  # fmt: skip
    variances = []
    for i, side in enumerate((True, False)):
        at = cells.group == side
        x = influence[at]
        squared = cells.ww[at] @ x**2
        if per_outcome is not None:
            slope = per_outcome[at]
            squared += 2 * (cells.wwy[at] @ (x * slope)) + cells.wwyy[at] @ slope**2
        variances.append(np.maximum(squared, 0) * _small(sizes[i]) + added[i])
    units = round(float(cells.n.sum()))
    se = np.sqrt(np.maximum(variances[0] + variances[1], 0))
    return Errors(se, _welch(variances, sizes, units - 1), units)


def _by_cluster(
    cells: Cells, cluster: Codes, influence: Floats, per_outcome: Floats | None,
    sizes: tuple[float, float], added: Floats,
) -> Errors:  # fmt: skip
    count = int(cluster.max()) + 1
    weighted = influence * cells.w[:, None]
    if per_outcome is not None:
        weighted = weighted + per_outcome * cells.wy[:, None]
    sums, there = [], []
    for side in (True, False):
        mine = cells.group == side
        at = cluster[mine]
        sums.append(np.stack([np.bincount(at, x, count) for x in weighted[mine].T], axis=1))
        there.append(np.bincount(at, minlength=count) > 0)
    variances = [np.sum(s**2, axis=0) * _small(n) for s, n in zip(sums, sizes, strict=True)]
    total = variances[0] + variances[1]
    if (there[0] & there[1]).any():
        total = np.sum((sums[0] + sums[1]) ** 2, axis=0) * _small(count)
    se = np.sqrt(np.maximum(total + added.sum(axis=0), 0))
    return Errors(se, _welch(variances, sizes, count - 1), count)


def _small(size: float) -> float:
    return size / (size - 1) if size > 1 else math.inf


def _welch(variances: list[Floats], sizes: tuple[float, float], most: float) -> Floats:
    a, b = variances
    with np.errstate(invalid="ignore", divide="ignore"):
        slack = a**2 / max(sizes[0] - 1, 1e-9) + b**2 / max(sizes[1] - 1, 1e-9)
        df = np.where(slack > 0, (a + b) ** 2 / slack, most)
    return np.minimum(df, max(most, 1.0))


def estimates(
    values: Sequence[float],
    errors: Errors,
    confidence: float,
    n: int,
    source: str = "",
    method: str = "influence functions",
) -> list[Estimate]:
    """Estimates with intervals by Student's t; without one where no error can be told."""
    made = []
    for value, se, df in zip(values, errors.se, errors.df, strict=True):
        margin = critical(float(df), confidence) * float(se)
        if not math.isfinite(margin):
            few = "no interval: too few independent records"
            made.append(
                Estimate(float(value), n=n, clusters=errors.units, method=few, source=source)
            )
            continue
        low, high = float(value - margin), float(value + margin)
        made.append(
            Estimate(float(value), low, high, n, float(se), float(df), errors.units, method, source)
        )
    return made


def without_interval(e: Estimate, reason: str) -> Estimate:
    """The estimate with its interval and error taken away for this reason, if there is one."""
    return replace(e, low=None, high=None, se=None, df=None, method=reason) if reason else e


def share(value: float, size: float, confidence: float, n: int, source: str = "") -> Estimate:
    """A share with the interval of Wilson (1927), for so many equal independent units."""
    z = critical(math.inf, confidence)
    middle = (value + z * z / (2 * size)) / (1 + z * z / size)
    spread = value * (1 - value) / size + z * z / (4 * size * size)
    margin = z / (1 + z * z / size) * math.sqrt(max(spread, 0.0))
    low, high = min(max(middle - margin, 0.0), value), max(min(middle + margin, 1.0), value)
    return Estimate(value, low, high, n, method="Wilson", source=source)
