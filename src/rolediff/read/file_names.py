"""Names of files that can be told to others: tables and messages are written in UTF-8."""

from __future__ import annotations

import os
from pathlib import Path

from rolediff.errors import UnreadableError


def require_utf8(path: str | Path) -> None:
    """Raise `UnreadableError` where a path is no UTF-8, as readers of tables cannot open such."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "replace")
        raise UnreadableError(
            f"the name of {shown} is not UTF-8; rename the file or its folder"
        ) from None
