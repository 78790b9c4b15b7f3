"""One posting as it stands, with what was told of it marked in place, and the list of facts.

A mark reads `[words|fact]`; on a terminal with colours the words are coloured too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rolediff.annotate.annotated import FACTS
from rolediff.annotate.batch import annotate
from rolediff.doors.annotate import Asked
from rolediff.errors import DataError
from rolediff.read.postings import read_postings
from rolediff.report.printable import printable

_STYLES = {
    "skill": "cyan",
    "pay": "green",
    "role": "magenta",
    "level": "magenta",
    "duty": "blue",
    "signal": "bright_black",
}
_SHOWN = ("title", "location", "text")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a column of the posting, and the fact that rests on it."""

    column: str
    start: int
    end: int
    fact: str
    value: str


def found(asked: Asked, id_: str) -> dict[str, Any]:
    """The posting with that id, with its annotations; `DataError` if there is none."""
    seen, last = 0, ""
    batches = read_postings(asked.files, format=asked.format, mapping=asked.mapping)
    for batch in batches:
        these = batch.postings.filter(pl.col("id") == id_).head(1)
        if these.height:
            told = annotate(these).row(0, named=True)
            return {**told, **these.select("location", "text").row(0, named=True)}
        seen += batch.postings.height
        last = str(batch.postings["id"].last() or last)
    raise DataError(f'no posting has the id "{id_}" among {seen:,}; ids look like "{last}"')


def marks(posting: dict[str, Any]) -> list[Mark]:
    """Every stretch that a fact of an annotated posting rests on, by column and place."""
    order = {name: at for at, name in enumerate(_SHOWN)}
    return sorted(_marks(posting), key=lambda m: (order[m.column], m.start, -m.end))


def _marks(posting: dict[str, Any]) -> Iterator[Mark]:
    for fact in FACTS:
        start, column = posting[f"{fact}_start"], posting[f"{fact}_in"]
        if start is not None and column in _SHOWN:
            yield Mark(column, start, posting[f"{fact}_end"], fact, str(posting[fact]))
    for band in (posting["pay_text"] or {}).get("bands") or ():
        yield Mark("text", band["start"], band["end"], "pay", _money(band, posting["pay_text"]))
    for paper in posting["certifications"] or ():
        yield Mark("text", paper["start"], paper["end"], "certificate", paper["text"])
    for skill in posting["skills"]:
        column = "title" if skill["section"] == "title" else "text"
        value = f"{skill['concept']} ({skill['kind']}, {skill['required']})"
        yield Mark(column, skill["start"], skill["end"], "skill", value)
    for fact, spans in (("duty", posting["duties"]), ("signal", posting["signals"])):
        for span in spans:
            value = f"{span['concept']} ({span['section']})"
            yield Mark("text", span["start"], span["end"], fact, value)


def _money(ends: dict[str, Any], pay: dict[str, Any]) -> str:
    told = f"{ends['min']:,.10g} to {ends['max']:,.10g}"
    return f"{told} {pay['currency'] or 'of unknown currency'} a {pay['period']}"


def show(posting: dict[str, Any], console: Console) -> None:
    """Print the posting with its marks, then its facts, each with its place."""
    every = marks(posting)
    for column in _SHOWN:
        if posting[column]:
            here = list(_outermost([mark for mark in every if mark.column == column]))
            console.print(Text(f"{column}:", style="bold"), highlighted(posting[column], here))
    console.print()
    console.print(_facts(posting, every))


def _outermost(here: list[Mark]) -> Iterator[Mark]:
    """Marks in order, without duties that begin inside another one: they often share words."""
    end = 0
    for mark in here:
        if mark.fact != "duty":
            yield mark
        elif mark.start >= end:
            end = mark.end
            yield mark


def highlighted(text: str, here: list[Mark]) -> Text:
    """`text`, safe for a screen, with its marks in brackets and in colour."""
    lines = [printable(line) for line in text.split("\n")]
    safe = "\n".join(lines)
    opening = [(m.start, 1, -m.end, "[", m.fact) for m in here]
    closing = [(m.end, 0, -m.start, f"|{m.fact}]", m.fact) for m in here]
    shown, at = Text(), 0
    for place, _, _, sign, fact in sorted(opening + closing):
        shown.append(safe[at:place], style=_style(here, at, place))
        shown.append(sign, style=f"dim {_STYLES.get(fact, 'yellow')}")
        at = place
    return shown.append(safe[at:])


def _style(here: list[Mark], start: int, end: int) -> str:
    """The style of a stretch between two signs, that of the shortest mark around it."""
    around = [m for m in here if m.start <= start and end <= m.end]
    inner = min(around, key=lambda m: m.end - m.start, default=None)
    return f"bold {_STYLES.get(inner.fact, 'yellow')}" if inner else ""


def _facts(posting: dict[str, Any], every: list[Mark]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    for head in ("fact", "value", "where", "words"):
        table.add_column(head)
    for mark in every:
        words = posting[mark.column][mark.start : mark.end]
        row = (mark.fact, mark.value, f"{mark.column} {mark.start}-{mark.end}", words)
        table.add_row(*(Text(printable(cell)) for cell in row))
    for name, value in _without_place(posting):
        table.add_row(*(Text(printable(cell)) for cell in (name, value, "field", "")))
    return table


def _without_place(posting: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts that rest on fields of the source, or on the posting as a whole."""
    for fact in FACTS:
        if posting[fact] is not None and posting[f"{fact}_start"] is None:
            yield fact, str(posting[fact])
    if posting["pay_field"]:
        differs = "; the text disagrees" if posting["pay_disagree"] else ""
        yield "pay", _money(posting["pay_field"], posting["pay_field"]) + differs
    for name in ("industry", "industry_serves", "posted", "employer", "requirement_words"):
        if posting[name] is not None:
            yield name.replace("_", " "), str(posting[name])
