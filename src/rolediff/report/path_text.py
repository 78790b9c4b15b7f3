"""A path on a terminal: the answer first, then tables, caveats and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report import path_words as words
from rolediff.report.blocks import last_lines, mind, plain
from rolediff.report.printable import printable
from rolediff.report.words import capital, number, source_line
from rolediff.results import Asked, CareerPath

NAMES = 8
"""Certificates that are named."""


@dataclass(frozen=True)
class Rows:
    """How many rows each table has on a terminal; `--json` and `--markdown` have all."""

    skills: int = 8
    pairs: int = 4
    roles: int = 5
    advice: int = 5


ALL = Rows(24, 12, 10, 99)
WIDE, LABEL = 22, 18
"""Characters of a skill's name, and of a role's."""


def show(p: CareerPath, console: Console, everything: bool = False) -> None:
    """Print `p`; readable at 80 columns and without colour. `everything` has more of each table."""
    for part in _parts(p, ALL if everything else Rows()):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(p: CareerPath, rows: Rows) -> Iterator[RenderableType]:
    yield Text(printable(words.sentences(p)), style="bold")
    yield Text()
    yield from _skills(p, rows.skills)
    yield from _together(p, rows.pairs)
    yield from _next(p, rows.roles)
    yield from _asked(p)
    yield from _advice(p, rows.advice)
    for line in words.beside(p):
        yield Text(printable(line), style="dim")
        yield Text()
    yield from _mind(p)


def _asked(p: CareerPath) -> Iterator[RenderableType]:
    yield Text("Asked of applicants (share of openings, 95 % interval)", style="bold")
    table = plain("", "openings", "of all", "employers alike")
    _group(table, "Lowest degree that will do", p.education)
    _group(table, "Years of experience, at least", (*p.years.bands, p.years.stated))
    _group(table, "Entry level", (*p.entry.parts, p.entry))
    _group(table, "Certificates", (p.certified,), always=True)
    yield table
    yield Text(words.quartiles(p), style="dim")
    yield Text(printable(words.certificates(p, NAMES)), style="dim")
    yield Text()


def _group(table: Table, title: str, asked: tuple[Asked, ...], always: bool = False) -> None:
    """A heading and the rows that any opening has."""
    rows = [a for a in asked if a.count or always]
    table.add_row(Text(title, "dim"), "", "", "")
    for a in rows or asked[:1]:
        table.add_row(f"  {printable(a.name)}", f"{a.count:,}", words.share(a.share),
                      words.share(a.alike))  # fmt: skip


def _advice(p: CareerPath, most: int) -> Iterator[RenderableType]:
    if not p.advice:
        return
    yield Text("Common advice, and the share of openings that speak of it", style="bold")
    table = plain("", "openings", "of all", "employers alike")
    shown = [a for i, a in enumerate(p.advice) if (i < most and a.count) or most > len(p.advice)]
    for a in shown:
        table.add_row(a.name, f"{a.count:,}", words.share(a.share), words.share(a.alike))
    yield table
    if rest := [a for a in p.advice if a not in shown]:
        yield Text(f"Less often or never: {_named(rest)}.", style="dim")
    yield Text()


def _skills(p: CareerPath, most: int) -> Iterator[RenderableType]:
    if p.coverage is not None:
        yield Text(printable(words.had(p)))
        yield Text()
    if not p.wanted:
        yield Text(f"No {'further ' if p.have else ''}skill is asked for by five openings or more.")
        yield Text()
        return
    yield Text(words.skills_title(p), style="bold")
    table = plain("", "demand", "distinctive", "premium", "score")
    for w in p.wanted[:most]:
        table.add_row(_cut(w.skill), words.share(w.demand.alike), words.score(w.distinct),
                      words.premium(w), f"{w.score:.2f}")  # fmt: skip
    yield table
    yield Text(f"{capital(words.ranking(p))}{_rest(len(p.wanted), most)}", style="dim")
    yield Text()


def _rest(n: int, shown: int) -> str:
    return f" {n - shown} more: --all, --json or --markdown." if n > shown else ""


def _together(p: CareerPath, most: int) -> Iterator[RenderableType]:
    if not p.together:
        return
    yield Text("Skills that come together, among these", style="bold")
    table = plain("of openings that name", "so many name too", "", "openings", "lift")
    table.columns[1].justify = "left"
    for t in p.together[:most]:
        table.add_row(_cut(t.first), _cut(t.second), words.share(t.given), f"{t.count:,}",
                      f"{t.lift:.1f}")  # fmt: skip
    yield table
    yield Text()


def _next(p: CareerPath, most: int) -> Iterator[RenderableType]:
    if not p.next:
        return
    yield Text(f"Roles near to {printable(p.base)} by skills asked for", style="bold")
    covered = ["covered"] if p.coverage else []
    table = plain("", "n", "similarity", *covered, "median pay", "change, %", wrap=False)
    for r in p.next[:most]:
        mine = [f"{number(100 * r.covered.value)} %"] if r.covered else []
        table.add_row(_cut(r.label, LABEL), f"{r.openings:,}", words.alike(r.similarity), *mine,
                      words.pay(r.pay), words.change(r).replace(" %", ""))  # fmt: skip
    yield table
    yield Text(
        f"n: openings. Median of {printable(p.base)}: {words.pay(p.base_pay)}. Thousand {p.money}; "
        "change in mean pay, nothing held equal.",
        style="dim",
    )
    yield Text()


def _mind(p: CareerPath) -> Iterator[RenderableType]:
    yield from mind(p.caveats)
    hint = "--all shows more of each table; --json and --markdown give all, with methods."
    yield from last_lines(map(source_line, p.sources), hint)


def _named(rest: list[Asked]) -> str:
    return "; ".join(f"{printable(a.name).lower()} ({a.count})" for a in rest)


def _cut(name: str, most: int = WIDE) -> str:
    text = printable(name)
    return text if len(text) <= most else text[: most - 1] + "…"
