"""What every answer on a terminal is made of: tables without lines, bullets, its last lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolediff.report.printable import printable


def plain(*heads: str, wrap: bool = True, label: int | None = None) -> Table:
    """A table without lines: the first column to the left, figures to the right.

    The first column breaks its lines only if `wrap`; it has at least `label` characters.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    for i, head in enumerate(heads):
        table.add_column(
            head,
            justify="right" if i else "left",
            no_wrap=i > 0 or not wrap,
            min_width=None if i else label,
        )
    return table


def bullets(title: str, texts: Iterable[str]) -> Iterator[RenderableType]:
    """A heading, a bullet for each text, an empty line."""
    yield Text(title, style="bold")
    grid = Table.grid(padding=(0, 1, 0, 0))
    for text in texts:
        grid.add_row("·", Text(printable(text)))
    yield grid
    yield Text()


def run_on(title: str, texts: Iterable[str]) -> Iterator[RenderableType]:
    """A heading and texts in one paragraph, an empty line; nothing where there is no text."""
    said = " · ".join(map(printable, texts))
    if said:
        yield Text.assemble((title, "bold"), f" · {said}")
        yield Text()


def mind(caveats: Iterable[tuple[str, str]]) -> Iterator[RenderableType]:
    """What a reader must know, from pairs of a code and a sentence."""
    return run_on("Mind", (sentence for _, sentence in caveats))


def last_lines(sources: Iterable[str], hint: str, rates: str = "") -> Iterator[RenderableType]:
    """Where the answer comes from, and where the rest of it is."""
    said = "; ".join(map(printable, sources))
    yield Text(f"Sources: {said}." + (f" {rates}" if rates else ""), style="dim")
    yield Text(hint, style="dim")
