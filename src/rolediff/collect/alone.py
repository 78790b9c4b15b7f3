"""One run at a time in a folder, and what a run that was killed left lying there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rolediff.collect.run import make_folder
from rolediff.errors import DataError

LOCK = ".lock"
"""The file that a run holds while it lasts; the system lets go of it even if the run is killed."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold `folder` for one run. Raises `DataError` where another run has it, or none can write."""
    make_folder(folder)
    try:
        file = (folder / LOCK).open("a+b")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write in {folder} ({why}): choose another folder") from error
    with file:
        if not _held(file):
            raise DataError(
                f"another run is at work in {folder}: wait until it has ended, then run this again"
            )
        yield


def _held(file: IO[bytes]) -> bool:
    """Whether the lock could be taken; it goes when the file is closed."""
    try:
        import fcntl
    except ImportError:  # Windows
        return _held_there(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _held_there(file: IO[bytes]) -> bool:
    import msvcrt

    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


def swept(folder: Path) -> None:
    """Remove the unfinished folders that a killed run left in `folder`.

    A market that was just being replaced, and has no successor yet, is put back.
    """
    for old in folder.glob(".*-old-*"):
        for was in old.iterdir() if old.is_dir() else ():
            if not (folder / was.name).exists():
                was.rename(folder / was.name)
    for left in (*folder.glob(".market-*"), *folder.glob(".[0-9]*-[0-9]*-[0-9]*-*")):
        shutil.rmtree(left, ignore_errors=True)
