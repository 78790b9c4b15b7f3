"""One figure in two roles: means with employers as units, and how many industries there are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.results import HIDDEN, Estimate, Measure, Short
from rolediff.stats.cells import Codes, Floats, from_rows
from rolediff.stats.cr2 import ClusterRobust
from rolediff.stats.diversity import effective_number, left_out, rarefied
from rolediff.stats.gap_errors import gap_interval
from rolediff.stats.linear import linear
from rolediff.stats.tails import critical


@dataclass(frozen=True)
class Rows:
    """m openings or records: `y` and `is_a` (m,), `unit` (m,) codes of employers or None, `weight`
    (m,) or None, `beside` (m,) a covariate held at its mean, or None; `copies` (m,) how many are
    alike in a row, by which it counts, or None."""

    y: Floats
    is_a: NDArray[np.bool_]
    unit: Codes | None = None
    weight: Floats | None = None
    beside: Floats | None = None
    copies: Floats | None = None

    def count(self, side: bool) -> int:
        """Records or openings of one role."""
        mine = self.is_a == side
        return int(mine.sum() if self.copies is None else self.copies[mine].sum())

    def alike(self) -> Rows:
        """The same with every employer of a role weighing the same."""
        if self.unit is None:
            return self
        pair = np.unique(2 * self.unit + self.is_a, return_inverse=True)[1]
        return Rows(self.y, self.is_a, self.unit, 1 / np.bincount(pair)[pair], self.beside)

    def units(self, side: bool) -> int:
        """Employers of one role; rows where none is known."""
        mine = self.is_a == side
        return int(mine.sum()) if self.unit is None else len(np.unique(self.unit[mine]))


def measured(
    name: str, rows: Rows, source: str, unit: str = "", within: tuple[float, float] | None = None
) -> Measure | Short:
    """The mean of each role and A less B: least squares on the role and `beside`, centred.

    Errors are CR2 by employer (by row where none is known) for the means, and as `gap_interval`
    chooses for the difference. `within` bounds the means.
    """
    n = [int((rows.is_a == side).sum()) for side in (True, False)]
    units = [rows.units(side) for side in (True, False)]
    if min(n) < HIDDEN or min(units) < 2:
        what = "rows" if rows.unit is None else "ads"
        return Short(f"{name}: {n[0]} and {n[1]} {what} that tell it, {HIDDEN} are needed in each")
    if np.ptp(rows.y) == 0:
        return Short(f"{name}: the same in all {len(rows.y)} of them")
    a, b = _means(rows, source, within)
    return Measure(name, unit, source, a, b, _difference(rows, source))


def _means(rows: Rows, source: str, within: tuple[float, float] | None) -> list[Estimate]:
    is_a, columns = rows.is_a.astype(float), []
    if rows.beside is not None:
        columns.append(rows.beside - np.average(rows.beside, weights=rows.weight))
    weight = rows.weight if rows.copies is None else rows.copies
    X = np.stack([is_a, 1 - is_a, *columns], axis=1)
    errors = ClusterRobust(linear(X, rows.y, weight, rows.unit))
    return [_mean(errors, i, rows, source, within) for i in (0, 1)]


def _mean(
    errors: ClusterRobust, column: int, rows: Rows, source: str, within: tuple[float, float] | None
) -> Estimate:
    value, se, df = errors.test(column)
    side = column == 0
    n, clusters = rows.count(side), rows.units(side)
    margin = critical(df) * se if math.isfinite(df) else math.nan
    if not math.isfinite(margin):
        return Estimate(value, n=n, clusters=clusters, method="too few employers", source=source)
    low, high = value - margin, value + margin
    if within is not None:
        low, high = min(max(low, within[0]), value), max(min(high, within[1]), value)
    return Estimate(value, low, high, n, se, df, clusters, "CR2, Satterthwaite df", source)


def _difference(rows: Rows, source: str) -> Estimate:
    beside = None if rows.beside is None else rows.beside[:, None]
    names = () if beside is None else ("beside",)
    cells = from_rows(
        rows.y, rows.is_a, numeric=beside, numeric_names=names,
        weight=rows.weight if rows.copies is None else rows.copies, cluster=rows.unit,
    )  # fmt: skip
    found, n = gap_interval(cells), rows.count(True) + rows.count(False)
    clusters = len(rows.y) if rows.unit is None else len(np.unique(rows.unit))
    if not math.isfinite(found.high - found.low):
        return Estimate(found.value, n=n, clusters=clusters, method=found.errors, source=source)
    return Estimate(found.value, found.low, found.high, n, found.se, None, clusters,
                    found.errors, source)  # fmt: skip


def kinds(name: str, kind: Codes, is_a: NDArray[np.bool_], unit: Codes, source: str, what: str
          ) -> Measure | Short:  # fmt: skip
    """The effective number of kinds among the employers of each role, as of equally many.

    `kind` (m,) is the code of each opening's kind, `unit` (m,) that of its employer, which counts
    once a role and kind. Both roles are rarefied to the employers of the role with fewer (Chao et
    al. 2014); intervals are jackknifed over employers, those of both roles left out of both.
    """
    counts = [_by_employer(kind, unit, is_a == side) for side in (True, False)]
    employers = [int((c.sum(axis=1) > 0).sum()) for c in counts]
    if min(employers) < HIDDEN:
        told = f"{employers[0]} and {employers[1]} employers"
        return Short(f"{name}: {told} with a known {what}, {HIDDEN} are needed in each role")
    size, width = int(min(c.sum() for c in counts)), counts[0].shape[1]
    both = np.concatenate(counts, axis=1)

    def number(sums: Floats, side: int) -> float:
        mine = sums[side * width : (side + 1) * width]
        return rarefied(mine, size) if mine.sum() > size else effective_number(mine)

    made = [
        left_out(lambda s: number(s, 0), both),
        left_out(lambda s: number(s, 1), both),
        left_out(lambda s: number(s, 0) - number(s, 1), both),
    ]
    label = f"{name} (as of {size} employers each)"
    sides = zip(made, [*employers, len(both)], strict=True)
    found = [_jackknifed(value, se, n, min(employers), source) for (value, se), n in sides]
    return Measure(label, "", source, *found)


def _jackknifed(value: float, se: float, n: int, fewest: int, source: str) -> Estimate:
    margin, how = critical(fewest - 1) * se, "jackknife over employers"
    return Estimate(value, value - margin, value + margin, n, se, fewest - 1, n, how, source)


def _by_employer(kind: Codes, unit: Codes, mine: NDArray[np.bool_]) -> Floats:
    """Whether an employer has an opening of a kind: (employers, kinds) of 0 and 1."""
    out = np.zeros((int(unit.max()) + 1, int(kind.max()) + 1))
    out[unit[mine], kind[mine]] = 1.0
    return out
