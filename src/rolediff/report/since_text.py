"""What moved since a day, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from rolediff.report.blocks import bullets, last_lines, mind, plain
from rolediff.report.printable import printable
from rolediff.report.since_words import (
    HEADS,
    label,
    mark,
    moved,
    paragraph,
    short,
    source_lines,
)
from rolediff.results.since import Move, Since

MOST = 8
"""Figures of a section on the terminal, but all that moved."""
HINT = "moved: beyond chance, after adjustment over all. --json and --markdown give all figures."


def show(s: Since, console: Console) -> None:
    """Print `s`; readable at 80 columns and without colour."""
    for part in _parts(s):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(s: Since) -> Iterator[RenderableType]:
    yield Text(printable(paragraph(s)), style="bold")
    yield Text()
    for section, title in HEADS.items():
        moves = [m for m in s.moves if m.section == section]
        if moves:
            yield from _section(s, title, moves)
    if s.missing:
        yield from bullets("Not enough evidence", (f"{m.section}: {m.why}." for m in s.missing))
    yield from mind(s.caveats)
    yield from last_lines(source_lines(s), HINT)


def _section(s: Since, title: str, moves: list[Move]) -> Iterator[RenderableType]:
    unit = f" (thousand {s.money})" if title == HEADS["pay"] else ""
    yield Text(printable(title + unit), style="bold")
    shown = [m for i, m in enumerate(moves) if m.clear or i < MOST]
    table = plain("", s.old, s.new, "change", "")
    for m in shown:
        cells = (label(s, m), short(m, False), short(m, True), moved(m), mark(m))
        table.add_row(*map(printable, cells))
    yield table
    if len(moves) > len(shown):
        yield Text(f"{len(moves) - len(shown)} more in --markdown, none moved.", style="dim")
    yield Text()
