"""Objects and tables out of a file to batches of postings, by whoever knows their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rolediff.errors import DataError
from rolediff.read.boards import BOARDS, board_of
from rolediff.read.html import HtmlBomb
from rolediff.read.json_cells import Json, Raw
from rolediff.read.jsonld import is_posting, jsonld
from rolediff.read.posting_files import CONTAINERS, Item, Table
from rolediff.read.posting_shape import BadPosting, PostingBatch, posting_batch, raw_frame
from rolediff.read.posting_tables import columns_for, is_jobspy, prepared, raw_object, raw_table
from rolediff.read.stream import Heard


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user said of all files: see `read.postings.read_postings`."""

    format: str | None
    mapping: Mapping[str, str] | None
    batch: int
    retrieved: date
    heard: Heard | None = None


def of_objects(items: Iterator[Item], source: str, asked: Reading) -> Iterator[PostingBatch]:
    """Batches of the postings that these objects are."""
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


def _raw(item: Json | BadPosting, asked: Reading) -> Raw | None:
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


def of_tables(tables: Iterator[Table], source: str, asked: Reading) -> Iterator[PostingBatch]:
    """Batches of the postings in these tables; `ColumnError` where they hold none."""
    return (_of_table(table, source, asked) for table in tables)


def _of_table(part: Table, source: str, asked: Reading) -> PostingBatch:
    table, rows, bad = part
    whose = asked.format if asked.format not in CONTAINERS else None
    table = prepared(table)
    columns = columns_for(tuple(table.columns), whose, asked.mapping)
    markdown = whose == "jobspy" or (whose is None and is_jobspy(tuple(table.columns)))
    raw, refused = raw_table(table, columns, markdown=markdown)
    kept = [at for at in range(len(rows)) if at not in refused]
    bad = [*bad, *((rows[at], x.reason, x.value) for at, x in refused.items())]
    return posting_batch(raw[kept], [rows[at] for at in kept], bad, source, asked.retrieved)
