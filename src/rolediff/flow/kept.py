"""What is finished of a run, kept in a hidden folder so that the next run goes on from there.

A result is a file named by what it was made from: the bytes of the input, the way it is read and
the number of the block. Beside it stands a note in JSON, written last: a result without a note is
none, so that a run killed at any moment leaves nothing half done to be taken for whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import DataError
from rolediff.records import QUARANTINE

Bad = tuple[str, int | None, str, str | None]
"""A row of `QUARANTINE`."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one block: `rows` kept in files of so many `bytes` by suffix; rows set aside.

    `refused` = why no more of the file can be read, if that is so; `notes` = further figures.
    """

    rows: int = 0
    bytes: dict[str, int] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)
    refused: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def quarantine(self) -> pl.DataFrame:
        """The rows set aside (`QUARANTINE`)."""
        return pl.DataFrame(self.bad, schema=QUARANTINE, orient="row")


class Kept:
    """The folder of results of a run; made when the first is kept."""

    def __init__(self, folder: Path, *, parents: bool = False) -> None:
        self.folder, self.parents = folder, parents

    def begin(self) -> None:
        """Make the folder, without what a killed run left half written in it.

        Raises `DataError` where that cannot be done.
        """
        try:
            self.folder.mkdir(parents=self.parents, exist_ok=True)
            for path in self.folder.glob(".*.partial"):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def judged(self) -> date:
        """The day by which dates are judged: that on which this run was first begun."""
        place = self.folder / "judged"
        try:
            return date.fromisoformat(place.read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            today = datetime.now(UTC).date()
        with whole(place) as partial:
            partial.write_text(f"{today}\n", encoding="utf-8")
        return today

    def path(self, key: str, number: int, suffix: str) -> Path:
        """Where the result of a block is kept."""
        return self.folder / f"{key}-{number:06}{suffix}"

    def handed(self, key: str, number: int) -> Path:
        """Where a block lies on its way to another process; nothing that a next run may use."""
        return self.path(f".{key}", number, ".partial")

    def found(self, key: str, number: int) -> Done | None:
        """What an earlier run has of a block, if it is whole."""
        done = self.noted(key, number)
        if done is None:
            return None
        sizes = ((self.path(key, number, suffix), n) for suffix, n in done.bytes.items())
        return done if all(p.is_file() and p.stat().st_size == n for p, n in sizes) else None

    def noted(self, key: str, number: int) -> Done | None:
        """The note of a block, whether or not its files are there still."""
        try:
            said = json.loads(self.path(key, number, ".json").read_text(encoding="utf-8"))
            return Done(**{**said, "bad": [tuple(row) for row in said["bad"]]})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def keep(self, key: str, number: int, done: Done) -> None:
        """Note that a block is done: its files are there."""
        text = json.dumps(asdict(done), ensure_ascii=False, default=str)
        with whole(self.path(key, number, ".json")) as partial:
            partial.write_text(text, encoding="utf-8")

    def tidy(self) -> None:
        """Remove the folder if nothing in it is of use to a next run."""
        if not any(self.folder.glob("*.parquet")) and not any(self.folder.glob("*.jsonl")):
            self.remove()

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write to, which becomes `path` when it is whole and on disk.

    Raises `DataError` where it cannot be written, a full disk being said.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise cannot_write(path, error) from error
    finally:
        _unlink(partial)


def cannot_write(path: Path, error: Exception) -> DataError:
    """What to say where a file cannot be written."""
    why = getattr(error, "strerror", None) or str(error).strip().split("\n", 1)[0]
    why = why.lower().rstrip(".")
    if any(sign in why for sign in ("no space left", "quota", "file too large", "transport error")):
        return DataError(
            f"cannot write {path} ({why}): make room and run the same command again; "
            "finished work is kept"
        )
    return DataError(f"cannot write {path} ({why}): choose another place")


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_of(name: str, content: str, how: object) -> str:
    """What names the results of an input: its name, the hash of its content, how it is read."""
    said = json.dumps([name, content, how], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
