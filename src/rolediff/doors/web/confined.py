"""A program in a process of its own, which may not have more memory and time than its share.

A few kilobytes of Parquet or PDF can hold gigabytes, and how much is not known before they are
unpacked. What unpacks them ends alone where it needs more, and what serves goes on.
"""

from __future__ import annotations

import os
import subprocess
import sys

TOO_MUCH, BROKEN = 3, 4
"""How such a program ends where it needs more than its share, and where a file is damaged."""
_BOUNDS = """
import sys
memory = int(sys.argv.pop(1))
try:
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
"""


def confined(
    program: str, *arguments: object, memory: int, seconds: float, given: bytes = b""
) -> tuple[int, bytes]:
    """How the Python `program` ended on `arguments`, and what it wrote; `given` is its input.

    `memory` = bytes that it may take where the system can bound them, `seconds` = its time, after
    which it is ended as `TOO_MUCH`.
    """
    asked = [sys.executable, "-c", _BOUNDS + program, str(memory), *map(str, arguments)]
    try:
        ended = subprocess.run(
            asked, timeout=seconds, capture_output=True, check=False, env=_environment(),
            input=given,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return TOO_MUCH, b""
    return ended.returncode, ended.stdout


def _environment() -> dict[str, str]:
    """Few threads, whose stacks count as memory, and the modules of this process."""
    path = os.pathsep.join(p for p in sys.path if p)
    return {
        **os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": path,
    }  # fmt: skip
