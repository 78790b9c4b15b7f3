"""What changed between two markets, in words."""

from __future__ import annotations

from rolediff.report.where_words import difference, share
from rolediff.report.words import percent, thousands
from rolediff.results.market_diff import Change, MarketDiff


def sentence(d: MarketDiff) -> str:
    """The change of the gap in one sentence; of skills where there is no pay."""
    if not d.gap:
        clear = sum(c.clear for c in (*d.a.skills, *d.b.skills))
        return (
            f"Pay cannot be compared; {clear} shares of skills changed clearly from {d.old} to "
            f"{d.new}."
        )
    gap = d.gap[0]
    was, now = (f"{percent(e)}" for e in (gap.old, gap.new))
    moved = "has changed clearly" if gap.clear else "has not changed clearly"
    return (
        f"The gap between {d.a.label} and {d.b.label} {moved}: {was} in {d.old}, {now} in {d.new}; "
        f"change {percent(gap.change)}."
    )


def figure(change: Change, new: bool) -> str:
    """The figure in one of the markets."""
    e = change.new if new else change.old
    if change.unit == "share":
        return share(e)
    if change.name.startswith("p") and change.name[1:].isdigit():
        return thousands(e.value)
    return f"{e.value:,.0f}" if e.low is None and not e.method else percent(e)


def moved(change: Change) -> str:
    """The change with its interval."""
    return difference(change.change) if change.unit == "share" else percent(change.change)


def label(change: Change) -> str:
    """What the figure is."""
    names = {"p25": "pay, p25", "p50": "pay, median", "p75": "pay, p75"}
    return names.get(change.name, change.name)


def mark(change: Change) -> str:
    """ "clear" where the change tells from none."""
    return "clear" if change.clear else ""


def source_names(d: MarketDiff) -> tuple[str, str]:
    """The source of each market with its version or day."""
    said = []
    for name, source in zip((d.old, d.new), d.sources, strict=True):
        when = source["version"] or source["retrieved"]
        said.append(f"{name}: {source['title'] or source['name']}" + (f", {when}" if when else ""))
    return said[0], said[1]
