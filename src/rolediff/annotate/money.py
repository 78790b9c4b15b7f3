"""Pay in comparable money: US dollars a year, price levels between countries, real terms.

Every function takes and returns a batch and keeps nothing between batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import polars as pl

from rolediff.errors import ColumnError, DataError, UnreadableError
from rolediff.read.files import examine, open_table
from rolediff.read.rates import latest_full_year, usd_per_unit
from rolediff.read.values import coded, countries
from rolediff.records import PER_YEAR, Reading

LATEST_STRETCH = 3
"""How many years past the end of the table its last price level still serves."""


def annualise(records: pl.DataFrame) -> pl.DataFrame:
    """`records` with `low` and `high` in US dollars a year: pay x `PER_YEAR` x exchange rate.

    The rate is the ECB's on the day `posted` (the last one before, within ten days), else the
    mean of `year`, else that of the latest full year. Null without pay, currency or rate.
    """
    times = pl.col("pay_interval").replace_strict(PER_YEAR, default=None, return_dtype=pl.Float64)
    factor = times * usd_per_unit(records)
    return records.with_columns(low=pl.col("pay_low") * factor, high=pl.col("pay_high") * factor)


def annualise_reading(reading: Reading) -> Reading:
    """A reading with its records annualised, `unconverted` counted and the notes filled."""
    records = annualise(reading.records)
    notes = reading.source.notes | undated(records) | own_figure_difference(records)
    source = replace(reading.source, unconverted=unconverted(records), notes=notes)
    return replace(reading, records=records, source=source)


def unconverted(records: pl.DataFrame) -> int:
    """How many annualised records have pay in a stated currency for which there was no rate."""
    has_pay = pl.col("pay_low").is_not_null() & pl.col("pay_currency").is_not_null()
    return records.filter(has_pay & pl.col("low").is_null()).height


def undated(records: pl.DataFrame) -> dict[str, float]:
    """`fx_undated_n`: converted records with neither date nor year, and `fx_undated_year`, the
    year whose mean rate they took; empty if there are none. Dollars need no rate.
    """
    no_date = pl.col("posted").is_null() & pl.col("year").is_null()
    took_mean = no_date & (pl.col("pay_currency") != "USD") & pl.col("low").is_not_null()
    n = records.filter(took_mean).height
    return {"fx_undated_n": float(n), "fx_undated_year": float(latest_full_year())} if n else {}


def own_figure_difference(records: pl.DataFrame) -> dict[str, float]:
    """How far the source's own US dollar figures are from `low` and `high`.

    Over records paid in other currencies with both: `own_usd_n`, and the median and 95th
    percentile of |own / ours - 1| at the middle of the range (`own_usd_median_difference`,
    `own_usd_p95_difference`); empty if there are none.
    """
    own = pl.col("pay_usd_low") + pl.col("pay_usd_high")
    ours = pl.col("low") + pl.col("high")
    differences = (
        records.filter(pl.col("pay_currency") != "USD")
        .select(difference=(own / ours - 1).abs())
        .drop_nulls()
        .get_column("difference")
    )
    if differences.is_empty():
        return {}
    return {
        "own_usd_n": float(differences.len()),
        "own_usd_median_difference": _quantile(differences, 0.5),
        "own_usd_p95_difference": _quantile(differences, 0.95),
    }


@cache
def price_levels() -> pl.DataFrame:
    """Price level of a country relative to the United States (1): `country`, `year`, `level`.

    Purchasing power parity over the market exchange rate (World Bank PA.NUS.PPP, CC BY 4.0;
    ECB reference rates). Countries whose currency the ECB does not quote are absent.
    """
    content = resources.files("rolediff").joinpath("data", "price_levels.csv").read_bytes()
    schema = {"country": pl.String, "year": pl.Int32, "level": pl.Float64}
    return pl.read_csv(content, schema=schema)


def to_ppp(country: pl.Series, year: pl.Series) -> pl.Series:
    """What to divide US dollars by to get international dollars, one divisor per row.

    `country` = ISO 3166-1 alpha-2, `year` = calendar year or null for the latest. Up to
    `LATEST_STRETCH` years after the table ends its last year serves; else null.
    """
    table = price_levels()
    wanted = pl.DataFrame({"country": country.cast(pl.String), "asked": year.cast(pl.Int32)})
    last = table.group_by("country").agg(last=pl.col("year").max())
    stretched = wanted.join(last, on="country", how="left", maintain_order="left").select(
        "country",
        year=pl.when(pl.col("asked").is_null())
        .then("last")
        .when(pl.col("asked").is_between("last", pl.col("last") + LATEST_STRETCH))
        .then("last")
        .otherwise("asked"),
    )
    joined = stretched.join(table, on=["country", "year"], how="left", maintain_order="left")
    return joined.get_column("level")


def real_factors(cpi: Path, base_year: int) -> pl.DataFrame:
    """What to multiply pay of a year by to state it in prices of `base_year`.

    `cpi` = a CSV with the columns year, cpi and, if it covers several, country (any name or
    code). Returns `year` (Int32), `country` (alpha-2, or null: the series is for all) and
    `factor` = CPI of the base year / CPI of the year.

    Raises `UnreadableError`, `ColumnError`, and `DataError` for a bad cell, a year given twice,
    or a country without the base year.
    """
    table = _cpi(open_table(examine(cpi), "csv"), cpi)
    base = table.filter(pl.col("year") == base_year).select("country", base="cpi")
    lacking = table.join(base, on="country", how="anti", nulls_equal=True).get_column("country")
    if lacking.len():
        where = "" if lacking[0] is None else f" for {lacking[0]}"
        years = ", ".join(str(year) for year in table.get_column("year").unique().sort())
        raise DataError(f"{cpi} has no year {base_year}{where}; choose among {years}")
    return (
        table.join(base, on="country", nulls_equal=True)
        .select("year", "country", factor=pl.col("base") / pl.col("cpi"))
        .sort("country", "year", nulls_last=False)
    )


def _cpi(raw: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The user's price index, checked: `year`, `country`, `cpi`."""
    raw = raw.rename({name: name.strip().casefold() for name in raw.columns})
    absent = [name for name in ("year", "cpi") if name not in raw.columns]
    if absent:
        seen = ", ".join(raw.columns)
        raise ColumnError(f"{path} has no column {absent[0]}; it has {seen}: name one {absent[0]}")
    table = raw.select(
        pl.col("year").str.strip_chars().cast(pl.Int32, strict=False),
        _countries(raw),
        pl.col("cpi").str.strip_chars().cast(pl.Float64, strict=False),
    )
    _require_sound(table, raw.columns, path)
    return table


def _countries(raw: pl.DataFrame) -> pl.Series:
    if "country" not in raw.columns:
        return pl.repeat(None, raw.height, dtype=pl.String, eager=True).alias("country")
    return coded(raw.get_column("country"), countries()).get_column("code").alias("country")


def _require_sound(table: pl.DataFrame, columns: Sequence[str], path: Path) -> None:
    unsound = ~pl.col("cpi").is_between(0, float("inf"), closed="none").fill_null(False)
    unsound |= pl.col("year").is_null()
    if "country" in columns:
        unsound |= pl.col("country").is_null()
    bad = table.with_row_index("row", 1).filter(unsound).get_column("row")
    if bad.len():
        raise UnreadableError(f"row {bad[0]} of {path} is no year, country and index; correct it")
    twice = table.filter(table.select("year", "country").is_duplicated())
    if twice.height:
        raise DataError(f"{path} has {twice['year'][0]} twice; keep one row a year and country")


def _quantile(values: pl.Series, share: float) -> float:
    found = values.quantile(share, "linear")
    return float("nan") if found is None else float(found)
