"""A comparison on a terminal: the answer first, then tables, caveats and sources."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import last_lines, mind, plain
from rolediff.report.printable import printable
from rolediff.report.words import (
    PAY,
    accounted,
    answering,
    basis,
    capital,
    coverage,
    facing,
    factor,
    headline,
    held_equal,
    lead,
    log_points,
    number,
    percent,
    points,
    rates,
    reach,
    signed,
    source_line,
    span,
    spark,
    thousands,
    why_sentence,
)
from rolediff.results import PERCENTILES, Comparison, Estimate, RoleSample, Rung, Within

BAR = 24
NARROW = 14
"""Characters of a role's name that leave room for its distribution at 80 columns."""
MOST = 2
"""Categories of a factor shown on the terminal; `--json` and `--markdown` have all."""


HINT = "few: under 30 records on a side. --json and --markdown give all of it, with methods."


def show(c: Comparison, console: Console) -> None:
    """Print `c`; readable at 80 columns and without colour."""
    for part in _parts(c):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(c: Comparison) -> Iterator[RenderableType]:
    yield Text(printable(headline(c)), style="bold")
    yield Text(f"{basis(c)} {why_sentence(c)}".rstrip())
    yield Text()
    yield Text(f"{capital(PAY[c.kind])}, thousand {c.money}, midpoint of the range", style="bold")
    yield _pay(c)
    yield Text()
    yield from _ladder(c)
    yield from _why(c)
    yield from _within(c)
    yield from _readings(c)
    yield from _sources(c)
    yield from _mind(c)


def _pay(c: Comparison) -> Table:
    table = plain("", "n", *(f"p{p}" if p != 50 else "median" for p in PERCENTILES), "")
    drawn = max(len(r.label) for r in (c.a, c.b)) <= NARROW
    for role in (c.a, c.b):
        mid = role.percentiles["mid"]
        money = (thousands(mid[p].value) for p in PERCENTILES)
        table.add_row(_label(role), f"{role.n:,}", *money, spark(role) if drawn else "")
        table.add_row(
            Text("95 % interval", "dim"), "", *(Text(span(mid[p]), "dim") for p in PERCENTILES), ""
        )
    gaps = [facing(c, c.gap_percentiles[p]).percent for p in PERCENTILES]
    table.add_row("gap", "", *(f"{signed(g.value)} %" for g in gaps), "")
    table.add_row(Text("95 % interval", "dim"), "", *(Text(reach(g), "dim") for g in gaps), "")
    return table


def _label(role: RoleSample) -> str:
    label = printable(role.label)
    return label if len(label) <= 25 else label[:24] + "…"


def _ladder(c: Comparison) -> Iterator[RenderableType]:
    repeated = c.a.distinct + c.b.distinct < c.a.n + c.b.n
    yield Text(f"The gap as more is held equal ({_over(c)})", style="bold")
    table = plain("", "all records", *(["distinct ads"] if repeated else []), "")
    last = c.ladder[-1] if len(c.ladder) > 1 else None
    for rung in c.ladder:
        cells = [percent(facing(c, rung.all))]
        cells += [percent(facing(c, rung.distinct))] if repeated else []
        everything = rung is last and len(rung.held) > 3
        table.add_row(held_equal(rung.held, everything), *cells, _flag(rung))
    yield table
    ends = ", ".join(
        f"{'midpoint' if end == 'mid' else f'{end} end'} {signed(facing(c, e).percent.value)} %"
        for end, e in c.gap_ends.items()
    )
    yield Text(f"By end of the range: {ends}.", style="dim")
    if c.gap_employers is not None:
        alike = percent(facing(c, c.gap_employers))
        yield Text(f"With every employer weighing the same: {alike}.", style="dim")
    yield Text()


def _over(c: Comparison) -> str:
    higher, lower = lead(c)
    return printable(f"{higher.label} over {lower.label}")


