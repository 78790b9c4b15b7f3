"""Cells to codes: words against a vocabulary, countries, dates and years.

Each distinct value is parsed once, so a million rows cost as much as their variety.
The words are data (`data/values.toml`, `data/countries.csv`, `data/currencies.csv`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

import polars as pl

from rolediff.errors import ColumnError

_SPELLED_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%B %d %Y", "%d-%b-%Y")


@cache
def words(name: str) -> dict[str, str | None]:
    """Squashed word to code for a table of `data/values.toml`; None: a word that says nothing."""
    table = _vocabulary()[name]
    pairs = {word: code or None for code, spelled in table.items() for word in spelled}
    return pairs | {code.replace("-", ""): code for code in table if code}


@cache
def currencies() -> dict[str, str | None]:
    """Squashed sign, word or ISO 4217 code to the code; None: a sign that several share."""
    codes = _table("currencies.csv").get_column("code").to_list()
    return words("currency") | {code.casefold(): code for code in codes}


@cache
def countries() -> dict[str, str | None]:
    """Squashed English name, variant, alpha-2 or alpha-3 code to the ISO 3166-1 alpha-2 code."""
    table = _table("countries.csv").with_columns(pl.col("variants").fill_null("").str.split("|"))
    spelled = pl.concat_list("code2", "code3", "name", "variants")
    pairs = table.select("code2", name=spelled).explode("name", empty_as_null=True)
    squashed = pairs.filter(pl.col("name") != "").select(squash(pl.col("name")), "code2")
    return dict(squashed.iter_rows())


@cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 codes with the English names of the countries."""
    return dict(_table("countries.csv").select("code2", "name").iter_rows())


def squash(text: pl.Expr) -> pl.Expr:
    """Lower case without spaces or punctuation, currency signs kept; `11 - 50` becomes `11to50`."""
    return (
        text.str.to_lowercase()
        .str.replace(r"\.0+$", "")
        .str.replace_all(",", "", literal=True)
        .str.replace(r"(\d)\s*(?:-|–|to)\s*(\d)", "${1}to${2}")
        .str.replace_all(r"[^\p{L}\p{N}\p{Sc}]", "")
    )


def text_of(frame: pl.DataFrame, column: str) -> pl.Series:
    """A column as trimmed text, one value per row; cells that mean "no value" are null.

    Raises `ColumnError` for a column of lists or other values that are no single cell.
    """
    try:
        text = frame.get_column(column).cast(pl.String).str.strip_chars()
    except pl.exceptions.PolarsError:
        kind = frame.schema[column]
        raise ColumnError(f'column "{column}" holds {kind}, not text; map another one') from None
    if frame.schema[column].is_nested():
        raise ColumnError(f'column "{column}" holds nested values; flatten it or map another one')
    longest = max(len(word.encode()) for word in listed("absent"))
    short = pl.when(text.str.len_bytes() <= longest).then(text)
    lower = pl.select(short.str.to_lowercase()).to_series()
    absent = lower.is_in(listed("absent")).fill_null(value=False)
    return text.to_frame("text").select(pl.when(~absent).then("text").alias("text")).to_series()


def over_distinct(text: pl.Series, parse: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """`parse` applied to the distinct values (a frame with the column `text`), one row per row.

    `parse` returns its input with further columns; those are returned, null where `text` is.
    """
    rows = text.alias("text").to_frame()
    parsed = parse(rows.drop_nulls().unique())
    return rows.join(parsed, on="text", how="left", maintain_order="left").drop("text")


def coded(text: pl.Series, code_of: dict[str, str | None]) -> pl.DataFrame:
    """`code` (String) and `known` (Boolean, null where there is no text) for each value."""

    def parse(distinct: pl.DataFrame) -> pl.DataFrame:
        squashed = squash(pl.col("text"))
        return distinct.with_columns(
            code=squashed.replace_strict(code_of, default=None, return_dtype=pl.String),
            known=squashed.is_in(list(code_of)),
        )

    return over_distinct(text, parse)


def country_in_place(text: pl.Series) -> pl.DataFrame:
    """The country that ends a place name ("Leeds, England, United Kingdom"): `code`, `known`.

    Two letters that are also a US state or Canadian province count only after another such
    pair ("Toronto, ON, CA"), so "Atlanta, GA" stays unknown.
    """

    def parse(distinct: pl.DataFrame) -> pl.DataFrame:
        parts = pl.col("text").str.split(",")
        last, before = (parts.list.get(i, null_on_oob=True).str.strip_chars() for i in (-1, -2))
        doubtful = last.is_in(listed("ambiguous_place"))
        settled = before.str.contains(r"^[A-Z]{2}$").fill_null(False)
        code = squash(last).replace_strict(countries(), default=None, return_dtype=pl.String)
        return distinct.with_columns(code=pl.when(~doubtful | settled).then(code)).with_columns(
            known=pl.col("code").is_not_null()
        )

    return over_distinct(text, parse)


def dates(text: pl.Series) -> pl.DataFrame:
    """`posted` (Date), `year` (Int32) and `bad` (Boolean) of each value.

    Reads ISO 8601 dates and times, a bare year or month (year alone), dates with the month
    spelled out in English, and Unix times in seconds or milliseconds. 1/2/2024 is bad: its
    order of day and month is unknown.
    """

    def parse(distinct: pl.DataFrame) -> pl.DataFrame:
        value = pl.col("text")
        iso = pl.when(value.str.contains(r"^\d{4}-\d{2}-\d{2}(?:[T ].*)?$")).then(value)
        posted = pl.coalesce(iso.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False), *_other())
        year = value.str.extract(r"^(\d{4})(?:-(?:0[1-9]|1[0-2]))?$").cast(pl.Int32)
        return (
            distinct.with_columns(posted=posted)
            .with_columns(year=pl.coalesce(pl.col("posted").dt.year(), year))
            .with_columns(bad=pl.col("year").is_null())
        )

    return over_distinct(text, parse)


def years(text: pl.Series) -> pl.DataFrame:
    """`year` (Int32) and `bad` (Boolean) of each value, "2024" or "2024.0"."""

    def parse(distinct: pl.DataFrame) -> pl.DataFrame:
        year = pl.col("text").str.extract(r"^(-?\d{1,9})(?:\.0*)?$").cast(pl.Int32)
        return distinct.with_columns(year=year, bad=year.is_null())

    return over_distinct(text, parse)


def _other() -> list[pl.Expr]:
    value = pl.col("text")
    compact = value.str.extract(r"^(\d{8})$").str.to_date("%Y%m%d", strict=False)
    spelled = [value.str.to_date(style, strict=False) for style in _SPELLED_DATES]
    digits = pl.when(value.str.contains(r"^\d{10}(?:\d{3})?$")).then(value)
    seconds = digits.str.slice(0, 10).cast(pl.Int64)
    return [compact, *spelled, pl.from_epoch(seconds, time_unit="s").dt.date()]


@cache
def listed(name: str) -> list[str]:
    """The `words` of a table of `data/values.toml` that is a plain list."""
    return _vocabulary()[name]["words"]


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    text = resources.files("rolediff").joinpath("data", "values.toml").read_text("utf-8")
    return tomllib.loads(text)


def _table(name: str) -> pl.DataFrame:
    content = resources.files("rolediff").joinpath("data", name).read_bytes()
    return pl.read_csv(content, infer_schema=False)
