"""Skills of two roles as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.markdown_parts import safe, section, table
from rolediff.report.skills_words import asked, premium_line, sentence, similarity_lines
from rolediff.report.telling_markdown import ending, lines_of, told_rows
from rolediff.report.telling_words import of_one, other_lines
from rolediff.report.trend_markdown import moves_rows
from rolediff.report.trend_words import skill_sentence
from rolediff.report.words import percent
from rolediff.results import SkillDiff, Skills


def markdown(s: Skills) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(s)) + "\n"


def _lines(s: Skills) -> Iterator[str]:
    yield f"# Skills of {safe(s.a.label)} and {safe(s.b.label)}"
    yield ""
    yield f"**{safe(sentence(s))}**"
    groups = "By group: share of openings that name any of it"
    yield from section(groups, told_rows(s.groups, s.a, s.b))
    for group in s.groups:
        mine = [d for d in s.skills if d.group == group.name]
        yield from section(group.name, told_rows([d.told for d in mine], s.a, s.b))
    yield from section("With all that is part of it", told_rows(s.wider, s.a, s.b))
    head = ("skill", "kind", s.a.label, s.b.label, "pay that goes with it")
    yield from section(
        "Asked as (openings that require / prefer / only name it), and pay",
        table(head, (_row(d) for d in s.skills), figures=False),
    )
    yield from lines_of(safe(premium_line(s)))
    if s.trend is not None and s.trend.moves:
        moved = moves_rows(s.trend, s.a.label, s.b.label)
        yield from section("Rising and falling skills", (safe(skill_sentence(s.trend)), "", *moved))
    yield from section("How alike the roles are", (f"- {safe(x)}" for x in similarity_lines(s)))
    yield ""
    rows = (
        (safe(role.label), safe(n.label), f"{n.openings:,}", of_one(n.similarity))
        for role, near in ((s.a, s.nearest_a), (s.b, s.nearest_b))
        for n in near
    )
    yield from table(("role", "nearest", "openings", "similarity"), rows, figures=False)
    for line in other_lines(s.other_reading, s.beside, s.reading, "skills"):
        yield from lines_of(safe(line))
    yield from ending(s.missing, s.caveats, (s.source,))


def _row(d: SkillDiff) -> tuple[str, ...]:
    premium = "" if d.premium is None else f"{percent(d.premium.together)}, n {d.premium.n}"
    return safe(d.name), safe(d.kind), asked(d.asked_a), asked(d.asked_b), premium
