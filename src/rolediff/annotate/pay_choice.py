"""Which pay counts where a field and the text of a posting both state one, and if they disagree.

The text's counts where it states any: it has the span to show for it, and the words about base
and bonus. Otherwise the field's.
"""

from __future__ import annotations

import polars as pl

from rolediff.annotate.annotated import FIELD_PAY, PAY, TEXT_PAY
from rolediff.records import PER_YEAR

CLOSE = 0.005
"""Relative difference up to which two ends of a range are the same figure, rounded."""


def chosen_pay(postings: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """`pay`, `pay_field`, `pay_text` and `pay_disagree` of `annotated.ANNOTATED`, row by row.

    `postings` has the pay columns of `records.RECORDS`; `stated` is `pay.stated_pay` of their
    texts. The two agree where the field's range, a year, is that of the text or one of its bands,
    within `CLOSE`, and no two different currencies are named.
    """
    field = postings.select(
        min="pay_low", max="pay_high", currency="pay_currency", period="pay_interval",
        basis="pay_basis",
    )  # fmt: skip
    both = pl.DataFrame(
        {
            "field": field.to_struct().cast(FIELD_PAY),
            "text": stated.select(list(TEXT_PAY.to_schema())).to_struct().cast(TEXT_PAY),
        }
    )
    by_field, by_text = (_of(name, "min").is_not_null() for name in ("field", "text"))
    agree = _agree(both.with_row_index("at").filter(by_field & by_text))
    return both.select(
        pl.when(by_text).then(_pay("text")).when(by_field).then(_pay("field")).alias("pay"),
        pl.when(by_field).then("field").alias("pay_field"),
        pl.when(by_text).then("text").alias("pay_text"),
        pay_disagree=pl.when(by_text & by_field).then(
            ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(agree.implode())
        ),
    )


def _of(name: str, key: str) -> pl.Expr:
    return pl.col(name).struct.field(key)


def _pay(name: str) -> pl.Expr:
    """One of the two as a struct of `PAY`."""
    own = (FIELD_PAY if name == "field" else TEXT_PAY).to_schema()
    parts = [
        pl.lit(name).alias(key)
        if key == "source"
        else (pl.col(name).struct.field(key) if key in own else pl.lit(None, kind)).alias(key)
        for key, kind in PAY.to_schema().items()
    ]
    return pl.struct(parts)


def _agree(both: pl.DataFrame) -> pl.Series:
    """Those of the rows `at` whose field has the range of the text, or of one of its bands."""
    bands = pl.col("text").struct.field("bands")
    each = both.with_columns(bands=bands).explode("bands", empty_as_null=True)
    ranges = pl.concat(
        [
            both.select("at", "field", "text", *_ends("text")),
            each.select("at", "field", "text", *_ends("bands")),
        ]
    )
    money = (_of("field", "currency") == _of("text", "currency")).fill_null(True)
    same = [
        _close(_yearly(pl.col(end), "text"), _yearly(_of("field", end), "field"))
        for end in ("min", "max")
    ]
    return ranges.filter(money, *same)["at"].unique()


def _ends(name: str) -> list[pl.Expr]:
    return [_of(name, end) for end in ("min", "max")]


def _yearly(end: pl.Expr, name: str) -> pl.Expr:
    """An end of a range of pay, a year, by the period that `name` states."""
    times = _of(name, "period").replace_strict(PER_YEAR, default=1.0, return_dtype=pl.Float64)
    return end * times


def _close(figure: pl.Expr, other: pl.Expr) -> pl.Expr:
    return (figure - other).abs() <= CLOSE * other.abs()
