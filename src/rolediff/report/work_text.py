"""What people in two roles do, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from rolediff.report.printable import printable
from rolediff.report.telling_text import differing, ending, table
from rolediff.report.telling_words import other_lines
from rolediff.report.work_words import occupation, sentence
from rolediff.results import Telling, Work

MOST, SOME = 8, 5
"""Duties that are shown where all is asked for, and else."""
FEW, FEWER = 4, 2
TASKS = 3
"""Official tasks of an occupation that are shown; else one."""


def show(w: Work, console: Console, everything: bool = False) -> None:
    """Print `w`; readable at 80 columns and without colour. `everything` has every table in
    full."""
    for part in _parts(w, everything):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(w: Work, everything: bool) -> Iterator[RenderableType]:
    yield Text(printable(sentence(w)), style="bold")
    yield Text()
    told = [d.told for d in w.duties]
    title = "What sets them apart: % of openings with it, and points between"
    yield from differing(title, told, w.a, w.b, MOST if everything else SOME)
    yield from differing("With any duty about", w.objects, w.a, w.b, FEW if everything else FEWER)
    if everything:
        yield from differing("With any duty to", w.verbs, w.a, w.b, FEW)
    yield Text("Named most often", style="bold")
    yield table(commonest(told, MOST if everything else SOME), w.a, w.b)
    yield Text()
    if w.groups:
        yield Text("With any duty of", style="bold")
        yield table(w.groups, w.a, w.b)
        yield Text()
    yield from _tasks(w, everything)
    for line in other_lines(w.other_reading, w.beside, w.reading, "duties"):
        yield Text(printable(line))
    yield Text()
    yield from ending(w.missing, w.caveats, w.sources, _last())


def _last() -> str:
    return (
        "z: log-odds against the whole source. leans: its own interval leaves out zero; "
        "clear: also after adjusting for all compared. --all shows more of each table; --json and "
        "--markdown give all of it."
    )


def commonest(told: list[Telling], most: int = MOST) -> list[Telling]:
    """What most openings of both roles together name."""
    return sorted(told, key=lambda t: (-t.count_a - t.count_b, t.name))[:most]


def _tasks(w: Work, everything: bool) -> Iterator[RenderableType]:
    if not w.occupations:
        return
    yield Text("Tasks of neighbouring occupations (O*NET; proxies, not the roles)", style="bold")
    for o in w.occupations:
        yield Text(printable(occupation(w, o)))
        for task in o.tasks[: TASKS if everything else 1]:
            yield Padding(Text(f"· {printable(task)}", style="dim"), (0, 0, 0, 1))
    yield Text()
