"""Pictures in characters: a waterfall of bars, and a sorted curve of dots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolediff.report.words import signed
from rolediff.results import Estimate, Waterfall

BAR = 30
WIDE, HIGH = 66, 7
"""Columns and rows of the curve."""


def waterfall_bars(w: Waterfall) -> list[str]:
    """A bar for the start, each step and the end, on one axis that need not begin at zero."""
    levels = [w.start.value, w.end.value, *(s.after for s in w.steps)]
    span = max(levels) - min(levels) or 0.1 * levels[0]
    low, high = min(levels) - 0.4 * span, max(levels)
    at = [
        round(BAR * (x - low) / (high - low)) for x in (w.start.value, *(s.after for s in w.steps))
    ]
    steps = [_step(at[i], at[i + 1], s.part.value) for i, s in enumerate(w.steps)]
    return ["█" * at[0], *steps, "█" * at[-1]]


def _step(before: int, after: int, part: float) -> str:
    first, last = min(before, after), max(before, after)
    inside = ("█" if part >= 0 else "░") * (last - first)
    return " " * first + (inside or "▏")


def curve_picture(gaps: Sequence[Estimate]) -> list[str]:
    """Gaps in percent, sorted, as rows of dots with their percentages at the left.

    With more gaps than columns every so many is drawn, the first and last always; ● where the
    interval leaves out zero, else ○; a line where zero is.
    """
    drawn = sorted(gaps, key=lambda e: e.value)
    if len(drawn) > WIDE:
        drawn = [drawn[round(i * (len(drawn) - 1) / (WIDE - 1))] for i in range(WIDE)]
    ends = [drawn[0].value, drawn[-1].value]
    low, high = min(ends), max(ends)
    low, high = (min(low, 0.0), max(high, 0.0)) if low * high < 0 or high == low else (low, high)
    return list(_rows(drawn, low, high))


def _rows(drawn: Sequence[Estimate], low: float, high: float) -> Iterator[str]:
    rows = [round((HIGH - 1) * (e.value - low) / ((high - low) or 1.0)) for e in drawn]
    zero = round((HIGH - 1) * -low / (high - low)) if low < 0 < high else -1
    for row in reversed(range(HIGH)):
        label = 0.0 if row == zero else low + (high - low) * row / (HIGH - 1)
        blank = "─" if row == zero else " "
        line = "".join(_dot(e) if at == row else blank for e, at in zip(drawn, rows, strict=True))
        yield f"{signed(label):>5} % {line}".rstrip()


def _dot(e: Estimate) -> str:
    clear = e.low is not None and e.high is not None and (e.low > 0 or e.high < 0)
    return "●" if clear else "○"
