"""A whole report as parts, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rolediff.report.figures import Part
from rolediff.report.parts_ads import skills_part, work_part
from rolediff.report.parts_path import path_part
from rolediff.report.parts_pay import pay_part
from rolediff.report.parts_trend import trend_part
from rolediff.report.parts_where import where_part
from rolediff.report.parts_why import why_part
from rolediff.results import Report, Short

MAKERS: tuple[tuple[str, str, str, Callable[[Any, str], Part]], ...] = (
    ("pay", "pay", "Pay", pay_part),
    ("why", "why", "Why", why_part),
    ("skills", "skills", "Skills", skills_part),
    ("work", "work", "Work", work_part),
    ("hired", "where", "Where", where_part),
    ("trend", "trend", "Trend", trend_part),
)
"""Field of a report, name of its command, heading, and what makes the part."""


def parts(r: Report) -> Iterator[Part]:
    """Every part; one that cannot be told says why."""
    for field, command, heading, make in MAKERS:
        found = getattr(r, field)
        if isinstance(found, Short):
            yield Part(command, heading, short=found.reason)
        else:
            yield make(found, r.commands[command])
    yield path_part(r.paths, r.commands)
