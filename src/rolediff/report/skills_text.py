"""Skills of two roles on a terminal: the answer first, then tables, caveats and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import plain
from rolediff.report.printable import printable
from rolediff.report.skills_words import (
    asked,
    group_lines,
    premium_line,
    priced,
    sentence,
    similarity_lines,
)
from rolediff.report.telling_text import differing, ending, short, table
from rolediff.report.telling_words import other_lines, share
from rolediff.report.words import percent
from rolediff.results import SkillDiff, Skills, Telling

MOST = 8
"""Skills of a role, of each kind, that are shown unless all are asked for."""
FEW = 6


def show(s: Skills, console: Console, group: str | None = None, everything: bool = False) -> None:
    """Print `s`; readable at 80 columns. `group` lists one group's skills, `everything` all."""
    parts = _listed(s, group) if group or everything else _parts(s)
    for part in parts:
        console.print(Padding(part, (0, 1, 0, 1)))


def _listed(s: Skills, group: str | None) -> Iterator[RenderableType]:
    yield Text(printable(sentence(s)), style="bold")
    yield Text()
    for name in dict.fromkeys(g.name for g in s.groups):
        told = [d.told for d in s.skills if d.group == name]
        if told and group in (None, name):
            yield Text(name, style="bold")
            yield table(told, s.a, s.b)
            yield Text()
    yield from ending(s.missing, s.caveats, (s.source,), _last())


def _parts(s: Skills) -> Iterator[RenderableType]:
    told = [d.told for d in s.skills]
    yield Text(printable(sentence(s)), style="bold")
    yield Text()
    yield from differing(
        "What sets them apart: % of openings that name it, and points between", told, s.a, s.b, MOST
    )
    yield from differing("The same with all that is part of it", _wider(s), s.a, s.b, FEW)
    yield from _groups(s)
    yield from _asked(s)
    yield from _pay(s)
    yield Text("How alike the roles are", style="bold")
    for line in similarity_lines(s):
        yield Text(printable(line))
    yield Text()
    for line in other_lines(s.other_reading, s.beside, s.reading, "skills"):
        yield Text(printable(line))
    yield Text()
    yield from ending(s.missing, s.caveats, (s.source,), _last())


def _wider(s: Skills) -> list[Telling]:
    """Skills whose parts are named where they are not."""
    own = {d.name: (d.told.count_a, d.told.count_b) for d in s.skills}
    return [t for t in s.wider if own.get(t.name) != (t.count_a, t.count_b)]


def _last() -> str:
    return (
        "z: log-odds against the whole source. leans: its own interval leaves out zero; "
        "clear: also after adjusting for all compared. --group NAME or --all lists every skill; "
        "--json and --markdown give all of it."
    )


def _groups(s: Skills) -> Iterator[RenderableType]:
    yield Text("By group: % of openings that name any of it, and what", style="bold")
    for group in s.groups:
        out = Table.grid(padding=(0, 1, 0, 0))
        out.add_column(width=24)
        out.add_column(width=14, justify="right", no_wrap=True)
        out.add_column(justify="center")
        out.add_column(width=14, justify="right", no_wrap=True)
        out.add_row(group.name, share(group.a), "v", share(group.b))
        yield out
        for line in group_lines(s, group.name):
            yield Padding(Text(printable(line), style="dim"), (0, 0, 0, 2))
    yield Text()


def _asked(s: Skills) -> Iterator[RenderableType]:
    shown = commonest(s.skills)
    if not shown:
        return
    yield Text("Asked as: openings that require / prefer / only name it", style="bold")
    out = plain("", short(s.a.label, 20), short(s.b.label, 20), wrap=False)
    for d in shown:
        out.add_row(short(d.name), asked(d.asked_a), asked(d.asked_b))
    yield out
    yield Text()


def commonest(skills: Sequence[SkillDiff], most: int = MOST) -> list[SkillDiff]:
    """Skills that most openings of both roles together name."""
    return sorted(skills, key=lambda d: (-d.asked_a.total - d.asked_b.total, d.name))[:most]


def _pay(s: Skills) -> Iterator[RenderableType]:
    if line := premium_line(s):
        yield Text("Pay that goes with a skill", style="bold")
        yield Text(printable(line))
        if shown := priced(s)[:FEW]:
            out = plain("", "openings with pay", "pay", wrap=False)
            for p in shown:
                out.add_row(short(p.skill), f"{p.n:,}", percent(p.together))
            yield out
        yield Text()
