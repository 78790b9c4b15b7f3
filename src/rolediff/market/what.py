"""What data of a user is: a market, records of pay, postings, or annotated postings."""

from __future__ import annotations

from collections.abc import Mapping
from glob import has_magic
from pathlib import Path
from typing import Any, Literal

from rolediff.errors import UsageError
from rolediff.market.history import is_history
from rolediff.market.store import PACKAGE, is_market
from rolediff.read.files import FORMATS
from rolediff.read.recognise import POSTING_FORMATS, frame_holds, holds
from rolediff.read.stream import entries
from rolediff.read.tables import from_memory

What = Literal["market", "records", "postings", "annotated"]
"""What data may be."""

TABLES = frozenset({".parquet", ".pq", ".csv", ".tsv", ".jsonl", ".ndjson"})
"""Suffixes by which a folder is taken for one of tables."""
LOOKED_INTO = 20
"""Files of a folder by which it is told what the folder holds."""


def what_is(data: Any, format: str | None, mapping: Mapping[str, str] | None) -> What:
    """What a file, a folder, a glob or a frame is: as `format` says, else by its content.

    A folder in which nothing is recognised is one of records if it holds tables, else it is taken
    for a market, whose reader says what it lacks. Raises `UsageError` for an unknown format,
    `UnreadableError` where there is no file.
    """
    named = _named(format)
    if not isinstance(data, str | Path):
        return named or frame_holds(from_memory(data), mapping)
    path = Path(data)
    if path.is_dir():
        return "market" if is_market(path) or is_history(path) else named or _inside(path)
    if named is not None:
        return named
    several = not path.exists() and has_magic(str(path))
    return holds(entries(path)[0].path if several else path, mapping)


def _inside(folder: Path) -> What:
    files = [e for e in sorted(folder.rglob("*")) if e.is_file() and e.name[0] != "."]
    kinds = (holds(file) for file in files[:LOOKED_INTO])
    tables = any(TABLES & {*file.suffixes} for file in files) and (folder / PACKAGE) not in files
    return next((kind for kind in kinds if kind != "records"), "records" if tables else "market")


def _named(format: str | None) -> What | None:
    if format is None:
        return None
    if format in ("aijobs", *FORMATS):
        return "records"
    if format not in POSTING_FORMATS:
        known = ", ".join(("aijobs", *FORMATS, *POSTING_FORMATS))
        raise UsageError(f'unknown format "{format}"; use one of: {known}')
    return "annotated" if format == "annotated" else "postings"
