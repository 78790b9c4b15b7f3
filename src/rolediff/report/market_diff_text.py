"""What changed between two markets, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from rolediff.report.blocks import bullets, last_lines, mind, plain
from rolediff.report.market_diff_words import (
    figure,
    label,
    mark,
    moved,
    sentence,
    source_names,
)
from rolediff.report.printable import printable
from rolediff.results.market_diff import Change, MarketDiff, RoleChanges

MOST = 8
"""Skills of a role on the terminal."""
HINT = "clear: the change tells from none. --json and --markdown give all of it, with methods."


def show(d: MarketDiff, console: Console) -> None:
    """Print `d`; readable at 80 columns and without colour."""
    for part in _parts(d):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(d: MarketDiff) -> Iterator[RenderableType]:
    yield Text(printable(sentence(d)), style="bold")
    yield Text()
    if d.gap:
        yield from _table(f"Gap, {d.a.label} over {d.b.label}", d.gap)
    for role in (d.a, d.b):
        yield from _role(role, d)
    if d.missing:
        yield from bullets("Not enough evidence", (f"{m.section}: {m.why}." for m in d.missing))
    yield from mind(d.caveats)
    yield from last_lines(source_names(d), HINT)


def _role(role: RoleChanges, d: MarketDiff) -> Iterator[RenderableType]:
    shares = () if role.share is None else (role.share,)
    title = f"{role.label} (pay in thousand {d.money}, midpoint)"
    yield from _table(title, (*role.pay, *shares, *role.counts))
    if role.skills:
        yield from _table(f"Skills that ads of {role.label} name", role.skills[:MOST])
        more = len(role.skills) - MOST
        if more > 0:
            yield Text(f"{more} more skills in --markdown.", style="dim")
            yield Text()


def _table(title: str, changes: Iterable[Change]) -> Iterator[RenderableType]:
    yield Text(printable(title), style="bold")
    table = plain("", "older", "newer", "change", "")
    for change in changes:
        cells = (label(change), figure(change, False), figure(change, True))
        table.add_row(*map(printable, (*cells, moved(change), mark(change))))
    yield table
    yield Text()
