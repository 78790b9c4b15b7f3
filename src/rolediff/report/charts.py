"""Charts of rows: a label, and below it values with their intervals on one axis.

Places along the width are percents, heights are pixels: a chart is as wide as its page, on a phone
as on paper, and its text keeps its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from rolediff.report.scales import Scale
from rolediff.report.svg import line, mark, percent, picture, tag, words
from rolediff.results import Estimate

LABEL, STRIP, GAP = 17, 17, 9
"""Heights of a line of a label, of a value, and of the room between rows."""
WIDE, BESIDE = 46, 30
"""Characters of a line of a label, alone and beside a note: as many as a phone has room for."""
LINES = 3
TALL = 820
"""Pixels of a chart at most: what fits on a page of A4 below its title."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on a row: `kind` "a", "b", "n" (neither role) or "o" (a ring); `told` beside it."""

    value: Estimate
    kind: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A label with its values; `note` stands at the right of it. Without values it is a heading."""

    label: str
    marks: tuple[Mark, ...] = ()
    note: str = ""

    @property
    def lines(self) -> list[str]:
        """The label broken into lines."""
        return wrapped(self.label, BESIDE if self.note else WIDE)

    @property
    def height(self) -> float:
        """Pixels from the top of this row to the top of the next."""
        return LABEL * len(self.lines) + STRIP * len(self.marks) + GAP


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of `width` characters, three at most."""
    lines = wrap(text, width, break_long_words=True) or [""]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: width - 1] + "…"]
    return lines


def short(text: str, width: int = WIDE) -> str:
    """`text` on one line of `width` characters."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def rows_chart(
    title: str, told: str, rows: Sequence[Row], scale: Scale, *, joined: bool = False
) -> Markup:
    """The chart, in pieces if it is tall; with `joined` a thin line ties the values of a row."""
    pieces = _pieces(rows)
    named = [f"{title}, {i} of {len(pieces)}" for i in range(1, len(pieces) + 1)]
    names = named if len(pieces) > 1 else [title]
    return Markup("").join(
        _piece(name, told, piece, scale, joined) for name, piece in zip(names, pieces, strict=True)
    )


def _piece(title: str, told: str, rows: Sequence[Row], scale: Scale, joined: bool) -> Markup:
    height = _height(rows)
    body = [*scale.axis(0, height, list(_breaks(rows))), *_rows(rows, scale, joined)]
    return picture(title, told, height + 20, *body)


def _pieces(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows in pieces that fit on a page, a heading with all that stands under it if it can."""
    groups: list[list[Row]] = []
    for row in rows:
        if not row.marks or not groups:
            groups.append([])
        groups[-1].append(row)
    pieces: list[list[Row]] = [[]]
    for group in groups:
        if pieces[-1] and _height(pieces[-1]) + _height(group) > TALL:
            pieces.append([])
        for row in group:
            if pieces[-1] and _height(pieces[-1]) + row.height > TALL:
                pieces.append([])
            pieces[-1].append(row)
    return pieces


def _height(rows: Sequence[Row]) -> float:
    return sum(r.height for r in rows)


def _breaks(rows: Sequence[Row]) -> Iterator[float]:
    """For the lines of the axis: nothing beside labels, a line beside values, by turns."""
    for row in rows:
        values = STRIP * len(row.marks) + GAP if row.marks else 0
        yield from (0, row.height - values, values, 0)


def _rows(rows: Sequence[Row], scale: Scale, joined: bool) -> Iterator[str]:
    top = 0.0
    for row in rows:
        kind = "label" if row.marks else "head"
        for i, text in enumerate(row.lines):
            yield words(0, top + 13 + LABEL * i, text, kind=kind)
        if row.note:
            yield words(100, top + 13, row.note, anchor="end", kind="value")
        start = top + LABEL * len(row.lines) + STRIP / 2
        at = [start + STRIP * i for i in range(len(row.marks))]
        if joined and len(at) > 1:
            yield _tie(row.marks, at, scale)
        for y, m in zip(at, row.marks, strict=True):
            yield from interval(m, y, scale)
            if m.told:
                yield words(100, y + 4, m.told, anchor="end", kind="value")
        top += row.height


def _tie(marks: Sequence[Mark], at: Sequence[float], scale: Scale) -> str:
    first, last = marks[0].value.value, marks[-1].value.value
    return line(scale.at(first), at[0], scale.at(last), at[-1], "tie")


def interval(m: Mark, y: float, scale: Scale) -> Iterator[str]:
    """A value with its interval; an end beyond the axis has an arrow."""
    e = m.value
    if e.low is not None and e.high is not None:
        low, high = scale.at(e.low), scale.at(e.high)
        yield line(low, y, high, y, f"span {m.kind}")
        if e.low < scale.low:
            yield _arrow(low, y, m.kind, "M-3 0l6-4v8z")
        if e.high > scale.high:
            yield _arrow(high, y, m.kind, "M3 0l-6-4v8z")
    if scale.holds(e.value):
        yield mark(scale.at(e.value), y, m.kind)


def _arrow(x: float, y: float, kind: str, path: str) -> str:
    return tag("svg", tag("path", d=path, class_=kind), x=percent(x), y=y, overflow="visible")
