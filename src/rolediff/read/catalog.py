"""Any file to records: recognise what it is, and hand it to the reader that knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from rolediff.errors import UsageError
from rolediff.read.aijobs import is_aijobs, read_aijobs
from rolediff.read.files import FORMATS
from rolediff.read.tables import read_table
from rolediff.records import Reading


def read(
    path: str | Path,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    interval: str | None = None,
    name: str | None = None,
    retrieved: str | None = None,
) -> Reading:
    """Records from a file.

    A CSV with exactly the columns of aijobs.net's salary table is read as that, unless a
    `mapping` or an `interval` says otherwise; all else as a general table (see `read_table`).
    `format` = "aijobs" or one of `FORMATS`, and settles it.

    Raises `UnreadableError`, `ColumnError` or `UsageError`.
    """
    if format not in (None, "aijobs", *FORMATS):
        raise UsageError(f'unknown format "{format}"; use one of: aijobs, {", ".join(FORMATS)}')
    plain = mapping is None and interval is None
    if format == "aijobs" or (format is None and plain and looks_like_aijobs(Path(path))):
        return read_aijobs(path, currency=currency, name=name, retrieved=retrieved)
    return read_table(
        path,
        mapping=mapping,
        currency=currency,
        interval=interval,
        name=name,
        format=format,
        retrieved=retrieved,
    )


def looks_like_aijobs(path: Path) -> bool:
    """By the header alone; a file that cannot be read is left to the reader to explain."""
    try:
        header = pl.read_csv(path, n_rows=0, infer_schema=False, glob=False).columns
    except (pl.exceptions.PolarsError, OSError):
        return False
    return is_aijobs(header)
