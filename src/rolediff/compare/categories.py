"""How often each category is named among two roles' records: shares clustered by employer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.employers import employer_key
from rolediff.results import HIDDEN, CategoryShare, Estimate
from rolediff.stats.cells import Floats
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Differences, Shares, differences


@dataclass(frozen=True)
class Tally:
    """Records of both roles by unit and category.

    `hits` (G, K) and `sizes` (G,) by role, True for A; `employers` tells whether units are
    employers (each record without one a unit of its own) or lines of identical records.
    """

    categories: tuple[str, ...]
    hits: Mapping[bool, Floats]
    sizes: Mapping[bool, Floats]
    employers: bool

    def shares(self, side: bool, equal: bool = False) -> Shares:
        """Shares of the categories among one role's records."""
        return Shares.of(self.hits[side], self.sizes[side], equal=equal)

    def named(self, side: bool) -> Floats:
        """Records of one role in each category (K,)."""
        total: Floats = self.hits[side].sum(axis=0)
        return total

    def posters(self, side: bool) -> list[int | None]:
        """Employers that posted them (K,); None where no employer is known."""
        if not self.employers:
            return [None] * len(self.categories)
        return [int(k) for k in (self.hits[side] > 0).sum(axis=0)]


def tally(rows: pl.DataFrame, factor: str) -> tuple[Tally, int]:
    """Count `rows` that state `factor`, and how many categories are too rare to show.

    A category is shown from `HIDDEN` records of both roles together on. `rows` have `is_a`,
    `employer` and `n`, an ad once.
    """
    stated = rows.filter(pl.col(factor).is_not_null())
    counted = stated.group_by(factor).agg(pl.col("n").sum())
    shown = counted.filter(pl.col("n") >= HIDDEN).sort("n", factor, descending=[True, False])
    categories = tuple(map(str, shown[factor]))
    unit, known = units(stated["employer"])
    codes = stated[factor].cast(pl.String).replace_strict(
        list(categories), list(range(len(categories))), default=-1, return_dtype=pl.Int64
    )  # fmt: skip
    code, n = codes.to_numpy(), stated["n"].to_numpy().astype(float)
    shape = (int(unit.max()) + 1 if len(unit) else 0, len(categories))
    hits: dict[bool, Floats] = {}
    sizes: dict[bool, Floats] = {}
    for side in (True, False):
        mine = (stated["is_a"] == side).to_numpy()
        hits[side] = np.zeros(shape)
        inside = mine & (code >= 0)
        np.add.at(hits[side], (unit[inside], code[inside]), n[inside])
        sizes[side] = np.asarray(np.bincount(unit[mine], n[mine], minlength=shape[0]), float)
    return Tally(categories, hits, sizes, known), counted.height - len(categories)


def units(employer: pl.Series) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], bool]:
    """Codes of independent units (m,), and whether employers are known.

    A unit is an employer, however it is spelled; a row without one is a unit of its own.
    """
    key = employer_key(employer)
    alone = pl.Series([f"\0{i}" for i in range(len(key))], dtype=pl.String)
    code = key.zip_with(key.is_not_null(), alone).rank("dense").cast(pl.Int64)
    return code.to_numpy() - 1, key.null_count() < len(key)


def category_shares(
    counted: Tally, labels: Mapping[str, str], source: str
) -> tuple[CategoryShare, ...]:
    """The share of each category in both roles, and their difference."""
    a, b = (_estimates(counted, side, False, source) for side in (True, False))
    alike = [_estimates(counted, side, True, source) for side in (True, False)]
    gap = differences(counted.shares(True), counted.shares(False))
    adjusted = benjamini_hochberg(gap.p)
    n_a, n_b = counted.named(True), counted.named(False)
    by_a, by_b = counted.posters(True), counted.posters(False)
    return tuple(
        CategoryShare(
            category, labels.get(category, category), int(n_a[k]), int(n_b[k]), by_a[k], by_b[k],
            a[k], b[k], alike[0][k] if counted.employers else None,
            alike[1][k] if counted.employers else None,
            difference_estimate(gap, k, a[k], b[k], len(counted.sizes[True])), float(adjusted[k]),
        )
        for k, category in enumerate(counted.categories)
    )  # fmt: skip


def _estimates(counted: Tally, side: bool, equal: bool, source: str) -> list[Estimate]:
    by = "employer" if counted.employers else "identical records"
    alike = ", employers weighing the same" if equal else ""
    method = f"Wilson at the effective sample size, clustered by {by}{alike}"
    shares = counted.shares(side, equal)
    return [share_estimate(shares, k, method, source) for k in range(len(counted.categories))]


def difference_estimate(
    gap: Differences, k: int, first: Estimate, second: Estimate, clusters: int
) -> Estimate:
    """The `k`th difference, of `first` less `second`, over so many units in all."""
    low, high = _bounds(gap.low[k], gap.high[k])
    names = " and ".join(dict.fromkeys((first.source, second.source)))
    return Estimate(
        float(gap.value[k]), low, high, first.n + second.n, None, None, clusters,
        f"MOVER of {first.method}", names,
    )  # fmt: skip


def share_estimate(shares: Shares, k: int, method: str, source: str) -> Estimate:
    """The `k`th of `shares`, without an interval where there is none."""
    low, high = _bounds(shares.low[k], shares.high[k])
    return Estimate(
        float(shares.value[k]), low, high, shares.n, None, None, shares.clusters, method, source
    )


def _bounds(low: float, high: float) -> tuple[float | None, float | None]:
    return (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else (None, None)
