"""How old the openings of one live snapshot are: how long they stay, and nothing of growth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from rolediff.compare.categories import units
from rolediff.market import Market, Where
from rolediff.results import HIDDEN, AdAges, Estimate
from rolediff.stats.quantile import Counted


def snapshots(market: Market) -> dict[str, date]:
    """Sources of postings to the day each is of, those of several days left out.

    A day is the version of a source if that is a date, else the first of the latest month in which
    one of its postings was published.
    """
    found: dict[str, set[date]] = {}
    for source in (s for s in market.sources if s.unit == "posting"):
        taken = _dated(source.version) or _latest_month(market, source.name)
        if taken is not None:
            found.setdefault(source.name, set()).add(taken)
    return {name: min(days) for name, days in found.items() if len(days) == 1}


def _dated(version: str) -> date | None:
    try:
        return date.fromisoformat(version[:10])
    except ValueError:
        return None


def _latest_month(market: Market, source: str) -> date | None:
    if source not in market.cells["source"]:
        return None
    latest = market.postings(None, Where().of_source(source))["month"].max()
    return latest if isinstance(latest, date) else None


def ad_ages(ads: pl.DataFrame, role: str, source: str, taken: date) -> AdAges | None:
    """Ages in whole months on the day `taken`; None with fewer than 5 dated openings.

    `ads` are the openings of a role, with `month`, `employer` and `n`. An opening
    dated after the snapshot is left out.
    """
    months = (taken.year - pl.col("month").dt.year()) * 12 + taken.month
    aged = ads.with_columns(age=months - pl.col("month").dt.month()).filter(pl.col("age") >= 0)
    n = int(aged["n"].sum())
    if n < HIDDEN:
        return None
    unit, known = units(aged["employer"])
    counts: Mapping[int, int] = dict(
        aged.group_by("age").agg(pl.col("n").sum()).sort("age").iter_rows()
    )
    median = _median(aged, unit if known else None, source)
    employers = int(unit.max()) + 1 if known else None
    return AdAges(source, taken.isoformat(), role, n, employers, counts, median)


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
