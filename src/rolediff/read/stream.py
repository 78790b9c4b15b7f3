"""Files, folders and globs as bounded streams of bytes, lines and delimited records.

Compression is told from the first bytes. Nothing here holds more than `LONGEST_RECORD` bytes of
a file at a time, however long its lines are or far its compression expands.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rolediff.errors import MissingExtraError, UnreadableError
from rolediff.read.extras import library
from rolediff.read.file_names import require_utf8
from rolediff.read.files import foreign

LONGEST_RECORD = 8 << 20
"""Bytes of one line, or of one record of a CSV; a longer one is set aside."""
MOST_EXPANSION = 200
"""Decompressed over compressed size from 16 MB on; a file that expands further is given up."""

_BLOCK = 1 << 20
_GRACE = 16 << 20
_COMPRESSIONS = frozenset({"gz", "zst", "zstd"})
_SUFFIXES = _COMPRESSIONS | {
    *("csv", "tsv", "txt", "tab", "jsonl", "ndjson", "json", "parquet", "pq", "html", "htm"),
}
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read; `name` = its name, or its path inside the folder that was asked for,
    without the suffixes that name format and compression."""

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        """The last suffix that is not one of compression, lower case without the dot, or ""."""
        parts = [part.lstrip(".").casefold() for part in self.path.suffixes]
        return next((part for part in reversed(parts) if part not in _COMPRESSIONS), "")


Content = io.BufferedReader
"""Decompressed bytes of a file."""
Heard = Callable[[int], None]
"""Who wants to know how far a file has been read."""


class Record(NamedTuple):
    """`row` = number of the record in its file from 1, None for the rest of a file that breaks
    off; `content` = its bytes, or None where it is set aside for the `reason`."""

    row: int | None
    content: bytes | None
    reason: str = ""


def entries(paths: str | Path | Entry | Iterable[str | Path | Entry]) -> list[Entry]:
    """Every file that `paths` names: files, folders (read through, hidden files left out) and
    globs, each sorted; an `Entry` stays. Raises `UnreadableError` where one names no file.
    """
    asked = [paths] if isinstance(paths, str | Path | Entry) else list(paths)
    found: list[Entry] = []
    for path in asked:
        if not isinstance(path, Entry):
            require_utf8(path)
        found += [path] if isinstance(path, Entry) else _entries(Path(path))
    if not found:
        raise UnreadableError("no files were named; pass a file, a folder or a glob")
    return found


@contextmanager
def opened(path: Path, heard: Heard | None = None) -> Iterator[Content]:
    """The content of a file, decompressed if it is gzip or zstd, as a buffered stream.

    `heard` is told how many bytes of the file, compressed as it may be, have been read.

    Raises `UnreadableError` if it is empty, is binary of another kind, or is compressed twice;
    reading from it raises `UnreadableError` where it is broken or expands too far.
    """
    try:
        with path.open("rb") as raw, _decompressed(raw) as content:
            stream: Content = io.BufferedReader(_Guarded(content, raw, path, heard), _BLOCK)
            _require_text(stream.peek(4096)[:4096], path)
            yield stream
    except OSError as error:
        raise UnreadableError(f"cannot read {path.name}: {error.strerror or error}") from error


def lines(stream: io.BufferedIOBase) -> Iterator[Record]:
    """The lines of a stream that are not blank, numbered from 1 with the blank ones."""
    return _while_whole(_lines(stream))


def delimited(stream: io.BufferedIOBase) -> Iterator[Record]:
    """The records of a CSV, the header first as row 0; a quoted field may hold line ends."""
    return _while_whole(_delimited(stream))


def rejoined(start: bytes, rest: io.BufferedIOBase) -> Content:
    """A stream of what was read of another and what was not."""
    return io.BufferedReader(_Rejoined(start, rest))


def _while_whole(records: Iterator[Record]) -> Iterator[Record]:
    """What comes before a file breaks off is kept; why it does is the last record."""
    try:
        yield from records
    except UnreadableError as error:
        yield Record(None, None, str(error))


def _lines(stream: io.BufferedIOBase) -> Iterator[Record]:
    number = 0
    while line := stream.readline(LONGEST_RECORD + 1):
        number += 1
        if len(line) > LONGEST_RECORD and not line.endswith(b"\n"):
            _skip_line(stream)
            yield Record(number, None, f"a line of more than {LONGEST_RECORD:,} bytes")
        elif content := line.strip():
            yield Record(number, content)


