"""What a person sends: a file of pay, a résumé. It is read from memory or a file of its own that
is deleted at once; its name is only a name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl
from fastapi import UploadFile

from rolediff.doors.web.limits import Limits
from rolediff.doors.web.unpacking import COMPRESSED, MAGIC, BoundedPdf, unpacked
from rolediff.errors import DataError, UnreadableError
from rolediff.market import Market, ReadOptions, load
from rolediff.read.resume import read_resume

TABLES = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson")
RESUMES = (".txt", ".text", ".md", ".markdown", ".pdf")


MOST_ROWS = 50
"""Rows that are told of with their reasons."""


class NoRowsError(UnreadableError):
    """A table of which no row could be read; `rows` has the first, each with its reason."""

    def __init__(self, message: str, rows: tuple[dict[str, Any], ...]) -> None:
        super().__init__(message)
        self.rows = rows


def reasons(bad: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    """The first rows that were set aside: `row`, `reason` and `value`."""
    return tuple(bad.select("row", "reason", "value").head(MOST_ROWS).to_dicts())


def market_of_upload(
    file: UploadFile, currency: str | None, limits: Limits
) -> tuple[Market, pl.DataFrame]:
    """The market of a table of pay, and its rows that were set aside.

    Raises:
        UnreadableError: another kind of file; NoRowsError: no row could be read; DataError: as
            `load`.
    """
    with tempfile.TemporaryDirectory(prefix="rolediff-") as folder:
        place = _put(file, Path(folder), "upload", TABLES)
        with _called(place, file):
            place = _bounded(place, limits)
            found = load(place, ReadOptions(currency=currency, source="your file"))
    if not len(found.market):
        counted = found.quarantine["reason"].value_counts(sort=True).head(3)["reason"]
        why = "; ".join(counted) or "it is empty"
        raise NoRowsError(f"no row could be read: {why}", reasons(found.quarantine))
    return found.market, found.quarantine


def _bounded(place: Path, limits: Limits) -> Path:
    """The table, unpacked within bounds where it is one that has to be."""
    with place.open("rb") as file:
        head = file.read(len(MAGIC))
    if head.startswith(COMPRESSED):
        raise UnreadableError("it is compressed: unpack it and send what it holds")
    if head != MAGIC:
        return place
    return unpacked(
        place, rows=limits.rows, size=limits.unpacked, memory=limits.memory,
        seconds=limits.seconds / 2,
    )  # fmt: skip


def pdf_within(limits: Limits) -> BoundedPdf:
    """What reads a PDF that was sent."""
    return BoundedPdf(limits.pdf_memory, limits.pdf_seconds)


def text_of_resume(file: UploadFile, limits: Limits) -> str:
    """The text of a résumé. Raises `UnreadableError` as `read_resume`."""
    with tempfile.TemporaryDirectory(prefix="rolediff-") as folder:
        place = _put(file, Path(folder), "resume", RESUMES)
        with _called(place, file):
            return read_resume(place, pdf_within(limits))


@contextmanager
def _called(place: Path, file: UploadFile) -> Iterator[None]:
    """Errors speak of the file by its own name."""
    try:
        yield
    except DataError as error:
        name = PurePosixPath(file.filename or "the file").name
        said = str(error).replace(str(place), name)
        said = re.sub(rf"{re.escape(str(place.parent))}[^\s:,]*", lambda _: name, said)
        raise UnreadableError(said) from error


def _put(file: UploadFile, folder: Path, name: str, known: tuple[str, ...]) -> Path:
    suffix = PurePosixPath(file.filename or "").suffix.casefold()
    if suffix not in known:
        raise UnreadableError(
            f"a file {suffix or 'without an ending'} is not read: {', '.join(known)}"
        )
    place = folder / f"{name}{suffix}"
    with place.open("wb") as out:
        for piece in _pieces(file):
            out.write(piece)
    return place


def _pieces(file: UploadFile) -> Iterator[bytes]:
    while piece := file.file.read(1 << 20):
        yield piece
