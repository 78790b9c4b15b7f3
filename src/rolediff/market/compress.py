"""Records and postings to a Market, and Markets to one.

compress(a + b) == compress(a) + compress(b), to the byte, however rows are split.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.titles import core_title
from rolediff.market.model import Market
from rolediff.market.tables import ASKED, ASKS, CELLS, KEYS, OFFER, PAY
from rolediff.records import Source


def compress(records: pl.DataFrame, sources: Iterable[Source] = ()) -> Market:
    """Count records (schema `RECORDS`, with `low` and `high` filled) by their keys.

    A level that the source does not state is read off the title. Works row by row, so it does
    not matter how records are split before compressing and merging.
    """
    missing = [pl.lit(None, pl.String).alias(name) for name in ("sector", "ad")]
    keyed = records.with_columns(
        title=core_title(records["title"]),
        level=pl.coalesce(records["level"], level_of_titles(records["title"])),
        year=pl.coalesce("year", pl.col("posted").dt.year()),
        currency="pay_currency",
        n=pl.lit(1, pl.UInt32),
    ).with_columns(missing)
    paid = pl.col("pay_low").is_not_null()
    blank = [pl.when(paid).then(c).alias(c) for c in ("currency", "pay_source", "pay_basis")]
    return counted(keyed.with_columns(blank), sources)


def compress_postings(annotated: pl.DataFrame, sources: Iterable[Source] = ()) -> Market:
    """Count annotated postings (`ANNOTATED`, with the column `ad` or without) by all they say.

    `ad` is to be found over all postings before they are split (`annotate.duplicates.ad_keys`);
    then this works row by row. `sources` name what is in the column `source`.
    """
    from rolediff.market.facts import facts_of  # which an answer does not need

    return counted(facts_of(annotated), sources)


def merge(*markets: Market) -> Market:
    """The market of all records behind `markets`."""
    sources = [s for m in markets for s in m.sources]
    if any(m.has_postings for m in markets):
        return counted(pl.concat([m.everything() for m in markets]), sources)
    return counted(pl.concat([m.rows() for m in markets]), sources)


def counted(rows: pl.DataFrame, sources: Iterable[Source]) -> Market:
    """The market of `rows`: `KEYS`, `OFFER`, `n`, and `ASKED` where they are of postings."""
    by = [*KEYS, *OFFER]
    known = [name for name in ASKED if name in rows.columns]
    alike = rows.group_by([*by, *known]).agg(pl.col("n").sum()).sort(by, nulls_last=True)
    numbered = alike.with_columns(cell=pl.struct(KEYS).rle_id(), offer=pl.struct(by).rle_id())
    cells = numbered.select(CELLS.names()).unique("cell", keep="first", maintain_order=True)
    offers = numbered.with_columns(pl.col("n").sum().over("offer"))
    pay = offers.unique("offer", keep="first", maintain_order=True).select(PAY.names())
    asks = _asks(numbered) if known else pl.DataFrame(schema=ASKS)
    return Market(cells.cast(CELLS), pay.cast(PAY), _joined(sources), asks.lazy())


def _asks(numbered: pl.DataFrame) -> pl.DataFrame:
    """What postings ask for, in the order of their offers; records of pay have no lists."""
    postings = numbered.filter(pl.col("required").is_not_null())
    asks = postings.select(ASKS.names()).sort("offer", *ASKED, nulls_last=True)
    return asks.cast(ASKS)


def _joined(sources: Iterable[Source]) -> tuple[Source, ...]:
    """One line per file: parts of the same file (same name and sha256) add up."""
    seen: dict[tuple[str, str], Source] = {}
    for s in sources:
        old = seen.get((s.name, s.sha256))
        seen[s.name, s.sha256] = s if old is None else old.plus(s)
    return tuple(seen[key] for key in sorted(seen))
