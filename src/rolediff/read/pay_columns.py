"""The pay of each row: amounts, currency and interval, from whichever columns state them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from rolediff.read import values
from rolediff.read.amounts import amounts
from rolediff.read.columns import Fields

_OWN = {"pay_usd_low": pl.Float64, "pay_usd_high": pl.Float64, "own_text": pl.String}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the user says of rows that do not say it: ISO 4217 code, key of `PER_YEAR`."""

    currency: str | None = None
    interval: str | None = None


def pay_columns(table: pl.DataFrame, fields: Fields, defaults: Defaults) -> pl.DataFrame:
    """Everything about pay that `fields` finds in `table`, one row per row.

    Gives the pay columns of `RECORDS`, their diagnostics, and the flags `one_sided` (one end
    stated, taken for both) and `assumed` (nothing says how often it is paid: taken as yearly).
    """
    parts = [
        _amounts(table, fields),
        _own_dollars(table, fields),
        _codes(table, fields, "currency", values.currencies()),
        _codes(table, fields, "interval", values.words("interval")),
    ]
    return _settled(
        pl.concat(parts, how="horizontal"),
        currency=pl.lit(fields.currency or defaults.currency, pl.String),
        interval=pl.lit(fields.interval or defaults.interval, pl.String),
    )


def _settled(stated: pl.DataFrame, currency: pl.Expr, interval: pl.Expr) -> pl.DataFrame:
    """What the row's own columns say, then what its amount says, then what holds for all."""
    paid = pl.coalesce("low", "high").is_not_null()
    currency = pl.coalesce("currency_code", "written_currency", currency)
    interval = pl.coalesce("interval_code", "written_interval", interval)
    return stated.select(
        "pay_usd_low",
        "pay_usd_high",
        "currency_text",
        "currency_bad",
        "interval_text",
        "interval_bad",
        pay_text=pl.when(pl.col("own_bad") & ~pl.col("pay_bad"))
        .then("own_text")
        .otherwise("pay_text"),
        pay_bad=pl.col("pay_bad") | pl.col("own_bad"),
        one_sided=pl.col("low").is_null() ^ pl.col("high").is_null(),
        assumed=paid & interval.is_null() & ~pl.col("interval_bad"),
        pay_low=pl.coalesce("low", "high"),
        pay_high=pl.coalesce("high", "low"),
        pay_currency=pl.when(paid & ~pl.col("currency_bad")).then(currency),
        pay_interval=pl.when(paid & ~pl.col("interval_bad")).then(interval.fill_null("year")),
        pay_source=pl.when(paid).then(pl.lit("field")),
        pay_basis=pl.when(paid).then(pl.lit("unknown")),
    )


def _amounts(table: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """Ends of the range, and the currency and interval written with them."""
    used = [field for field in ("pay_low", "pay_high", "pay") if field in fields.columns]
    facts = pl.concat(
        [_parsed(table, fields.columns[field], field) for field in used], how="horizontal"
    )
    return facts.select(
        low=_first(f"{field} low" for field in used if field != "pay_high"),
        high=_first(f"{field} high" for field in used if field != "pay_low"),
        written_currency=_first(f"{field} currency" for field in used),
        written_interval=_first(f"{field} interval" for field in used),
        pay_bad=_is_bad(used),
        pay_text=pl.concat_str(
            [f"{field} text" for field in used], separator=" to ", ignore_nulls=True
        ),
    )


def _is_bad(used: Sequence[str]) -> pl.Expr:
    """A free text beside a stated range may say anything; on its own it must be an amount."""
    ends = [field for field in used if field != "pay"]
    bad = pl.any_horizontal(pl.lit(False), *(f"{field} bad" for field in ends))
    if "pay" not in used:
        return bad
    stated = pl.any_horizontal(pl.lit(False), *(pl.col(f"{end} low").is_not_null() for end in ends))
    return bad | (pl.col("pay bad") & ~stated)


def _own_dollars(table: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """The source's own figure in US dollars a year."""
    if "pay_usd" not in fields.columns:
        none = (pl.repeat(None, table.height, dtype=kind).alias(n) for n, kind in _OWN.items())
        return pl.select(none, own_bad=pl.repeat(False, table.height))
    return _parsed(table, fields.columns["pay_usd"], "own").select(
        pay_usd_low="own low", pay_usd_high="own high", own_bad="own bad", own_text="own text"
    )


def _parsed(table: pl.DataFrame, column: str, prefix: str) -> pl.DataFrame:
    """`amounts` of a column and its `text`, names prefixed."""
    text = values.text_of(table, column)
    is_number = table.schema[column].is_numeric()
    parsed = amounts(table.get_column(column) if is_number else text)
    return parsed.with_columns(text.alias("text")).select(pl.all().name.prefix(f"{prefix} "))


def _codes(
    table: pl.DataFrame, fields: Fields, field: str, code_of: dict[str, str | None]
) -> pl.DataFrame:
    """`{field}_text`, `{field}_code` and `{field}_bad` (a text that stands for no code)."""
    if field not in fields.columns:
        text = pl.repeat(None, table.height, dtype=pl.String, eager=True)
    else:
        text = values.text_of(table, fields.columns[field])
    return values.coded(text, code_of).select(
        text.alias(f"{field}_text"),
        pl.col("code").alias(f"{field}_code"),
        (~pl.col("known")).fill_null(False).alias(f"{field}_bad"),
    )


def _first(names: Iterable[str]) -> pl.Expr:
    columns = list(names)
    return pl.coalesce(columns) if columns else pl.lit(None)
