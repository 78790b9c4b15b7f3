"""Elements of SVG, each value escaped; nothing in data can become markup."""

from __future__ import annotations

from markupsafe import Markup, escape

from rolediff.report.printable import printable

_NAMES = {"view_box": "viewBox", "preserve_aspect_ratio": "preserveAspectRatio", "class_": "class"}


def tag(name: str, *inside: str, **attributes: str | float | None) -> Markup:
    """`<name ...>inside</name>`; attributes that are None are left out, `_` is written `-`."""
    said = "".join(
        f' {_NAMES.get(key) or key.replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not inside:
        return Markup(f"<{name}{said}/>")
    body = "".join(x if isinstance(x, Markup) else escape(printable(x)) for x in inside)
    return Markup(f"<{name}{said}>{body}</{name}>")


def _value(x: str | float) -> str:
    return str(escape(printable(x))) if isinstance(x, str) else number(x)


def number(x: float) -> str:
    """A number as short as two decimals allow."""
    text = f"{x:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(x: float) -> str:
    """A place along the width: charts are as wide as the page, and their text is not scaled."""
    return f"{number(x)}%"


def picture(title: str, told: str, height: float, *inside: str) -> Markup:
    """A whole chart, as wide as its place, with the words for those who cannot see it."""
    return tag(
        "svg", tag("title", title), tag("desc", told), *inside,
        xmlns="http://www.w3.org/2000/svg", class_="chart", role="img", width="100%",
        height=height, overflow="visible",
    )  # fmt: skip


def words(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "") -> Markup:
    """A line of text at x percent of the width and y pixels."""
    return tag(
        "text", text, x=percent(x), y=y, class_=kind or None,
        text_anchor=None if anchor == "start" else anchor,
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A line between two places."""
    return tag("line", x1=percent(x1), y1=y1, x2=percent(x2), y2=y2, class_=kind)


def bar(x1: float, x2: float, y: float, height: float, kind: str) -> Markup:
    """A bar from x1 to x2 percent."""
    left, right = min(x1, x2), max(x1, x2)
    return tag(
        "rect", x=percent(left), y=y, width=percent(max(right - left, 0.1)), height=height,
        class_=kind,
    )  # fmt: skip


def mark(x: float, y: float, kind: str) -> Markup:
    """A mark for a value: a disc for A ("a"), a diamond for B ("b"), a ring ("o"), else a disc."""
    if kind.startswith("b"):
        shape = tag("path", d="M-6 0L0-6L6 0L0 6z", class_=kind)
        return tag("svg", shape, x=percent(x), y=y, overflow="visible")
    return tag("circle", cx=percent(x), cy=y, r=4.5, class_=kind)
