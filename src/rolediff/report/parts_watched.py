"""What a page tells of demand while a crawler watched: growth of ads opened, time to close."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.demand_words import HEADS, LEGEND, cells, flat, rate, summary
from rolediff.report.figures import Figure, Grid, intervals
from rolediff.report.scales import in_percent, scale_of
from rolediff.results import Demand, Trend


def watched(t: Trend, d: Demand, source: str, command: str) -> Iterator[Figure]:
    """How ads opened in one source, and how many did in each month."""
    title = f"Ads opened while {d.source} was watched, growth in % a month"
    rows = [row for row in (_row(t, d, side) for side in "ab") if row.marks]
    every = [m.value for row in rows for m in row.marks]
    say = f"{summary(t, d)} {flat(t, d, d.a)} {flat(t, d, d.b)}"
    chart = (
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)) if rows else ""
    )
    yield Figure(
        f"trend-watched-{d.source}", title, say, f"n = {d.a.n:,} and {d.b.n:,} ads", source,
        f"Ads that opened at employers watched throughout, from one month to the next. {LEGEND}",
        command, intervals([d.a.growth, d.b.growth, d.a.days, d.b.days]), chart,
        (("a", t.a), ("b", t.b), ("o", "counted as they came into view")), tuple(_items(t, d)),
        _months(t, d), tuple(rows), "percent",
    )  # fmt: skip


def _row(t: Trend, d: Demand, side: str) -> Row:
    role, name = (d.a, t.a) if side == "a" else (d.b, t.b)
    pair = ((role.growth, side), (role.raw_growth, "o"))
    marks = tuple(
        Mark(e.percent, kind, rate(e).replace(" a month", "")) for e, kind in pair if e is not None
    )
    return Row(name, marks, f"{role.n:,} ads")


def _items(t: Trend, d: Demand) -> Iterator[tuple[str, str]]:
    """How long ads of each role stay open, and what cannot be told."""
    for name, role in ((t.a, d.a), (t.b, d.b)):
        told = dict(zip(HEADS, cells(name, role), strict=True))
        missing = "".join(f" Not enough evidence: {reason}." for reason in role.missing.values())
        yield (
            f"{name}.",
            f"Days until half of the ads are closed: {told['days']}; still open after 60 days: "
            f"{told['still']}.{missing}",
        )


def _months(t: Trend, d: Demand) -> Grid:
    heads = (
        "month", f"{t.a}: opened", "open at its end", "came into view", f"{t.b}: opened",
        "open at its end", "came into view",
    )  # fmt: skip
    months = sorted({*d.a.opened, *d.b.opened, *d.a.raw, *d.b.raw})
    counts = [c for r in (d.a, d.b) for c in (r.opened, r.open, r.raw)]
    return Grid.of(heads, ((m, *(f"{c[m]:,}" if m in c else "" for c in counts)) for m in months))
