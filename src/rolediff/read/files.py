"""Opening a file as a table of text or typed columns, with every way it can fail named."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import polars as pl

from rolediff.errors import UnreadableError, UsageError

FORMATS: tuple[str, ...] = ("csv", "tsv", "parquet", "jsonl", "json")

EXTRA_FIELDS = "(extra fields)"
"""Column added to a ragged CSV: "9 fields for 7 columns" where a line has too many, else null."""

_SUFFIXES = {
    "csv": "csv", "txt": "csv", "tsv": "tsv", "tab": "tsv", "parquet": "parquet", "pq": "parquet",
    "jsonl": "jsonl", "ndjson": "jsonl", "json": "json",
}  # fmt: skip
_COMPRESSED = {"gz": b"\x1f\x8b", "zst": b"\x28\xb5\x2f\xfd"}
_BINARY = {
    b"PAR1": "is Parquet; name it .parquet or pass format parquet",
    b"PK\x03\x04": "is a zip archive or an Excel workbook; save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save the sheet as CSV",
    b"\x1f\x8b": "is compressed with gzip; name it .gz",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd; name it .zst",
    b"\xff\xfe": "is UTF-16; save it as UTF-8",
    b"\xfe\xff": "is UTF-16; save it as UTF-8",
    b"%PDF": "is a PDF; export the table as CSV",
}
_BROKEN = (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error)


@dataclass(frozen=True, slots=True)
class File:
    """A file that exists and is not empty.

    `sha256` in hexadecimal; `modified` = the day it was last written (UTC); `head` = its first
    bytes; `has_nul` = whether it holds a NUL byte, which text never does.
    """

    path: Path
    sha256: str
    modified: str
    head: bytes
    has_nul: bool

    @property
    def suffixes(self) -> list[str]:
        """The parts of the name after dots, lower case: `["csv", "gz"]`."""
        return [suffix.lstrip(".").casefold() for suffix in self.path.suffixes]

    @property
    def stem(self) -> str:
        """The file's name without the suffixes that name its format and compression."""
        name = self.path.name
        while name.rpartition(".")[2].casefold() in {*_SUFFIXES, *_COMPRESSED} and "." in name[1:]:
            name = name.rpartition(".")[0]
        return name

    @property
    def is_compressed(self) -> bool:
        """Whether the content is gzip or zstd, and the name says so."""
        magic = _COMPRESSED.get(self.suffixes[-1]) if self.suffixes else None
        return magic is not None and self.head.startswith(magic)


def examine(path: str | Path) -> File:
    """Hash a file in one pass; `UnreadableError` where it is absent, empty or a directory."""
    path = Path(path)
    if not path.exists():
        raise UnreadableError(f"no such file: {path}; check the path")
    if path.is_dir():
        raise UnreadableError(f"{path} is a directory; name the files in it")
    digest, head, has_nul = hashlib.sha256(), b"", False
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                head = head or block[:4096]
                has_nul = has_nul or b"\0" in block
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UnreadableError(
            f"cannot read {path} ({why}); check the path and its permissions"
        ) from error
    if not head.strip():
        raise UnreadableError(f"{path} is empty; check how it was exported")
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    return File(path, digest.hexdigest(), modified, head, has_nul)


def format_of(file: File) -> str:
    """One of `FORMATS`, by the name's suffix, else by the first bytes."""
    for suffix in reversed(file.suffixes):
        if suffix in _SUFFIXES:
            found = _SUFFIXES[suffix]
            is_lines = found == "json" and file.head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"
            return "jsonl" if is_lines and not file.is_compressed else found
    starts = {b"PAR1": "parquet", b"{": "jsonl", b"[": "json"}
    return next((name for start, name in starts.items() if file.head.startswith(start)), "csv")


def foreign(head: bytes) -> str | None:
    """What a file that begins with `head` is, and what to do about it, if it is no text: "is a
    PDF; export the table as CSV"."""
    return next((remedy for magic, remedy in _BINARY.items() if head.startswith(magic)), None)


