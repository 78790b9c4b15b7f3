"""A file of postings cut into blocks that can be read apart, in another process too.

Cutting is cheap: bytes are decompressed and split into records, and nothing is parsed. Where the
cuts are depends on the file alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rolediff.errors import DataError, UnreadableError
from rolediff.read.posting_csv import csv_header
from rolediff.read.posting_files import (
    CONTAINERS,
    Table,
    container,
    is_lines,
    parquet_rows,
    parquet_tables,
)
from rolediff.read.stream import Content, Entry, Record, delimited, lines, opened

Kind = Literal["table", "csv", "lines", "file", "refused"]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where to cut: so many records, or so many bytes of them, whichever comes first."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file; `number` counts from 0, `read` = bytes of the file up to its end.

    `kind` "table": `table` is it; "csv" and "lines": `records` are, a CSV's with its `header` and
    `separator`; "file": the whole file, still to be read; "refused": no more of the file can be
    read, for the `reason`.
    """

    entry: Entry
    number: int
    read: int
    kind: Kind
    table: Table | None = None
    records: tuple[Record, ...] = ()
    header: bytes = b""
    separator: str = ""
    reason: str = ""

    @property
    def rows(self) -> int:
        """Records in it, 0 where that is not known."""
        return self.table[0].height if self.table is not None else len(self.records)

    @property
    def bytes(self) -> int:
        """Bytes of its records, or of the table."""
        if self.table is not None:
            return int(self.table[0].estimated_size())
        return sum(len(record.content or b"") for record in self.records)


def blocks(entry: Entry, format: str | None, cut: Cut) -> Iterator[Block]:
    """The blocks of a file, in order; what is wrong with the file is the last block's reason.

    `format` as in `read.postings.read_postings`.
    """
    number = 0
    try:
        for block in _blocks(entry, format, cut):
            yield block
            number += 1
    except DataError as error:
        yield Block(entry, number, 0, "refused", reason=str(error))


def _blocks(entry: Entry, format: str | None, cut: Cut) -> Iterator[Block]:
    with entry.path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        yield from _tables(entry, cut)
        return
    at = [0]
    with opened(entry.path, lambda here: at.__setitem__(0, here)) as stream:
        head = stream.peek(1 << 20)
        kind = format if format in CONTAINERS else container(entry, head[:4096])
        if kind == "parquet":
            raise UnreadableError(f"{entry.path.name} is not Parquet; leave its format out")
        if kind == "jsonl" or (kind == "json" and is_lines(head)):
            yield from _lines(entry, stream, at, cut)
        elif kind in ("csv", "tsv"):
            yield from _csv(entry, stream, "\t" if kind == "tsv" else None, at, cut)
        else:
            yield Block(entry, 0, entry.path.stat().st_size, "file")


def _tables(entry: Entry, cut: Cut) -> Iterator[Block]:
    """Of Parquet how far it is read is not told: by rows, as if all were alike."""
    size, rows, seen = entry.path.stat().st_size, parquet_rows(entry.path), 0
    for number, table in enumerate(parquet_tables(entry.path, cut.rows)):
        seen += table[0].height
        yield Block(entry, number, size * seen // max(rows, 1), "table", table)


def _lines(entry: Entry, stream: Content, at: list[int], cut: Cut) -> Iterator[Block]:
    for number, records in enumerate(_stretches(lines(stream), cut)):
        yield Block(entry, number, at[0], "lines", records=records)


def _csv(
    entry: Entry, stream: Content, separator: str | None, at: list[int], cut: Cut
) -> Iterator[Block]:
    records = delimited(stream)
    header, sign = csv_header(records, separator, entry.path.name)
    for number, found in enumerate(_stretches(records, cut)):
        yield Block(entry, number, at[0], "csv", records=found, header=header, separator=sign)


def _stretches(records: Iterator[Record], cut: Cut) -> Iterator[tuple[Record, ...]]:
    found: list[Record] = []
    size = 0
    for record in records:
        found.append(record)
        size += len(record.content or b"")
        if len(found) >= cut.rows or size >= cut.bytes:
            yield tuple(found)
            found, size = [], 0
    if found:
        yield tuple(found)
