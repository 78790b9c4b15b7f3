"""When there is too little data for an interval that would hold; limits found by simulation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rolediff.stats.cells import Cells, Floats
from rolediff.stats.functional import Statistic
from rolediff.stats.units import effective

BEYOND = 15.0
"""Equal rows that must lie beyond a quantile, on either side."""
BEYOND_REWEIGHTED = 10.0
"""The same where groups are reweighted: limits of quantiles there need no density."""
SPREAD = 100.0
"""Equal rows for a variance or a Gini coefficient."""
REWEIGHTED = 30.0
"""Equal rows that must carry a reweighted group."""
TAILS = 25.0
"""A reweighted group needs the square of what a plain one beside it does over this: 400 rows at
p90."""
CLUSTERS, CLUSTERS_SPREAD, CLUSTERS_BEYOND = 10, 30, 5.0
"""Clusters in each group for a reweighted mean; for a variance or Gini coefficient, reweighted;
and beyond a quantile, on either side."""


def rows_needed(what: Statistic, beyond: float = BEYOND) -> float:
    """How many equal rows each distribution needs for an interval of this statistic."""
    if what.probs:
        return beyond / min(min(p, 1 - p) for p in what.probs)
    return SPREAD if what.kind in ("variance", "gini") else 2.0


def clusters_needed(what: Statistic, *, reweighted: bool) -> int:
    """How many clusters each group needs for an interval of this statistic."""
    if what.probs:
        return round(CLUSTERS_BEYOND / min(min(p, 1 - p) for p in what.probs))
    if not reweighted:
        return 2
    return CLUSTERS if what.kind == "mean" else CLUSTERS_SPREAD


def too_few(
    what: Statistic,
    rows: Sequence[float],
    clusters: Sequence[int],
    least: int,
    reweighted: float | None = None,
    beyond: float = BEYOND,
) -> str:
    """Why no interval is shown, or "".

    `rows`: equal rows that carry each group, and `reweighted` the counterfactual; `clusters` in
    each group, none if rows are independent; `least` of them are needed. `beyond`: equal rows
    beyond a quantile.
    """
    needed = [(n, rows_needed(what, beyond)) for n in rows]
    if reweighted is not None:
        needed.append((reweighted, max(rows_needed(what, beyond) ** 2 / TAILS, REWEIGHTED)))
    for n, needs in needed:
        if n < needs:
            return f"no interval: as few as {n:.0f} equal records carry it, {needs:.0f} are needed"
    if clusters and min(clusters) < least:
        return f"no interval: {least} clusters are needed on each side"
    return ""


def equal_rows(cells: Cells, side: bool, times: Floats | None = None) -> float:
    """Equal rows with the spread of a group's weights, clusters left aside (Kish 1965)."""
    return effective(cells, side, times)


def clusters_of(cells: Cells) -> tuple[int, ...]:
    """Clusters in A and in B, or nothing where rows are independent."""
    if cells.cluster is None:
        return ()
    return tuple(len(np.unique(cells.cluster[cells.group == side])) for side in (True, False))