def open_table(file: File, format: str | None = None) -> pl.DataFrame:
    """The whole table: text columns from CSV and TSV, typed columns from the other formats.

    Raises `UsageError` for an unknown `format` and `UnreadableError` for a file that is not
    what it claims to be, or holds no rows.
    """
    if format is not None and format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; use one of: {", ".join(FORMATS)}')
    kind = format or format_of(file)
    if kind != "parquet" and not file.is_compressed:
        _require_text(file, kind)
    try:
        table = _load(file, kind)
    except pl.exceptions.NoDataError:
        raise UnreadableError(f"{file.path} is empty; check how it was exported") from None
    except (pl.exceptions.PolarsError, *_BROKEN) as error:
        raise UnreadableError(_explained(file, kind, str(error))) from None
    if table.is_empty():
        raise UnreadableError(f"{file.path} has no rows; check how it was exported")
    return table


def _load(file: File, kind: str) -> pl.DataFrame:
    if kind == "parquet":
        return pl.read_parquet(file.path, glob=False, hive_partitioning=False)
    if kind == "jsonl":
        return pl.read_ndjson(file.path, infer_schema_length=None)
    if kind == "json":
        return pl.read_json(_content(file), infer_schema_length=None)
    separator = "\t" if kind == "tsv" else _separator(file)
    try:
        return pl.read_csv(file.path, separator=separator, infer_schema=False, glob=False)
    except pl.exceptions.ComputeError as error:
        if "more fields" not in str(error):
            raise
        return _ragged(file, separator)


def _ragged(file: File, separator: str) -> pl.DataFrame:
    """A CSV some of whose lines have too many fields: those are cut, and marked as such."""
    lines = csv.reader(StringIO(_content(file).decode("utf-8-sig")), delimiter=separator)
    width = len(next(lines))
    marks = [f"{len(x)} fields for {width} columns" if len(x) > width else None for x in lines]
    table = pl.read_csv(
        file.path, separator=separator, infer_schema=False, truncate_ragged_lines=True, glob=False
    )
    if len(marks) != table.height:
        number = next(i for i, mark in enumerate(marks, start=1) if mark)
        raise UnreadableError(
            f"row {number} of {file.path} has {marks[number - 1]}; quote fields that hold commas"
        )
    return table.with_columns(pl.Series(EXTRA_FIELDS, marks, dtype=pl.String))


def _separator(file: File) -> str:
    """Comma, unless the header has more semicolons or tabs."""
    if file.is_compressed:
        return ","
    header = file.head.split(b"\n", 1)[0]
    return max(",;\t", key=lambda sign: header.count(sign.encode()))


def _content(file: File) -> bytes:
    if not file.is_compressed:
        return file.path.read_bytes()
    if file.head.startswith(_COMPRESSED["gz"]):
        return gzip.decompress(file.path.read_bytes())
    raise UnreadableError(f"{file.path} cannot be read compressed with zstd; unpack it first")


def _require_text(file: File, kind: str) -> None:
    name = {"csv": "CSV", "tsv": "TSV", "jsonl": "JSON Lines", "json": "JSON"}[kind]
    if remedy := foreign(file.head):
        raise UnreadableError(f"{file.path} is not {name}: it {remedy}")
    if file.has_nul:
        raise UnreadableError(
            f"{file.path} is binary, not {name}: it holds NUL bytes; export it as UTF-8 text"
        )


def _explained(file: File, kind: str, reason: str) -> str:
    first = reason.strip().split("\n", 1)[0].rstrip(".")
    if "utf-8" in reason.casefold() or "utf8" in reason.casefold():
        return f"{file.path} is not UTF-8 text; save it as UTF-8 (Latin-1 and UTF-16 are not read)"
    if kind == "parquet":
        return f"{file.path} is not whole Parquet ({first}); copy or export it again"
    if "could not parse" in reason:
        return f"{file.path} has a quote that is never closed; quote its fields and export it again"
    return f"{file.path} cannot be read as {kind} ({first}); check the file or pass its format"
