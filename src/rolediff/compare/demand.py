"""Demand from the windows in which ads were in view: what opened, what is open, how fast it closes.

A crawler that reads more employers sees more ads though nobody hires more. So growth is read at
employers that were watched from the first day on, from ads that opened later, which do not depend
on how many there were; an employer whose ads all go at once is taken for lost to the crawler.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.compare.categories import units
from rolediff.results import HIDDEN, Demand, Estimate, RoleDemand
from rolediff.stats.cells import Floats
from rolediff.stats.growth import CountGrowth, count_growth, log_growth
from rolediff.stats.survival import Spans, Survival
from rolediff.stats.tails import critical

WINDOWS = pl.Schema(
    {
        "role": pl.String,  # "A", "B" or null: any other
        "employer": pl.String,  # opaque key; null where not known
        "opened": pl.Date,  # published, by the employer; null where not stated
        "first_seen": pl.Date,
        "last_seen": pl.Date,
        "n": pl.Int64,  # ads alike
    }
)
"""Column to type of the windows of one source: every ad once, of whatever role."""

DAYS = (30, 60, 90)
"""Ages in days at which the share still open is told."""

MONTHS = 2
"""Whole months in view that growth needs at least."""


STRAYS = 0.01
"""Share of employers whose first view may be a mistake: reading began with the next one."""


def source_demand(windows: pl.DataFrame, source: str) -> Demand:
    """What the `windows` (columns of `WINDOWS`) of one source tell of both roles.

    Raises:
        ValueError: there is no window.
    """
    if windows.is_empty():
        raise ValueError("no window in which an ad was in view")
    last = _last(windows)
    unit, _ = units(windows["employer"])
    first = _first(windows["first_seen"], unit)
    months = _months(first, last)
    begin = months[0] if months else first + timedelta(days=1)
    seen = _watched(windows.with_columns(unit=pl.Series(unit)), begin, last)
    panel = seen.filter(pl.col("throughout"))
    a, b = (_role(seen, panel, role, months, last, source) for role in "AB")
    return Demand(
        source, first.isoformat(), last.isoformat(), seen["unit"].n_unique(),
        panel["unit"].n_unique(), seen.filter(pl.col("lost"))["unit"].n_unique(), a, b,
        _relative(panel, months, source, a, b),
    )  # fmt: skip


def _first(seen: pl.Series, unit: np.ndarray[tuple[int], np.dtype[np.int64]]) -> date:
    """The day on which reading began, but for `STRAYS`: one wrong date moves nothing."""
    since = pl.DataFrame({"unit": unit, "seen": seen}).group_by("unit").agg(pl.col("seen").min())
    found = since["seen"].sort()[int(STRAYS * (since.height - 1))]
    assert isinstance(found, date)
    return found


def _last(windows: pl.DataFrame) -> date:
    found = windows["last_seen"].max()
    assert isinstance(found, date)
    return found


def _watched(windows: pl.DataFrame, begin: date, last: date) -> pl.DataFrame:
    """Windows with what is known of their employer.

    `since` = the day from which its board was read; `lost` = two or more of its ads, all that were
    open, went out of view on one day before the last; `throughout` = in view before the day
    `begin`, where the first whole month begins, and not lost; `fresh` = the ad came into view after
    its employer did, so it opened then.
    """
    ends = windows.group_by("unit").agg(
        since=pl.col("first_seen").min(),
        until=pl.col("last_seen").max(),
    )
    joined = windows.join(ends, on="unit")
    together = (
        (pl.col("last_seen") == pl.col("until")).cast(pl.Int64) * pl.col("n")
    ).sum().over("unit")  # fmt: skip
    lost = (pl.col("until") < last) & (together >= 2)
    return joined.with_columns(
        lost=lost,
        throughout=(pl.col("since") < begin) & ~lost,
        fresh=pl.col("first_seen") > pl.col("since"),
        ended=(pl.col("last_seen") < last) & ~(lost & (pl.col("last_seen") == pl.col("until"))),
    )


def _months(first: date, last: date) -> list[date]:
    """First days of the whole months after `first` and up to `last`."""
    start = first.replace(day=1)
    found: list[date] = []
    while True:
        start = _next(start)
        if _next(start) > last + timedelta(days=1):
            return found
        found.append(start)


def _role(
    seen: pl.DataFrame, panel: pl.DataFrame, role: str, months: list[date], last: date, source: str
) -> RoleDemand:
    every, mine = (part.filter(pl.col("role") == role) for part in (seen, panel))
    n = int(every["n"].sum())
    opened = _by_month(mine.filter("fresh"), months)
    raw = _by_month(every, months)
    missing: dict[str, str] = {}
    growth = _growth(mine.filter("fresh"), months, source, "growth", missing)
    raw_growth = _growth(every, months, source, "raw_growth", missing)
    share = _share_growth(panel.filter("fresh"), role, months, source, missing)
    days, still = _closing(every, source, missing)
    return RoleDemand(
        role, n, every["unit"].n_unique(), opened, _open(mine, months, last), raw, growth,
        raw_growth, share, days, still, missing,
    )  # fmt: skip


def _by_month(ads: pl.DataFrame, months: list[date]) -> Mapping[str, int]:
    """Ads that came into view in each month."""
    counted = ads.group_by(pl.col("first_seen").dt.truncate("1mo")).agg(pl.col("n").sum())
    of = dict(counted.iter_rows())
    return {f"{month:%Y-%m}": int(of.get(month, 0)) for month in months}


def _open(ads: pl.DataFrame, months: list[date], last: date) -> Mapping[str, int]:
    """Ads in view on the last day of each month."""
    found = {}
    for month in months:
        end = min(_next(month) - timedelta(days=1), last)
        live = ads.filter((pl.col("first_seen") <= end) & (pl.col("last_seen") >= end))
        found[f"{month:%Y-%m}"] = int(live["n"].sum())
    return found


def _counts(ads: pl.DataFrame, months: list[date]) -> Floats:
    """Ads (G, M) that came into view of each unit in each month."""
    at = pl.col("first_seen").dt.truncate("1mo")
    here = ads.filter(at.is_in(months)).with_columns(month=at)
    if here.is_empty():  # as in a history shorter than a whole month
        return np.zeros((0, len(months)))
    codes, unit = np.unique(here["unit"].to_numpy(), return_inverse=True)
    counts: Floats = np.zeros((len(codes), len(months)))
    month = here["month"].replace_strict(months, list(range(len(months))), return_dtype=pl.Int64)
    np.add.at(counts, (unit, month.to_numpy()), here["n"].to_numpy())
    return counts


def _fitted(counts: Floats, months: list[date]) -> CountGrowth:
    if len(months) < MONTHS:
        raise ValueError(f"{len(months)} whole months in view, {MONTHS} are needed")
    if counts.sum() < HIDDEN:
        raise ValueError(f"{int(counts.sum())} ads opened, {HIDDEN} are needed")
    return count_growth(counts, _times(months), _days(months))


def _days(months: list[date]) -> Floats:
    """Length of each month."""
    return np.array([float((_next(m) - m).days) for m in months])


def _next(month: date) -> date:
    """First day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def _times(months: list[date]) -> Floats:
    """Months since the year 0."""
    return np.array([12.0 * m.year + m.month for m in months])


