"""Tables of what openings name, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rolediff.report.markdown_parts import safe, section, table
from rolediff.report.telling_words import difference, p_of, share, source_line, z_of
from rolediff.results import Missing, RoleOpenings, Telling


def lines_of(text: str) -> Iterator[str]:
    """A paragraph, if there is one."""
    if text:
        yield from ("", text)


def told_rows(told: Sequence[Telling], a: RoleOpenings, b: RoleOpenings) -> Iterator[str]:
    """Every figure of each thing; "equal" is with every employer weighing the same."""
    head = (
        "",
        a.label,
        "openings",
        b.label,
        "openings",
        "difference",
        "equal",
        "z",
        "p",
        "adjusted p",
        "",
    )
    rows = (
        (
            safe(t.name), share(t.a), str(t.count_a), share(t.b), str(t.count_b),
            difference(t.gap), difference(t.alike_gap), z_of(t), p_of(t.p), p_of(t.p_adjusted),
            t.standing.replace(" A", f" {safe(a.label)}").replace(" B", f" {safe(b.label)}"),
        )
        for t in told
    )  # fmt: skip
    return table(head, rows, figures=False)


def ending(
    missing: Sequence[Missing],
    caveats: Sequence[tuple[str, str]],
    sources: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    """What there is not enough evidence for, what to mind, and the sources."""
    if missing:
        told = (f"- {safe(f'{m.section}: {m.why}.')}" for m in missing)
        yield from section("Not enough evidence", told)
    yield from section("Mind", (f"- {safe(text)}" for _, text in caveats))
    yield from section("Sources", (f"- {safe(source_line(s))}" for s in sources))
