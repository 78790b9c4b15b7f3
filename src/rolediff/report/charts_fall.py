"""The waterfall from one role's pay to the other's."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rolediff.report.charts import BESIDE, GAP, LABEL, STRIP, Mark, interval, short
from rolediff.report.scales import Scale, in_thousands, scale_of
from rolediff.report.svg import bar, line, picture, words
from rolediff.report.words import capital, factor, percent, span, thousands
from rolediff.results import Comparison, Estimate, Step, Waterfall

HIGH = LABEL + STRIP + GAP


def fall_chart(c: Comparison, w: Waterfall, title: str) -> str:
    """Bars that lead from A's geometric mean to B's; the axis need not begin at zero."""
    reached = [Estimate(s.after, *_ends(s)) for s in w.steps]
    scale = scale_of([w.start, w.end, *reached], in_thousands)
    height = HIGH * (len(w.steps) + 2)
    body = [
        *scale.axis(0, height, [0, LABEL, STRIP + GAP, 0]),
        *_end(c.a.label, w.start, "a", 0, scale),
    ]
    for i, step in enumerate(w.steps, 1):
        body += _step(step, i * HIGH, scale)
    body += _end(c.b.label, w.end, "b", HIGH * (len(w.steps) + 1), scale)
    return picture(title, _told(c, w), height + 20, *body)


def _ends(s: Step) -> tuple[float | None, float | None]:
    """Where the interval of a part would lead to."""
    if s.part.low is None or s.part.high is None:
        return None, None
    low, high = (s.before * math.exp(min(x, 3.0)) for x in (s.part.low, s.part.high))
    return min(low, s.after), max(high, s.after)


def _end(label: str, e: Estimate, kind: str, top: float, scale: Scale) -> Iterator[str]:
    y = top + LABEL + STRIP / 2
    yield words(0, top + 13, short(label), kind="label")
    yield from interval(Mark(e, kind), y, scale)
    yield words(100, y + 4, f"{thousands(e.value)} ({span(e)})", anchor="end", kind="value")
    if kind == "a":
        yield line(scale.at(e.value), y, scale.at(e.value), y + HIGH, "tie")


def _step(s: Step, top: float, scale: Scale) -> Iterator[str]:
    y = top + LABEL + STRIP / 2
    before, after = scale.at(s.before), scale.at(s.after)
    money = f"{(s.after - s.before) / 1000:+.1f}".replace("-", "−")
    yield words(0, top + 13, short(capital(factor(s.factor)), BESIDE), kind="label")
    yield words(100, top + 13, f"{money} thousand", anchor="end", kind="value")
    yield bar(before, after, y - 6, 12, "up" if s.part.value >= 0 else "down")
    low, high = _ends(s)
    if low is not None and high is not None:
        yield line(scale.at(low), y, scale.at(high), y, "reach")
    yield words(100, y + 4, percent(s.part), anchor="end", kind="value")
    yield line(after, y, after, y + HIGH, "tie")


def _told(c: Comparison, w: Waterfall) -> str:
    parts = "; ".join(f"{factor(s.factor)} {percent(s.part)}" for s in w.steps)
    return (
        f"From {thousands(w.start.value)} ({c.a.label}) to {thousands(w.end.value)} ({c.b.label}): "
        f"{parts}."
    )
