"""Answers as Altair charts, from the same rows that the page draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rolediff.errors import MissingExtraError, NotEnoughEvidence
from rolediff.report.figures import Figure
from rolediff.report.views import view
from rolediff.report.words import factor
from rolediff.results import Estimate, Report, Short, Trend, Waterfall, Why

COLOURS = {"a": "#0b5fa5", "b": "#b04a00", "n": "#444444", "o": "#8a8a8a"}
SHAPES = {"a": "circle", "b": "diamond", "n": "circle", "o": "square"}
FORMATS = {"share": ".0%", "percent": "+.0f", "money": "~s", "": ""}


def plot(answer: Any) -> Any:
    """An `altair.Chart` (or layers of them); see `rolediff.results.shown.Shown.plot`."""
    alt = _altair()
    if isinstance(answer, Report) and not isinstance(answer.pay, Short):
        return plot(answer.pay)
    if isinstance(answer, Why) and isinstance(answer.waterfall, Waterfall):
        return _fall(alt, answer, answer.waterfall)
    if isinstance(answer, Trend) and any(_years(answer)):
        return _lines(alt, answer)
    drawn = [f for f in view(answer).figures if f.rows]
    if not drawn:
        raise NotEnoughEvidence("n = 0 figures to draw: print the answer, it says why")
    return _rows(alt, drawn[0])


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise MissingExtraError(
            "plot needs Altair, which an extra brings: pip install 'rolediff[plots]'"
        ) from error
    return altair


def _rows(alt: Any, f: Figure) -> Any:
    """Values with their intervals, a row for each label; headings of rows come before them."""
    names = dict(f.key)
    values: list[dict[str, Any]] = []
    head = ""
    for row in f.rows:
        head = head if row.marks else row.label
        label = f"{head}: {row.label}" if head else row.label
        values += [
            {"label": label, "series": names.get(m.kind, m.kind), "told": m.told, **_ends(m.value)}
            for m in row.marks
        ]
    kinds = list(dict.fromkeys(m.kind for row in f.rows for m in row.marks))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=300)),
        yOffset=alt.YOffset("series:N", sort=None),
        color=_by(alt, "series", kinds, names, COLOURS),
        tooltip=["label:N", "series:N", "told:N"],
    )
    axis = alt.Axis(format=FORMATS[f.unit]) if FORMATS[f.unit] else alt.Axis()
    point = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("value:Q", title=f.title, axis=axis, scale=alt.Scale(zero=False)),
        shape=_by(alt, "series", kinds, names, SHAPES),
    )
    return (base.mark_rule().encode(x="low:Q", x2="high:Q") + point).properties(width=420)


def _by(
    alt: Any, field: str, kinds: Sequence[str], names: dict[str, str], looks: dict[str, str]
) -> Any:
    """A channel that shows series as the page does: by colour, or by shape."""
    scale = alt.Scale(domain=[names.get(k, k) for k in kinds], range=[looks[k] for k in kinds])
    make = alt.Color if looks is COLOURS else alt.Shape
    return make(f"{field}:N", scale=scale, title=None, legend=alt.Legend() if names else None)


def _ends(e: Estimate) -> dict[str, float | None]:
    return {"value": e.value, "low": e.low, "high": e.high}


def _fall(alt: Any, w: Why, fall: Waterfall) -> Any:
    """Floating bars from A's geometric mean to B's."""
    c = w.comparison
    values = [
        {"label": factor(s.factor), "before": s.before, "after": s.after,
         "way": "raises pay" if s.part.value >= 0 else "lowers pay"}
        for s in fall.steps
    ]  # fmt: skip
    ends = [
        {"label": c.a.label, "value": fall.start.value, "series": c.a.label},
        {"label": c.b.label, "value": fall.end.value, "series": c.b.label},
    ]
    order = [c.a.label, *(factor(s.factor) for s in fall.steps), c.b.label]
    y = alt.Y("label:N", sort=order, title=None)
    title = f"{c.a.label} to {c.b.label}, {c.money}"
    x = alt.X("before:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(format="~s"))
    bars = alt.Chart(alt.InlineData(values=values)).mark_bar().encode(
        y=y, x=x, x2="after:Q", opacity=alt.Opacity("way:N", title=None),
        tooltip=["label:N", "before:Q", "after:Q"],
    )  # fmt: skip
    dots = alt.Chart(alt.InlineData(values=ends)).mark_point(filled=True, size=80).encode(
        y=y, x="value:Q",
        color=_by(alt, "series", "ab", {"a": c.a.label, "b": c.b.label}, COLOURS),
    )  # fmt: skip
    return (bars + dots).properties(width=420)


def _years(t: Trend) -> list[dict[str, Any]]:
    """Shares by year of the first source that has any."""
    found = [
        {"source": s.source, "year": p.year, "role": name, **_ends(e)}
        for s in t.by_source for p in s.periods
        for name, e in ((t.a, p.a), (t.b, p.b)) if e is not None
    ]  # fmt: skip
    return [x for x in found if x["source"] == found[0]["source"]]


def _lines(alt: Any, t: Trend) -> Any:
    values = _years(t)
    named = {"a": t.a, "b": t.b}
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("year:O", title=None),
        color=_by(alt, "role", "ab", named, COLOURS),
    )
    title = f"Share of all records of {values[0]['source']}"
    y = alt.Y("value:Q", title=title, axis=alt.Axis(format=".0%"))
    line = base.mark_line(point=True).encode(y=y)
    band = base.mark_area(opacity=0.15).encode(y="low:Q", y2="high:Q")
    return (line + band).properties(width=420)
