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
    most_telling,
    premium_line,
    priced,
    sentence,
    similarity_lines,
)
from rolediff.report.telling_text import differing, ending, short, table
from rolediff.report.telling_words import other_lines, share
from rolediff.report.trend_text import moves
from rolediff.report.words import number, percent
from rolediff.results import SkillDiff, Skills, Telling

MOST, SOME = 8, 5
"""Skills of a role that are shown where all is asked for, and else."""
FEW, FEWER = 6, 3
ROOM = 46
"""Characters for what a group is made of, at 80 columns."""
NEAR = 3
"""Roles nearest to one that are named unless all is asked for."""


def show(s: Skills, console: Console, group: str | None = None, everything: bool = False) -> None:
    """Print `s`; readable at 80 columns. `group` lists one group's skills, `everything` has every
    table in full."""
    for part in _listed(s, group) if group else _parts(s, everything):
        console.print(Padding(part, (0, 1, 0, 1)))


def _listed(s: Skills, group: str) -> Iterator[RenderableType]:
    yield Text(printable(sentence(s)), style="bold")
    yield Text()
    yield from _every(s, group)
    yield from ending(s.missing, s.caveats, (s.source,), _last())


def _every(s: Skills, group: str) -> Iterator[RenderableType]:
    """Every skill of a group."""
    told = [d.told for d in s.skills if d.group == group]
    if told:
        yield Text(group, style="bold")
        yield table(told, s.a, s.b)
        yield Text()


def _parts(s: Skills, everything: bool) -> Iterator[RenderableType]:
    told = [d.told for d in s.skills]
    yield Text(printable(sentence(s)), style="bold")
    yield Text()
    title = "What sets them apart: % of openings that name it, and points between"
    yield from differing(title, told, s.a, s.b, MOST if everything else SOME)
    title = "The same with all that is part of it"
    yield from differing(title, _wider(s), s.a, s.b, FEW if everything else FEWER)
    yield from _groups(s, everything)
    if everything:
        for group in s.groups:
            yield from _every(s, group.name)
        yield from _asked(s)
    yield from _pay(s)
    if s.trend is not None and s.trend.moves:
        yield Text("Rising and falling skills", style="bold")
        yield from moves(s.trend, s.a.label, s.b.label, MOST if everything else SOME)
    yield Text("How alike the roles are", style="bold")
    for line in similarity_lines(s, None if everything else NEAR):
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
        "clear: also after adjusting for all compared. --all lists every skill, and how each is "
        "asked for; --group NAME those of a group; --json and --markdown give all of it."
    )


def _groups(s: Skills, everything: bool) -> Iterator[RenderableType]:
    yield Text("By group: % of openings that name any of it, and what", style="bold")
    if not everything:
        yield _in_short(s)
        yield Text()
        return
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


def _in_short(s: Skills) -> Table:
    """A line for each group, with the skills that tell the roles apart or that both ask for."""
    out = Table.grid(padding=(0, 1, 0, 0))
    out.add_column(width=21, no_wrap=True)
    out.add_column(width=9, justify="right", no_wrap=True)
    out.add_column(no_wrap=True, style="dim", overflow="ellipsis")
    for g in s.groups:
        shares = f"{number(100 * g.a.value)} v {number(100 * g.b.value)}"
        out.add_row(g.name, shares, Text(printable(most_telling(s, g.name, ROOM))))
    return out


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
