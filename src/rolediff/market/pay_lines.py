"""A table of pay to lines of a market, each distinct value read once.

What `read.tables` and `market.compress` do row by row is done here for the distinct values of each
column, or of those that belong together, so that millions of rows cost little more than finding
what is distinct in them. The lines are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.money import annualise
from rolediff.annotate.titles import core_title
from rolediff.market.coded_lines import LINES, CodedLines
from rolediff.market.codes import Codes, Ints, codes_of, codes_of_rows, together
from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.rates import latest_full_year
from rolediff.read.shape import CODED, PLAIN, coded_field, place, shape
from rolediff.records import QUARANTINE

_MONEY = ("pay", "pay_low", "pay_high", "pay_usd", "currency", "interval", "year", "posted")
_NOT_COUNTED = ("untitled", "refused")
_PAID = ("currency", "pay_source", "pay_basis")


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
    """Lines, rows set aside (`QUARANTINE`) and `counts`: records, unconverted, and notes as
    `read.shape.notes` and `annotate.money.undated` have them."""

    lines: CodedLines
    bad: pl.DataFrame
    counts: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Table:
    """The distinct rows of a table, which of them each of its rows is, and their columns by codes
    (`columns`)."""

    distinct: pl.DataFrame
    rows: Codes
    columns: dict[str, Codes]

    @classmethod
    def of(cls, raw: pl.DataFrame) -> _Table:
        """The codes of a table."""
        rows = codes_of_rows(raw)
        distinct = raw[rows.first]
        return cls(distinct, rows, {name: codes_of(distinct[name]) for name in raw.columns})

    def kinds(self, names: Sequence[str]) -> tuple[Ints, pl.DataFrame]:
        """Which of the distinct rows of some columns each has, and these."""
        found = together([self.columns[name] for name in names])
        return found.codes, self.distinct.select(names)[found.first]


class _Told(NamedTuple):
    """What is told of the distinct rows of some columns, and which of these each row has."""

    kind: Ints
    told: pl.DataFrame

    def flag(self, name: str) -> Ints:
        """Where a truth value holds of a row."""
        return self.told[name].fill_null(False).to_numpy()[self.kind]


def pay_lines(table: pl.DataFrame, how: Columns, start: int) -> PayLines:
    """The lines of a table whose first row is row `start` of its file.

    Raises `ColumnError` for a column that holds no single values.
    """
    seen = _Table.of(table.select(how.used))
    parts = _parts(seen, how)
    title, money = parts["title"], parts["money"]
    money = money._replace(told=money.told.with_columns(refused=pl.col("reason").is_not_null()))
    kept = ~(title.flag("untitled") | money.flag("refused"))
    n = np.where(kept, seen.rows.counts, 0)
    lines = _lines(parts, how.source, pl.Series("n", n, dtype=pl.UInt32))
    bad = pl.DataFrame(schema=QUARANTINE)
    if not kept.all():
        lines = CodedLines(lines.codes.filter(pl.col("n") > 0), lines.words)
        bad = _bad(title, money, seen.rows.codes, how.source, start)
    return PayLines(lines, bad, _counts(parts, n))


def _parts(seen: _Table, how: Columns) -> dict[str, _Told]:
    """What is told of each distinct row, by what it is told from."""
    parts = {"title": _title(*seen.kinds(how.of("title")))}
    parts["money"] = _money(*seen.kinds(how.of(*_MONEY)), how)
    for field in PLAIN[1:]:
        if names := how.of(field):
            kind, distinct = seen.kinds(names)
            parts[field] = _Told(kind, values.text_of(distinct, names[0]).alias(field).to_frame())
    for field in CODED:
        if names := how.of(field):
            kind, distinct = seen.kinds(names)
            parts[field] = _Told(kind, coded_field(distinct, how.fields, field))
    if names := how.of("country", "location"):
        kind, distinct = seen.kinds(names)
        parts["place"] = _Told(kind, place(distinct, how.fields))
    return parts


def _lines(parts: dict[str, _Told], source: str, n: pl.Series) -> CodedLines:
    """The columns of lines: text by its number, the rest as it is."""
    columns, words = {"n": n}, {}
    for kind, told in parts.values():
        for name in told.columns:
            if LINES.get(name) == pl.String:
                words[name] = told[name].cast(pl.String)
                columns[name] = pl.Series(kind, dtype=pl.UInt32)
            elif name in LINES:
                columns[name] = told[name].gather(pl.Series(kind))
    words["source"], columns["source"] = (
        pl.Series([source]),
        pl.zeros(len(n), pl.UInt32, eager=True),
    )
    columns["level"], words["level"] = _level(parts)
    return CodedLines.with_columns(columns, words)


def _level(parts: dict[str, _Told]) -> tuple[pl.Series, pl.Series]:
    """The level that is stated, else that of the title."""
    of_title = parts["title"].told["title_level"]
    kind = parts["title"].kind
    if "level" not in parts:
        return pl.Series(kind, dtype=pl.UInt32), of_title
    stated = parts["level"].told["level"]
    known = stated.is_not_null().to_numpy()[parts["level"].kind]
    code = np.where(known, parts["level"].kind, kind + len(stated))
    return pl.Series(code, dtype=pl.UInt32), pl.concat([stated.cast(pl.String), of_title])


def _title(kind: Ints, distinct: pl.DataFrame) -> _Told:
    text = values.text_of(distinct, distinct.columns[0])
    columns = {
        "title": core_title(text),
        "title_level": level_of_titles(text),
        "untitled": text.is_null(),
    }
    return _Told(kind, pl.DataFrame(columns))


def _money(kind: Ints, distinct: pl.DataFrame, how: Columns) -> _Told:
    """Pay and time, which are judged and converted together."""
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
    return _Told(kind, joined.drop("row"))


def _bad(title: _Told, money: _Told, rows: Ints, source: str, start: int) -> pl.DataFrame:
    """Every row of the table that is like a distinct one which is set aside; a row without a title
    is one for that reason."""
    untitled, refused = title.flag("untitled"), money.flag("refused")
    at = np.flatnonzero((untitled | refused)[rows])
    kind = rows[at]
    told = money.told.select("reason", "value").cast(pl.String)[money.kind[kind]]
    lacks = pl.Series(untitled[kind])
    return told.select(
        pl.lit(source).alias("source"),
        pl.Series("row", at + start, dtype=pl.Int64),
        pl.when(lacks).then(pl.lit("no title")).otherwise("reason").alias("reason"),
        pl.when(~lacks).then("value").alias("value"),
    ).cast(QUARANTINE)


def _counts(parts: dict[str, _Told], n: Ints) -> dict[str, float]:
    """How many records there are (`n` by distinct row), and of how many each flag holds."""
    names = {"one_sided": "one_sided_ranges", "assumed": "interval_assumed"}
    counts = {"records": float(n.sum())}
    for kind, told in parts.values():
        flags = [c for c, k in told.schema.items() if k == pl.Boolean and c not in _NOT_COUNTED]
        of_kind = np.bincount(kind, n, told.height) if flags else n
        for flag in flags:
            count = float(of_kind[told[flag].fill_null(False).to_numpy()].sum())
            if count:
                counts[names.get(flag, flag)] = count
    if "fx_undated_n" in counts:
        counts["fx_undated_year"] = float(latest_full_year())
    return counts
