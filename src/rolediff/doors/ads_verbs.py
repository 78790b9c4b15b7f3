"""The verbs that answer from what ads name: skills and work."""

from __future__ import annotations

from functools import partial

from rolediff.annotate.skill_groups import group_names
from rolediff.compare.found import Question
from rolediff.doors.options import Length, Output, Tables, Which
from rolediff.doors.write import answered, load_market
from rolediff.errors import UsageError


def told_skills(
    q: Question, which: Which, tables: Tables, output: Output, group: str | None, length: Length
) -> None:
    """Print the skills of two roles as asked."""
    from rolediff.compare.skills import compare_skills
    from rolediff.compare.trend import history_of
    from rolediff.report.skills_markdown import markdown
    from rolediff.report.skills_text import show
    from rolediff.report.skills_words import sentence

    named = None if group is None else _group(group)
    market, dated = load_market(which.data, tables), history_of(which.data)
    answer = compare_skills(market, q, which.catalogue().roles, dated[0] if dated else None)
    shown = partial(show, group=named, everything=length.everything)
    answered("skills", answer, output, sentence(answer), markdown, shown)


def told_work(q: Question, which: Which, tables: Tables, output: Output, length: Length) -> None:
    """Print what people in two roles do as asked."""
    from rolediff.compare.work import compare_work
    from rolediff.report.work_markdown import markdown
    from rolediff.report.work_text import show
    from rolediff.report.work_words import sentence

    answer = compare_work(load_market(which.data, tables), q)
    shown = partial(show, everything=length.everything)
    answered("work", answer, output, sentence(answer), markdown, shown)


def _group(name: str) -> str:
    """The group called `name`, whatever its case, or the one that begins so."""
    asked = name.strip().casefold()
    found = [g for g in group_names() if asked and g.casefold().startswith(asked)]
    if not found:
        raise UsageError(f"no group {name!r}: choose one of {', '.join(group_names())}")
    return found[0]
