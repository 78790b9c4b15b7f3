"""The specification curve: every run by its gap, and below it what each run chose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rolediff.report.charts import short
from rolediff.report.scales import Scale, in_percent, scale_of
from rolediff.report.svg import number, percent, picture, tag, words
from rolediff.report.why_words import clear
from rolediff.report.words import capital, factor
from rolediff.results import Comparison, Estimate, Setting, SpecificationRun

TALL, LINE, HEAD = 190, 12, 16
INDENT = 12.5
"""Where runs begin, in percent of the width; the labels of the axis stand before them."""
ENDS = {"low": "low end of the range", "mid": "midpoint", "high": "high end"}
Choice = tuple[str, Callable[[Setting], bool]]


def curve_chart(
    c: Comparison, runs: Sequence[tuple[SpecificationRun, Estimate]], title: str, told: str
) -> str:
    """Runs with the gap in percent as it is told, sorted by it."""
    drawn = sorted(runs, key=lambda r: r[1].value)
    scale = scale_of([e for _, e in drawn], in_percent, with_zero=True)
    scale = Scale(scale.low, scale.high, in_percent, TALL, 0)
    body = [*_axis(scale), *_curve(drawn, scale)]
    groups = _choices([r.setting for r, _ in drawn], c)
    y = float(TALL + 20)
    for heading, choices in groups:
        body.append(words(0, y + 12, heading, kind="head"))
        y += HEAD + 4
        for name, chosen in choices:
            body.append(words(0, y + 11, short(name), kind="tick"))
            ticks = [i for i, (r, _) in enumerate(drawn) if chosen(r.setting)]
            body.append(_ticks(ticks, len(drawn), y + 15))
            y += LINE + 15
        y += 4
    return picture(title, told, y, *body)


def _axis(scale: Scale) -> Iterator[str]:
    for x in scale.ticks:
        y = scale.at(x)
        yield tag("line", x1=percent(INDENT), x2="100%", y1=y, y2=y,
                  class_="zero" if x == 0 else "grid")  # fmt: skip
        yield words(0, y + 4, scale.tell(x), kind="tick")


def _curve(drawn: Sequence[tuple[SpecificationRun, Estimate]], scale: Scale) -> Iterator[str]:
    """Intervals as one shape that is stretched to the width, dots above them."""
    held = [(i, e) for i, (_, e) in enumerate(drawn) if e.low is not None and e.high is not None]
    d = "".join(
        _upright(i, scale.at(e.high or 0), scale.at(e.low or 0) - scale.at(e.high or 0))
        for i, e in held
    )
    yield _stretched(len(drawn), TALL, 0, tag("path", d=d, class_="spans"))
    for i, (run, e) in enumerate(drawn):
        x = INDENT + (100 - INDENT) * (i + 0.5) / len(drawn)
        yield tag("circle", cx=percent(x), cy=scale.at(e.value), r=2.5,
                  class_="n" if clear(run.gap) else "o fine")  # fmt: skip


def _ticks(at: Sequence[int], n: int, y: float) -> str:
    d = "".join(_upright(i, 0, LINE - 3) for i in at)
    return _stretched(n, LINE, y, tag("path", d=d, class_="ticks"))


def _upright(i: int, top: float, height: float) -> str:
    """A thin bar half as wide as the room of a run: filled, so that stretching does not thin it."""
    return f"M{i + 0.25} {number(top)}h.5v{number(height)}h-.5z"


def _stretched(n: int, height: float, y: float, inside: str) -> str:
    return tag(
        "svg", inside, x=percent(INDENT), y=y, width=percent(100 - INDENT), height=height,
        view_box=f"0 0 {n} {number(height)}", preserve_aspect_ratio="none",
    )  # fmt: skip


def _choices(settings: Sequence[Setting], c: Comparison) -> Iterator[tuple[str, list[Choice]]]:
    """What runs differ in, each choice with who made it."""
    held = sorted({f for s in settings for f in s.held})
    references = sorted({s.reference for s in settings} - {""})
    named = {"A": c.a.label, "B": c.b.label}
    groups: list[tuple[str, list[Choice]]] = [
        ("Titles read", [(f"{r}ly", _is("reading", r)) for r in ("strict", "broad")]),
        ("Pay of a range", [(name, _is("end", end)) for end, name in ENDS.items()]),
        ("Records", [("all", _is("distinct", False)), ("each distinct ad once", _is("distinct", True))]),  # noqa: E501
        ("Held equal", [("nothing", _is("held", ())), *((factor(f), _holds(f)) for f in held)]),
        ("Differences valued at", [(named.get(r, r), _is("reference", r)) for r in references]),
    ]  # fmt: skip
    for heading, choices in groups:
        used = [x for x in choices if any(map(x[1], settings))]
        if len(used) > 1:
            yield heading, [(capital(name), chosen) for name, chosen in used]


def _is(field: str, value: object) -> Callable[[Setting], bool]:
    return lambda s: getattr(s, field) == value


def _holds(name: str) -> Callable[[Setting], bool]:
    return lambda s: name in s.held
