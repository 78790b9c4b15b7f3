"""Tables written with bars or tabs among the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS = 50
MOST_ROWS = 1_000

_DELIMITER = re.compile(r"\s*\|?\s*:?-{1,200}:?\s*(?:\|\s*:?-{1,200}:?\s*){0,60}\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` of cells, the first of labels, in the `lines` (from 0) that they stand in.

    `stop` is the first line after it.
    """

    rows: list[list[str]]
    lines: list[int]
    stop: int


def table_at(lines: Sequence[str], at: int) -> Table | None:
    """The table that begins in line `at`, if one does.

    Bars: a row above a line of dashes, or two rows framed with bars. Tabs: two rows with as many.
    """
    line, under = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
    if "|" in line:
        ruled = ("|" in under or "-" in under) and _DELIMITER.fullmatch(under) is not None
        if ruled or (_framed(line) and _framed(under)):
            return _barred(lines, at)
    if line.count("\t") and line.strip().count("\t") == under.strip().count("\t") > 0:
        return _tabbed(lines, at)
    return None


def _framed(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 2 and bare.startswith("|") and bare.endswith("|")


def _barred(lines: Sequence[str], at: int) -> Table:
    stop = at
    while stop < min(len(lines), at + MOST_ROWS) and "|" in lines[stop]:
        stop += 1
    numbers = [n for n in range(at, stop) if not _DELIMITER.fullmatch(lines[n])]
    return Table([_cells(lines[n]) for n in numbers], numbers, stop)


def _tabbed(lines: Sequence[str], at: int) -> Table:
    columns = lines[at].strip().count("\t")
    stop = at
    while stop < min(len(lines), at + MOST_ROWS) and lines[stop].strip().count("\t") == columns:
        stop += 1
    rows = [lines[n].strip().split("\t")[:MOST_COLUMNS] for n in range(at, stop)]
    return Table(rows, list(range(at, stop)), stop)


def _cells(line: str) -> list[str]:
    bare = line.strip()
    bare = bare.removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    parts = _BAR.split(bare, maxsplit=MOST_COLUMNS)
    return [part.replace("\\|", "|").strip() for part in parts[:MOST_COLUMNS]]
