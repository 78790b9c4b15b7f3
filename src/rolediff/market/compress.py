"""Records to a Market, and Markets to one: compress(a + b) == compress(a) + compress(b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.titles import core_title
from rolediff.market.model import CELLS, KEYS, OFFER, PAY, Market
from rolediff.records import Source


def compress(records: pl.DataFrame, sources: Iterable[Source] = ()) -> Market:
    """Count records (schema `RECORDS`, with `low` and `high` filled) by their keys.

    A level that the source does not state is read off the title. Works row by row, so it does
    not matter how records are split before compressing and merging.
    """
    keyed = records.with_columns(
        title=core_title(records["title"]),
        level=pl.coalesce(records["level"], level_of_titles(records["title"])),
        year=pl.coalesce("year", pl.col("posted").dt.year()),
        currency="pay_currency",
        n=pl.lit(1, pl.UInt32),
    )
    paid = pl.col("pay_low").is_not_null()
    blank = [pl.when(paid).then(c).alias(c) for c in ("currency", "pay_source", "pay_basis")]
    return _counted(keyed.with_columns(blank), sources)


def merge(*markets: Market) -> Market:
    """The market of all records behind `markets`."""
    rows = pl.concat([m.rows() for m in markets])
    return _counted(rows, [s for m in markets for s in m.sources])


def _counted(rows: pl.DataFrame, sources: Iterable[Source]) -> Market:
    by = [*KEYS, *OFFER]
    counted = rows.group_by(by).agg(pl.col("n").sum()).sort(by, nulls_last=True)
    numbered = counted.with_columns(cell=pl.struct(KEYS).rle_id())
    cells = numbered.select(CELLS.names()).unique("cell", keep="first", maintain_order=True)
    return Market(cells.cast(CELLS), numbered.select(PAY.names()).cast(PAY), _joined(sources))


def _joined(sources: Iterable[Source]) -> tuple[Source, ...]:
    """One line per file: parts of the same file (same name and sha256) add up."""
    seen: dict[tuple[str, str], Source] = {}
    for s in sources:
        old = seen.get((s.name, s.sha256))
        seen[s.name, s.sha256] = s if old is None else _sum(old, s)
    return tuple(seen[key] for key in sorted(seen))


def _sum(a: Source, b: Source) -> Source:
    counts = ("rows", "records", "singles", "quarantined", "unconverted")
    return replace(a, **{c: getattr(a, c) + getattr(b, c) for c in counts})
