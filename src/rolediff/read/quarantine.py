"""Rows that cannot be believed are set aside with a reason, before anything is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from rolediff.read.rates import usd_per_unit
from rolediff.records import PER_YEAR, QUARANTINE

EARLIEST_YEAR = 1990
LEAST_A_YEAR = 1_000.0
"""A yearly figure below this, in whatever currency, is taken for an hourly or monthly one."""
MOST_A_YEAR = 10_000_000.0
"""US dollars; an annualised figure above this is taken for a yearly one labelled hourly."""

_STRONGEST = 4.0
"""No currency of the ECB's has been worth more dollars than this: below it no rate is needed."""

DIAGNOSTICS: dict[str, pl.DataType] = {
    "pay_text": pl.String(),  # pay as written
    "pay_bad": pl.Boolean(),  # pay is written, and is no amount
    "currency_text": pl.String(),
    "currency_bad": pl.Boolean(),
    "interval_text": pl.String(),
    "interval_bad": pl.Boolean(),
    "date_text": pl.String(),
    "date_bad": pl.Boolean(),
    "year_text": pl.String(),
    "year_bad": pl.Boolean(),
    "extra_fields": pl.String(),  # "9 fields for 7 columns", null where they agree
}
"""Columns beside those of `RECORDS` that `set_aside` reads, and then drops."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for setting a row aside: when it applies, and which value was the trouble."""

    reason: str
    applies: pl.Expr
    value: pl.Expr


def rules(retrieved: date) -> Sequence[Rule]:
    """The rules in order, the first that applies gives the reason; dates are judged by
    `retrieved`, the day the source was taken.
    """
    pay, low, high = pl.col("pay_text"), pl.col("pay_low"), pl.col("pay_high")
    amount = pl.concat_str("pay_text", "pay_currency", separator=" ", ignore_nulls=True)
    labelled = pl.concat_str(amount, pl.lit("per"), "pay_interval", separator=" ")
    is_paid = low.is_not_null()
    return (
        Rule(
            "more fields than the header has",
            pl.col("extra_fields").is_not_null(),
            pl.col("extra_fields"),
        ),
        Rule("no title", pl.col("title").is_null(), pl.col("title")),
        Rule("pay is not a number", pl.col("pay_bad"), pay),
        Rule("pay is negative", (low < 0) | (high < 0), pay),
        Rule("pay is zero", (low == 0) | (high == 0), pay),
        Rule("minimum pay above maximum", low > high, pay),
        Rule(
            "unknown currency code (ISO 4217)",
            pl.col("currency_bad") & is_paid,
            pl.col("currency_text"),
        ),
        Rule("unknown pay interval", pl.col("interval_bad") & is_paid, pl.col("interval_text")),
        Rule("impossible date", _is_impossible_date(retrieved), pl.col("date_text")),
        Rule(
            "impossible date", _is_impossible_year(retrieved), pl.coalesce("year_text", "date_text")
        ),
        Rule(
            "under 1,000 a year: an hourly or monthly figure labelled yearly?",
            (pl.col("pay_interval") == "year") & (low < LEAST_A_YEAR),
            amount,
        ),
        Rule(
            "over 10 million US$ a year: a yearly figure labelled hourly?",
            pl.col("dollars") > MOST_A_YEAR,
            labelled,
        ),
    )


def set_aside(shaped: pl.DataFrame, retrieved: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows kept (without `DIAGNOSTICS`) and rows set aside (`QUARANTINE`), in their order.

    `shaped` has the columns of `RECORDS` that a reader fills, and `DIAGNOSTICS`.
    """
    judged = shaped.with_columns(dollars=_dollars_a_year(shaped))
    ordered = rules(retrieved)
    first = pl.coalesce(pl.when(rule.applies).then(i) for i, rule in enumerate(ordered))
    judged = judged.with_columns(rule=first.cast(pl.Int32))
    bad = judged.filter(pl.col("rule").is_not_null()).select(
        "source",
        "row",
        reason=pl.coalesce(
            pl.when(pl.col("rule") == i).then(pl.lit(rule.reason)) for i, rule in enumerate(ordered)
        ),
        value=pl.coalesce(
            pl.when(pl.col("rule") == i).then(rule.value) for i, rule in enumerate(ordered)
        ),
    )
    kept = judged.filter(pl.col("rule").is_null()).drop("rule", "dollars", *DIAGNOSTICS)
    return kept, bad.cast(QUARANTINE)


def _is_impossible_date(retrieved: date) -> pl.Expr:
    posted = pl.col("posted")
    latest = pl.lit(retrieved).dt.offset_by("1y")
    return pl.col("date_bad") | (posted > latest) | (posted.dt.year() < EARLIEST_YEAR)


def _is_impossible_year(retrieved: date) -> pl.Expr:
    year = pl.col("year")
    return pl.col("year_bad") | (year < EARLIEST_YEAR) | (year > retrieved.year + 1)


def _dollars_a_year(shaped: pl.DataFrame) -> pl.Series:
    """Upper end in US dollars a year where it might be absurd, else null."""
    times = pl.col("pay_interval").replace_strict(PER_YEAR, default=None, return_dtype=pl.Float64)
    local = shaped.select(
        "pay_currency", "posted", "year", amount=pl.col("pay_high") * times
    ).with_row_index("at")
    suspects = local.filter(pl.col("amount") > MOST_A_YEAR / _STRONGEST)
    dollars = suspects.select("at", dollars=pl.col("amount") * usd_per_unit(suspects))
    return local.join(dollars, on="at", how="left", maintain_order="left").get_column("dollars")
