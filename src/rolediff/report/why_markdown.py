"""An answer to why as Markdown: every section in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from rolediff.report.markdown_parts import safe, safe_cells, section, table
from rolediff.report.reason_words import (
    measure_cells,
    part_sentence,
    premiums_sentence,
    skills_sentence,
    verdict_line,
)
from rolediff.report.why_words import (
    because,
    clear,
    curve_sentence,
    hidden_sentences,
    influence_sentence,
    methods_sentence,
    ranges_sentence,
    statistic_gap,
    statistic_name,
    statistics_note,
    step_sentence,
    unexplained_sentence,
)
from rolediff.report.words import (
    capital,
    facing,
    factor,
    headline,
    held_equal,
    lead,
    number,
    percent,
    rates,
    source_line,
    thousands,
)
from rolediff.results import AtStatistic, Measure, Reason, Short, SpecificationRun, Why

T = TypeVar("T")


def markdown(w: Why) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(w)) + "\n"


def _lines(w: Why) -> Iterator[str]:
    c = w.comparison
    higher, lower = lead(c)
    over = f"{higher.label} over {lower.label}"
    yield f"# Why {safe(c.a.label)} and {safe(c.b.label)} differ in pay"
    yield ""
    yield f"**{safe(headline(c))}** {safe(because(w))}"
    yield from section(f"From {c.a.label} to {c.b.label}, thousand {c.money}", _waterfall(w))
    yield from section(f"The gap as more is held equal ({over})", _ladder(w))
    for reason in w.reasons:
        yield from section(f"{capital(reason.name)}: {reason.verdict}", _reason(w, reason))
    yield from section("Skills as reasons", _skills(w))
    yield from section(f"Along the pay scale ({over})", _statistics(w))
    yield from section("By method", _methods(w))
    yield from section(
        "By end of the range", _sentences(w.ranges, lambda r: [ranges_sentence(c, r)])
    )
    yield from section(f"Every defensible way to ask ({over})", _curve(w))
    yield from section("Beside a hidden factor", _sentences(w.hidden, hidden_sentences))
    yield from section("Without one of them", _left_out(w))
    yield from section("Mind", (f"- {safe(text)}" for _, text in c.caveats))
    yield from section("Sources", (f"- {safe(source_line(s))}" for s in c.sources))
    if c.rates:
        yield f"- {safe(rates(c))}"


def _short(s: Short) -> str:
    return f"Not enough evidence: {safe(s.reason)}."


def _sentences(found: T | Short, say: Callable[[T], Iterable[str]]) -> Iterator[str]:
    yield _short(found) if isinstance(found, Short) else safe(" ".join(say(found)))


def _waterfall(w: Why) -> Iterator[str]:
    c, fall = w.comparison, w.waterfall
    if isinstance(fall, Short):
        yield _short(fall)
        return
    rows = [[c.a.label, "", "", thousands(fall.start.value)]]
    for s in fall.steps:
        money = f"{(s.after - s.before) / 1000:+.1f}".replace("-", "−")
        rows.append([factor(s.factor), money, percent(s.part), thousands(s.after)])
    rows.append([c.b.label, "", percent(-c.gap), thousands(fall.end.value)])
    yield from table(("", "part", "percent", "pay"), safe_cells(rows))
    yield ""
    yield from (f"- {safe(step_sentence(c, s))}" for s in fall.steps[:-1])
    yield f"- {safe(unexplained_sentence(w))}"


def _ladder(w: Why) -> Iterator[str]:
    c = w.comparison
    rows = (
        (held_equal(r.held, False), percent(facing(c, r.all)), percent(facing(c, r.distinct)))
        for r in c.ladder
    )
    return table(("held equal", "all records", "distinct ads"), safe_cells(rows))


def _reason(w: Why, reason: Reason) -> Iterator[str]:
    c = w.comparison
    yield safe(verdict_line(c, reason))
    yield ""
    rows = [
        (m.name, m.source, f"{m.a.n:,} v {m.b.n:,}", *measure_cells(m))
        for m in reason.measures
        if isinstance(m, Measure)
    ]
    if rows:
        yield from table(("", "source", "n", c.a.label, c.b.label, "difference"), safe_cells(rows))
        yield ""
    yield from (_short(m) for m in reason.measures if isinstance(m, Short))
    yield safe(part_sentence(c, reason.part))


def _skills(w: Why) -> Iterator[str]:
    c, s = w.comparison, w.skills
    if isinstance(s, Short):
        yield _short(s)
        return
    yield safe(skills_sentence(c, s))
    yield ""
    if not isinstance(s.mix, Short):
        rows = ((family, percent(facing(c, e))) for family, e in s.mix.families.items())
        yield from table(("family of skills", "its part of pay"), safe_cells(rows))
        yield ""
    yield f"- {safe(premiums_sentence(c.a.label, s.premiums_a, s.tested_a))}"
    yield f"- {safe(premiums_sentence(c.b.label, s.premiums_b, s.tested_b))}"


def _statistics(w: Why) -> Iterator[str]:
    c = w.comparison
    rows = [
        (statistic_name(k), *(statistic_gap(k, facing(c, e)) for e in (s.gap, s.explained)))
        for k, s in w.statistics.items()
        if isinstance(s, AtStatistic)
    ]
    if rows:
        yield from table(("", "gap", "accounted for"), safe_cells(rows))
        yield from ("", safe(statistics_note(w)))
    for k, s in w.statistics.items():
        if isinstance(s, Short):
            yield f"- {statistic_name(k)}: {_short(s)}"


def _methods(w: Why) -> Iterator[str]:
    c, m = w.comparison, w.methods
    if isinstance(m, Short):
        yield _short(m)
        return
    names = {"A": c.a.label, "B": c.b.label}
    rows = (
        (x.name, names.get(x.reference, x.reference), percent(facing(c, x.accounted)),
         f"{number(100 * x.share)} %" if clear(c.gap) else "")
        for x in m.methods
    )  # fmt: skip
    yield from table(("method", "valued at", "accounted for", "of the gap"), safe_cells(rows))
    yield from ("", safe(methods_sentence(c, m)))
    yield from (f"- {safe(k)}: {_short(s)}" for k, s in m.skipped.items())


def _curve(w: Why) -> Iterator[str]:
    c, curve = w.comparison, w.curve
    if isinstance(curve, Short):
        yield _short(curve)
        return
    yield safe(curve_sentence(c, curve))
    yield ""
    rows = (_run(r, percent(facing(c, r.gap))) for r in curve.runs)
    head = ("gap", "titles", "end", "held equal", "ads", "valued at")
    yield from table(head, safe_cells(rows))


def _run(r: SpecificationRun, gap: str) -> tuple[str, ...]:
    s = r.setting
    ads = "distinct" if s.distinct else "all"
    return gap, s.reading, s.end, held_equal(s.held, False), ads, s.reference


def _left_out(w: Why) -> Iterator[str]:
    for kind, found in w.left_out.items():
        said = (
            _short(found)
            if isinstance(found, Short)
            else safe(influence_sentence(w.comparison, kind, found))
        )
        yield f"- {said}"
