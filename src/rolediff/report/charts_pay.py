"""The distributions of pay of two roles, one above the other on one axis."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.charts import BESIDE, short
from rolediff.report.scales import Scale, in_thousands
from rolediff.report.svg import bar, line, picture, words
from rolediff.report.words import span, thousands
from rolediff.results import PERCENTILES, Comparison, RoleSample

HILL, BAND, ROOM = 56, 14, 30
"""Heights of the histogram, of the band of percentiles, and of the text above them."""


def pay_chart(c: Comparison, title: str) -> str:
    """Histograms with the bands of percentiles below: p10 to p90 thin, p25 to p75 thick."""
    ends = [x for r in (c.a, c.b) for x in (*r.histogram[1], *_percentiles(r))]
    scale = Scale(min(ends), max(ends), in_thousands, 1.5, 98.5)
    each = ROOM + HILL + BAND + 22
    body = [*scale.axis(0, 2 * each, [0, ROOM, HILL + BAND, 22])]
    top = max(_densest(r) for r in (c.a, c.b))
    for i, (role, kind) in enumerate(((c.a, "a"), (c.b, "b"))):
        body += _role(role, kind, i * each, top, scale)
    return picture(title, _told(c), 2 * each + 20, *body)


def _percentiles(r: RoleSample) -> list[float]:
    return [r.percentiles["mid"][p].value for p in PERCENTILES]


def _densest(r: RoleSample) -> float:
    return max(r.histogram[0], default=0) / max(sum(r.histogram[0]), 1)


def _role(r: RoleSample, kind: str, y: float, densest: float, scale: Scale) -> Iterator[str]:
    counts, edges = r.histogram
    base = y + ROOM + HILL
    whole = max(sum(counts), 1)
    for n, low, high in zip(counts, edges, edges[1:], strict=False):
        tall = HILL * n / whole / densest if densest else 0
        if n:
            yield bar(
                scale.at(low) + 0.15, scale.at(high) - 0.15, base - tall, tall, f"hill {kind}"
            )
    p10, p25, p50, p75, p90 = map(scale.at, _percentiles(r))
    middle = base + 4 + BAND / 2
    yield bar(p10, p90, middle - 2, 4, f"band {kind}")
    yield bar(p25, p75, middle - BAND / 2, BAND, f"box {kind}")
    yield line(p50, middle - BAND / 2 - 2, p50, middle + BAND / 2 + 2, "median")
    median = r.percentiles["mid"][50]
    yield words(0, y + 16, short(r.label, BESIDE), kind="head")
    yield words(100, y + 16, f"n = {r.n:,}", anchor="end", kind="value")
    yield words(p50, base + BAND + 17, f"median {thousands(median.value)} ({span(median)})",
                anchor="middle" if 20 < p50 < 80 else "start" if p50 <= 20 else "end",
                kind="value")  # fmt: skip


def _told(c: Comparison) -> str:
    """The picture in words."""
    return " ".join(
        f"{r.label}, {r.n:,} records: "
        + ", ".join(
            f"{'median' if p == 50 else f'p{p}'} {thousands(r.percentiles['mid'][p].value)}"
            for p in PERCENTILES
        )
        + "."
        for r in (c.a, c.b)
    )
