"""Which errors a gap between two groups gets, chosen by how many clusters carry it.

The limits come from simulations of clusters even and uneven, with the groups mixed within
clusters and apart (docs/method.md, "Few employers"). Plain cluster errors (CR1) are too narrow
below some 100 clusters; the jackknife (CV3) with degrees of freedom from the carrying clusters
covers but grows too wide where few and uneven clusters carry the gap, where CR2 with
Satterthwaite's does not. Where those fall below 2 since few of many clusters have rows in one of
the groups, the wild bootstrap is less wide; where they do since one cluster holds most rows it is
too narrow, and CR2 stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats.alike import gather
from rolediff.stats.cells import Cells
from rolediff.stats.cr2 import ClusterRobust
from rolediff.stats.linear import Linear, linear_cells
from rolediff.stats.ols import GroupGap
from rolediff.stats.tails import critical
from rolediff.stats.wild import Wild

CR2_BELOW = 25
"""Where fewer clusters than this carry a gap its errors are CR2 with Satterthwaite's df."""
WILD_BELOW_DF, WILD_FROM = 2.0, 8
"""With fewer degrees of freedom than this, and at least so many clusters, the wild bootstrap."""
LARGEST = 1 / 3
"""But not where one cluster has more than this share of the weight."""
LEAST_CLUSTERS = 4
"""With fewer clusters CR2 is too narrow and the bootstrap tells nothing: no interval."""
MOST_ROWS = 200_000
"""With more rows than this they are not held as one matrix, and the jackknife stays."""
CR2 = "CR2, Satterthwaite df"


@dataclass(frozen=True, slots=True)
class GapInterval:
    """Mean of A less mean of B, covariates held equal, with its error as chosen.

    `low` and `high` are NaN where there is no interval; then `errors` says why. `carrying` is how
    many equal clusters would carry the gap, `df` the degrees of freedom of the interval (NaN
    where it is bootstrapped).
    """

    value: float
    se: float
    df: float
    low: float
    high: float
    errors: str
    carrying: float


def gap_interval(cells: Cells, confidence: float = 0.95) -> GapInterval:
    """The gap of `cells`, one per row, with errors by row (HC2) or by cluster as they require.

    With clusters, weights are numbers of records: how these are put into rows changes nothing.
    """
    fewer = gather(cells)
    gap = GroupGap(fewer)
    carrying = gap.carrying
    if cells.cluster is None or carrying >= CR2_BELOW or len(fewer) > MOST_ROWS:
        return _by_sandwich(gap, confidence)
    fit = linear_cells(fewer)
    column = fit.X.shape[1] - 1
    if fit.clusters < LEAST_CLUSTERS:
        return _withheld(fit, column, carrying, f"fewer than {LEAST_CLUSTERS} employers")
    value, se, df = ClusterRobust(fit.by_record()).test(column)
    if not (df > 0 and se > 0):
        return _withheld(fit, column, carrying, "too few employers")
    if df < WILD_BELOW_DF - 1e-9 and fit.clusters >= WILD_FROM and _largest(fit) <= LARGEST:
        return _bootstrapped(fit, column, carrying, confidence)
    margin = critical(df, confidence) * se
    return GapInterval(value, se, df, value - margin, value + margin, CR2, carrying)


def _by_sandwich(gap: GroupGap, confidence: float) -> GapInterval:
    value, se, df, name = gap.by_sandwich()
    margin = critical(df, confidence) * se
    return GapInterval(value, se, df, value - margin, value + margin, name, gap.carrying)


def _largest(fit: Linear) -> float:
    """Largest share of the weight that one cluster has."""
    share = np.bincount(fit.unit, fit.w) / fit.w.sum()
    return float(share.max())


def _bootstrapped(fit: Linear, column: int, carrying: float, confidence: float) -> GapInterval:
    wild = Wild.of(fit, column)
    low, high = wild.interval(confidence)
    if not np.isfinite([low, high]).all():
        return _withheld(fit, column, carrying, "too few employers: any gap would pass")
    value = float(fit.coef[column])
    se = math.sqrt(float(ClusterRobust(fit.by_record()).vcov("CR2")[column, column]))
    name = f"wild cluster bootstrap, {wild.weights} weights"
    return GapInterval(value, se, math.nan, min(low, value), max(high, value), name, carrying)


def _withheld(fit: Linear, column: int, carrying: float, why: str) -> GapInterval:
    return GapInterval(
        float(fit.coef[column]), math.nan, math.nan, math.nan, math.nan, why, carrying
    )
