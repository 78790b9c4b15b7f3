"""Pay as people write it, "$120k - $150k a year", to amounts, currency and interval.

Strict on purpose: a text is read whole or not at all, and what could be read in two ways
("€120.000") is not read.
"""

from __future__ import annotations

import polars as pl

from rolediff.read.values import currencies, listed, over_distinct, squash, words

_NUMBER = r"\d(?:[\d.,'’\s]*\d)?"
_SUFFIX = r"(?:\s*([kKmM])\b)?"
_TO = r"(?:-|–|—|‐|‑|−|to\b)"
_RANGE = (
    rf"^([^\d\-−]*?)\s*({_NUMBER}){_SUFFIX}"
    rf"(?:\s*{_TO}\s*([^\d\-−]*?)\s*({_NUMBER}){_SUFFIX})?\s*([^\d]*)$"
)
_PARTS = ("before", "low", "low_suffix", "between", "high", "high_suffix", "after")
_MARK = r"^([^\s/]+?)(?:[\s/]|$)"

_COMMA_DECIMAL = r"^(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}$"
_DOT_GROUPS = r"^\d{1,3}(?:\.\d{3}){2,}$"
_COMMA_GROUPS = r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$"
_BARE = r"^\d+(?:\.\d{1,2})?$"

_SPELLED = pl.Schema(
    {
        **dict.fromkeys(("low", "high"), pl.Float64()),
        **dict.fromkeys(("currency", "interval"), pl.String()),
        "bad": pl.Boolean(),
    }
)


def amounts(pay: pl.Series) -> pl.DataFrame:
    """`low`, `high` (Float64), `currency`, `interval` (String) and `bad` (Boolean), row by row.

    `pay` is trimmed text or numbers; NaN is null. One figure gives `low == high`. `currency`
    and `interval` are null unless the text names them without ambiguity. `bad`: there is text,
    and it is no amount, or the amount is not finite; "competitive" and the like state no pay.
    """
    known = pay.fill_nan(None) if pay.dtype.is_float() else pay
    number = known.cast(pl.Float64, strict=False).fill_nan(None)
    text = known.cast(pl.String)
    spelled = text.to_frame("text").select(
        pl.when(pl.lit(number).is_null()).then("text").alias("text")
    )
    parsed = (
        over_distinct(spelled.to_series(), _spelled) if spelled["text"].count() else _none(len(pay))
    )
    whole = pl.lit(number)
    return parsed.with_columns(
        low=pl.coalesce(whole, "low"),
        high=pl.coalesce(whole, "high"),
        bad=pl.coalesce(whole.is_infinite(), "bad", pl.lit(False)),
    )


def _none(rows: int) -> pl.DataFrame:
    """What is read of no text, for so many rows."""
    return pl.DataFrame(schema=_SPELLED).clear(rows)


def number(text: pl.Expr) -> pl.Expr:
    """Digits with separators to Float64; null where the separators are ambiguous or misplaced."""
    digits = text.str.replace_all(r"[\s'’]", "")
    plain = (
        pl.when(digits.str.contains(_COMMA_DECIMAL))
        .then(digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(digits.str.contains(_DOT_GROUPS))
        .then(digits.str.replace_all(".", "", literal=True))
        .when(digits.str.contains(_COMMA_GROUPS))
        .then(digits.str.replace_all(",", "", literal=True))
        .when(digits.str.contains(_BARE))
        .then(digits)
    )
    return plain.cast(pl.Float64, strict=False)


def _spelled(distinct: pl.DataFrame) -> pl.DataFrame:
    groups = pl.col("text").str.extract_groups(_RANGE).struct.rename_fields(list(_PARTS))
    parts = distinct.with_columns(groups.alias("parts")).unnest("parts")
    return _with_marks(_with_figures(parts)).select(
        "text",
        *(pl.when("whole").then(name).alias(name) for name in ("low", "high")),
        *(pl.when("whole").then(name).alias(name) for name in ("currency", "interval")),
        bad=~pl.col("whole") & ~squash(pl.col("text")).is_in(listed("unstated_pay")),
    )


def _with_figures(parts: pl.DataFrame) -> pl.DataFrame:
    """Both ends as numbers; in "100-150k" the suffix is meant for both."""
    low, high = number(pl.col("low")), number(pl.col("high"))
    shared = pl.col("low_suffix").is_null() & (low < high) & (low < 1000)
    low_suffix = pl.when(shared).then("high_suffix").otherwise("low_suffix")
    first = low * _scale(low_suffix)
    second = high * _scale(pl.col("high_suffix"))
    readable = first.is_not_null() & (pl.col("high").is_null() | second.is_not_null())
    return parts.with_columns(low=first, high=pl.coalesce(second, first), readable=readable)


def _scale(suffix: pl.Expr) -> pl.Expr:
    letter = suffix.str.to_lowercase()
    return pl.when(letter == "k").then(1e3).when(letter == "m").then(1e6).otherwise(1.0)


def _with_marks(parts: pl.DataFrame) -> pl.DataFrame:
    """Currency and interval, and whether every word around the figures was understood."""
    marked = parts.with_columns(mark=pl.col("after").str.extract(_MARK)).with_columns(
        mark=pl.when(_is_currency(pl.col("mark"))).then("mark")
    )
    rest = pl.col("after").str.strip_prefix(pl.col("mark").fill_null(""))
    around = [pl.col("before"), pl.col("between"), pl.col("mark")]
    return marked.with_columns(
        currency=pl.coalesce(_currency(mark) for mark in around),
        interval=squash(rest).replace_strict(
            words("interval"), default=None, return_dtype=pl.String
        ),
        whole=pl.col("readable").fill_null(False)
        & pl.all_horizontal(_is_currency(mark) | (mark.fill_null("") == "") for mark in around)
        & ((rest.str.strip_chars(" /.") == "") | squash(rest).is_in(list(words("interval")))),
    )


def _currency(mark: pl.Expr) -> pl.Expr:
    return squash(mark).replace_strict(currencies(), default=None, return_dtype=pl.String)


def _is_currency(mark: pl.Expr) -> pl.Expr:
    return squash(mark).is_in(list(currencies())).fill_null(False)
