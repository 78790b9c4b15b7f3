"""Where two roles are hired, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import last_lines, mind, plain
from rolediff.report.printable import printable
from rolediff.report.where_words import (
    MOST,
    agree_sentence,
    counts,
    difference,
    few,
    headline,
    missing_line,
    money,
    near,
    official_line,
    pay_title,
    rank,
    rounded,
    share,
    title,
    who_more,
)
from rolediff.report.words import AGREES, source_line
from rolediff.results import Places, SectorProxy, WhereHired

LABEL = 20
"""Characters of a category's name on the terminal."""
NARROW = 15
"""The same beside pay."""
SOME = 3
"""Categories of each table that are shown unless all is asked for."""
SECTORS = 4
"""Sectors of each neighbouring occupation on the terminal, where all is asked for; else one."""
HINT = (
    "few: under 30 records. --all, --json and --markdown give more of it, the latter with methods."
)
EVERY = "--all has the tables of every source."


def show(w: WhereHired, console: Console, everything: bool = False) -> None:
    """Print `w`; readable at 80 columns and without colour. `everything` has more of each table,
    and the tables of every source."""
    for part in _parts(w, everything):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(w: WhereHired, everything: bool) -> Iterator[RenderableType]:
    most = MOST if everything else SOME
    places = (*w.industries, *w.countries)
    yield Text(printable(headline(w)), style="bold")
    yield Text()
    for p in _shown([p for p in places if p.shares], everything):
        yield from _hires(w, p, most)
    for p in _shown(places, everything):
        yield from _pays(w, p, most)
    yield from _agreement(w, most)
    yield from _proxies(w, everything)
    yield from mind(w.caveats)
    lines = (*map(source_line, w.sources), *map(official_line, w.official))
    yield from last_lines(lines, f"{HINT} {EVERY}")


def _shown(places: Sequence[Places], everything: bool) -> Sequence[Places]:
    """Of each factor the source with most records, unless all are asked for."""
    return places if everything else list({p.factor: p for p in reversed(places)}.values())[::-1]


def _hires(w: WhereHired, p: Places, most: int) -> Iterator[RenderableType]:
    yield Text(printable(title("Who hires", p)), style="bold")
    alike = p.employers_a is not None
    extra = ["alike"] if alike else []
    table = categories("", short(w.a), *extra, short(w.b), *extra, "")
    table.columns[-1].justify = "left"
    for s in p.shares[:most]:
        cells = [share(s.a), *([rounded(s.equal_a.value)] if s.equal_a else [])]
        cells += [share(s.b), *([rounded(s.equal_b.value)] if s.equal_b else [])]
        table.add_row(short(s.label), *cells, short(who_more(s, w)))
    yield table
    more = len(p.shares) - most
    rest = f" {more} more: --all or --markdown." if more > 0 else ""
    told = " alike: percent with every employer weighing the same." if alike else ""
    yield Text(f"{printable(counts(p, w))}{rest}{told}", style="dim")
    yield Text()


def _pays(w: WhereHired, p: Places, most: int) -> Iterator[RenderableType]:
    yield Text(printable(pay_title(p)), style="bold")
    if not p.pay:
        yield Text(printable(missing_line(p, "pay")))
        yield Text()
        return
    yield Text(f"Thousand {w.money}, geometric mean, and at purchasing power (PPP)", style="dim")
    for role, group in groupby(p.pay, key=lambda c: c.role):
        cells = list(group)
        name = short(w.a if role == "A" else w.b, NARROW)
        place = "rank" if len(cells) > 1 else ""
        table = categories(name, "n", "pay", place, "at PPP", place, "", label=NARROW)
        for c in cells[:most]:
            ppp = money(c.ppp.pay) if c.ppp else ""
            row = (f"{c.n:,}", money(c.market.pay), rank(c.market), ppp, rank(c.ppp))
            table.add_row(short(c.label, NARROW), *row, Text(few(c), "dim"))
        yield table
    yield Text()


def _agreement(w: WhereHired, most: int) -> Iterator[RenderableType]:
    if not w.agreement:
        return
    yield Text(printable(f"Sources side by side: {w.a} less {w.b}, points of share"), style="bold")
    for sources, group in groupby(w.agreement, key=lambda s: s.sources):
        table = categories("", *map(short, sources), "")
        for s in islice(group, most):
            row = (difference(s.first), difference(s.second), AGREES[s.agree])
            table.add_row(short(s.label), *row)
        yield table
    yield Text(agree_sentence(w), style="dim")
    yield Text()


def _proxies(w: WhereHired, everything: bool) -> Iterator[RenderableType]:
    if not w.proxies:
        return
    yield Text(f"Beside it: neighbouring occupations in the US, {_dates(w)}", style="bold")
    for _, group in groupby(w.proxies, key=lambda p: p.soc):
        rows = list(group)
        yield from _sectors(rows, w) if everything else _nearest(rows[0], w)
    yield Text()


def _sectors(rows: Sequence[SectorProxy], w: WhereHired) -> Iterator[RenderableType]:
    """The sectors that have most of a neighbouring occupation, as a table."""
    yield Text(printable(_occupation(rows[0], w)), style="dim")
    table = categories("", "employees", "share", "mean pay, thousand US$")
    for r in rows[:SECTORS]:
        pay = money(r.pay) if r.pay else ""
        cells = (f"{r.employment.value:,.0f}", f"{rounded(r.share)} %", pay)
        table.add_row(Text(printable(r.label), overflow="ellipsis"), *cells)
    table.columns[0].width = 32
    yield table


def _nearest(r: SectorProxy, w: WhereHired) -> Iterator[RenderableType]:
    """The sector that has most of a neighbouring occupation, in a sentence."""
    pay = f", mean pay {money(r.pay)} thousand US$" if r.pay else ""
    most = f"most in {r.label} ({rounded(r.share)} %{pay})"
    yield Text(printable(f"{_occupation(r, w)}: {most}."), style="dim")


def _occupation(p: SectorProxy, w: WhereHired) -> str:
    return f"{p.occupation} ({p.soc}), {near(p.roles, w.a, w.b)}"


def _dates(w: WhereHired) -> str:
    return "; ".join(f"OEWS {s['version']}" for s in w.official)


def short(label: str, room: int = LABEL) -> str:
    """A name that leaves room for numbers at 80 columns."""
    label = printable(label)
    return label if len(label) <= room else label[: room - 1] + "…"


def categories(*heads: str, label: int = LABEL) -> Table:
    """A table whose first column has names of categories, each on one line."""
    return plain(*heads, wrap=False, label=label)
