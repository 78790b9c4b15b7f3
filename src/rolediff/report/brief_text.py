"""A brief on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.printable import printable
from rolediff.results import Brief, Section


def show(b: Brief, console: Console) -> None:
    """Print `b`; readable at 80 columns and without colour."""
    for part in _parts(b):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(b: Brief) -> Iterator[RenderableType]:
    where = f" ({b.where_words})" if b.where_words else ""
    yield Text(printable(f"{b.title}{where}"), style="bold underline")
    for section in b.sections:
        yield Text()
        yield from _section(section)
    yield Text()
    yield Text("Mind", style="bold")
    yield from (_item("·", text) for _, text in b.caveats)
    yield Text()
    yield Text("Sources", style="bold")
    for f in b.footnotes:
        yield _item(f"[{f.number}]", f"{f.source}:\n{printable(f.command)}")


def _section(section: Section) -> Iterator[RenderableType]:
    heading = printable(section.heading)
    yield Text(heading.upper() if section.level == 2 else heading, style="bold")
    if section.short is not None:
        yield Text(printable(f"Not enough evidence: {section.short.reason}."))
    for s in section.sentences:
        marks = "".join(f"[{n}]" for n in s.footnotes)
        yield _item("·", f"{s.text} {marks}")


def _item(mark: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(mark), Text("\n".join(map(printable, text.split("\n")))))
    return grid
