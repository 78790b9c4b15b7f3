"""An answer to why on a terminal: the sentence first, then the waterfall, then what checks it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import last_lines, mind, plain
from rolediff.report.printable import printable
from rolediff.report.reason_text import grey, head, reasons, role_name, skills
from rolediff.report.why_pictures import curve_picture, waterfall_bars
from rolediff.report.why_words import (
    REST,
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
from rolediff.results import AtStatistic, Short, Why

CAUSE = "Factors account for a part of a gap; they do not cause it."


def show(w: Why, console: Console) -> None:
    """Print `w`; readable at 80 columns and without colour."""
    for part in _parts(w):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(w: Why) -> Iterator[RenderableType]:
    yield Text(printable(headline(w.comparison)), style="bold")
    yield Text(printable(because(w)))
    sections = (
        _waterfall, _ladder, reasons, skills, _statistics, _methods, _curve, _hidden, _left_out,
        _mind,
    )  # fmt: skip
    for section in sections:
        yield Text()
        yield from section(w)


def _over(w: Why) -> str:
    higher, lower = lead(w.comparison)
    return f"{higher.label} over {lower.label}"


def _waterfall(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield head(f"From {c.a.label} to {c.b.label} (geometric means, thousand {c.money})")
    if isinstance(w.waterfall, Short):
        yield grey(w.waterfall)
        return
    yield _bars(w)
    yield Text("Each part with all else recorded held equal. A light bar lowers pay.", style="dim")
    yield Text()
    for step in w.waterfall.steps[:-1]:
        yield _bullet(step_sentence(c, step))
    yield _bullet(f"{capital(REST)}: {unexplained_sentence(w)}")


def _bars(w: Why) -> Table:
    assert not isinstance(w.waterfall, Short)
    c, fall, bars = w.comparison, w.waterfall, waterfall_bars(w.waterfall)
    table = _grid()
    table.add_row(role_name(c.a.label), Text(bars[0]), thousands(fall.start.value), "")
    for step, bar in zip(fall.steps, bars[1:-1], strict=True):
        style = "cyan" if step.part.value >= 0 else "yellow"
        money = f"{(step.after - step.before) / 1000:+.1f}".replace("-", "−")
        table.add_row(factor(step.factor), Text(bar, style), money, percent(step.part))
    table.add_row(role_name(c.b.label), Text(bars[-1]), thousands(fall.end.value), percent(-c.gap))
    return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 1))
    sides: tuple[JustifyMethod, ...] = ("left", "left", "right", "left")
    for justify in sides:
        table.add_column(justify=justify, no_wrap=True)
    return table


def _bullet(text: str) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row("·", Text(printable(text)))
    return table


def _ladder(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield head(f"The gap as more is held equal ({_over(w)})")
    table = plain("", "all records", "distinct ads")
    for rung in c.ladder:
        whole = len(rung.held) > 3 and rung is c.ladder[-1]
        gaps = (percent(facing(c, e)) for e in (rung.all, rung.distinct))
        table.add_row(held_equal(rung.held, whole), *gaps)
    yield table


def _statistics(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield head(f"Along the pay scale ({_over(w)})")
    table = plain("", "gap", "accounted for")
    found = {k: s for k, s in w.statistics.items() if isinstance(s, AtStatistic)}
    for label, s in found.items():
        table.add_row(
            statistic_name(label),
            *(statistic_gap(label, facing(c, e)) for e in (s.gap, s.explained)),
        )
    if found:
        yield table
        yield Text(printable(statistics_note(w)), style="dim")
    for reason in dict.fromkeys(s for s in w.statistics.values() if isinstance(s, Short)):
        names = [statistic_name(k) for k, s in w.statistics.items() if s == reason]
        yield grey(Short(f"{', '.join(names)}: {reason.reason}"))


def _methods(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield head("Do methods agree on the part accounted for?")
    if isinstance(w.methods, Short):
        yield grey(w.methods)
    else:
        table = plain("method", "valued at", "accounted for", "of the gap")
        for m in w.methods.methods:
            at = {"A": c.a.label, "B": c.b.label}.get(m.reference, m.reference)
            share = f"{number(100 * m.share)} %" if clear(c.gap) else ""
            table.add_row(m.name, printable(at), percent(facing(c, m.accounted)), share)
        yield table
        yield Text(printable(methods_sentence(c, w.methods)))
        for name, short in w.methods.skipped.items():
            yield grey(Short(f"{name}: {short.reason}"))
    yield Text()
    yield head("Does it matter what is taken of a range? (all else recorded held equal)")
    if isinstance(w.ranges, Short):
        yield grey(w.ranges)
    else:
        yield Text(printable(ranges_sentence(c, w.ranges)))


def _curve(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield head(f"Every defensible way to ask ({_over(w)})")
    if isinstance(w.curve, Short):
        yield grey(w.curve)
        return
    gaps = [facing(c, r.gap).percent for r in w.curve.runs]
    yield Text("\n".join(curve_picture(gaps)))
    yield Text(printable(curve_sentence(c, w.curve)))
    yield Text("A run is a choice of titles, end of the range, factors, ads and reference; "
               "● its interval leaves out zero.", style="dim")  # fmt: skip


def _hidden(w: Why) -> Iterator[RenderableType]:
    yield head("Could something unrecorded explain the rest?")
    if isinstance(w.hidden, Short):
        yield grey(w.hidden)
        return
    yield Text(printable(" ".join(hidden_sentences(w.hidden))))


def _left_out(w: Why) -> Iterator[RenderableType]:
    yield head("Does one of them carry the answer?")
    for kind, found in w.left_out.items():
        if isinstance(found, Short):
            yield grey(Short(f"leaving out one {kind}: {found.reason}"))
        else:
            yield Text(printable(influence_sentence(w.comparison, kind, found)))


def _mind(w: Why) -> Iterator[RenderableType]:
    c = w.comparison
    yield from mind((("cause", CAUSE), *c.caveats))
    hint = "--json and --markdown give all of it, with methods."
    yield from last_lines(map(source_line, c.sources), hint, rates(c))
