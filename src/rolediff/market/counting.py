"""Lines on disk to a market in bounded memory: dealt by cell into files that are counted apart.

Files follow one another in the order of their cells, so that counted files put end to end are what
counting all lines at once would give, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from rolediff.flow.kept import whole
from rolediff.flow.workers import ordered
from rolediff.market.alike import kinds, summed
from rolediff.market.codes import order
from rolediff.market.compress import counted, in_words, joined_sources
from rolediff.market.model import Market
from rolediff.market.ordering import ranked
from rolediff.market.tables import KEYS
from rolediff.market.where import Where
from rolediff.records import Source

TOGETHER = 5_000_000
"""Lines of pay that are counted in memory; of more, about as many by all workers at a time."""
LISTED = 40
"""Lines of pay that take the memory of one line of a posting, with its lists."""

Read = Callable[[int], pl.DataFrame]
"""Gives the lines of a run by its number; text may be categories."""


@dataclass(frozen=True, slots=True)
class Runs:
    """So many runs of lines, to be read one by one; `lines` in all, of postings or of pay."""

    number: int
    lines: int
    listed: bool
    read: Read

    @property
    def weight(self) -> int:
        """Their memory, in lines of pay."""
        return self.lines * (LISTED if self.listed else 1)

    def all(self) -> Iterator[pl.DataFrame]:
        """One after the other."""
        return (self.read(number) for number in range(self.number))


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of a market on disk: its files by table, and how many cells and offers it has."""

    files: dict[str, Path]
    cells: int
    offers: int


def count(
    runs: Runs, where: Where, sources: Sequence[Source], work: Path, workers: int = 1
) -> Market:
    """The market of all lines where `where` holds; files in `work` are of use to it.

    Of lines that are dealt out, so many `workers` count a file at a time each.

    Raises `NotEnoughEvidence` where a value of `where` is in no line.
    """
    if runs.weight <= TOGETHER:
        lines = pl.concat(list(runs.all()))
        return counted(where.apply(in_words(lines)) if where else lines, sources)
    dealing = _dealing(runs, where, workers)
    files = int(str(dealing["file"].max())) + 1
    for number, lines in enumerate(runs.all()):
        _deal(lines, dealing, number, work)
    fragments = ordered(partial(_counted, work=work), range(files), workers)
    return _put_together(list(fragments), sources)


def _dealing(runs: Runs, where: Where, workers: int) -> pl.DataFrame:
    """Every cell where `where` holds, and the `file` that its lines go to."""
    cells: pl.DataFrame | None = None
    for lines in runs.all():
        mine = summed(lines.select(KEYS).with_columns(n=pl.lit(1, pl.Int64)))
        cells = mine if cells is None else summed(pl.concat([cells, mine]))
    assert cells is not None
    kept = where.apply(in_words(cells)).with_columns(pl.col(pl.String).cast(pl.Categorical))
    sorted_ = kept[order(ranked(kept, KEYS).numbers)]
    size = max(TOGETHER // (LISTED if runs.listed else max(workers, 1)), 1)
    before = pl.col("n").cum_sum() - pl.col("n")
    return sorted_.select(*KEYS, file=(before // size).rle_id().cast(pl.UInt32))


def _deal(lines: pl.DataFrame, dealing: pl.DataFrame, number: int, work: Path) -> None:
    coded = lines.with_columns(pl.col(KEYS).exclude("year").cast(pl.Categorical))
    kind, cells = kinds(coded, KEYS)
    files = cells.join(dealing, on=KEYS, how="left", nulls_equal=True, maintain_order="left")
    told = coded.with_columns(file=files["file"].gather(kind)).filter(pl.col("file").is_not_null())
    for (file,), part in told.partition_by("file", as_dict=True).items():
        path = work / f"dealt-{int(str(file)):05}-{number:06}.parquet"
        with whole(path) as target:
            part.drop("file").write_parquet(target, compression="lz4")


def _counted(file: int, work: Path) -> Fragment:
    """Count the lines that were dealt to a file."""
    dealt = sorted(work.glob(f"dealt-{file:05}-*"))
    part = counted(pl.concat([pl.read_parquet(path) for path in dealt]), ())
    tables = {"cells": part.cells, "pay": part.pay, "asks": part.asks.collect()}
    files = {name: work / f"part-{file:05}-{name}.parquet" for name in tables}
    for name, table in tables.items():
        with whole(files[name]) as target:
            table.write_parquet(target, compression="lz4")
    for path in dealt:
        path.unlink()
    return Fragment(files, part.cells.height, part.pay.height)


def _put_together(fragments: Sequence[Fragment], sources: Sequence[Source]) -> Market:
    cells, offers, asks = [], [], []
    cell = offer = 0
    for fragment in fragments:
        cells.append(_from(fragment.files["cells"], "cell", cell))
        offers.append(_from(fragment.files["pay"], "cell", cell))
        asks.append(_from(fragment.files["asks"], "offer", offer))
        cell, offer = cell + fragment.cells, offer + fragment.offers
    whole = pl.concat(cells).collect(), pl.concat(offers), joined_sources(sources)
    return Market(*whole, pl.concat(asks))


def _from(file: Path, number: str, start: int) -> pl.LazyFrame:
    """A table with its numbers counted from `start`."""
    table = pl.scan_parquet(file, glob=False, hive_partitioning=False)
    return table.with_columns(pl.col(number) + pl.lit(start, pl.UInt32))
