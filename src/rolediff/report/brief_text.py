"""A brief on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import run_on
from rolediff.report.printable import printable
from rolediff.results import Brief, Section, Sentence

MOST = 3
"""Caveats, and sentences of a section besides its last one, unless all is asked for."""


def show(b: Brief, console: Console, everything: bool = False) -> None:
    """Print `b`; readable at 80 columns and without colour. `everything` has every sentence."""
    for part in _parts(b, None if everything else MOST):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(b: Brief, most: int | None) -> Iterator[RenderableType]:
    where = f" ({b.where_words})" if b.where_words else ""
    yield Text(printable(f"{b.title}{where}"), style="bold underline")
    yield Text(printable(sentence(b)), style="bold")
    for section in b.sections:
        yield Text()
        yield from _section(section, None if section is b.sections[-1] else most)
    yield Text()
    yield from run_on("Mind", [text for _, text in b.caveats][:most])
    if more := _left(b, most):
        yield Text(f"{more}: --all, --markdown, --html FILE or --json.", style="dim")
        yield Text()
    yield Text("Sources", style="bold")
    if most is None:
        for f in b.footnotes:
            yield _item(f"[{f.number}]", f"{f.source}:\n{printable(f.command)}")
        return
    for f in b.footnotes:
        yield _item(f"[{f.number}]", f.command)
    for source in dict.fromkeys(f.source for f in b.footnotes):
        numbers = ", ".join(str(f.number) for f in b.footnotes if f.source == source)
        yield Text(printable(f"{source}: {numbers}"), style="dim")


def _left(b: Brief, most: int | None) -> str:
    """What is not shown, in words."""
    if most is None:
        return ""
    sentences = sum(max(len(s.sentences) - most - 1, 0) for s in b.sections[:-1])
    caveats = max(len(b.caveats) - most, 0)
    return f"{sentences:,} more sentences and {caveats} more things to mind"


def _section(section: Section, most: int | None) -> Iterator[RenderableType]:
    heading = printable(section.heading)
    yield Text(heading.upper() if section.level == 2 else heading, style="bold")
    if section.short is not None:
        yield Text(printable(f"Not enough evidence: {section.short.reason}."))
    for s in _shortened(section.sentences, most):
        marks = "".join(f"[{n}]" for n in s.footnotes)
        yield _item("·", f"{s.text} {marks}")


def _shortened(sentences: Sequence[Sentence], most: int | None) -> Sequence[Sentence]:
    """The first ones and the last, which sums up or judges."""
    if most is None or len(sentences) <= most + 1:
        return sentences
    return [*sentences[:most], sentences[-1]]


def sentence(b: Brief) -> str:
    """The first sentence of the conclusion, or why there is none."""
    last = b.sections[-1]
    return last.sentences[0].text if last.sentences else last.short.reason if last.short else ""


def _item(mark: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(mark), Text("\n".join(map(printable, text.split("\n")))))
    return grid
