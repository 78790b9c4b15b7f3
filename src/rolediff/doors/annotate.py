"""The verb `annotate`: files of postings to a file of annotated ones, or a folder of parts.

A batch is read, annotated and written before the next is read. What is written appears under its
name when it is whole, so an interrupted run leaves nothing half done.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars.io.plugins import register_io_source

from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import BEST_BATCH, annotate
from rolediff.doors.progress import Course
from rolediff.errors import DataError, UsageError
from rolediff.read.postings import PostingBatch, read_postings
from rolediff.read.stream import Entry

MOST_TEXT = 32 << 20
"""Bytes of text from which a batch is annotated, however few its postings."""

_ENDINGS = (".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how."""

    files: Sequence[Entry]
    format: str | None = None
    mapping: Mapping[str, str] | None = None


@dataclass(slots=True)
class Tally:
    """What became of the rows: postings written, rows set aside by reason, and those rows."""

    postings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    aside: Callable[[pl.DataFrame], None] | None = None

    def took(self, batch: PostingBatch) -> None:
        """Count what a batch sets aside, and keep it where that was asked for."""
        self.reasons.update(batch.quarantine["reason"].to_list())
        if self.aside is not None and batch.quarantine.height:
            self.aside(batch.quarantine)

    @property
    def quarantined(self) -> int:
        """Rows set aside."""
        return self.reasons.total()


def is_folder(out: str) -> bool:
    """Whether `out` names a folder of parts; `UsageError` where it is a file of another kind."""
    path = Path(out)
    if path.is_dir() or out.endswith(("/", "\\")) or not path.suffix:
        return True
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"cannot write {path.name}: name a .jsonl or .parquet file, or a folder")
    return False


@contextmanager
def stdin_as_file(files: Sequence[str]) -> Iterator[list[str]]:
    """`files`, with standard input in the place of "-", copied to disk while it is needed."""
    if "-" not in files:
        yield list(files)
        return
    with tempfile.TemporaryDirectory(prefix="rolediff-") as folder:
        copy = Path(folder, "stdin")
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [str(copy) if name == "-" else name for name in files]


def annotated(asked: Asked, tally: Tally, course: Course) -> Iterator[pl.DataFrame]:
    """The annotated postings of all files, in order; one small batch is put to the next."""
    batches = read_postings(
        asked.files, format=asked.format, mapping=asked.mapping, heard=course.read
    )
    for postings in _gathered(batches, tally):
        told = annotate(postings)
        tally.postings += told.height
        course.told(told.height)
        yield told


def _gathered(batches: Iterator[PostingBatch], tally: Tally) -> Iterator[pl.DataFrame]:
    """Postings in batches of about `BEST_BATCH`, or of `MOST_TEXT`."""
    waiting: list[pl.DataFrame] = []
    rows = size = 0
    for batch in batches:
        tally.took(batch)
        waiting.append(batch.postings)
        rows += batch.postings.height
        size += int(batch.postings["text"].str.len_bytes().sum())
        if rows >= BEST_BATCH or size >= MOST_TEXT:
            yield pl.concat(waiting)
            waiting, rows, size = [], 0, 0
    if rows:
        yield pl.concat(waiting)


def write(frames: Iterator[pl.DataFrame], path: Path) -> None:
    """Write annotated postings to `path`, JSON Lines or Parquet by its suffix, whole or not at all.

    Raises `DataError` if it cannot be written; what `frames` raises leaves no file.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        if path.suffix.lower() == ".parquet":
            _write_parquet(frames, partial)
        else:
            with partial.open("wb") as file:
                _write_lines(frames, file)
        partial.replace(path)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {path} ({why}): choose another place") from error
    finally:
        partial.unlink(missing_ok=True)


def _write_lines(frames: Iterator[pl.DataFrame], file: BinaryIO) -> None:
    for frame in frames:
        frame.write_ndjson(file)


def _write_parquet(frames: Iterator[pl.DataFrame], path: Path) -> None:
    first = next(frames)  # what is wrong with all files is told before anything is written

    def source(*_: object) -> Iterator[pl.DataFrame]:
        yield first
        yield from frames

    register_io_source(source, schema=ANNOTATED).sink_parquet(path, compression="zstd")
