"""Records and postings to a Market, and Markets to one.

compress(a + b) == compress(a) + compress(b), to the byte, however rows are split.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from rolediff.annotate.level import level_of_titles
from rolediff.annotate.titles import core_title
from rolediff.market.alike import summed
from rolediff.market.codes import Ints, order, starts
from rolediff.market.made_with import combined
from rolediff.market.model import Market
from rolediff.market.ordering import ranked
from rolediff.market.tables import ASKED, ASKS, CELLS, KEYS, OFFER, PAY
from rolediff.records import Source


def compress(records: pl.DataFrame, sources: Iterable[Source] = ()) -> Market:
    """Count records (schema `RECORDS`, with `low` and `high` filled) by their keys.

    A level that the source does not state is read off the title. Works row by row, so it does
    not matter how records are split before compressing and merging.
    """
    return counted(lines_of(records), sources)


def lines_of(records: pl.DataFrame) -> pl.DataFrame:
    """A line (`KEYS`, `OFFER` and `n`, which is 1) for each record."""
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
    return keyed.with_columns(blank).select(*KEYS, *OFFER, "n")


def compress_postings(annotated: pl.DataFrame, sources: Iterable[Source] = ()) -> Market:
    """Count annotated postings (`ANNOTATED`, with the column `ad` or without) by all they say.

    `ad` is to be found over all postings before they are split (`annotate.duplicates.ad_keys`);
    then this works row by row. `sources` name what is in the column `source`.
    """
    from rolediff.market.facts import facts_of  # which an answer does not need

    return counted(facts_of(annotated), sources)


def merge(*markets: Market) -> Market:
    """The market of all records behind `markets`.

    Raises `MarketError` where they were made with different vocabularies or catalogues of roles.
    """
    sources = [s for m in markets for s in m.sources]
    made = combined((f"market {i}", m.made) for i, m in enumerate(markets, 1))
    listed = any(m.has_postings for m in markets)
    lines = pl.concat([m.everything() if listed else m.rows() for m in markets])
    return replace(counted(lines, sources), made=made)


def counted(rows: pl.DataFrame, sources: Iterable[Source]) -> Market:
    """The market of `rows`: `KEYS`, `OFFER`, `n`, and `ASKED` where they are of postings.

    Text may be categories.
    """
    cell = ranked(rows, KEYS).closed()
    offer = cell.then(ranked(rows, OFFER))
    place = order(offer.numbers)
    first = starts(offer.numbers[place])
    of_offers, n = cell.numbers[place[first]], rows["n"].cast(pl.Int64).to_numpy()[place]
    pay = in_words(rows.select(OFFER)[place[first]]).with_columns(
        cell=pl.Series(of_offers), n=pl.Series(np.add.reduceat(n, first) if len(first) else n)
    )
    cells = in_words(rows.select(KEYS)[place[first[starts(of_offers)]]]).with_row_index("cell")
    asks = pl.DataFrame(schema=ASKS)
    if "required" in rows.columns:
        asks = _asks(rows.select(*ASKED, "n").with_columns(offer=_numbered(place, first)))
    tables = cells.select(CELLS.names()).cast(CELLS), pay.select(PAY.names()).cast(PAY)
    return Market(*tables, joined_sources(sources), asks.lazy())


def _numbered(place: Ints, first: Ints) -> pl.Series:
    """The number of the offer of each row; rows in their order are at `place`, and an offer begins
    at each of `first`."""
    numbers = np.empty(len(place), dtype=np.uint32)
    sizes = np.diff(first, append=len(place))
    numbers[place] = np.repeat(np.arange(len(first), dtype=np.uint32), sizes)
    return pl.Series(numbers)


def in_words(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` with text in the place of categories."""
    return lines.with_columns(pl.col(pl.Categorical).cast(pl.String))


def _asks(numbered: pl.DataFrame) -> pl.DataFrame:
    """What postings ask for, in the order of their offers; records of pay have no lists."""
    postings = numbered.filter(pl.col("required").is_not_null()).select(ASKS.names())
    alike = in_words(summed(postings))
    several = pl.col("offer").is_duplicated()
    alone, others = alike.filter(~several), alike.filter(several)
    others = others.sort("offer", *ASKED, nulls_last=True)
    whole = pl.concat([alone, others]).sort("offer", maintain_order=True)
    return whole.cast(ASKS)


def joined_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """One line per file: parts of the same file (same name and sha256) add up."""
    seen: dict[tuple[str, str], Source] = {}
    for s in sources:
        old = seen.get((s.name, s.sha256))
        seen[s.name, s.sha256] = s if old is None else old.plus(s)
    return tuple(seen[key] for key in sorted(seen))
