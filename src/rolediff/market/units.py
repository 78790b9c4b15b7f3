"""The work of compressing files: one block of one file to lines, or to facts and fingerprints.

A unit of work is small enough to be sent to another process, and its result is kept on disk, so
that a run that ends early is taken up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import BEST_BATCH, annotate
from rolediff.annotate.duplicates import FINGERPRINTS, fingerprint, fingerprint_of_facts
from rolediff.errors import DataError
from rolediff.flow.annotating import by_text
from rolediff.flow.handing import Handed, laid_down, taken_up
from rolediff.flow.kept import Done, Kept, whole
from rolediff.market.alike import summed
from rolediff.market.annotated_files import annotated_batches, completed, parsed
from rolediff.market.coded_lines import TABLES, CodedLines
from rolediff.market.compress import lines_of
from rolediff.market.facts import facts_of, with_currency
from rolediff.market.options import ReadOptions, read_reading
from rolediff.market.pay_lines import Columns, PayLines, pay_lines
from rolediff.market.what import What
from rolediff.read.blocks import Block
from rolediff.read.posting_batches import Reading
from rolediff.read.posting_csv import csv_table
from rolediff.read.posting_files import Bad, json_table
from rolediff.read.postings import PostingBatch, postings_in_block
from rolediff.read.tables import currency_code
from rolediff.records import QUARANTINE

ANY = ("postings", "annotated")
"""Formats that leave open whose postings they are."""
LINES = ".lines.parquet"
FACTS, PRINTS = ".facts.parquet", ".prints.parquet"
"""Results of a unit: lines of pay, with what they say beside them (`CodedLines`); or facts of
postings (`POSTINGS`, one row each) and fingerprints of the same."""


@dataclass(frozen=True, slots=True)
class How:
    """What a source is called, and how its files are read; `columns` of a table of pay."""

    source: str
    what: What
    judged: date
    options: ReadOptions
    columns: Columns | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many rows of a Parquet file of pay, by their place."""

    path: Path
    start: int
    rows: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A file of pay that is read at once."""

    path: Path


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a file, by the file's `key` and its number; `read` = bytes of the file up to its
    end."""

    path: Path
    key: str
    number: int
    read: int
    part: Block | Handed | Stretch | Whole
    how: How


def is_free(unit: Unit) -> bool:
    """Whether work on a unit is that of Polars and numpy alone, which threads can share."""
    return isinstance(unit.part, Stretch)


def do(unit: Unit, kept: Kept) -> tuple[Unit, Done]:
    """Do the work of a unit, unless that is done, and keep what comes of it."""
    if isinstance(unit.part, Handed):
        unit = replace(unit, part=taken_up(unit.part))
    done = kept.found(unit.key, unit.number)
    if done is None:
        try:
            done = _done(unit, kept)
        except DataError as error:
            done = refused(unit.how.source, str(error))
        kept.keep(unit.key, unit.number, done)
    return light(unit), done


def handed(unit: Unit, kept: Kept) -> Unit:
    """The unit as it is sent to another process."""
    if not isinstance(unit.part, Block):
        return unit
    return replace(unit, part=laid_down(unit.part, kept.handed(unit.key, unit.number)))


def refused(source: str, reason: str) -> Done:
    """What comes of a file that cannot be read."""
    return Done(bad=[(source, None, reason, None)], refused=reason)


def _done(unit: Unit, kept: Kept) -> Done:
    if isinstance(unit.part, Whole):
        return _whole(unit, unit.part.path, kept)
    if unit.how.what != "records":
        return _facts(unit, kept)
    if isinstance(unit.part, Stretch):
        return _stretch(unit, unit.part, kept)
    assert isinstance(unit.part, Block)
    return _block(unit, unit.part, kept)


def _whole(unit: Unit, path: Path, kept: Kept) -> Done:
    """A file of pay by its own reader; its source tells the figures."""
    told = read_reading(path, unit.how.options, unit.how.source)
    lines = CodedLines.of(summed(lines_of(told.records)))
    sizes, notes = _written_lines(lines, unit, kept), {"source": told.source.to_dict()}
    return Done(lines.lines.height, sizes, list(told.quarantine.iter_rows()), None, notes)


def _stretch(unit: Unit, part: Stretch, kept: Kept) -> Done:
    assert unit.how.columns is not None
    scanned = pl.scan_parquet(part.path, glob=False, hive_partitioning=False)
    rows = scanned.select(unit.how.columns.used).slice(part.start, part.rows)
    told = pay_lines(rows.collect(), unit.how.columns, part.start + 1)
    return _kept_lines(unit, told, [], part.rows, kept)


def _block(unit: Unit, block: Block, kept: Kept) -> Done:
    """Records of CSV or lines of JSON, those that are none set aside."""
    assert unit.how.columns is not None
    if block.kind == "csv":
        table, rows, bad = csv_table(block.header, block.records, block.separator)
    else:
        table, rows, bad = json_table(block.records)
    absent = [name for name in unit.how.columns.used if name not in table.columns]
    table = table.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    told = pay_lines(table, unit.how.columns, 0)
    numbers = pl.Series(rows, dtype=pl.Int64)
    told = replace(told, bad=told.bad.with_columns(numbers.gather(told.bad["row"]).alias("row")))
    return _kept_lines(unit, told, bad, len(block.records), kept)


