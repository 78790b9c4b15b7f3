"""The part of a page on why pay differs: the waterfall, the reasons, and what checks them."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.charts_curve import curve_chart
from rolediff.report.charts_fall import fall_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.parts_pay import over, records, source, told
from rolediff.report.reason_words import measure_cells, part_sentence, skills_sentence, verdict_line
from rolediff.report.scales import in_percent, scale_of
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
from rolediff.report.words import capital, facing, factor, held_equal, number, percent, thousands
from rolediff.results import (
    AtStatistic,
    Measure,
    Methods,
    Short,
    SpecificationCurve,
    Waterfall,
    Why,
)

CAUSE = "Factors account for a part of a gap; they do not cause it."


def why_part(w: Why, command: str) -> Part:
    """What the gap is made of."""
    made = (_fall, _reasons, _scale, _methods, _curve, _overturn)
    figures = tuple(f for make in made if (f := make(w, command)) is not None)
    shorts = (_short(s) for s in (w.waterfall, w.methods, w.curve) if isinstance(s, Short))
    return Part("why", "Why", because(w), (CAUSE, *dict.fromkeys(shorts)), figures)


def _short(s: Short) -> str:
    return f"Not enough evidence: {s.reason}."


def _fall(w: Why, command: str) -> Figure | None:
    c, fall = w.comparison, w.waterfall
    if not isinstance(fall, Waterfall):
        return None
    title = f"From {c.a.label} to {c.b.label}, geometric means, thousand {c.money}"
    rows = [(c.a.label, thousands(fall.start.value), "", "")]
    rows += [
        (factor(s.factor), f"{(s.after - s.before) / 1000:+.1f}".replace("-", "−"),
         percent(s.part), thousands(s.after))
        for s in fall.steps
    ]  # fmt: skip
    rows.append((c.b.label, thousands(fall.end.value), percent(-c.gap), ""))
    say = (*(step_sentence(c, s) for s in fall.steps[:-1]), unexplained_sentence(w))
    items = tuple(("", text) for text in say)
    return Figure(
        "why-fall", title,
        "Each bar is what a difference between the roles' records goes with, all else recorded "
        "held equal; a hollow bar lowers pay. Thin lines are intervals.",
        records(c), source(c),
        f"Oaxaca-Blinder decomposition of mean log pay at the reference {fall.reference} (Jann "
        "2008), each part turned into money in the order drawn.",
        command, intervals([c.gap, *(s.part for s in fall.steps)]),
        fall_chart(c, fall, title), (("a", c.a.label), ("b", c.b.label)), items,
        Grid.of(("step", "thousand", "percent (95 % interval)", "reached"), rows),
    )  # fmt: skip


def _reasons(w: Why, command: str) -> Figure | None:
    if not w.reasons:
        return None
    c = w.comparison
    items = [
        (f"{capital(r.name)}: {r.verdict}.", f"{verdict_line(c, r)} {part_sentence(c, r.part)}")
        for r in w.reasons
    ]
    if not isinstance(w.skills, Short):
        items.append(("Skills.", skills_sentence(c, w.skills)))
    measures = [(r.name, m) for r in w.reasons for m in r.measures if isinstance(m, Measure)]
    rows = [
        (capital(name), m.name, *measure_cells(m), f"{m.a.n:,} and {m.b.n:,}", m.source)
        for name, m in measures
    ]
    heads = ("reason", "measure", c.a.label, c.b.label, "difference", "n", "source")
    sources = "; ".join(dict.fromkeys(m.source for _, m in measures)) or source(c)
    return Figure(
        "why-reasons", "The reasons usually given, measured", "", "n in the table", sources,
        "A reason is supported where the higher role has more of it and it goes with a part of the "
        "gap, both clearly; contradicted where either clearly shows the reverse.",
        command, intervals(e for _, m in measures for e in (m.a, m.difference)),
        items=tuple(items), grid=Grid.of(heads, rows) if rows else None,
    )  # fmt: skip


def _scale(w: Why, command: str) -> Figure | None:
    c = w.comparison
    found = {k: s for k, s in w.statistics.items() if isinstance(s, AtStatistic)}
    drawn = {k: s for k, s in found.items() if k.startswith("p")}
    if not drawn:
        return None
    title = f"Along the pay scale, {over(c)}"
    rows = [
        Row(statistic_name(k),
            tuple(Mark(told(e), kind, statistic_gap(k, e))
                  for e, kind in ((facing(c, s.gap), "n"), (facing(c, s.explained), "o"))))
        for k, s in drawn.items()
    ]  # fmt: skip
    every = [m.value for row in rows for m in row.marks]
    say = "; ".join(f"{r.label} {r.marks[0].told}, of it {r.marks[1].told}" for r in rows)
    grid = Grid.of(
        ("statistic", "gap", "accounted for", "not accounted for"),
        ((statistic_name(k), *(statistic_gap(k, facing(c, e))
                               for e in (s.gap, s.explained, s.unexplained)))
         for k, s in found.items()),
    )  # fmt: skip
    return Figure(
        "why-scale", title, "The gap, and the part that recorded factors account for, from the "
        "lowest paid tenth to the highest.", records(c), source(c), statistics_note(w), command,
        intervals(s.gap for s in drawn.values()),
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)),
        (("n", "gap"), ("o", "accounted for")), (), grid, tuple(rows), "percent",
    )  # fmt: skip


def _methods(w: Why, command: str) -> Figure | None:
    c, m = w.comparison, w.methods
    if not isinstance(m, Methods):
        return None
    title = f"Do methods agree on the part accounted for? {over(c)}"
    at = {"A": c.a.label, "B": c.b.label}
    sure = clear(c.gap)
    rows = [
        Row(f"{x.name}{f', at {at.get(x.reference, x.reference)}' if x.reference else ''}",
            (Mark(told(e := facing(c, x.accounted)), "n", percent(e)),),
            f"{number(100 * x.share)} % of the gap" if sure else "")
        for x in m.methods
    ]  # fmt: skip
    every = [mark.value for row in rows for mark in row.marks]
    grid = Grid.of(("method", "accounted for", "of the gap"),
                   ((r.label, r.marks[0].told, r.note) for r in rows))  # fmt: skip
    say = methods_sentence(c, m) or "Each method's part, in percent of pay."
    skipped = tuple(
        (f"{capital(name)}: not enough evidence.", f"{capital(s.reason)}.")
        for name, s in m.skipped.items()
    )
    return Figure(
        "why-methods", title, say, records(c), source(c),
        "The same question to several methods: regression at each reference, reweighting, exact "
        "matching, Gelbach's account. docs/method.md names their papers.",
        command, intervals(every),
        rows_chart(title, say, rows, scale_of(every, in_percent, with_zero=True)),
        (), skipped, grid, tuple(rows), "percent",
    )  # fmt: skip


def _curve(w: Why, command: str) -> Figure | None:
    c, curve = w.comparison, w.curve
    if not isinstance(curve, SpecificationCurve):
        return None
    title = f"Every defensible way to ask, {over(c)}"
    runs = [(r, facing(c, r.gap).percent) for r in curve.runs]
    told_ = curve_sentence(c, curve)
    rows = (
        (str(i), f"{r.setting.reading}ly", r.setting.end, held_equal(r.setting.held, False),
         "distinct" if r.setting.distinct else "all", r.setting.reference,
         f"{r.n_a:,} and {r.n_b:,}", percent(facing(c, r.gap)))
        for i, (r, _) in enumerate(sorted(runs, key=lambda x: x[1].value), 1)
    )  # fmt: skip
    heads = ("run", "titles", "pay", "held equal", "records", "valued at", "n", "gap")
    return Figure(
        "why-curve", title, told_, f"{len(runs):,} runs, n of each in the table", source(c),
        "Specification curve (Simonsohn, Simmons and Nelson 2020): one run for each combination "
        "of choices below the curve, sorted by its gap. Settings that come to the same regression "
        "are one run.",
        command, intervals(r.gap for r, _ in runs),
        curve_chart(c, runs, title, told_),
        (("n", "interval leaves out zero"), ("o", "it does not")), (), Grid.of(heads, rows),
    )  # fmt: skip


def _overturn(w: Why, command: str) -> Figure | None:
    items = tuple(_checks(w))
    if not items:
        return None
    return Figure(
        "why-overturn", "What could overturn it", "", records(w.comparison), source(w.comparison),
        "Sensitivity to a hidden factor (Cinelli and Hazlett 2020); each employer and source left "
        "out in turn; each end of the advertised range, and interval regression over the whole.",
        command, "95 % intervals where one is named", items=items,
    )  # fmt: skip


def _checks(w: Why) -> Iterator[tuple[str, str]]:
    c = w.comparison
    if not isinstance(w.ranges, Short):
        yield "Another end of the range.", ranges_sentence(c, w.ranges)
    if not isinstance(w.hidden, Short):
        yield "A hidden factor.", " ".join(hidden_sentences(w.hidden))
    for kind, found in w.left_out.items():
        if isinstance(found, Short):
            yield f"One {kind} left out: not enough evidence.", f"{capital(found.reason)}."
        else:
            yield f"One {kind} left out.", influence_sentence(c, kind, found)
