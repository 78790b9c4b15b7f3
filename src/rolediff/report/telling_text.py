"""Tables of what openings name, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolediff.report.blocks import last_lines, mind, plain, run_on
from rolediff.report.printable import printable
from rolediff.report.telling_words import apart, difference, mark, share, source_line, z_of
from rolediff.results import Missing, RoleOpenings, Telling

WIDE = 24
"""Characters of a name that leave room for its figures at 80 columns."""


def short(text: str, most: int = WIDE) -> str:
    """`text` on one line of at most `most` characters."""
    said = printable(text)
    return said if len(said) <= most else f"{said[: most - 1]}…"


def table(told: Sequence[Telling], a: RoleOpenings, b: RoleOpenings) -> Table:
    """Shares in both roles with their intervals, difference, z, and whether it is clear."""
    out = plain("", short(a.label, 12), short(b.label, 12), "difference", "z", "", wrap=False)
    for t in told:
        out.add_row(short(t.name), share(t.a), share(t.b), difference(t.gap), z_of(t), mark(t))
    return out


def differing(
    title: str, told: Sequence[Telling], a: RoleOpenings, b: RoleOpenings, most: int
) -> Iterator[RenderableType]:
    """Those that set the roles apart most: first the ones of A, then the ones of B."""
    shown = [t for side in (True, False) for t in apart(told, side, most)]
    if not shown:
        return
    yield Text(title, style="bold")
    yield table(shown, a, b)
    yield Text()


def ending(
    missing: Sequence[Missing],
    caveats: Sequence[tuple[str, str]],
    sources: Sequence[Mapping[str, Any]],
    last: str,
) -> Iterator[RenderableType]:
    """What there is not enough evidence for, what to mind, and the sources."""
    yield from run_on("Not enough evidence", (f"{m.section}: {m.why}." for m in missing))
    yield from mind(caveats)
    yield from last_lines(map(source_line, sources), last)