def _growth(
    ads: pl.DataFrame, months: list[date], source: str, name: str, missing: dict[str, str]
) -> Estimate | None:
    counts = _counts(ads, months)
    try:
        found = _fitted(counts, months)
    except ValueError as error:
        missing[name] = str(error)
        return None
    n, method = int(counts.sum()), "Poisson quasi-likelihood, clustered by employer"
    return _estimate(found.slope, found.error, found.df, n, found.units, method, source)


def _estimate(
    value: float, se: float, df: float, n: int, units: int, method: str, source: str
) -> Estimate:
    margin = critical(df) * se if df > 0 else math.nan
    if not math.isfinite(margin):
        return Estimate(value, n=n, clusters=units, method="too few employers", source=source)
    return Estimate(value, value - margin, value + margin, n, se, df, units, method, source)


def _share_growth(
    fresh: pl.DataFrame, role: str, months: list[date], source: str, missing: dict[str, str]
) -> Estimate | None:
    """Growth of the role's share among all ads that opened."""
    here = fresh.filter(pl.col("first_seen").dt.truncate("1mo").is_in(months))
    mine = (here["role"].fill_null("") == role).to_numpy()
    n = here["n"].to_numpy().astype(float)
    if len(months) < MONTHS or n[mine].sum() < HIDDEN:
        missing["share_growth"] = missing.get("growth", f"{HIDDEN} ads opened are needed")
        return None
    try:
        return _shares_fitted(here, mine[:, None], np.ones(1), int(n[mine].sum()), source)
    except ValueError as error:
        missing["share_growth"] = str(error)
        return None


