"""Made-up markets of postings of several dates, with skills that rise and fall between them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

import polars as pl
from asking import PAIR

from rolediff.market import POSTINGS, Market
from rolediff.market.compress import counted
from rolediff.records import Source

EMPLOYERS = 40


def posting_rows(
    n: int, source: str, *, date: str = "2025-06", seed: int = 1, ad: bool = True,
    skills: Mapping[str, float] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """n postings, half of each role, published in the month `date` or the five before.

    `skills` = the chance that a posting names each.
    """
    draw = random.Random(seed)
    chances = skills or {"python": 0.8, "pytorch": 0.4}
    lines = [
        {
            "title": PAIR[k % 2].lower(),
            "source": source,
            "country": draw.choice(["US", "GB"]),
            "sector": draw.choice(["51", "51", "52", "62"]),
            "employer": f"{draw.randrange(EMPLOYERS):016x}",
            "currency": "USD",
            "low": draw.uniform(9e4, 2e5),
            "month": _before(date, draw.choice([0, 0, 0, 1, 1, 2, 5])),
            "required": sorted(s for s, p in chances.items() if draw.random() < p),
            "ad": f"{source}{seed}{k}" if ad else None,
            "duties": [f"duty {k} {i}" for i in range(9)],  # so that each is an opening of its own
        }
        for k in range(n)
    ]
    frame = pl.DataFrame(lines, schema_overrides={"required": pl.List(pl.String)})
    frame = frame.with_columns(
        high="low", year=pl.col("month").dt.year(), n=pl.lit(1),
        **{name: pl.lit([], pl.List(pl.String)) for name in
           ("preferred", "named", "signals", "certifications")},
    )  # fmt: skip
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in POSTINGS.items()
    )


def postings_market(
    parts: Mapping[str, pl.DataFrame], dates: Mapping[str, str] | None = None
) -> Market:
    """A market of these sources of postings, of these dates (ISO)."""
    sources = [
        Source(name, version=(dates or {}).get(name, ""), unit="posting", kind="advertised")
        for name in parts
    ]
    return counted(pl.concat(list(parts.values())), sources)


def _before(month: str, months: int) -> date:
    year, at = map(int, month.split("-"))
    whole = year * 12 + at - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)
