"""Sentences and numbers that every rendering of `trend` shares."""

from __future__ import annotations

from rolediff.report import demand_words
from rolediff.report.where_words import rounded
from rolediff.report.words import number, signed
from rolediff.results import (
    AdAges,
    Estimate,
    OccupationProxy,
    SkillMove,
    SkillTrend,
    SourceTrend,
    Trend,
)

BANDS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 11), (12, None))
"""Ages in months that are told apart, the last without an end."""


def headline(t: Trend) -> str:
    """How the share of each role moved, within the source with most records of the rarer role;
    where ads were watched, how they opened."""
    if watched := demand_words.headline(t):
        return watched
    told = [s for s in t.by_source if s.relative is not None]
    if not told:
        return f"Not enough evidence of how demand for {t.plural_a} and {t.plural_b} moves."
    best = max(told, key=lambda s: min(e.n for e in (s.growth_a, s.growth_b) if e))
    return (
        f"Among all records of {best.source}, {years(best)}, the share of {t.plural_a} "
        f"{moved(best.growth_a)} and that of {t.plural_b} {moved(best.growth_b)}."
    )


def moved(e: Estimate | None) -> str:
    """ "grew by 90 % a year (95 % interval 44 to 150 %)"."""
    if e is None:
        return "cannot be told"
    if e.low is None or e.high is None:
        return f"went by {rate(e)} (too few independent records for an interval)"
    if e.low <= 0 <= e.high:
        return f"shows no clear growth ({rate(e)})"
    p = e.percent
    verb = "grew" if e.value > 0 else "fell"
    low, high = sorted((abs(p.low or 0), abs(p.high or 0)))
    return (
        f"{verb} by {number(abs(p.value))} % a year (95 % interval {number(low)} to "
        f"{number(high)} %)"
    )


def rate(e: Estimate | None) -> str:
    """Growth as "+90 % a year (44 to 150)"."""
    if e is None:
        return ""
    p = e.percent
    interval = "" if p.low is None else f" ({number(p.low)} to {number(p.high or 0)})"
    return f"{signed(p.value)} % a year{interval}"


def years(s: SourceTrend) -> str:
    """The years of a source: "2020 to 2025"."""
    first, last = s.periods[0].year, s.periods[-1].year
    return str(first) if first == last else f"{first} to {last}"


def relative(t: Trend, s: SourceTrend) -> str:
    """How one role grew against the other."""
    if s.relative is None:
        return f"Not enough evidence of growth: {s.missing.get('growth', '')}."
    return (
        f"{t.a} against {t.b}: {rate(s.relative)}, on average over the years, from "
        f"{s.relative.clusters:,} independent units of the rarer role."
    )


def banded(g: AdAges) -> list[int]:
    """Openings in each of `BANDS`."""
    return [
        sum(n for age, n in g.counts.items() if low <= age and (high is None or age <= high))
        for low, high in BANDS
    ]


def band(low: int, high: int | None) -> str:
    """A band in words: "0", "3-5" with a dash of numbers, "12 on"."""
    return f"{low} on" if high is None else str(low) if low == high else f"{low}–{high}"


def median(g: AdAges) -> str:
    """ "1 (0-5)" with a dash of numbers, in months."""
    e = g.median
    return f"{e.value:g}" + ("" if e.low is None else f" ({e.low:g}–{e.high:g})")


def survival(t: Trend, g: AdAges) -> str:
    """One sentence on one role's openings."""
    plural = t.plural_a if g.role == "A" else t.plural_b
    young = sum(n for age, n in g.counts.items() if age <= 2)
    return (
        f"Of {g.n:,} openings for {plural} live on {g.snapshot}, {rounded(young / g.n)} % were "
        "published in that month or the two before it."
    )


def projected(p: OccupationProxy) -> str:
    """ "+19.7 % in 2024-34" with a dash of numbers."""
    if p.growth is None or p.years is None:
        return ""
    value = f"{p.growth:+.1f}".replace("-", "−")
    return f"{value} % in {p.years[0]}–{p.years[1] % 100:02d}"


def skill_sentence(s: SkillTrend) -> str:
    """What can be said of rising and falling skills, or what is missing."""
    if s.earlier is None or s.later is None:
        return f"Not enough evidence: {s.missing}."
    rising = [m for m in s.moves if m.direction == "rising"]
    falling = [m for m in s.moves if m.direction == "falling"]
    limit = f" ({s.missing})" if s.missing else ""
    return (
        f"From {s.earlier[0]} of {s.earlier[1]} to {s.later[0]} of {s.later[1]}, of "
        f"{len(s.moves)} skills of either role {len(rising)} rise and {len(falling)} fall "
        f"clearly{limit}."
    )


def clear_moves(s: SkillTrend) -> list[SkillMove]:
    """The skills that clearly rise or fall."""
    return [m for m in s.moves if m.direction != "unclear"]
