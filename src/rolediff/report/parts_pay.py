"""The part of a page on pay: distributions, percentiles, and the gap as more is held equal."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.charts_pay import pay_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.scales import in_percent, in_thousands, scale_of
from rolediff.report.words import (
    PAY,
    answering,
    basis,
    capital,
    coverage,
    facing,
    factor,
    headline,
    held_equal,
    lead,
    percent,
    span,
    thousands,
)
from rolediff.results import ENDS, PERCENTILES, Comparison, Estimate

END_NAMES = {"low": "low end", "mid": "midpoint", "high": "high end"}
MOST = 4
"""Categories of a factor that are drawn; the table has all."""


def pay_part(c: Comparison, command: str) -> Part:
    """Who is advertised at more, and by how much."""
    made = (_pay, _percentiles, _ladder, _within, _others)
    figures = tuple(f for make in made if (f := make(c, command)) is not None)
    return Part("pay", "Pay", headline(c), (basis(c), coverage(c)), figures)


def key(c: Comparison) -> tuple[tuple[str, str], ...]:
    """Which mark stands for which role."""
    return ("a", c.a.label), ("b", c.b.label)


def over(c: Comparison) -> str:
    """ "ML Engineer over AI Engineer"."""
    higher, lower = lead(c)
    return f"{higher.label} over {lower.label}"


def records(c: Comparison) -> str:
    """ "n = 344 and 2,965 records"."""
    return f"n = {c.a.n:,} and {c.b.n:,} records"


def source(c: Comparison) -> str:
    """The titles of the sources."""
    return "; ".join(str(s["title"] or s["name"]) for s in c.sources)


def told(e: Estimate) -> Estimate:
    """A gap in log points, in percent."""
    return e.percent


def _pay(c: Comparison, command: str) -> Figure:
    title = f"{capital(PAY[c.kind])}, thousand {c.money}"
    rows = (
        (r.label, END_NAMES[end], f"{r.n:,}",
         *(f"{thousands(e.value)} ({span(e)})" for e in map(r.percentiles[end].get, PERCENTILES)
           if e is not None))
        for r in (c.a, c.b) for end in ENDS
    )  # fmt: skip
    heads = ("role", "end of the range", "n", *(f"p{p}" if p != 50 else "median"
                                                for p in PERCENTILES))  # fmt: skip
    return Figure(
        "pay-spread", title,
        "Bars: share of records by the midpoint of their range. Below them the middle half of "
        "records (thick), p10 to p90 (thin) and the median.",
        records(c), source(c),
        "Percentiles of the midpoint of each advertised range, every record once. Bars have the "
        "same width and, in both roles, the same scale.",
        command, intervals(r.percentiles["mid"][50] for r in (c.a, c.b)),
        pay_chart(c, title), key(c), (), Grid.of(heads, rows),
    )  # fmt: skip


def _percentiles(c: Comparison, command: str) -> Figure:
    title = f"Percentiles side by side, thousand {c.money}"
    sides = ((c.a, "a"), (c.b, "b"))
    rows = [
        Row(
            "Median" if p == 50 else f"p{p}",
            tuple(Mark(e := r.percentiles["mid"][p], k, f"{thousands(e.value)} ({span(e)})")
                  for r, k in sides),
            f"gap {percent(facing(c, c.gap_percentiles[p]))}",
        )
        for p in PERCENTILES
    ]  # fmt: skip
    every = [m.value for row in rows for m in row.marks]
    grid = Grid.of(
        ("percentile", c.a.label, c.b.label, f"gap, {over(c)}"),
        ((r.label, *(m.told for m in r.marks), r.note.removeprefix("gap ")) for r in rows),
    )
    say = "; ".join(f"{r.label} {r.note.removeprefix('gap ')}" for r in rows)
    return Figure(
        "pay-percentiles", title, f"The gap along the scale ({over(c)}): {say}.", records(c),
        source(c), "Each percentile of one role against the same percentile of the other.", command,
        intervals([*every, *c.gap_percentiles.values()]),
        rows_chart(title, say, rows, scale_of(every, in_thousands), joined=True),
        key(c), (), grid, tuple(rows), "money",
    )  # fmt: skip


def _ladder(c: Comparison, command: str) -> Figure:
    title = f"The gap as more is held equal, {over(c)}"
    rows = []
    for rung in c.ladder:
        pair = ((facing(c, rung.all), "n"), (facing(c, rung.distinct), "o"))
        name = held_equal(rung.held, len(rung.held) > 3 and rung is c.ladder[-1])
        flag = "sign turns" if rung.flipped or rung.flipped_distinct else "few" * rung.weak
        rows.append(Row(capital(name), tuple(Mark(told(e), k, percent(e)) for e, k in pair), flag))
    every = [m.value for row in rows for m in row.marks]
    first, last = rows[0], rows[-1]
    say = f"With nothing held equal {first.marks[0].told}"
    if last is not first:
        say += f"; with {last.label.lower()} held equal {last.marks[0].told}"
    grid = Grid.of(
        ("held equal", "all records", "each distinct ad once", ""),
        ((", ".join(map(factor, r.held)) or "nothing", *(m.told for m in row.marks), row.note)
         for r, row in zip(c.ladder, rows, strict=True)),
    )  # fmt: skip
    return Figure(
        "pay-ladder", title, f"{say}.", records(c), source(c),
        "Mean log pay regressed on the role and on what is held equal; the gap in percent of the "
        "lower role's geometric mean. Records alike in every field may be one ad posted again: "
        "the ring counts them once.",
        command, intervals([c.ladder[0].all, c.ladder[-1].all]),
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)),
        (("n", "all records"), ("o", "each distinct ad once")), (), grid, tuple(rows), "percent",
    )  # fmt: skip


def _within(c: Comparison, command: str) -> Figure | None:
    groups = {name: group for name, group in c.within.items() if len(group) > 1}
    if not groups:
        return None
    title = f"The gap within categories, {over(c)}"
    rows: list[Row] = []
    for name, group in groups.items():
        rows.append(Row(capital(factor(name))))
        rows += [
            Row(w.category, (Mark(told(e := facing(c, w.gap)), "n", percent(e)),),
                f"{w.n_a:,} and {w.n_b:,}{', few' if w.weak else ''}")
            for w in group[:MOST]
        ]  # fmt: skip
    every = [m.value for row in rows for m in row.marks]
    higher = lead(c)[0].label
    drawn = [m for row in rows for m in row.marks]
    clear = sum(m.value.low is not None and m.value.low > 0 for m in drawn)
    say = f"Of the {len(drawn)} largest categories drawn, {clear} show {higher} clearly higher."
    grid = Grid.of(
        ("factor", "category", c.a.label, c.b.label, "gap"),
        ((factor(n), w.category, f"{w.n_a:,}", f"{w.n_b:,}", percent(facing(c, w.gap)))
         for n, group in c.within.items() for w in group),
    )  # fmt: skip
    return Figure(
        "pay-within", title, say, f"{records(c)}; of each category beside it", source(c),
        "The raw gap among records of one category. Under 5 records of a role a category is not "
        "shown, under 30 it is marked few.",
        command, intervals(w.gap for group in groups.values() for w in group),
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)),
        (), (), grid, tuple(rows), "percent",
    )  # fmt: skip


def _others(c: Comparison, command: str) -> Figure | None:
    found = list(_readings(c))
    if len(found) < 2:
        return None
    title = f"The same by other sources and definitions, {over(c)}"
    rows = [
        Row(name, tuple(Mark(told(e), k, percent(e)) for e, k in zip(pair, "no", strict=True) if e),
            counts)
        for name, counts, pair in found if any(pair)
    ]  # fmt: skip
    every = [m.value for row in rows for m in row.marks]
    say = "; ".join(f"{r.label} {r.marks[0].told}" for r in rows)
    grid = Grid.of(
        ("records", f"{c.a.label} and {c.b.label}", "all", "each distinct ad once"),
        ((name, counts, *(percent(e) if e else "too few" for e in pair))
         for name, counts, pair in found),
    )  # fmt: skip
    return Figure(
        "pay-others", title, f"{say}.", "n beside each", source(c),
        "Strictly: the title is the role's name; broadly: it is a name for the same job. Other "
        "sources are compared by themselves, never pooled.",
        command, intervals(e for _, _, pair in found for e in pair),
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)),
        (("n", "all records"), ("o", "each distinct ad once")), (), grid, tuple(rows), "percent",
    )  # fmt: skip


def _readings(
    c: Comparison,
) -> Iterator[tuple[str, str, tuple[Estimate | None, Estimate | None]]]:
    """Every other way to choose the records, with counts and the gaps as they are told."""
    yield f"Titles read {c.reading}ly", f"{c.a.n:,} and {c.b.n:,}", _pair(c, c.gap, c.gap_distinct)
    if (o := c.other_reading) is not None:
        counts = f"{o.n_a:,} and {o.n_b:,}"
        yield f"Titles read {o.reading}ly", counts, _pair(c, o.gap, o.gap_distinct)
    for s in c.by_source:
        if not s.answers:
            name = f"Source {s.name}: {answering(c, s.name)}"
            yield name, f"{s.n_a:,} and {s.n_b:,}", _pair(c, s.gap, s.gap_distinct)
    if c.gap_employers is not None:
        yield "Every employer weighing the same", "", (facing(c, c.gap_employers), None)


def _pair(
    c: Comparison, all_: Estimate | None, distinct: Estimate | None
) -> tuple[Estimate | None, Estimate | None]:
    return (all_ and facing(c, all_), distinct and facing(c, distinct))
