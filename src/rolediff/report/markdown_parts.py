"""What every answer in Markdown is made of: safe text, sections, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rolediff.report.printable import printable

_MARKS = re.compile(r"[\\|<>\[\]*_`~#&]")


def safe(text: str) -> str:
    """Text from data, so that it cannot become markup or break a table."""
    return _MARKS.sub(r"\\\g<0>", " ".join(printable(text).split()))


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading, made safe, and what is under it."""
    yield from ("", f"## {safe(title)}", "")
    yield from lines


def table(
    head: Iterable[str], rows: Iterable[Iterable[str]], *, figures: bool = True
) -> Iterator[str]:
    """A table; heads are made safe, cells are taken as they are (see `safe_cells`).

    With `figures` all columns but the first stand to the right.
    """
    heads = [safe(h) for h in head]
    rest = "---:" if figures else "---"
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join(["---", *[rest] * (len(heads) - 1)]) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def safe_cells(rows: Iterable[Iterable[str]]) -> Iterator[Iterator[str]]:
    """`rows` of a table with every cell made safe."""
    return (map(safe, row) for row in rows)
