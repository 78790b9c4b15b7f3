"""Axes: from numbers to places along a chart, with round ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rolediff.report.svg import line, number, tag, words
from rolediff.report.words import signed, thousands
from rolediff.results import Estimate

LEFT, RIGHT = 5.0, 62.0
"""Where axes begin and end, in percent of the width; values are written to the right of them."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
REACH = 0.5
"""Intervals may widen an axis by this part of the spread of the values, and by their median width;
what is wider ends in an arrow, so that one weak estimate does not squash the others."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` .. `high` to percents of the width; `tell` writes a tick."""

    low: float
    high: float
    tell: Callable[[float], str]
    left: float = LEFT
    right: float = RIGHT

    def at(self, x: float) -> float:
        """The place of `x`, kept within the axis."""
        share = (min(max(x, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def holds(self, x: float) -> bool:
        """Whether `x` lies on the axis."""
        return self.low <= x <= self.high

    @property
    def ticks(self) -> tuple[float, ...]:
        """Four to six round numbers."""
        step = _step(self.high - self.low)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return tuple(float(f"{i * step:.10g}") for i in range(first, last + 1))

    def axis(self, top: float, bottom: float, broken: Sequence[float] = ()) -> Iterator[str]:
        """Lines at the ticks, zero stronger, and their labels below.

        `broken` = lengths that are drawn and left out, by turns, so that no line crosses a label.
        """
        drawn = [
            line(at := self.at(x), top, at, bottom, "zero" if x == 0 else "grid")
            for x in self.ticks
        ]
        yield tag("g", *drawn, stroke_dasharray=" ".join(map(number, broken)) or None)
        for x in self.ticks:
            yield words(self.at(x), bottom + 14, self.tell(x), anchor="middle", kind="tick")


def _step(span: float) -> float:
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(s * power for s in STEPS if s * power >= rough * 0.999)


def scale_of(
    found: Iterable[Estimate],
    tell: Callable[[float], str],
    *,
    floor: float | None = None,
    ceiling: float | None = None,
    with_zero: bool = False,
) -> Scale:
    """An axis that holds all values, and of their intervals what does not squash the values.

    `floor` and `ceiling` bound what can be, such as 0 and 1 for shares.
    """
    estimates = list(found)
    values = [e.value for e in estimates if math.isfinite(e.value)] or [0.0]
    values += [0.0] if with_zero else []
    spread = max(values) - min(values) or max(abs(values[0]), 1.0)
    ends = [x for e in estimates for x in (e.low, e.high) if x is not None and math.isfinite(x)]
    reach = max(REACH * spread, _median_width(estimates))
    low = max(min([*values, *ends]), min(values) - reach)
    high = min(max([*values, *ends]), max(values) + reach)
    if high - low < 1e-12:
        low, high = low - 0.5, high + 0.5
    low = low if floor is None else max(low, floor)
    high = high if ceiling is None else min(high, ceiling)
    return Scale(*_rounded(low, high, floor, ceiling), tell)


def share_scale(found: Iterable[Estimate]) -> Scale:
    """An axis for shares of 0 to 1, from zero."""
    return scale_of(found, in_shares, floor=0, ceiling=1, with_zero=True)


def _median_width(found: list[Estimate]) -> float:
    widths = sorted(e.high - e.low for e in found if e.low is not None and e.high is not None)
    return widths[len(widths) // 2] if widths else 0.0


def _rounded(
    low: float, high: float, floor: float | None, ceiling: float | None
) -> tuple[float, float]:
    """The ends, moved out to round numbers where they may."""
    step = _step(high - low) / 2
    first = min(low, math.floor(low / step + 1e-9) * step)
    last = max(high, math.ceil(high / step - 1e-9) * step)
    return (
        first if floor is None else max(first, floor),
        last if ceiling is None else min(last, ceiling),
    )


def in_percent(x: float) -> str:
    """A tick of a gap in percent."""
    return f"{signed(x)} %"


def in_shares(x: float) -> str:
    """A tick of a share of 0 to 1."""
    return f"{100 * x:.0f} %"


def in_thousands(x: float) -> str:
    """A tick of money, in thousands."""
    return thousands(x)


def plainly(x: float) -> str:
    """A tick of any number."""
    return f"{x:g}".replace("-", "−")
