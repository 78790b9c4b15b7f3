"""Sections of one answer worked out side by side, where there are many records.

numpy and Polars leave threads free while they work on long arrays; of few records most of the time
is Python's own, of which threads would only wait for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

MANY = 20_000
"""Records of two roles from which threads pay."""
THREADS = 2


def at_once(records: int, makers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each of `makers` makes, by name: those that take longest first, best."""
    if records < MANY:
        return {name: make() for name, make in makers.items()}
    with ThreadPoolExecutor(THREADS) as pool:
        made = {name: pool.submit(make) for name, make in makers.items()}
    return {name: future.result() for name, future in made.items()}
