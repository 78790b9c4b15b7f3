"""What changed between two markets, as Markdown: every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolediff.report.markdown_parts import safe, safe_cells, section, table
from rolediff.report.market_diff_words import (
    figure,
    label,
    mark,
    moved,
    sentence,
    source_names,
)
from rolediff.results.market_diff import Change, MarketDiff, RoleChanges


def markdown(d: MarketDiff) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(d)) + "\n"


def _lines(d: MarketDiff) -> Iterator[str]:
    yield f"# {safe(d.a.label)} and {safe(d.b.label)}: {safe(d.old)} to {safe(d.new)}"
    yield ""
    yield f"**{safe(sentence(d))}**"
    if d.gap:
        yield from section(f"Gap, {d.a.label} over {d.b.label}", _table(d.gap))
    for role in (d.a, d.b):
        yield from _role(role, d)
    if d.missing:
        told = (f"- {safe(f'{m.section}: {m.why}.')}" for m in d.missing)
        yield from section("Not enough evidence", told)
    yield from section("Mind", (f"- {safe(text)}" for _, text in d.caveats))
    yield from section("Sources", (f"- {safe(line)}" for line in source_names(d)))


def _role(role: RoleChanges, d: MarketDiff) -> Iterator[str]:
    shares = () if role.share is None else (role.share,)
    title = f"{role.label} (pay in thousand {d.money}, midpoint)"
    yield from section(title, _table((*role.pay, *shares, *role.counts)))
    if role.skills:
        yield from section(f"Skills that ads of {role.label} name", _table(role.skills))


def _table(changes: Iterable[Change]) -> Iterator[str]:
    rows = (
        (label(c), figure(c, False), figure(c, True), moved(c), str(c.change.n),
         "" if c.p_adjusted is None else f"{c.p_adjusted:.3f}", mark(c))
        for c in changes
    )  # fmt: skip
    return table(("", "older", "newer", "change", "n", "adjusted p", ""), safe_cells(rows))
