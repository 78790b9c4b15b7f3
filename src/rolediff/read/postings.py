"""Job postings from any board, file or folder, as a stream of batches of one schema.

The container (JSON Lines, one JSON document, CSV, Parquet, a page of HTML) is told from the
content; whose postings they are from the keys of each object or the header of each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.read.boards import BOARDS, board_of
from rolediff.read.html import HtmlBomb
from rolediff.read.json_cells import Json, Raw
from rolediff.read.jsonld import is_posting, jsonld
from rolediff.read.posting_files import (
    CONTAINERS,
    Bad,
    Item,
    Table,
    container,
    csv_tables,
    objects,
    parquet_tables,
)
from rolediff.read.posting_shape import (
    POSTINGS,
    BadPosting,
    PostingBatch,
    posting_batch,
    raw_frame,
)
from rolediff.read.posting_tables import columns_for, is_jobspy, prepared, raw_object, raw_table
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the user said of all files."""

    format: str | None
    mapping: Mapping[str, str] | None
    batch: int
    retrieved: date
    heard: Heard | None = None


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
    if format is not None and format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; use one of: {", ".join(FORMATS)}')
    if batch < 1:
        raise UsageError(f"a batch of {batch} postings is none; use a number of at least 1")
    asked = _Asked(format, mapping, batch, day(retrieved or ""), heard)
    return _all_batches(entries(paths), asked)


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
    asked = _Asked(format, mapping, table.height, day(retrieved or ""))
    return _of_table((table, [*range(1, table.height + 1)], []), name, asked)


def _all_batches(files: list[Entry], asked: _Asked) -> Iterator[PostingBatch]:
    found, failure = 0, ""
    for entry in files:
        try:
            for batch in _batches(entry, asked):
                found += batch.counts["postings"]
                failure = failure or _of_file(batch.quarantine)
                yield batch
        except DataError as error:
            failure = failure or str(error)
            refused: list[Bad] = [(None, str(error), None)]
            yield posting_batch(raw_frame([]), [], refused, entry.name, asked.retrieved)
    if not found:
        alone = failure if len(files) == 1 else ""
        raise UnreadableError(alone or "no posting could be read; see why in the quarantine")


def _of_file(quarantine: pl.DataFrame) -> str:
    """Why the rest of a file could not be read, if that is so."""
    reasons = quarantine.filter(pl.col("row").is_null()).get_column("reason")
    return str(reasons[0]) if len(reasons) else ""


def _batches(entry: Entry, asked: _Asked) -> Iterator[PostingBatch]:
    with entry.path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        yield from _of_tables(parquet_tables(entry.path, asked.batch), entry.name, asked)
        return
    with opened(entry.path, asked.heard) as stream:
        head = stream.peek(4096)[:4096]
        kind = asked.format if asked.format in CONTAINERS else container(entry, head)
        if kind in ("csv", "tsv"):
            separator = "\t" if kind == "tsv" else None
            tables = csv_tables(stream, separator, asked.batch, entry.path.name)
            yield from _of_tables(tables, entry.name, asked)
        elif kind == "parquet":
            raise UnreadableError(f"{entry.path.name} is not Parquet; leave its format out")
        else:
            items = objects(stream, kind or "json", entry.path.name)
            yield from _of_objects(items, entry.name, asked)


def _of_objects(items: Iterator[Item], source: str, asked: _Asked) -> Iterator[PostingBatch]:
    while block := list(islice(items, asked.batch)):
        raws, rows, bad, unlisted = [], [], [], 0
        for row, item in block:
            try:
                raw = _raw(item, asked)
            except BadPosting as refused:
                bad.append((row, refused.reason, refused.value))
                continue
            if raw is None:
                unlisted += 1
            else:
                raws.append(raw)
                rows.append(row)
        yield posting_batch(raw_frame(raws), rows, bad, source, asked.retrieved, unlisted)


def _raw(item: Json | BadPosting, asked: _Asked) -> Raw | None:
    """The row of one object, by the adapter that was named or that knows its keys."""
    if isinstance(item, BadPosting):
        raise item
    whose = asked.format if asked.format not in CONTAINERS else None
    whose = whose or ("jsonld" if is_posting(item) else board_of(item))
    try:
        if whose == "jsonld":
            return jsonld(item)
        if whose in BOARDS:
            return BOARDS[whose](item)
        return raw_object(item, whose, asked.mapping)
    except HtmlBomb as bomb:
        raise BadPosting(str(bomb)) from None
    except DataError:
        raise BadPosting("no title or no text among its keys", ", ".join(item)[:80]) from None


def _of_tables(tables: Iterator[Table], source: str, asked: _Asked) -> Iterator[PostingBatch]:
    return (_of_table(table, source, asked) for table in tables)


def _of_table(part: Table, source: str, asked: _Asked) -> PostingBatch:
    table, rows, bad = part
    whose = asked.format if asked.format not in CONTAINERS else None
    table = prepared(table)
    columns = columns_for(tuple(table.columns), whose, asked.mapping)
    markdown = whose == "jobspy" or (whose is None and is_jobspy(tuple(table.columns)))
    raw, refused = raw_table(table, columns, markdown=markdown)
    kept = [at for at in range(len(rows)) if at not in refused]
    bad = [*bad, *((rows[at], x.reason, x.value) for at, x in refused.items())]
    return posting_batch(raw[kept], [rows[at] for at in kept], bad, source, asked.retrieved)
