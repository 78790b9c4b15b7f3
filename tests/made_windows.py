"""Ads as a crawler sees them, with known demand: opened at random, open for a while, read daily."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from rolediff.compare.demand import WINDOWS

DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Watching:
    """`employers` open `rate` ads of each role a month, `growth` log ratio a month of role A; half
    close in `half` days; employers differ in size by `uneven` (squared coefficient of variation)
    and, in how fast they close, by `frail`. The crawler reads `months` of 30 days, all employers
    from the first day on but a share `late` of them, which it adds evenly over the time."""

    employers: int = 60
    rate: float = 1.0
    growth: float = 0.0
    half: float = 30.0
    months: int = 8
    late: float = 0.0
    uneven: float = 0.5
    frail: float = 0.0
    others: float = 2.0
    stated: bool = True


def watched(rng: np.random.Generator, w: Watching) -> pl.DataFrame:
    """One draw, as columns of `WINDOWS`."""
    until, before = 30 * w.months, 365
    size = rng.gamma(1 / w.uneven, w.uneven, w.employers)
    speed = rng.gamma(1 / w.frail, w.frail, w.employers) if w.frail else np.ones(w.employers)
    since = np.where(rng.random(w.employers) < w.late, rng.integers(0, until, w.employers), 0)
    parts = [
        _ads(rng, w, size, speed, since, (role, rate, growth), (before, until))
        for role, rate, growth in (
            ("A", w.rate, w.growth), ("B", w.rate, 0.0), (None, w.others, 0.0),
        )
    ]  # fmt: skip
    return pl.concat(parts)


def _ads(rng, w, size, speed, since, kind, reach):
    role, rate, growth = kind
    before, until = reach
    days = np.arange(-before, until)
    middle = until / 2
    daily = size[:, None] * rate / 30 * np.exp(growth * (days - middle) / 30)
    count = rng.poisson(daily)
    employer, day = np.nonzero(count)
    times = count[employer, day]
    employer, opened = np.repeat(employer, times), np.repeat(days[day], times)
    life = np.ceil(rng.exponential(w.half / np.log(2) / speed[employer])).astype(int)
    last = np.minimum(opened + life - 1, until - 1)
    first = np.maximum(opened, since[employer])
    seen = first <= last
    start = np.datetime64(DAY)
    table = {
        "role": [role] * int(seen.sum()),
        "employer": [f"e{k}" for k in employer[seen]],
        "opened": start + opened[seen] if w.stated else [None] * int(seen.sum()),
        "first_seen": start + first[seen],
        "last_seen": start + last[seen],
        "n": np.ones(int(seen.sum()), int),
    }
    return pl.DataFrame(table).cast(dict(WINDOWS))  # type: ignore[arg-type]


def day(k: int) -> date:
    """The day `k` days after the first."""
    return DAY + timedelta(days=k)
