"""Errors of estimates from what each line adds to them, summed by independent unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.results import Estimate
from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.tails import critical


@dataclass(frozen=True)
class Errors:
    """Standard errors (P,) and degrees of freedom (P,) of P estimates from so many `units`."""

    se: Floats
    df: Floats
    units: int


def unit_errors(cells: Cells, influence: Floats, *, sizes: tuple[float, float]) -> Errors:
    """Errors of P estimates.

    `influence` (m, P) per unit of weight of a line; lines of one cluster are summed first, else
    every row is a unit. `sizes` are how many equal units carry A and B (Kish 1965). The variance
    is that of sums of independent units with the factor n / (n - 1), by group where the groups
    share no unit; the degrees of freedom are Welch's (1947), at most those of all units.
    """
    if cells.cluster is None:
        return _by_row(cells, influence, sizes)
    return _by_cluster(cells, cells.cluster, influence, sizes)


def carrying(cells: Cells, side: bool, times: Floats | None = None) -> float:
    """How many equal units would carry the weights of a group: (sum w)^2 / sum w^2.

    `times` (m,) replaces each line's weight w by w times this.
    """
    mine = cells.group == side
    factor = np.ones(len(cells)) if times is None else times
    w = cells.w[mine] * factor[mine]
    if cells.cluster is None:
        squared = float(cells.ww[mine] @ factor[mine] ** 2)
    else:
        squared = float(np.sum(np.bincount(cells.cluster[mine], w) ** 2))
    return float(w.sum()) ** 2 / squared if squared else 0.0


def _by_row(cells: Cells, influence: Floats, sizes: tuple[float, float]) -> Errors:
    mine = cells.group
    variances = []
    for at, size in ((mine, sizes[0]), (~mine, sizes[1])):
        squared = cells.ww[at] @ influence[at] ** 2
        variances.append(squared * size / max(size - 1, 1.0))
    units = round(float(cells.n.sum()))
    return Errors(np.sqrt(variances[0] + variances[1]), _welch(variances, sizes, units - 1), units)


def _by_cluster(
    cells: Cells, cluster: Codes, influence: Floats, sizes: tuple[float, float]
) -> Errors:
    count = int(cluster.max()) + 1
    weighted = influence * cells.w[:, None]
    sums = [_summed(cluster, weighted, cells.group == side, count) for side in (True, False)]
    there = [np.bincount(cluster[cells.group == s], minlength=count) > 0 for s in (True, False)]
    variances = [np.sum(s**2, axis=0) for s in sums]
    if (there[0] & there[1]).any():
        total = np.sum((sums[0] + sums[1]) ** 2, axis=0) * count / max(count - 1, 1)
    else:
        variances = [v * n.sum() / max(n.sum() - 1, 1) for v, n in zip(variances, there, strict=True)]
        total = variances[0] + variances[1]
    return Errors(np.sqrt(total), _welch(variances, sizes, count - 1), count)


def _summed(cluster: Codes, weighted: Floats, mine: Floats, count: int) -> Floats:
    return np.stack([np.bincount(cluster[mine], x[mine], count) for x in weighted.T], axis=1)


def _welch(variances: list[Floats], sizes: tuple[float, float], most: float) -> Floats:
    a, b = variances
    slack = a**2 / max(sizes[0] - 1, 1.0) + b**2 / max(sizes[1] - 1, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        df = np.where(slack > 0, (a + b) ** 2 / slack, most)
    return np.minimum(df, max(most, 1.0))


def estimates(
    values: Sequence[float], errors: Errors, confidence: float, n: int, source: str = ""
) -> list[Estimate]:
    """Estimates with intervals by Student's t; for what cannot vary a point."""
    made = []
    for value, se, df in zip(values, errors.se, errors.df, strict=True):
        margin = critical(float(df), confidence) * float(se)
        made.append(
            Estimate(
                float(value), float(value - margin), float(value + margin), n, float(se),
                float(df), errors.units, "influence functions", source,
            )
        )  # fmt: skip
    return made
