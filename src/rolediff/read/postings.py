"""Job postings from any board, file or folder, as a stream of batches of one schema.

The container (JSON Lines, one JSON document, CSV, Parquet, a page of HTML) is told from the
content; whose postings they are from the keys of each object or the header of each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.read.blocks import Block
from rolediff.read.boards import BOARDS
from rolediff.read.posting_batches import Reading, of_objects, of_tables
from rolediff.read.posting_csv import csv_table, csv_tables
from rolediff.read.posting_files import (
    CONTAINERS,
    Bad,
    Table,
    container,
    objects,
    objects_in_lines,
    parquet_tables,
)
from rolediff.read.posting_shape import POSTINGS, PostingBatch, posting_batch, raw_frame
from rolediff.read.stream import Entry, Heard, entries, opened
from rolediff.read.tables import day, from_memory

__all__ = [
    "FORMATS",
    "POSTINGS",
    "PostingBatch",
    "all_postings",
    "postings_in_frame",
    "read_postings",
]

FORMATS: tuple[str, ...] = (*BOARDS, "jsonld", "ats-scrapers", "jobspy", *CONTAINERS)
"""What `format` may be: whose postings they are, or only the container."""

BATCH = 1_024
"""Postings in a batch."""


def read_postings(
    paths: str | Path | Entry | Iterable[str | Path | Entry],
    *,
    format: str | None = None,
    batch: int = BATCH,
    mapping: Mapping[str, str] | None = None,
    retrieved: str | None = None,
    heard: Heard | None = None,
) -> Iterator[PostingBatch]:
    """Postings from files, folders and globs (`.gz` and `.zst` too), up to `batch` at a time.

    `format` = one of `FORMATS`, where it should not be recognised; `mapping` = field to column
    (`{"role": "job_name", "text": "ad"}`) for tables and plain JSON; `retrieved` = ISO date by
    which dates are judged, today by default; `heard` is told how many bytes of the file under way
    have been read (not of Parquet). Files come in the order named, folders and globs
    sorted; a batch is of one file. A file that cannot be read is one row of a `quarantine`, its
    `row` null, and the others are read.

    Raises `UnreadableError` or `UsageError` at once for paths and arguments that are wrong, and
    `UnreadableError` at the end if no posting could be read at all.
    """
    check_format(format)
    if batch < 1:
        raise UsageError(f"a batch of {batch} postings is none; use a number of at least 1")
    asked = Reading(format, mapping, batch, day(retrieved or ""), heard)
    return _all_batches(entries(paths), asked)


def check_format(format: str | None) -> None:
    """Raise `UsageError` for a `format` that is not one of `FORMATS`."""
    if format is not None and format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; use one of: {", ".join(FORMATS)}')


def postings_in_block(block: Block, asked: Reading) -> Iterator[PostingBatch]:
    """The postings of a block (`read.blocks.blocks`), `asked.batch` at a time.

    A block whose postings cannot be read is one row of a quarantine, its `row` null.
    """
    try:
        yield from _of_block(block, asked)
    except DataError as error:
        yield _refused(block.entry, str(error), asked)


def _of_block(block: Block, asked: Reading) -> Iterator[PostingBatch]:
    name = block.entry.name
    if block.kind == "refused":
        yield _refused(block.entry, block.reason, asked)
    elif block.kind == "lines":
        yield from of_objects(objects_in_lines(iter(block.records)), name, asked)
    elif block.kind == "csv":
        table = csv_table(block.header, block.records, block.separator)
        yield from of_tables(iter([table]), name, asked)
    elif block.table is not None:
        yield from of_tables(iter([block.table]), name, asked)
    else:
        yield from _batches(block.entry, asked)


def _refused(entry: Entry, reason: str, asked: Reading) -> PostingBatch:
    bad: list[Bad] = [(None, reason, None)]
    return posting_batch(raw_frame([]), [], bad, entry.name, asked.retrieved)


def all_postings(
    paths: str | Path | Iterable[str | Path],
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    retrieved: str | None = None,
) -> PostingBatch:
    """Everything that `read_postings` gives, in memory as one batch, `source` being "all"."""
    found = read_postings(paths, format=format, mapping=mapping, retrieved=retrieved)
    batches = list(found)
    counts = {name: sum(batch.counts[name] for batch in batches) for name in batches[0].counts}
    return PostingBatch(
        "all",
        pl.concat([batch.postings for batch in batches]),
        pl.concat([batch.quarantine for batch in batches]),
        pl.concat([batch.remarks for batch in batches]),
        counts,
    )


def postings_in_frame(
    frame: Any,
    *,
    name: str = "table",
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    retrieved: str | None = None,
) -> PostingBatch:
    """Postings from a frame of Polars, pandas, PyArrow or another library, as one batch.

    `name` fills the column `source`; the rest as in `read_postings`, `format` being
    "ats-scrapers" or "jobspy" if given. Raises `UnreadableError`, `ColumnError` or `UsageError`.
    """
    table = from_memory(frame)
    asked = Reading(format, mapping, table.height, day(retrieved or ""))
    one: Table = (table, [*range(1, table.height + 1)], [])
    return next(of_tables(iter([one]), name, asked))


def _all_batches(files: list[Entry], asked: Reading) -> Iterator[PostingBatch]:
    found, failure = 0, ""
    for entry in files:
        try:
            for batch in _batches(entry, asked):
                found += batch.counts["postings"]
                failure = failure or _of_file(batch.quarantine)
                yield batch
        except DataError as error:
            failure = failure or str(error)
            yield _refused(entry, str(error), asked)
    if not found:
        alone = failure if len(files) == 1 else ""
        raise UnreadableError(alone or "no posting could be read; see why in the quarantine")


def _of_file(quarantine: pl.DataFrame) -> str:
    """Why the rest of a file could not be read, if that is so."""
    reasons = quarantine.filter(pl.col("row").is_null()).get_column("reason")
    return str(reasons[0]) if len(reasons) else ""


def _batches(entry: Entry, asked: Reading) -> Iterator[PostingBatch]:
    with entry.path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        yield from of_tables(parquet_tables(entry.path, asked.batch), entry.name, asked)
        return
    with opened(entry.path, asked.heard) as stream:
        head = stream.peek(4096)[:4096]
        kind = asked.format if asked.format in CONTAINERS else container(entry, head)
        if kind in ("csv", "tsv"):
            separator = "\t" if kind == "tsv" else None
            tables = csv_tables(stream, separator, asked.batch, entry.path.name)
            yield from of_tables(tables, entry.name, asked)
        elif kind == "parquet":
            raise UnreadableError(f"{entry.path.name} is not Parquet; leave its format out")
        else:
            items = objects(stream, kind or "json", entry.path.name)
            yield from of_objects(items, entry.name, asked)
