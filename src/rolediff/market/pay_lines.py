"""A table of pay to lines of a market, each distinct value read once.

What `read.tables` and `market.compress` do row by row is done here for the distinct cells,
employers and amounts, so that millions of rows cost little more than finding what is distinct in
them, which hashes and sorted integers tell. The lines are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.money import annualise
from rolediff.annotate.titles import core_title
from rolediff.market.coded_lines import LINES, NUMBERS, SAID, CodedLines
from rolediff.market.codes import Codes, Ints, codes_of_rows
from rolediff.market.tally import packed, tally, unpacked
from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.rates import latest_full_year
from rolediff.read.shape import CODED, coded_field, place, shape
from rolediff.records import QUARANTINE

_MONEY = ("pay", "pay_low", "pay_high", "pay_usd", "currency", "interval", "year", "posted")
_FIELDS = {
    "cells": (*("title", "industry", "education", "country", "location"), *CODED, "year", "posted"),
    "employers": ("employer",),
    "pays": _MONEY,
}
"""By which fields rows are of one cell, of one employer, and pay alike."""
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


def pay_lines(table: pl.DataFrame, how: Columns, start: int) -> PayLines:
    """The lines of a table of at most 2^21 rows whose first is row `start` of its file.

    Raises `ColumnError` for a column that holds no single values.
    """
    raw = table.select(how.used)
    groups = {name: how.of(*fields) for name, fields in _FIELDS.items()}
    kinds, numbers, n = alike(raw, groups)
    distinct = {
        name: raw[kinds[name].first, columns] for name, columns in groups.items() if columns
    }
    cells, money = _cells(distinct["cells"], how), _money(distinct["pays"], how)
    untitled, refused = cells["untitled"].to_numpy(), money["reason"].is_not_null().to_numpy()
    bad = pl.DataFrame(schema=QUARANTINE)
    if untitled.any() or refused.any():
        bad = _bad(cells, money, kinds["cells"].codes, kinds["pays"].codes, how.source, start)
    kept = ~(untitled[numbers["cells"]] | refused[numbers["pays"]])
    numbers, n = {name: codes[kept] for name, codes in numbers.items()}, n[kept]
    employers = _employers(distinct.get("employers"), len(kinds["employers"]))
    counts = _counts({"cells": cells, "pays": money}, numbers, n)
    return PayLines(_lines(numbers, n, cells, employers, money), bad, counts)


def alike(
    table: pl.DataFrame, groups: dict[str, list[str]]
) -> tuple[dict[str, Codes], dict[str, Ints], Ints]:
    """Rows alike in all of some groups of columns, at most 2^21: the codes of each row by group,
    those of the distinct rows, and how many are like each."""
    kinds = {name: _kinds(table, columns) for name, columns in groups.items()}
    sizes = [len(found) for found in kinds.values()]
    words, n = tally(packed([found.codes for found in kinds.values()], sizes))
    return kinds, dict(zip(groups, unpacked(words, sizes), strict=True)), n


def _kinds(raw: pl.DataFrame, columns: list[str]) -> Codes:
    """Which rows are alike in some columns; all, if there are none."""
    if columns:
        return codes_of_rows(raw.select(columns))
    return Codes(np.zeros(raw.height, dtype=np.int64), np.arange(min(raw.height, 1)))


def _lines(
    numbers: dict[str, Ints], n: Ints, cells: pl.DataFrame, employers: pl.DataFrame,
    money: pl.DataFrame,
) -> CodedLines:  # fmt: skip
    """Lines of the rows that are kept, and what is said by some of them; the year of a cell is told
    with its pay."""
    of_cell = np.zeros(cells.height, dtype=np.int64)
    of_cell[numbers["cells"]] = numbers["pays"]
    year = money["year"].gather(of_cell)
    said = {"cells": cells.with_columns(year), "employers": employers, "pays": money}
    used = {name: _used(codes, said[name].height) for name, codes in numbers.items()}
    tables = {name: _said(said[name][used[name].first], names) for name, names in SAID.items()}
    columns = {name: found.codes for name, found in used.items()}
    lines = pl.DataFrame({**columns, "n": n}, schema_overrides=NUMBERS)
    return CodedLines(lines, **tables)


def _used(numbers: Ints, size: int) -> Codes:
    """The numbers that are used, of so many, counted from 0."""
    there = np.zeros(size, dtype=np.bool_)
    there[numbers] = True
    return Codes((np.cumsum(there) - 1)[numbers], np.flatnonzero(there))


def _said(told: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The columns of a table, null where nothing is told."""
    return told.select(
        (pl.col(name) if name in told.columns else pl.lit(None)).cast(LINES[name]).alias(name)
        for name in names
    )