def _why(c: Comparison) -> Iterator[RenderableType]:
    if c.why is None:
        return
    gap = facing(c, c.why.gap)
    if len(c.why.detail) < 2:
        return
    yield Text(f"What the gap is made of (log points and share of {points(gap.value)})", "bold")
    table = Table.grid(padding=(0, 1))
    rows = [(factor(n), p.explained) for n, p in c.why.detail.items() if n != "(constant)"]
    rows.append(("not accounted for", c.why.unexplained))
    scale = max(abs(e.value) for _, e in rows) or 1.0
    clear = accounted(c.why)
    for name, estimate in rows:
        e = facing(c, estimate)
        bar = ("█" if e.value >= 0 else "░") * round(BAR * abs(e.value) / scale)
        style = "cyan" if e.value >= 0 else "yellow"
        of_gap = f"{number(100 * e.value / gap.value)} %" if clear else ""
        table.add_row(name, Text(bar, style), log_points(e), Text(of_gap, justify="right"))
    yield table
    how = f"By the reference {c.why.reference}; by all six, {clear} is accounted for. "
    yield Text(f"{how if clear else ''}A light bar lowers the gap.", style="dim")
    yield Text()


def _within(c: Comparison) -> Iterator[RenderableType]:
    rows = [w for group in c.within.values() for w in group[:MOST] if len(group) > 1]
    if not rows:
        return
    yield Text(f"The gap within the commonest categories ({_over(c)})", style="bold")
    table = plain("", "", "gap", "records", "")
    previous = ""
    for w in rows:
        name = "" if w.factor == previous else capital(factor(w.factor))
        table.add_row(
            name, printable(w.category), percent(facing(c, w.gap)), _counts(c, w), _weak(w)
        )
        previous = w.factor
    table.columns[1].justify = "left"
    yield table
    yield Text()


def _counts(c: Comparison, w: Within) -> str:
    first, second = (w.n_a, w.n_b) if lead(c)[0] is c.a else (w.n_b, w.n_a)
    return f"{first:,} v {second:,}"


def _weak(w: Within) -> Text:
    return Text("few", "dim") if w.weak else Text()


def _flag(rung: Rung) -> Text:
    if rung.flipped or rung.flipped_distinct:
        return Text("sign turns", "bold red")
    return Text("few", "dim") if rung.weak else Text()


def _readings(c: Comparison) -> Iterator[RenderableType]:
    other = c.other_reading
    if other is None:
        return
    yield Text(f"By definition of the role ({_over(c)})", style="bold")
    table = plain("titles read", "records", "all records", "distinct ads")
    rows: dict[str, tuple[int, int, Estimate | None, Estimate | None]] = {}
    rows[c.reading] = (c.a.n, c.b.n, c.gap, c.gap_distinct)
    rows[other.reading] = (other.n_a, other.n_b, other.gap, other.gap_distinct)
    for reading in sorted(rows, reverse=True):
        n_a, n_b, all_, distinct = rows[reading]
        gaps = (percent(facing(c, e)) if e else "too few" for e in (all_, distinct))
        first, second = (n_a, n_b) if lead(c)[0] is c.a else (n_b, n_a)
        table.add_row(f"{reading}ly", f"{first:,} v {second:,}", *gaps)
    yield table
    yield Text(coverage(c), style="dim")
    yield Text()


def _sources(c: Comparison) -> Iterator[RenderableType]:
    if not c.by_source:
        return
    yield Text(f"By source ({_over(c)})", style="bold")
    table = plain("", "records", "all records", "distinct ads", "")
    for source in c.by_source:
        first, second = source.n_a, source.n_b
        if lead(c)[0] is not c.a:
            first, second = second, first
        gaps = (percent(facing(c, e)) if e else "" for e in (source.gap, source.gap_distinct))
        name = printable(source.name)
        table.add_row(name, f"{first:,} v {second:,}", *gaps, answering(c, source.name))
    table.columns[-1].justify = "left"
    yield table
    yield Text()


def _mind(c: Comparison) -> Iterator[RenderableType]:
    yield from mind(c.caveats)
    yield from last_lines(map(source_line, c.sources), HINT, rates(c))
