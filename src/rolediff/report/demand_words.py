"""Sentences and cells on demand while ads were watched."""

from __future__ import annotations

import math

from rolediff.report.words import number, signed
from rolediff.results import Demand, Estimate, RoleDemand, Trend

HEADS = ("", "ads", "growth", "raw", "days", "still")
"""Columns of `cells`."""
LEGEND = (
    "growth: ads opened, in % a month; raw: the same as they came into view; days until half are "
    "closed; still: open after 60 days. In brackets the 95 % interval."
)


def summary(t: Trend, d: Demand) -> str:
    """Who was watched, and how one role moved against the other."""
    lost = f", {d.lost:,} lost to it" if d.lost else ""
    said = (
        f"{d.source} was read from {d.first} to {d.last}: {d.employers:,} employers, "
        f"{d.throughout:,} of them from before the first whole month on{lost}."
    )
    if d.relative is None:
        return said
    return f"{said} {t.a} against {t.b}: {rate(d.relative)} of ads opened."


def flat(t: Trend, d: Demand, role: RoleDemand) -> str:
    """How ads that opened grew, beside what the raw count would have said."""
    plural = t.plural_a if role.role == "A" else t.plural_b
    if role.growth is None:
        return (
            f"Ads for {plural}: not enough evidence of growth ({role.missing.get('growth', '')})."
        )
    said = f"Ads for {plural} opened at {rate(role.growth)}, {direction(role.growth)}"
    if role.raw_growth is None or direction(role.raw_growth) == direction(role.growth):
        return f"{said}."
    return (
        f"{said}; counted as they came into view they would have gone by {rate(role.raw_growth)}, "
        f"as the crawler read more of {d.source} or less."
    )


def direction(e: Estimate) -> str:
    """ "growing", "falling" or "flat", by the interval."""
    if e.low is None or e.high is None:
        return "without an interval"
    return "growing" if e.low > 0 else "falling" if e.high < 0 else "flat"


def rate(e: Estimate) -> str:
    """ "+4 % a month (-1 to 9)"."""
    p = e.percent
    interval = "" if p.low is None or p.high is None else f" ({number(p.low)} to {number(p.high)})"
    return f"{signed(p.value)} % a month{interval}"


def cells(name: str, role: RoleDemand) -> tuple[str, ...]:
    """A line of the table under `HEADS`."""
    return (
        name, f"{role.n:,}", _percent(role.growth), _percent(role.raw_growth), _days(role.days),
        _share(role.still.get(60)),
    )  # fmt: skip


def headline(t: Trend) -> str:
    """How ads of each role opened at the source with most of the rarer role's; empty without."""
    told = [d for d in t.watched if d.a.growth is not None and d.b.growth is not None]
    if not told:
        return ""
    d = max(told, key=lambda d: min(d.a.n, d.b.n))
    said = [
        f"ads for {plural} opened at {rate(e)}, {direction(e)}"
        for plural, e in ((t.plural_a, d.a.growth), (t.plural_b, d.b.growth))
        if e is not None
    ]
    return f"At employers of {d.source} watched from {d.first} to {d.last}, {' and '.join(said)}."


def _percent(e: Estimate | None) -> str:
    if e is None:
        return "–"
    p = e.percent
    interval = "" if p.low is None or p.high is None else f" ({number(p.low)} to {number(p.high)})"
    return f"{signed(p.value)}{interval}"


def _days(e: Estimate | None) -> str:
    if e is None:
        return "–"
    if e.low is None or e.high is None:
        return number(e.value)
    high = "∞" if math.isinf(e.high) else number(e.high)
    return f"{number(e.value)} ({number(e.low)} to {high})"


def _share(e: Estimate | None) -> str:
    if e is None:
        return "–"
    interval = "" if e.low is None else f" ({100 * e.low:.0f} to {100 * (e.high or 1):.0f})"
    return f"{100 * e.value:.0f} %{interval}"
