"""How demand for two roles moves, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from rolediff.report.blocks import last_lines, mind
from rolediff.report.demand_words import HEADS, LEGEND, cells, flat, summary
from rolediff.report.printable import printable
from rolediff.report.trend_words import (
    BANDS,
    band,
    banded,
    clear_moves,
    headline,
    median,
    projected,
    relative,
    skill_sentence,
    survival,
)
from rolediff.report.where_text import HINT, NARROW, categories, short
from rolediff.report.where_words import difference, official_line, rounded, share
from rolediff.report.words import source_line
from rolediff.results import GREY, Demand, SkillTrend, SourceTrend, Trend

MOST, SOME = 40, 8
"""Skills shown on the terminal where all is asked for, and else; `--json` and `--markdown` have
all."""


def show(t: Trend, console: Console, everything: bool = False) -> None:
    """Print `t`; readable at 80 columns and without colour. `everything` has more of each table."""
    for part in _parts(t, everything):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(t: Trend, everything: bool) -> Iterator[RenderableType]:
    yield Text(printable(headline(t)), style="bold")
    yield Text()
    for source in t.by_source:
        yield from _periods(t, source)
    for watched in t.watched:
        yield from _watched(t, watched)
    yield from _ages(t)
    yield from _skills(t, everything)
    yield from _proxies(t)
    yield from mind(t.caveats)
    lines = (*map(source_line, t.sources), *map(official_line, t.official))
    yield from last_lines(lines, HINT)


def _periods(t: Trend, s: SourceTrend) -> Iterator[RenderableType]:
    yield Text(printable(f"Share of all records of {s.source}, by year"), style="bold")
    table = categories("", "all", "n", short(t.a), "n", short(t.b), "first of both", "")
    for p in s.periods:
        few = "few" if 0 < min(p.n_a, p.n_b) < GREY else ""
        table.add_row(
            str(p.year), f"{p.total:,}", f"{p.n_a:,}", share(p.a), f"{p.n_b:,}", share(p.b),
            f"{rounded(p.of_pair.value)} %" if p.of_pair else "", Text(few, "dim"),
        )  # fmt: skip
    table.columns[0].min_width = 6
    yield table
    yield Text(printable(relative(t, s)), style="dim")
    yield Text()


def _watched(t: Trend, d: Demand) -> Iterator[RenderableType]:
    yield Text(printable(f"Demand while {d.source} was watched"), style="bold")
    table = categories(*HEADS, label=12)
    for name, role in ((t.a, d.a), (t.b, d.b)):
        table.add_row(*map(printable, cells(short(name), role)))

    yield table
    said = (LEGEND, summary(t, d), flat(t, d, d.a), flat(t, d, d.b))
    yield Text(printable(" ".join(said)), style="dim")
    yield Text()


def _ages(t: Trend) -> Iterator[RenderableType]:
    if not t.ages:
        return
    yield Text("How long openings stay: months since publication of live ones", style="bold")
    table = categories("", "openings", *(band(*b) for b in BANDS), "median", "")
    for g in t.ages:
        few = "few" if g.n < GREY else ""
        name = printable(t.a if g.role == "A" else t.b)
        counts = (f"{n:,}" for n in banded(g))
        table.add_row(short(name), f"{g.n:,}", *counts, median(g), Text(few, "dim"))
    yield table
    told = " ".join(survival(t, g) for g in t.ages)
    yield Text(f"{printable(told)} This is no growth.", style="dim")
    yield Text()


def _skills(t: Trend, everything: bool) -> Iterator[RenderableType]:
    yield Text("Rising and falling skills", style="bold")
    yield from moves(t.skills, t.a, t.b, MOST if everything else SOME)


def moves(s: SkillTrend, a: str, b: str, most: int) -> Iterator[RenderableType]:
    """Which skills rise and fall, or what is missing; `a` and `b` are the roles."""
    yield Text(printable(skill_sentence(s)))
    if clear := clear_moves(s):
        table = categories("", "", "earlier", "later", "points")
        for m in clear[:most]:
            role = short(a if m.role == "A" else b)
            shares = rounded(m.earlier.value), share(m.later), difference(m.change)
            table.add_row(short(m.skill), role, *shares)
        yield table
    yield Text()


def _proxies(t: Trend) -> Iterator[RenderableType]:
    if not t.proxies:
        return
    yield Text("Beside it: neighbouring occupations in the US, proxies", style="bold")
    year = t.proxies[0].employment_year
    table = categories("", "nearest to", f"in {year}", "projected", "openings")
    for p in t.proxies:
        near = "both" if len(p.roles) > 1 else t.a if p.roles == ("A",) else t.b
        people = f"{p.employment.value:,.0f}" if p.employment else ""
        openings = f"{p.openings:,.0f}" if p.openings is not None else ""
        name = Text(printable(p.occupation), overflow="ellipsis")
        table.add_row(name, short(near, NARROW), people, projected(p), openings)
    table.columns[0].width = 23
    yield table
    yield Text("Employees, projected change over ten years, openings a year.", style="dim")
    yield Text()
