"""How old the ads of one live snapshot are: how long ads survive, and nothing of growth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from rolediff.compare.categories import units
from rolediff.records import Source
from rolediff.results import HIDDEN, AdAges, Estimate
from rolediff.stats.quantile import Counted


def snapshot_date(source: Source) -> date | None:
    """The day a source of postings is of: its version, or the day it was retrieved, if a date."""
    for text in (source.version, source.retrieved):
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            continue
    return None


def ad_ages(ads: pl.DataFrame, role: str, source: Source) -> AdAges | None:
    """Ages in whole months; None without a date of the snapshot or with fewer than 5 ads.

    `ads` are postings of a role, an ad once, with `month`, `employer` and `n`. An ad dated after
    the snapshot is left out.
    """
    taken = snapshot_date(source)
    if taken is None:
        return None
    months = (taken.year - pl.col("month").dt.year()) * 12 + taken.month
    aged = ads.with_columns(age=months - pl.col("month").dt.month()).filter(pl.col("age") >= 0)
    n = int(aged["n"].sum())
    if n < HIDDEN:
        return None
    unit, known = units(aged["employer"])
    counts: Mapping[int, int] = dict(
        aged.group_by("age").agg(pl.col("n").sum()).sort("age").iter_rows()
    )
    median = _median(aged, unit if known else None, source.name)
    employers = int(unit.max()) + 1 if known else None
    return AdAges(source.name, taken.isoformat(), role, n, employers, counts, median)


def _median(
    aged: pl.DataFrame, unit: np.ndarray[tuple[int], np.dtype[np.int64]] | None, source: str
) -> Estimate:
    age, n = aged["age"].to_numpy().astype(float), aged["n"].to_numpy().astype(float)
    counted = Counted.of(age, n, unit)
    middle, found = counted.quantile(0.5), counted.interval(0.5)
    if found is None:
        return Estimate(middle, n=counted.n, clusters=counted.units, method="too few employers",
                        source=source)  # fmt: skip
    low, high, method = found
    return Estimate(middle, min(low, middle), max(high, middle), counted.n, None, None,
                    counted.units, method, source)  # fmt: skip
