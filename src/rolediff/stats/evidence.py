"""When there is too little data for an interval that would hold; limits found by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Cells, Floats
from rolediff.stats.functional import Statistic
from rolediff.stats.units import effective

BEYOND = 15.0
"""Equal rows that must lie beyond a quantile, on either side."""
BEYOND_REWEIGHTED = 10.0
"""The same where groups are reweighted: limits of quantiles lean there as the distribution does."""
SPREAD = 100.0
"""Equal rows for a variance or a Gini coefficient."""
REWEIGHTED = 30.0
"""Equal rows that must carry a reweighted group."""
BEFORE = 2.5
"""A reweighted group needs so many times what one beside it does before it is reweighted. Asking
for more after it alone would show the intervals of the draws that hardly needed reweighting: of
too small a part."""
SPREAD_REWEIGHTED = 400.0
"""Equal rows for a variance or a Gini coefficient of a reweighted group."""
HEAVIEST = 5.0
"""For these its heaviest row may count so many times the mean: of 2,000 to 16,000 rows with
unbounded weights so few carry the error of a Gini coefficient that 91 % of intervals hold."""
MIDDLE = 0.4
"""Where reweighting and RIF regressions are joined, no quantile farther out than this has an
interval: errors do not lean there, and the structure's hold in 92 % of draws at p75 and p90."""
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


@dataclass(frozen=True, slots=True)
class Reweighted:
    """A reweighted group: equal rows `before` and `after`, and how many times the mean the
    `heaviest` row counts."""

    before: float
    after: float
    heaviest: float

    @classmethod
    def of(cls, cells: Cells, side: bool, psi: Floats) -> Reweighted:
        """The group `side` with its lines counted `psi` (m,) times."""
        mine = cells.group == side
        w, times = cells.w[mine], psi[mine]
        heaviest = float(times.max()) * float(w.sum()) / float(w @ times)
        return cls(equal_rows(cells, side), equal_rows(cells, side, psi), heaviest)

    def too_few(self, what: Statistic, least: float) -> str:
        """Why no interval of `what` is shown, of which a group as it is needs `least` equal rows;
        or ""."""
        spread = what.kind in ("variance", "gini")
        before = BEFORE * least if what.probs else 0.0
        after = max(SPREAD_REWEIGHTED if spread else least, REWEIGHTED)
        for n, needs in ((self.before, before), (self.after, after)):
            if n < needs:
                return _few(n, needs)
        if spread and self.heaviest > HEAVIEST:
            return f"no interval: one record counts as {self.heaviest:.0f} do"
        return ""


def too_far_out(what: Statistic) -> str:
    """Why a quantile has no interval where errors are symmetric, or ""."""
    if any(min(p, 1 - p) < MIDDLE for p in what.probs):
        return "no interval: symmetric errors are too narrow this far from the median"
    return ""


def _few(n: float, needs: float) -> str:
    return f"no interval: as few as {n:.0f} equal records carry it, {needs:.0f} are needed"


def too_few(
    what: Statistic,
    rows: Sequence[float],
    clusters: Sequence[int],
    least: int,
    reweighted: Reweighted | None = None,
    beyond: float = BEYOND,
) -> str:
    """Why no interval is shown, or "".

    `rows`: equal rows that carry each group, and `reweighted` the one that is; `clusters` in each
    group, none if rows are independent; `least` of them are needed. `beyond`: equal rows beyond a
    quantile.
    """
    needs = rows_needed(what, beyond)
    for n in rows:
        if n < needs:
            return _few(n, needs)
    few = reweighted.too_few(what, needs) if reweighted is not None else ""
    if few:
        return few
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
