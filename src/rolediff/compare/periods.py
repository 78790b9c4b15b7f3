"""Two roles' shares of all records of a source, year by year, and how fast they grow."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from rolediff.compare.categories import share_estimate, units
from rolediff.results import HIDDEN, Estimate, PeriodShare, SourceTrend
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.growth import Growth, log_growth
from rolediff.stats.prevalence import Shares
from rolediff.stats.tails import critical


def source_trend(lines: pl.DataFrame, source: str) -> SourceTrend:
    """Shares and growth within one source.

    `lines` are all its records, of any role: `role` ("A", "B" or null), `year`, `employer`, `n`.
    """
    dated = lines.filter(pl.col("year").is_not_null())
    unit, known = units(dated["employer"])
    kind = np.stack([(dated["role"].fill_null("") == r).to_numpy() for r in "AB"], axis=1)
    n, year = dated["n"].to_numpy().astype(float), dated["year"].to_numpy().astype(float)
    by = "employer" if known else "identical records"
    periods = tuple(
        _period(int(y), n[at], kind[at], unit[at], by, source)
        for y in np.unique(year)
        for at in [year == y]
    )
    missing = _missing(periods, year, n, kind, unit)
    if missing:
        return SourceTrend(source, periods, None, None, None, missing)
    growth = log_growth(year, n, kind.astype(float), unit)
    method = f"modified Poisson (Zou), clustered by {by}"
    a, b, relative = (
        _estimate(growth, np.array(c, float), int(n @ kind @ np.abs(c)), method, source)
        for c in ((1, 0), (0, 1), (1, -1))
    )
    return SourceTrend(source, periods, a, b, relative, {})


def _period(
    year: int, n: Floats, kind: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], unit: Codes,
    by: str, source: str,
) -> PeriodShare:  # fmt: skip
    hits = (n[:, None] * kind).astype(float)
    counts = hits.sum(axis=0)
    method = f"Wilson at the effective sample size, clustered by {by}"
    _, code = np.unique(unit, return_inverse=True)
    summed: Floats = np.zeros((int(code.max()) + 1, 2))
    np.add.at(summed, code, hits)
    shares = Shares.of(summed, np.asarray(np.bincount(code, n), float))
    pair = Shares.of(summed[:, :1], summed.sum(axis=1))
    a, b = (
        share_estimate(shares, k, method, source) if counts[k] >= HIDDEN else None for k in range(2)
    )
    both = share_estimate(pair, 0, method, source) if counts.sum() >= HIDDEN else None
    return PeriodShare(year, int(n.sum()), int(counts[0]), int(counts[1]), a, b, both)


def _missing(
    periods: tuple[PeriodShare, ...], year: Floats, n: Floats,
    kind: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], unit: Codes,
) -> dict[str, str]:  # fmt: skip
    """Why growth cannot be told, if it cannot."""
    if len(periods) < 2:
        have = f"only {periods[0].year}" if periods else "no year"
        return {"growth": f"records state {have}: two years are needed"}
    for k, role in enumerate("AB"):
        mine = kind[:, k]
        count, posters = int(n[mine].sum()), len(np.unique(unit[mine]))
        if count < HIDDEN or posters < 2:
            return {"growth": f"{count} records of role {role}, {HIDDEN} are needed"}
        years = np.unique(year[mine])
        if len(years) == 1 and years[0] in (year.min(), year.max()):
            only = int(years[0])
            return {"growth": f"all records of role {role} are of {only}: two years are needed"}
    return {}


def _estimate(growth: Growth, contrast: Floats, n: int, method: str, source: str) -> Estimate:
    """A log ratio a year; the degrees of freedom are those of the rarer role's units."""
    value, se = float(growth.slope @ contrast), growth.error(contrast)
    used = int(growth.units[contrast != 0].min())
    margin = critical(used - 1) * se
    if not math.isfinite(margin):
        return Estimate(value, n=n, clusters=used, method="too few units", source=source)
    return Estimate(value, value - margin, value + margin, n, se, used - 1, used, method, source)
