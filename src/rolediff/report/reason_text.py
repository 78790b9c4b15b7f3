"""The reasons that are given for a gap, and skills as reasons, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import plain
from rolediff.report.printable import printable
from rolediff.report.reason_words import (
    measure_cells,
    part_sentence,
    premiums_sentence,
    skills_sentence,
    verdict_line,
)
from rolediff.report.words import capital, facing, percent
from rolediff.results import Measure, Reason, Short, Why

FAMILIES = 5
"""Families of skills shown on the terminal."""


def head(text: str) -> Text:
    """A heading."""
    return Text(printable(text), style="bold")


def grey(s: Short) -> Text:
    """A section that is not there, and why."""
    return Text(printable(f"Not enough evidence: {s.reason}."), style="dim")


def role_name(label: str) -> str:
    """A role's name, cut to 20 characters."""
    label = printable(label)
    return label if len(label) <= 20 else label[:19] + "…"


def reasons(w: Why) -> Iterator[RenderableType]:
    """Each reason with its verdict, measures and part of pay."""
    yield head("Three reasons that are given for such gaps")
    for i, reason in enumerate(w.reasons):
        if i:
            yield Text()
        yield from _reason(w, reason)


def _reason(w: Why, reason: Reason) -> Iterator[RenderableType]:
    c = w.comparison
    yield Text(f"{capital(reason.name)}: {reason.verdict}", style="bold")
    yield Text(printable(verdict_line(c, reason)))
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    table.add_column("")
    for head in (role_name(c.a.label), role_name(c.b.label), "difference"):
        table.add_column(head, justify="right", min_width=11)
    for m in reason.measures:
        if isinstance(m, Measure):
            table.add_row(f"{printable(m.name)} ({printable(_counts(m))})", *measure_cells(m))
    if table.row_count:
        yield table
    for m in reason.measures:
        if isinstance(m, Short):
            yield grey(m)
    yield Text(printable(part_sentence(c, reason.part)))


def _counts(m: Measure) -> str:
    return f"{m.source}, {m.a.n:,} v {m.b.n:,}"


def skills(w: Why) -> Iterator[RenderableType]:
    """Skills as reasons: their part of pay, and premiums."""
    yield head("Skills as reasons")
    if isinstance(w.skills, Short):
        yield grey(w.skills)
        return
    c, s = w.comparison, w.skills
    yield Text(printable(skills_sentence(c, s)))
    if not isinstance(s.mix, Short):
        order = sorted(s.mix.families.items(), key=lambda kv: (-abs(kv[1].value), kv[0]))
        table = plain("family of skills", "its part of pay")
        for family, e in order[:FAMILIES]:
            table.add_row(printable(family), percent(facing(c, e)))
        yield table
    for label, found, tested in (
        (c.a.label, s.premiums_a, s.tested_a),
        (c.b.label, s.premiums_b, s.tested_b),
    ):
        yield Text(printable(premiums_sentence(label, found, tested)))