def _kept_lines(unit: Unit, told: PayLines, bad: list[Bad], rows: int, kept: Kept) -> Done:
    sizes = _written_lines(told.lines, unit, kept)
    aside = sorted(
        [*told.bad.iter_rows(), *((unit.how.source, *row) for row in bad)],
        key=lambda row: (row[1] is None, row[1]),
    )
    why = next((row[1] for row in bad if row[0] is None), None)
    return Done(told.lines.lines.height, sizes, aside, why, {**told.counts, "rows": rows})


def lines_kept(kept: Kept, key: str, number: int) -> CodedLines:
    """The lines that came of a unit."""
    return CodedLines.read(partial(table_path, kept, key, number))


def table_path(kept: Kept, key: str, number: int, table: str) -> Path:
    """Where a table (of `coded_lines.TABLES`) of the lines that came of a unit is kept."""
    return kept.path(key, number, f".{table}.parquet")


def _written_lines(lines: CodedLines, unit: Unit, kept: Kept) -> dict[str, int]:
    sizes = {}
    with ExitStack() as stack:
        place = partial(table_path, kept, unit.key, unit.number)
        lines.write(lambda table: stack.enter_context(whole(place(table))))
    for table in TABLES:
        path = place(table)
        sizes[f".{table}.parquet"] = path.stat().st_size
    return sizes


def _facts(unit: Unit, kept: Kept) -> Done:
    assert isinstance(unit.part, Block)
    how = unit.how
    told = _annotated(unit.part) if how.what == "annotated" else _read(unit.part, how)
    facts, notes = told.facts(how.source, currency_code(how.options.currency))
    bad = [(unit.how.source, *row[1:]) for row in told.bad.iter_rows()]
    why = next((row[2] for row in bad if row[1] is None), None)
    sizes = {}
    if facts.height:
        place = unit.key, unit.number
        sizes[FACTS] = _written(facts, kept.path(*place, FACTS))
        sizes[PRINTS] = _written(told.prints, kept.path(*place, PRINTS))
    return Done(facts.height, sizes, bad, why, notes)


@dataclass(frozen=True, slots=True)
class Told:
    """Annotated postings (`ANNOTATED`), fingerprints of the same, rows set aside (`QUARANTINE`),
    and how many rows were read."""

    annotated: pl.DataFrame
    prints: pl.DataFrame
    bad: pl.DataFrame
    rows: int

    def facts(self, source: str, currency: str | None) -> tuple[pl.DataFrame, dict[str, int]]:
        """Lines of `POSTINGS`, one for each posting, and what is counted of them; `currency` is
        that of pay stated without one."""
        named = with_currency(self.annotated, currency)
        facts = facts_of(named.with_columns(source=pl.lit(source)))
        lost = facts.filter(pl.col("currency").is_not_null() & pl.col("low").is_null()).height
        return facts, {"rows": self.rows, "records": facts.height, "unconverted": lost}


def reading(how: How) -> Reading:
    """How raw postings are read."""
    format = None if how.options.format in ANY else how.options.format
    return Reading(format, how.options.mapping, BEST_BATCH, how.judged)


def _read(block: Block, how: How) -> Told:
    return told_of(list(postings_in_block(block, reading(how))))


def told_of(batches: Sequence[PostingBatch]) -> Told:
    """Raw postings, annotated."""
    facts, prints = [pl.DataFrame(schema=ANNOTATED)], [pl.DataFrame(schema=FINGERPRINTS)]
    for batch in batches:
        for part in by_text(batch.postings):
            facts.append(annotate(part))
            prints.append(fingerprint(part))
    bad = pl.concat([pl.DataFrame(schema=QUARANTINE), *(batch.quarantine for batch in batches)])
    rows = sum(batch.counts["rows"] for batch in batches)
    return Told(pl.concat(facts), pl.concat(prints), bad, rows)


def _annotated(block: Block) -> Told:
    """Postings that are annotated already."""
    none = pl.DataFrame(schema=QUARANTINE)
    if block.kind == "refused":
        raise DataError(block.reason)
    if block.kind == "file":
        parts = list(annotated_batches(block.entry.path))
        table = pl.concat([part[0] for part in parts])
        bad = pl.concat([part[1] for part in parts])
    elif block.table is not None:
        table, bad = completed(block.table[0]), none
    else:
        table, bad = parsed(list(block.records), block.entry.path.name)
    return Told(table, fingerprint_of_facts(table), bad, table.height + bad.height)


def _written(frame: pl.DataFrame, path: Path) -> int:
    with whole(path) as partial:
        frame.write_parquet(partial, compression="zstd", compression_level=1)
    return path.stat().st_size


def light(unit: Unit) -> Unit:
    """The unit without what was in its block."""
    block = unit.part
    if not isinstance(block, Block):
        return unit
    bare = Block(block.entry, block.number, block.read, block.kind, reason=block.reason)
    return replace(unit, part=bare)


def coded(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` with categories in the place of text."""
    return lines.with_columns(pl.col(pl.String).cast(pl.Categorical))
