"""A raw table to the columns of `RECORDS`, row by row, with what was odd kept beside."""

from __future__ import annotations

import polars as pl

from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.files import EXTRA_FIELDS
from rolediff.read.pay_columns import Defaults, pay_columns
from rolediff.read.quarantine import DIAGNOSTICS
from rolediff.records import RECORDS

PLAIN = ("title", "employer", "industry", "education")
CODED = ("level", "employment_type", "remote", "company_size")

FLAGS: tuple[str, ...] = (
    "one_sided",
    "assumed",
    "country_unknown",
    *(f"{field}_unknown" for field in CODED),
)
"""Boolean columns that `shape` adds: what `notes` counts among the rows that are kept."""


def shape(table: pl.DataFrame, fields: Fields, defaults: Defaults, source: str) -> pl.DataFrame:
    """`table` as records still to be judged: columns of `RECORDS`, `DIAGNOSTICS` and `FLAGS`.

    `row` counts from 1; `source` fills that column.
    """
    plain = [
        values.text_of(table, fields.columns[field]).alias(field)
        for field in PLAIN
        if field in fields.columns
    ]
    parts = [
        pl.DataFrame(plain),
        *(coded_field(table, fields, field) for field in CODED if field in fields.columns),
        place(table, fields),
        _time(table, fields),
        pay_columns(table, fields, defaults),
    ]
    if EXTRA_FIELDS in table.columns:
        parts.append(table.select(extra_fields=EXTRA_FIELDS))
    found = pl.concat([part for part in parts if part.width], how="horizontal")
    return _completed(found, source)


def notes(kept: pl.DataFrame) -> dict[str, float]:
    """Counts among kept rows, those above zero.

    `one_sided_ranges`: one end stated, taken for both; `interval_assumed`: nothing says how
    often it is paid, taken as yearly; `currency_unknown`: pay without a currency;
    `country_unknown`, `level_unknown`, ...: a value that the vocabulary does not have.
    """
    renamed = {"one_sided": "one_sided_ranges", "assumed": "interval_assumed"}
    no_currency = pl.col("pay_low").is_not_null() & pl.col("pay_currency").is_null()
    counts = kept.select(
        *(pl.col(flag).sum().alias(renamed.get(flag, flag)) for flag in FLAGS),
        currency_unknown=no_currency.sum(),
    ).row(0, named=True)
    return {name: float(count) for name, count in counts.items() if count}


def _completed(found: pl.DataFrame, source: str) -> pl.DataFrame:
    """`found` with every column it lacks, null or false."""
    schema = {**RECORDS, **DIAGNOSTICS, **dict.fromkeys(FLAGS, pl.Boolean())}
    absent = [
        pl.lit(None).cast(kind).alias(name)
        for name, kind in schema.items()
        if name not in found.columns
    ]
    return (
        found.with_columns(absent)
        .with_columns(source=pl.lit(source), row=pl.int_range(1, pl.len() + 1))
        .select(pl.col(name).cast(kind) for name, kind in schema.items())
    )


def coded_field(table: pl.DataFrame, fields: Fields, field: str) -> pl.DataFrame:
    """A field of `CODED` as `field`, and `<field>_unknown`: a value that is not known."""
    text = values.text_of(table, fields.columns[field])
    return values.coded(text, values.words(field)).select(
        pl.col("code").alias(field), (~pl.col("known")).alias(f"{field}_unknown")
    )


def place(table: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """The country column first, then the end of a place name."""
    found = pl.DataFrame()
    if "country" in fields.columns:
        text = values.text_of(table, fields.columns["country"])
        found = values.coded(text, values.countries()).select(
            country="code", country_unknown=~pl.col("known")
        )
    if "location" not in fields.columns:
        return found
    text = values.text_of(table, fields.columns["location"])
    told = values.country_in_place(text).get_column("code")
    if found.is_empty():
        return told.alias("country").to_frame()
    return found.with_columns(pl.coalesce("country", told))


def _time(table: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """`posted` and `year`; a stated year goes before that of the date."""
    parts: list[pl.DataFrame] = []
    for field, prefix, parse in (
        ("year", "year", values.years),
        ("posted", "date", values.dates),
    ):
        if field in fields.columns:
            text = values.text_of(table, fields.columns[field])
            parsed = parse(text).with_columns(text.alias(f"{prefix}_text"))
            parts.append(parsed.rename({"bad": f"{prefix}_bad", "year": f"year of {field}"}))
    if not parts:
        return pl.DataFrame()
    both = pl.concat(parts, how="horizontal")
    return both.select(pl.exclude("^year of .*$"), year=pl.coalesce("^year of .*$"))