def _delimited(stream: io.BufferedIOBase) -> Iterator[Record]:
    rest, number = b"", 0
    while block := stream.read1(_BLOCK):
        rest += block
        start = 0
        for end in _ends(rest):
            if content := rest[start:end].strip(b"\r\n"):
                yield Record(number, content)
                number += 1
            start = end
        rest = rest[start:]
        if len(rest) > LONGEST_RECORD:
            yield Record(number, None, "a quote that is never closed, or a record too long")
            number += 1
            rest = rest.partition(b"\n")[2]
    if content := rest.strip(b"\r\n"):
        yield Record(number, content)


def _ends(block: bytes) -> list[int]:
    """Positions after the line ends that stand outside quotes."""
    data = np.frombuffer(block, dtype=np.uint8)
    line_ends = np.flatnonzero(data == ord("\n"))
    quotes = np.flatnonzero(data == ord('"'))
    outside = np.searchsorted(quotes, line_ends) % 2 == 0
    ends: list[int] = (line_ends[outside] + 1).tolist()
    return ends


def _skip_line(stream: io.BufferedIOBase) -> None:
    while (piece := stream.readline(_BLOCK)) and not piece.endswith(b"\n"):
        pass


def _entries(path: Path) -> list[Entry]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        inside = [(file, file.relative_to(path)) for file in files]
        shown = [(f, r) for f, r in inside if not any(part.startswith(".") for part in r.parts)]
        found = [Entry(file, bare(relative.as_posix())) for file, relative in shown]
    elif not path.exists() and has_magic(str(path)):
        names = sorted(glob(str(path), recursive=True))  # noqa: PTH207 (Path.glob is relative)
        found = [Entry(Path(name), bare(Path(name).name)) for name in names if Path(name).is_file()]
    else:
        found = [Entry(path, bare(path.name))] if path.exists() else []
    if not found:
        raise UnreadableError(f"no such file: {path}; check the path")
    return found


def bare(name: str) -> str:
    """A name without the suffixes of format and compression."""
    while (stem := name.rpartition("."))[0] and stem[2].casefold() in _SUFFIXES:
        name = stem[0]
    return name


@contextmanager
def _decompressed(raw: io.BufferedIOBase) -> Iterator[io.BufferedIOBase]:
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(_GZIP):
        with gzip.open(raw, "rb") as content:
            yield content
    elif head.startswith(_ZSTD):
        with _zstd().open(raw, "rb") as content:
            yield content
    else:
        yield raw


class _Guarded(io.RawIOBase):
    """Reads on until the content is broken or has expanded too far: then `UnreadableError`."""

    def __init__(
        self,
        content: io.BufferedIOBase,
        raw: io.BufferedIOBase,
        path: Path,
        heard: Heard | None = None,
    ) -> None:
        self._content, self._raw, self._path, self._size = content, raw, path, 0
        self._heard = heard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._content.read1(len(buffer))
        except (OSError, EOFError, zlib.error, ValueError, _zstd_error()) as error:
            raise UnreadableError(
                f"{self._path.name} is broken ({error}); copy it again"
            ) from error
        self._size += len(piece)
        if self._size > max(_GRACE, MOST_EXPANSION * max(1, self._raw.tell())):
            raise UnreadableError(
                f"{self._path.name} expands more than {MOST_EXPANSION} times: unpack it first"
            )
        if self._heard is not None:
            self._heard(self._raw.tell())
        buffer[: len(piece)] = piece
        return len(piece)


class _Rejoined(io.RawIOBase):
    def __init__(self, start: bytes, rest: io.BufferedIOBase) -> None:
        self._start, self._rest = io.BytesIO(start), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._start.read(len(buffer)) or self._rest.read1(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _zstd() -> Any:
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    return library(name, "reading zstd files")


def _zstd_error() -> type[Exception]:
    try:
        error: type[Exception] = _zstd().ZstdError
    except MissingExtraError:
        return OSError
    return error


def _require_text(head: bytes, path: Path) -> None:
    if not head.strip():
        raise UnreadableError(f"{path.name} is empty; check how it was exported")
    if head.startswith((_GZIP, _ZSTD)):
        raise UnreadableError(f"{path.name} is compressed twice; unpack it first")
    if remedy := foreign(head):
        raise UnreadableError(f"{path.name} {remedy}")
    if b"\0" in head:
        raise UnreadableError(f"{path.name} is binary: it holds NUL bytes; export it as UTF-8 text")
