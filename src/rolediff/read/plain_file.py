"""Opening what a user names as a file, without being held up by what is none."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from rolediff.errors import UnreadableError


def open_plain(path: Path, instead: str) -> BinaryIO:
    """`path` open for reading; what is opened is what is looked at, and a pipe does not block.

    `UnreadableError` for no file, or a folder, pipe or device; `instead` says what to name.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "no such file").lower()
        raise UnreadableError(f"cannot read {path} ({why}): check the path") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UnreadableError(f"{path} is no plain file: {instead}")
    return os.fdopen(number, "rb")
