"""Lines over years, with the band of their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rolediff.report.scales import Scale, in_shares, scale_of
from rolediff.report.svg import line, mark, number, picture, tag, words
from rolediff.results import Estimate

TALL = 200
LEFT, RIGHT = 12.0, 95.0

Points = Sequence[tuple[int, Estimate]]


def lines_chart(title: str, told: str, lines: Sequence[tuple[str, Points]]) -> str:
    """Shares (0 to 1) by year, a line for each (kind, points); from zero."""
    every = [e for _, points in lines for _, e in points]
    years = sorted({year for _, points in lines for year, _ in points})
    most = 2 * max(e.value for e in every)
    ends = [Estimate(min(e.high or e.value, most)) for e in every]
    fitted = scale_of(ends, in_shares, floor=0, ceiling=1, with_zero=True)
    up = Scale(0, fitted.high, in_shares, TALL, 8)
    along = Scale(years[0], years[-1] if years[-1] > years[0] else years[0] + 1, str, LEFT, RIGHT)
    body = [*_axes(up, along, years)]
    for kind, points in lines:
        body += _line(kind, points, up, along)
    return picture(title, told, TALL + 24, *body)


def _axes(up: Scale, along: Scale, years: Sequence[int]) -> Iterator[str]:
    for x in up.ticks:
        y = up.at(x)
        yield tag("line", x1="0", x2="100%", y1=y, y2=y, class_="zero" if x == 0 else "grid")
        yield words(0, y - 3, _tick(x, up), kind="tick")
    for year in years:
        yield words(along.at(year), TALL + 17, str(year), anchor="middle", kind="tick")


def _tick(x: float, up: Scale) -> str:
    return f"{100 * x:g} %" if up.high < 0.05 else up.tell(x)


def _line(kind: str, points: Points, up: Scale, along: Scale) -> Iterator[str]:
    held = [(y, e) for y, e in points if e.low is not None and e.high is not None]
    if len(held) > 1:
        upper = [f"{number(along.at(y))} {number(up.at(e.high or 0))}" for y, e in held]
        lower = [f"{number(along.at(y))} {number(up.at(e.low or 0))}" for y, e in held[::-1]]
        shape = tag("path", d=f"M{'L'.join(upper + lower)}z", class_=f"cloud {kind}")
        yield tag("svg", shape, x="0", y=0, width="100%", height=TALL, view_box=f"0 0 100 {TALL}",
                  preserve_aspect_ratio="none")  # fmt: skip
    places = [(along.at(y), up.at(e.value)) for y, e in points]
    for (x1, y1), (x2, y2) in pairwise(places):
        yield line(x1, y1, x2, y2, f"course {kind}")
    for y, e in points:
        if e.low is not None and e.high is not None:
            x = along.at(y)
            yield line(x, up.at(e.low), x, up.at(e.high), f"span {kind}")
    for x, height in places:
        yield mark(x, height, kind)
