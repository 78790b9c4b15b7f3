"""What moved since a day, in words."""

from __future__ import annotations

from rolediff.report.where_words import difference, share
from rolediff.report.words import number, percent, signed, thousands
from rolediff.results import Estimate
from rolediff.results.since import Move, Since

NAMED = 4
"""Moves that the paragraph names."""
HEADS = {
    "gap": "Gap, A over B", "pay": "Pay", "demand": "Demand", "industry": "Industries",
    "skill": "Skills",
}  # fmt: skip
"""Titles of sections, in their order."""
_NAMES = {
    "p25": "pay, p25", "p50": "pay, median", "p75": "pay, p75", "all records": "gap in pay",
    "distinct": "gap in pay, distinct ads",
}  # fmt: skip


def paragraph(s: Since) -> str:
    """All of it in one paragraph, fit for a message."""
    start = f"{s.a} and {s.b}, {s.old} to {s.new} ({s.source}):"
    count = f"{s.compared:,} figures compared"
    if not s.moved:
        return f"{start} nothing moved beyond chance, of {count}. {_gap(s)}".rstrip()
    first = _named(s)
    named = "; ".join(told(s, m) for m in first)
    rest = len(s.moved) - len(first)
    more = f"; and {rest:,} more" if rest > 0 else ""
    n = len(s.moved)
    return f"{start} {n:,} of {count} moved beyond chance: {named}{more}. {_gap(s)}".rstrip()


def _named(s: Since) -> list[Move]:
    """The clearest moves, but for the gap of distinct ads, which says the gap again."""
    return [m for m in s.moved if m.name != "distinct"][:NAMED] or list(s.moved[:NAMED])


def _gap(s: Since) -> str:
    """Where the gap stands, if it is not among what moved."""
    gap = next((m for m in s.moves if m.section == "gap" and m.name == "all records"), None)
    if gap is None or gap in _named(s) or gap.old is None or gap.new is None:
        return ""
    was, now = percent(gap.old), percent(gap.new)
    return f"The gap in pay was {was} and is {now}; change {moved(gap)}."


def told(s: Since, m: Move) -> str:
    """One move as part of a sentence."""
    was = "" if m.old is None else f", from {short(m, False)} to {short(m, True)}"
    return f"{name(s, m)} {moved(m)}{was}"


def name(s: Since, m: Move) -> str:
    """What a figure is, with its role."""
    label = _NAMES.get(m.name, m.name).replace("A against B", f"{s.a} against {s.b}")
    role = {"A": s.plural_a, "B": s.plural_b}.get(m.role)
    return label if role is None else f"{label} of {role}"


def label(s: Since, m: Move) -> str:
    """What a figure is, in a table."""
    text = _NAMES.get(m.name, m.name).replace("A against B", f"{s.a} against {s.b}")
    role = {"A": s.a, "B": s.b}.get(m.role)
    return text if role is None else f"{role}: {text}"


def figure(m: Move, new: bool) -> str:
    """The figure on one of the days; empty where there is none."""
    e = m.new if new else m.old
    if e is None:
        return ""
    if m.unit == "share":
        return share(e)
    if m.section == "pay":
        return thousands(e.value)
    return percent(e) if m.section == "gap" else f"{e.value:,.0f}"


def short(m: Move, new: bool) -> str:
    """A figure without its interval, which the change has."""
    return figure(m, new).partition(" (")[0]


def moved(m: Move) -> str:
    """The change with its interval; shares in points."""
    if m.unit == "share":
        return f"{difference(m.change)} points"
    return rate(m.change) if m.unit == "rate" else percent(m.change)


def rate(e: Estimate) -> str:
    """A change a month."""
    p = e.percent
    interval = "" if p.low is None or p.high is None else f" ({number(p.low)} to {number(p.high)})"
    return f"{signed(p.value)} % a month{interval}"


def mark(m: Move) -> str:
    """Whether it moved beyond chance."""
    return "moved" if m.clear else ""


def source_lines(s: Since) -> tuple[str, str]:
    """The source of each market with its version or day."""
    said = []
    for day, source in zip((s.old, s.new), s.sources, strict=True):
        said.append(f"{day}: {source['title'] or source['name']}")
    return said[0], said[1]
