"""What a file or a frame holds: records of pay, postings with their text, or annotated postings.

Told from the content: its container, the names of its columns or keys, and whether what they call
the text is as long as an advertisement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import polars as pl

from rolediff.errors import DataError, UsageError
from rolediff.read.boards import BOARDS, board_of
from rolediff.read.jsonld import is_posting
from rolediff.read.posting_columns import freeze, posting_columns
from rolediff.read.posting_csv import csv_tables
from rolediff.read.posting_files import container, objects
from rolediff.read.stream import Entry, opened

Holds = Literal["records", "postings", "annotated"]

POSTING_FORMATS: tuple[str, ...] = (
    *("postings", *BOARDS, "jsonld"),
    *("ats-scrapers", "jobspy", "html", "annotated"),
)
"""Formats by which a user says that a file holds postings; "postings" leaves open whose."""

LOOKED_AT = 20
"""Rows from the start of a file by which it is recognised."""
ADVERTISEMENT = 200
"""Characters from which a text is an advertisement, not a remark."""

_ANNOTATED = frozenset({"role_strict", "skills", "pay_disagree"})


def holds(path: Path, mapping: Mapping[str, str] | None = None) -> Holds:
    """What the file `path` holds; "records" also where it cannot be read at all.

    `mapping` = field to column as the user gave it. Why a file cannot be read is for its reader
    to say.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) == b"PAR1":
                return frame_holds(pl.read_parquet(path, n_rows=LOOKED_AT, glob=False), mapping)
        return _stream_holds(path, mapping)
    except (DataError, UsageError, OSError, pl.exceptions.PolarsError):
        return "records"


def frame_holds(frame: pl.DataFrame, mapping: Mapping[str, str] | None = None) -> Holds:
    """The same for a table, by its first rows."""
    if set(frame.columns) >= _ANNOTATED:
        return "annotated"
    column = _text_column(tuple(frame.columns), mapping)
    if column is None or frame.schema[column] != pl.String:
        return "records"
    lengths = frame[column].head(LOOKED_AT).str.len_chars()
    return "postings" if (lengths >= ADVERTISEMENT).any() else "records"


def _stream_holds(path: Path, mapping: Mapping[str, str] | None) -> Holds:
    with opened(path) as stream:
        kind = container(Entry(path, path.name), stream.peek(4096)[:4096])
        if kind == "html":
            return "postings"
        if kind in ("csv", "tsv"):
            separator = "\t" if kind == "tsv" else None
            first = next(csv_tables(stream, separator, LOOKED_AT, path.name), None)
            return "records" if first is None else frame_holds(first[0], mapping)
        items = islice((item for _, item in objects(stream, kind, path.name)), LOOKED_AT)
        return _objects_hold((item for item in items if isinstance(item, Mapping)), mapping)


def _objects_hold(items: Iterable[Mapping[str, Any]], mapping: Mapping[str, str] | None) -> Holds:
    for item in items:
        if item.keys() >= _ANNOTATED:
            return "annotated"
        if is_posting(item) or (board_of(item) and not mapping):
            return "postings"
        column = _text_column(tuple(item), mapping)
        text = item.get(column) if column else None
        if isinstance(text, str) and len(text) >= ADVERTISEMENT:
            return "postings"
    return "records"


def _text_column(names: tuple[str, ...], mapping: Mapping[str, str] | None) -> str | None:
    """The column of the text of postings, if there are one and a title."""
    try:
        return posting_columns(names, freeze(mapping))["text"][0]
    except (DataError, UsageError):
        return None