def _cells(distinct: pl.DataFrame, how: Columns) -> pl.DataFrame:
    """What is told of distinct cells: keys and flags, each told once of what it is told from."""
    plain = ((field, partial(_plain, field=field)) for field in ("industry", "education"))
    coded = ((field, partial(_coded, how=how, field=field)) for field in CODED)
    parts = [
        _told(distinct, how.of("title"), _title),
        *(_told(distinct, how.of(field), tell) for field, tell in (*plain, *coded)),
        _told(distinct, how.of("country", "location"), partial(_place, how=how)),
    ]
    told = pl.concat([part for part in parts if part.width], how="horizontal")
    stated = [name for name in ("level",) if name in told.columns]
    return told.with_columns(
        pl.lit(how.source).alias("source"), level=pl.coalesce(*stated, "title_level")
    )


def _told(
    distinct: pl.DataFrame, columns: list[str], tell: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """What is told from some columns, row by row."""
    if not columns:
        return pl.DataFrame()
    found = codes_of_rows(distinct.select(columns))
    return tell(distinct.select(columns)[found.first])[found.codes]


def _title(distinct: pl.DataFrame) -> pl.DataFrame:
    text = values.text_of(distinct, distinct.columns[0])
    columns = {
        "title": core_title(text),
        "title_level": level_of_titles(text),
        "untitled": text.is_null(),
    }
    return pl.DataFrame(columns)


def _plain(distinct: pl.DataFrame, field: str) -> pl.DataFrame:
    return values.text_of(distinct, distinct.columns[0]).alias(field).to_frame()


def _coded(distinct: pl.DataFrame, how: Columns, field: str) -> pl.DataFrame:
    return coded_field(distinct, how.fields, field)


def _place(distinct: pl.DataFrame, how: Columns) -> pl.DataFrame:
    return place(distinct, how.fields)


def _employers(distinct: pl.DataFrame | None, number: int) -> pl.DataFrame:
    """Employers as they are named; null, if the table names none."""
    if distinct is not None:
        return _plain(distinct, "employer")
    return pl.DataFrame({"employer": [None] * number}, schema={"employer": pl.String})


def _money(distinct: pl.DataFrame, how: Columns) -> pl.DataFrame:
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
    return joined.drop("row")


def _bad(
    cells: pl.DataFrame, money: pl.DataFrame, cell: Ints, pay: Ints, source: str, start: int
) -> pl.DataFrame:
    """Every row of the table that is set aside; one without a title is for that reason."""
    untitled = cells["untitled"].to_numpy()[cell]
    at = np.flatnonzero(untitled | money["reason"].is_not_null().to_numpy()[pay])
    told = money.select("reason", "value").cast(pl.String)[pay[at]]
    lacks = pl.Series(untitled[at])
    return told.select(
        pl.lit(source).alias("source"),
        pl.Series("row", at + start, dtype=pl.Int64),
        pl.when(lacks).then(pl.lit("no title")).otherwise("reason").alias("reason"),
        pl.when(~lacks).then("value").alias("value"),
    ).cast(QUARANTINE)


def _counts(told: dict[str, pl.DataFrame], numbers: dict[str, Ints], n: Ints) -> dict[str, float]:
    """How many records there are, and of how many of them each flag holds."""
    names = {"one_sided": "one_sided_ranges", "assumed": "interval_assumed"}
    counts = {"records": float(n.sum())}
    for table, said in told.items():
        of_kind = np.bincount(numbers[table], n, said.height)
        for flag in (c for c, k in said.schema.items() if k == pl.Boolean and c != "untitled"):
            count = float(of_kind[said[flag].fill_null(False).to_numpy()].sum())
            if count:
                counts[names.get(flag, flag)] = count
    if "fx_undated_n" in counts:
        counts["fx_undated_year"] = float(latest_full_year())
    return counts
