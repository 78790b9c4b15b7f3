"""The schema of records: columns, units and codes, and where they came from.

One record is one advertised or reported job. Codes are ISO 3166-1 alpha-2 (country),
ISO 4217 (currency) and ISO 8601 (dates). What is not known is null, never -1 or "".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import polars as pl

LEVELS: dict[str, int] = {
    "intern": 0,
    "junior": 1,
    "mid": 2,
    "senior": 3,
    "lead": 4,
    "staff": 5,
    "manager": 5,
    "principal": 6,
    "director": 7,
    "executive": 8,
}
"""Level of seniority to its place on one ordinal scale; staff and manager share a place."""

REMOTE: tuple[str, ...] = ("onsite", "hybrid", "remote")
EMPLOYMENT: tuple[str, ...] = ("full-time", "part-time", "contract", "freelance", "internship")
COMPANY_SIZE: tuple[str, ...] = ("small", "medium", "large")
"""Under 50, 50 to 250, and more than 250 employees."""

PER_YEAR: dict[str, float] = {"year": 1, "month": 12, "week": 52, "day": 260, "hour": 2080}
"""Pay interval to how many of it make a year of full-time work (52 weeks of 40 hours)."""

RECORDS = pl.Schema(
    {
        "source": pl.String,  # Source.name
        "row": pl.Int64,  # first row of the source file this record rests on, 1 = first data row
        "title": pl.String,
        "employer": pl.String,
        "country": pl.String,
        "level": pl.String,  # a key of LEVELS
        "employment_type": pl.String,  # one of EMPLOYMENT
        "remote": pl.String,  # one of REMOTE
        "company_size": pl.String,  # one of COMPANY_SIZE
        "industry": pl.String,
        "education": pl.String,
        "posted": pl.Date,
        "year": pl.Int32,
        "pay_low": pl.Float64,  # as stated, in pay_currency per pay_interval
        "pay_high": pl.Float64,
        "pay_currency": pl.String,
        "pay_interval": pl.String,  # a key of PER_YEAR
        "pay_source": pl.String,  # "field" or "text"
        "pay_basis": pl.String,  # "base", "total" or "unknown"
        "pay_usd_low": pl.Float64,  # the source's own figure in US dollars a year, if it has one
        "pay_usd_high": pl.Float64,
        "low": pl.Float64,  # US dollars a year at the dated ECB rate; null: no pay, or no rate
        "high": pl.Float64,
    }
)
"""Column to type of a table of records. Readers fill all but `low` and `high`."""

QUARANTINE = pl.Schema(
    {"source": pl.String, "row": pl.Int64, "reason": pl.String, "value": pl.String}
)
"""Rows that could not be read: which, why, and the value that was the trouble."""


def as_records(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with exactly the columns of `RECORDS`, in order; absent ones become null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in RECORDS.items()
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where records came from, and what became of the rows.

    `rows` = rows read; `records` = records kept; `singles` = records left unpaired by a reader
    that pairs rows; `quarantined` = rows set aside; `unconverted` = records with pay in a
    currency for which there is no rate; `kind` = what its pay is: "advertised", "paid" or
    "unknown"; `unit` = what one record is: a "record" of pay, or a "posting" with its text read;
    `notes` = further counts and figures by name.
    """

    name: str
    title: str = ""
    licence: str = "unknown"
    version: str = ""
    retrieved: str = ""
    sha256: str = ""
    url: str = ""
    rows: int = 0
    records: int = 0
    singles: int = 0
    quarantined: int = 0
    unconverted: int = 0
    kind: str = "unknown"
    unit: str = "record"
    notes: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def plus(self, other: Source) -> Source:
        """This source with the counts of `other` added."""
        counts = ("rows", "records", "singles", "quarantined", "unconverted")
        return replace(self, **{c: getattr(self, c) + getattr(other, c) for c in counts})


def by_name(sources: Iterable[Source]) -> tuple[Source, ...]:
    """One source for each name; one that several files have has no `sha256` and no `notes`."""
    seen: dict[str, Source] = {}
    for s in sources:
        old = seen.get(s.name)
        seen[s.name] = s if old is None else replace(old.plus(s), sha256="", notes={})
    return tuple(seen.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns: records (`RECORDS`), quarantined rows (`QUARANTINE`), the source."""

    records: pl.DataFrame
    quarantine: pl.DataFrame
    source: Source
