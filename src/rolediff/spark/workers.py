"""What Spark's workers do: batches of a DataFrame, or files, to annotations or to sheets of facts.

Functions of a module, which every worker imports for itself; they are those of a run on one
machine, and only the way in and out is Spark's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from rolediff.annotate.batch import annotate
from rolediff.annotate.duplicates import FINGERPRINTS, fingerprint_of_facts
from rolediff.errors import DataError
from rolediff.flow.annotating import by_text
from rolediff.flow.kept import Done, Kept
from rolediff.market.alike import summed
from rolediff.market.annotated_files import completed
from rolediff.market.compress import in_words, lines_of
from rolediff.market.datasets import Dataset, Hashed, units
from rolediff.market.options import read_reading
from rolediff.market.pay_lines import pay_lines
from rolediff.market.units import (
    FACTS,
    LINES,
    PRINTS,
    How,
    Told,
    Unit,
    do,
    lines_kept,
    reading,
    refused,
    told_of,
)
from rolediff.market.what import What, what_is
from rolediff.read.posting_batches import of_tables
from rolediff.read.postings import PostingBatch
from rolediff.read.stream import Entry
from rolediff.read.tables import currency_code
from rolediff.records import QUARANTINE
from rolediff.spark.sheets import from_arrow, sheet, to_arrow

PRINT = "print_"
"""Before the names of the columns of a fingerprint that stands beside the facts."""


@dataclass(frozen=True, slots=True)
class Files:
    """How the files of one dataset are read: what they hold, and by path the names inside."""

    name: str
    what: What
    how: How
    names: Mapping[str, str]


def tables(batches: Iterable[Any]) -> Iterator[tuple[pl.DataFrame, int]]:
    """Tables with rows, each with the number of its first: counted from the partition's number
    times 2 to the 33, as `monotonically_increasing_id` does, from 1."""
    from pyspark import TaskContext

    context = TaskContext.get()
    start = ((context.partitionId() if context else 0) << 33) + 1
    for batch in batches:
        table = from_arrow(batch)
        if table.height:
            yield table, start
        start += table.height


def postings_of(table: pl.DataFrame, start: int, how: How) -> PostingBatch:
    """The raw postings of a table whose first row has that number."""
    rows: list[int | None] = [*range(start, start + table.height)]
    return next(of_tables(iter([(table, rows, [])]), how.source, reading(how)))


def annotated_rows(batches: Iterable[Any], how: How) -> Iterator[Any]:
    """Annotated postings of a partition."""
    for table, start in tables(batches):
        for part in by_text(postings_of(table, start, how).postings):
            yield from to_arrow(annotate(part))


def sheets_of_rows(batches: Iterable[Any], how: How, path: str | None = None) -> Iterator[Any]:
    """A sheet for each batch of a DataFrame of records, postings or annotated postings.

    `path` = the first of the files that it is read from, if it is.
    """
    for table, start in tables(batches):
        told = (_of_pay if how.what == "records" else _of_ads)(table, start, how)
        yield from to_arrow(told.with_columns(path=pl.lit(path, pl.String)))


def _of_pay(table: pl.DataFrame, start: int, how: How) -> pl.DataFrame:
    if how.columns is None:
        return _row_by_row(table, how)
    told = pay_lines(table, how.columns, start)
    notes = {**told.counts, "rows": table.height}
    lines = in_words(told.lines.frame)
    done = Done(lines.height, {}, list(told.bad.iter_rows()), None, notes)
    return sheet("lines", lines, note=note(done))


def _row_by_row(table: pl.DataFrame, how: How) -> pl.DataFrame:
    """A table with dollars of its own beside its pay, which are compared."""
    told = read_reading(table, how.options, how.source)
    source = told.source
    counts = {n: getattr(source, n) for n in ("rows", "records", "unconverted")}
    lines = summed(lines_of(told.records))
    bad = list(told.quarantine.iter_rows())
    return sheet(
        "lines", lines, note=note(Done(lines.height, {}, bad, None, source.notes | counts))
    )


def _of_ads(table: pl.DataFrame, start: int, how: How) -> pl.DataFrame:
    if how.what == "annotated":
        ads = completed(table)
        none = pl.DataFrame(schema=QUARANTINE)
        told = Told(ads, fingerprint_of_facts(ads), none, ads.height)
    else:
        told = told_of([postings_of(table, start, how)])
    facts, notes = told.facts(how.source, currency_code(how.options.currency))
    done = Done(facts.height, {}, list(told.bad.iter_rows()), None, dict(notes))
    return sheet("facts", beside(facts, told.prints), note=note(done))


def beside(facts: pl.DataFrame, prints: pl.DataFrame) -> pl.DataFrame:
    """Facts with the fingerprints of the same postings."""
    return facts.hstack(prints.select(pl.all().name.prefix(PRINT)))


def prints_of(both: pl.DataFrame) -> pl.DataFrame:
    """The fingerprints (`FINGERPRINTS`) beside facts."""
    return both.select(pl.col(f"{PRINT}{name}").alias(name) for name in FINGERPRINTS)


def note(done: Done, **more: object) -> str:
    """What is counted of a sheet."""
    return json.dumps({**asdict(done), **more}, default=str)


def sheets_of_files(batches: Iterable[Any], files: Files) -> Iterator[Any]:
    """Sheets of whole files, each read as a run on one machine reads it."""
    for batch in batches:
        for row in batch.to_pylist():
            with TemporaryDirectory(prefix="rolediff-") as folder:
                for one in _of_file(row, files, Path(folder)):
                    yield from to_arrow(one)


def kinds_of_files(batches: Iterable[Any], how: How) -> Iterator[Any]:
    """What each of some whole files holds: rows of `SHEET`, in `kind`."""
    for batch in batches:
        for row in batch.to_pylist():
            with TemporaryDirectory(prefix="rolediff-") as folder:
                file = _put(row, Path(folder))
                what = what_is(file, how.options.format, how.options.mapping)
                yield from to_arrow(sheet(what, None, path=row["path"]))


def _put(row: Mapping[str, Any], folder: Path) -> Path:
    """The file on this machine, with its name and its day."""
    file = folder / str(row["path"]).rpartition("/")[2]
    file.write_bytes(row["content"])
    moment = row["modificationTime"].timestamp()
    os.utime(file, (moment, moment))
    return file


def _of_file(row: Mapping[str, Any], files: Files, folder: Path) -> Iterator[pl.DataFrame]:
    entry = Entry(_put(row, folder), files.names[row["path"]])
    path, digest = row["path"], sha256(row["content"]).hexdigest()
    kept = Kept(folder / "kept")
    kept.begin()
    dataset, file = Dataset(entry.path, files.name, files.what, (entry,)), Hashed(entry, digest)
    count = 0
    try:
        for todo in units(dataset, file, files.how.options, files.how.judged, []):
            unit, done = do(todo, kept)
            yield _sheet(unit, done, kept, path, digest)
            count += 1
            if done.refused is not None:
                break
    except DataError as error:
        done = refused(files.name, str(error))
        yield sheet("refused", None, path=path, note=note(done, sha256=digest, count=count))


def _sheet(unit: Unit, done: Done, kept: Kept, path: str, digest: str) -> pl.DataFrame:
    place = unit.key, unit.number
    fields = sorted(unit.how.columns.fields.columns) if unit.how.columns else None
    told = note(replace(done, bytes={}), sha256=digest, count=unit.number, fields=fields)
    if FACTS in done.bytes:
        facts, prints = (pl.read_parquet(kept.path(*place, name)) for name in (FACTS, PRINTS))
        return sheet("facts", beside(facts, prints), path=path, note=told)
    if LINES in done.bytes and done.rows:
        lines = in_words(lines_kept(kept, *place).frame)
        return sheet("lines", lines, path=path, note=told)
    return sheet("refused" if done.refused else "none", None, path=path, note=told)
