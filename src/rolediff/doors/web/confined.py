"""A Parquet file unpacked in a process of its own, which may not have more than its share.

A few kilobytes of Parquet can hold billions of values, and how many is not known before they are
unpacked. What unpacks them has a bound of memory and time, and ends alone where it needs more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rolediff.errors import UnreadableError

MAGIC = b"PAR1"
TOO_MUCH, BROKEN = 3, 4
_UNPACK = """
import sys
source, to, rows, size, memory = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
try:
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
import polars as pl
try:
    if pl.scan_parquet(source, glob=False).select(pl.len()).collect().item() > rows:
        sys.exit(3)
    table = pl.read_parquet(source, glob=False)
except (pl.exceptions.PolarsError, OSError):
    sys.exit(4)
if table.estimated_size() > size:
    sys.exit(3)
table.write_parquet(to, compression="uncompressed")
"""


def unpacked(place: Path, *, rows: int, size: int, memory: int, seconds: float) -> Path:
    """The same table beside `place`, not compressed: at most `rows`, `size` bytes in memory.

    `memory` = bytes that unpacking may take where the system can bound them, `seconds` = its time.

    Raises:
        UnreadableError: it holds more, or cannot be read.
    """
    to = place.with_name(f"unpacked{place.suffix}")
    asked = [sys.executable, "-c", _UNPACK, str(place), str(to), *map(str, (rows, size, memory))]
    try:
        ended = subprocess.run(
            asked, timeout=seconds, capture_output=True, check=False, env=_environment()
        ).returncode
    except subprocess.TimeoutExpired:
        ended = TOO_MUCH
    if ended == BROKEN:
        raise UnreadableError("it cannot be read as Parquet")
    if ended != 0:
        most = f"{rows:,} rows and {size // 1_000_000:,} MB"
        raise UnreadableError(f"unpacked it is too large: at most {most} are taken")
    return to


def _environment() -> dict[str, str]:
    """Few threads, whose stacks count as memory."""
    return {**os.environ, "POLARS_MAX_THREADS": "1"}