def _shares_fitted(
    here: pl.DataFrame, kind: NDArray[np.bool_], contrast: Floats, n: int, source: str
) -> Estimate:
    """`contrast` of the growth of the shares of each `kind` (m, K) among the ads that opened.

    Raises `ValueError` as `log_growth` does.
    """
    month = here["first_seen"].dt.year() * 12.0 + here["first_seen"].dt.month()
    _, unit = np.unique(here["unit"].to_numpy(), return_inverse=True)
    ads = here["n"].to_numpy().astype(float)
    found = log_growth(month.to_numpy(), ads, kind.astype(float), unit)
    units = int(found.units.min())
    return _estimate(
        float(found.slope @ contrast), found.error(contrast), units - 1, n, units,
        "modified Poisson (Zou), clustered by employer", source,
    )  # fmt: skip


def _relative(
    panel: pl.DataFrame, months: list[date], source: str, a: RoleDemand, b: RoleDemand
) -> Estimate | None:
    """Growth of A less that of B: the growth of A's share among ads of the two that opened."""
    if a.growth is None or b.growth is None:
        return None
    pair = panel.filter(pl.col("fresh") & pl.col("role").is_not_null())
    here = pair.filter(pl.col("first_seen").dt.truncate("1mo").is_in(months))
    kind = np.stack([(here["role"] == r).to_numpy() for r in "AB"], axis=1)
    try:
        return _shares_fitted(here, kind, np.array([1.0, -1.0]), int(here["n"].sum()), source)
    except ValueError:
        return None


def _closing(
    ads: pl.DataFrame, source: str, missing: dict[str, str]
) -> tuple[Estimate | None, Mapping[int, Estimate]]:
    """Days until half are closed, and the shares still open after `DAYS`."""
    spans = _spans(ads)
    ends = int(spans.n[spans.ended].sum())
    if ends < HIDDEN:
        missing["days"] = f"{ends} of {int(spans.n.sum())} ads closed in view, {HIDDEN} are needed"
        return None, {}
    try:
        curve = Survival.of(spans)
    except ValueError as error:
        missing["days"] = f"{int(spans.n.sum())} ads of known opening: {error}"
        return None, {}
    method = "Kaplan-Meier, truncated at the first view and censored at the last, by employer"
    made = {"n": curve.n, "clusters": curve.units, "method": method, "source": source}
    still = {
        day: Estimate(share, *_finite(low, high), **made)  # type: ignore[arg-type]
        for day in DAYS
        for share, low, high in filter(None, [curve.still(day)])
    }
    half = curve.quantile(0.5)
    if half is None:
        missing["days"] = (
            f"{curve.ends} of {curve.n} ads closed in view: fewer than half of those followed"
        )
        return None, still
    low, middle, high = half
    return Estimate(middle, *_finite(low, high), **made), still  # type: ignore[arg-type]


def _finite(low: float, high: float) -> tuple[float | None, float | None]:
    """An interval, or none where a bound is not known."""
    return (None, None) if math.isnan(low) or math.isnan(high) else (low, high)


def _spans(ads: pl.DataFrame) -> Spans:
    """Ages in days, the first day in view counted, of ads whose opening is known.

    It is what the employer states, or else the day on which the ad came into view where its
    employer was in view before.
    """
    stated = pl.when(pl.col("opened") <= pl.col("first_seen")).then("opened")
    known = ads.with_columns(
        began=pl.coalesce(stated, pl.when("fresh").then("first_seen"))
    ).drop_nulls("began")
    entry = (known["first_seen"] - known["began"]).dt.total_days()
    exit_ = (known["last_seen"] - known["began"]).dt.total_days() + 1
    _, unit = np.unique(known["unit"].to_numpy(), return_inverse=True)
    return Spans(
        entry.to_numpy(), exit_.to_numpy(), known["ended"].to_numpy(),
        known["n"].to_numpy().astype(float), unit,
    )  # fmt: skip
