"""What `rolediff annotate` wrote, read back: JSON Lines or Parquet of annotated postings."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import polars as pl

from rolediff.annotate.annotated import ANNOTATED
from rolediff.errors import ColumnError, UnreadableError
from rolediff.read.stream import Record, entries, lines, opened
from rolediff.records import QUARANTINE

BATCH = 8_192
"""Postings in a batch."""

NEEDED = ("title", "employer", "pay", "skills")
"""Columns without which postings are not annotated ones."""

Batch = tuple[pl.DataFrame, pl.DataFrame]
"""Annotated postings (`ANNOTATED`), and lines that could not be read (`QUARANTINE`)."""


def annotated_batches(path: str | Path) -> Iterator[Batch]:
    """The annotated postings in a file, or in every file of a folder or glob, in order.

    Raises `UnreadableError` or `ColumnError` for a file that holds none.
    """
    for entry in entries(path):
        with entry.path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
        yield from _parquet(entry.path) if is_parquet else _lines(entry.path)


def completed(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with the columns of `ANNOTATED`; absent ones, of older versions, are null.

    Raises `ColumnError` where it holds no annotated postings.
    """
    absent = [name for name in NEEDED if name not in table.columns]
    if absent:
        raise ColumnError(
            f"no column {absent[0]}: annotate the postings first, with rolediff annotate"
        )
    try:
        return table.select(
            (pl.col(name) if name in table.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in ANNOTATED.items()
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).split("\n", 1)[0]
        raise ColumnError(
            f"not as rolediff annotate writes it ({reason}): annotate the postings again"
        ) from error


def _parquet(path: Path) -> Iterator[Batch]:
    none = pl.DataFrame(schema=QUARANTINE)
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        for table in scanned.collect_batches(chunk_size=BATCH, maintain_order=True):
            yield completed(table), none
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise UnreadableError(
            f"{path.name} is not whole Parquet ({reason}); copy it again"
        ) from None


def _lines(path: Path) -> Iterator[Batch]:
    with opened(path) as stream:
        records = lines(stream)
        while block := list(islice(records, BATCH)):
            yield parsed(block, path.name)


def parsed(block: list[Record], name: str) -> Batch:
    """Lines of the file `name` parsed together; where that fails, one by one."""
    whole = [record for record in block if record.content is not None]
    bad: list[tuple[str, int | None, str, str | None]]
    bad = [(name, r.row, r.reason, None) for r in block if r.content is None]
    try:
        table = _table(whole)
    except pl.exceptions.PolarsError:
        tables = [pl.DataFrame(schema=ANNOTATED)]
        for record in whole:
            try:
                tables.append(_table([record]))
            except pl.exceptions.PolarsError:
                shown = (record.content or b"")[:80].decode("utf-8", "replace")
                bad.append((name, record.row, "no annotated posting", shown))
        table = pl.concat(tables)
    return table, pl.DataFrame(bad, schema=QUARANTINE, orient="row").sort("row")


def _table(records: list[Record]) -> pl.DataFrame:
    if not records:
        return pl.DataFrame(schema=ANNOTATED)
    content = b"\n".join(record.content or b"" for record in records)
    table = pl.read_ndjson(BytesIO(content), schema=ANNOTATED)
    if table["title"].null_count() or table["skills"].null_count():
        raise pl.exceptions.ComputeError("a posting without a title, or not annotated")
    return table
