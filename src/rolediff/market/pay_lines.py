"""A table of pay to lines of a market, each distinct value read once.

What `read.tables` and `market.compress` do row by row is done here for the distinct values of each
column, or of those that belong together, so that millions of rows cost little more than finding
what is distinct in them. The lines are the same to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.money import annualise
from rolediff.annotate.titles import core_title
from rolediff.market.alike import firsts, kinds
from rolediff.market.tables import KEYS, OFFER, POSTINGS
from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.rates import latest_full_year
from rolediff.read.shape import CODED, PLAIN, coded_field, place, shape
from rolediff.records import QUARANTINE

_MONEY = ("pay", "pay_low", "pay_high", "pay_usd", "currency", "interval", "year", "posted")
_PAID = ("currency", "pay_source", "pay_basis")
LINES = pl.Schema(
    {
        name: pl.Categorical() if POSTINGS[name] == pl.String else POSTINGS[name]
        for name in (*KEYS, *OFFER, "n")
    }
)
"""Columns of lines of records of pay, text as categories."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what, what holds for all rows, and what the source is called;
    dates are judged by `judged`."""

    fields: Fields
    defaults: Defaults
    source: str
    judged: date

    @property
    def used(self) -> list[str]:
        """The columns that are read."""
        return list(dict.fromkeys(self.fields.columns.values()))

    def of(self, *fields: str) -> list[str]:
        """The columns of some of the fields."""
        known = self.fields.columns
        return list(dict.fromkeys(known[name] for name in fields if name in known))


@dataclass(frozen=True, slots=True)
class PayLines:
    """Lines (`LINES`), rows set aside (`QUARANTINE`) and `counts`: records, unconverted, and notes
    as `read.shape.notes` and `annotate.money.undated` have them."""

    lines: pl.DataFrame
    bad: pl.DataFrame
    counts: dict[str, float]


def pay_lines(table: pl.DataFrame, how: Columns, start: int) -> PayLines:
    """The lines of a table whose first row is row `start` of its file.

    Raises `ColumnError` for a column that holds no single values.
    """
    raw = table.select(how.used)
    found = firsts(raw)
    if found is None:
        groups, hashes = pl.DataFrame({"at": range(raw.height), "n": 1, "hash": 0}), None
    else:
        groups, hashes = found
    rows = _read(raw[groups["at"]], how).with_columns(groups["n"].cast(pl.UInt32))
    kept = rows.filter(pl.col("reason").is_null())
    bad = _bad(rows.with_columns(groups["hash"], groups["at"]), hashes, how.source, start)
    return PayLines(kept.select(LINES.names()).cast(LINES), bad, _counts(kept))


def _read(raw: pl.DataFrame, how: Columns) -> pl.DataFrame:
    """What is told of each distinct row: the columns of `LINES` but `n`, flags, and the reason for
    which it is set aside, with the value that was the trouble."""
    parts = [_title(raw, how), _money(raw, how)]
    for field in PLAIN[1:]:
        if names := how.of(field):
            kind, distinct = kinds(raw, names)
            text = values.text_of(distinct, names[0]).cast(pl.Categorical)
            parts.append(text.gather(kind).alias(field).to_frame())
    for field in CODED:
        if names := how.of(field):
            kind, distinct = kinds(raw, names)
            parts.append(_coded(coded_field(distinct, how.fields, field))[kind])
    if names := how.of("country", "location"):
        kind, distinct = kinds(raw, names)
        parts.append(_coded(place(distinct, how.fields))[kind])
    joined = pl.concat(parts, how="horizontal")
    joined = joined.with_columns(source=pl.lit(how.source).cast(pl.Categorical))
    absent = [pl.lit(None, k).alias(c) for c, k in LINES.items() if c not in joined.columns]
    return joined.with_columns(absent).with_columns(
        level=pl.coalesce("level", "title_level"),
        reason=pl.when("untitled").then(pl.lit("no title")).otherwise("reason"),
        value=pl.when(~pl.col("untitled")).then("value"),
    )


def _coded(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(pl.String).cast(pl.Categorical))


def _title(raw: pl.DataFrame, how: Columns) -> pl.DataFrame:
    names = how.of("title")
    kind, distinct = kinds(raw, names)
    text = values.text_of(distinct, names[0])
    told = pl.DataFrame(
        {
            "title": core_title(text),
            "title_level": level_of_titles(text),
            "untitled": text.is_null(),
        }
    )
    return _coded(told)[kind]


def _money(raw: pl.DataFrame, how: Columns) -> pl.DataFrame:
    """Pay and time, which are judged and converted together."""
    kind, distinct = kinds(raw, how.of(*_MONEY))
    mine = {name: column for name, column in how.fields.columns.items() if name in _MONEY}
    fields = Fields(mine, how.fields.currency, how.fields.interval)
    shaped = shape(distinct, fields, how.defaults, how.source)
    kept, bad = set_aside(shaped.with_columns(title=pl.lit("")), how.judged)
    dollars = annualise(kept)
    paid = pl.col("pay_low").is_not_null()
    undated = pl.col("posted").is_null() & pl.col("year").is_null()
    converted = pl.col("low").is_not_null()
    told = dollars.select(
        "row", "low", "high", "one_sided", "assumed",
        pl.coalesce("year", pl.col("posted").dt.year()).alias("year"),
        *(pl.when(paid).then(pl.col(f"pay_{c}" if c == "currency" else c)).alias(c) for c in _PAID),
        currency_unknown=paid & pl.col("pay_currency").is_null(),
        unconverted=paid & pl.col("pay_currency").is_not_null() & ~converted,
        fx_undated_n=undated & (pl.col("pay_currency") != "USD") & converted,
    )  # fmt: skip
    every = pl.DataFrame({"row": pl.int_range(1, distinct.height + 1, eager=True)})
    joined = every.join(told, on="row", how="left", maintain_order="left")
    joined = joined.join(bad.drop("source"), on="row", how="left", maintain_order="left")
    return _coded(joined.drop("row"))[kind]


def _bad(rows: pl.DataFrame, hashes: pl.Series | None, source: str, start: int) -> pl.DataFrame:
    """Every row of the table that is like a distinct one which is set aside."""
    refused = rows.filter(pl.col("reason").is_not_null()).select("hash", "at", "reason", "value")
    if refused.is_empty():
        return pl.DataFrame(schema=QUARANTINE)
    if hashes is None:
        found = refused
    else:
        every = hashes.alias("hash").to_frame().with_row_index("at")
        found = every.join(refused.drop("at"), on="hash", how="inner", maintain_order="left")
    row = pl.col("at").cast(pl.Int64) + start
    told = found.select(pl.lit(source).alias("source"), row.alias("row"), "reason", "value")
    return told.cast(QUARANTINE).sort("row")


def _counts(kept: pl.DataFrame) -> dict[str, float]:
    """How many records there are, and of how many each flag holds."""
    names = {"one_sided": "one_sided_ranges", "assumed": "interval_assumed"}
    flags = [
        name for name in kept.columns if kept.schema[name] == pl.Boolean and name != "untitled"
    ]
    n = pl.col("n").cast(pl.Int64)
    sums = kept.select(
        n.sum().alias("records"), *(n.filter(pl.col(f)).sum().alias(names.get(f, f)) for f in flags)
    ).row(0, named=True)
    counts = {name: float(count) for name, count in sums.items() if count or name == "records"}
    if "fx_undated_n" in counts:
        counts["fx_undated_year"] = float(latest_full_year())
    return counts
