"""What moved since a day, as Markdown: every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolediff.report.markdown_parts import safe, safe_cells, section, table
from rolediff.report.since_words import (
    HEADS,
    figure,
    label,
    mark,
    moved,
    paragraph,
    source_lines,
)
from rolediff.results.since import Move, Since


def markdown(s: Since) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(s)) + "\n"


def _lines(s: Since) -> Iterator[str]:
    yield f"# {safe(s.a)} and {safe(s.b)} since {s.old}"
    yield ""
    yield safe(paragraph(s))
    for part, title in HEADS.items():
        moves = [m for m in s.moves if m.section == part]
        unit = f" (thousand {s.money})" if part == "pay" else ""
        if moves:
            yield from section(title + unit, _table(s, moves))
    if s.missing:
        told = (f"- {safe(f'{m.section}: {m.why}.')}" for m in s.missing)
        yield from section("Not enough evidence", told)
    yield from section("Mind", (f"- {safe(text)}" for _, text in s.caveats))
    yield from section("Sources", (f"- {safe(line)}" for line in source_lines(s)))


def _table(s: Since, moves: Iterable[Move]) -> Iterator[str]:
    rows = (
        (label(s, m), figure(m, False), figure(m, True), moved(m), str(m.change.n),
         "" if m.p_adjusted is None else f"{m.p_adjusted:.3f}", mark(m))
        for m in moves
    )  # fmt: skip
    heads = ("", s.old, s.new, "change", "n", "adjusted p", "")
    return table(heads, safe_cells(rows))
