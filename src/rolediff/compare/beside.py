"""The same question put to titles read otherwise, and to other sources, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from rolediff.annotate.roles import RoleReading
from rolediff.compare.found import Question
from rolediff.compare.openings import Openings, openings_of, openings_or_none, openings_read
from rolediff.compare.sources import agreement
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market, Where
from rolediff.results import GREY, HIDDEN, BesideOpenings, Estimate, OtherOpenings, Telling

MANY = 50_000
"""Openings of two roles from which on the other reading of their titles is told of a panel."""


def other_openings(
    market: Market,
    q: Question,
    asked: Openings,
    clear: Sequence[Telling],
    tell: Callable[[Openings, pl.Series], Mapping[str, Estimate]],
) -> OtherOpenings | None:
    """What the other reading of the titles says of the things that tell the roles apart.

    `asked` are the openings by the reading asked for; `tell(openings, names)` tells the differences
    in the things `names`. Of many openings a panel of employers tells it, as far as it is clear
    there. None where a role has too few openings by it.
    """
    reading: RoleReading = "broad" if q.reading == "strict" else "strict"
    again = replace(q, reading=reading)
    drawn = _of_panel(market, again, asked)
    found = openings_or_none(market, again) if drawn is None else drawn
    if found is None:
        return None
    names = pl.Series(sorted(t.name for t in clear), dtype=pl.String)
    there = tell(found, names)
    gaps = {t.name: there[t.name] for t in clear if t.name in there}
    if drawn is not None:
        gaps = {name: gap for name, gap in gaps.items() if _clear(gap)}
    same = sum(t.gap.value * gaps[t.name].value > 0 for t in clear if t.name in gaps)
    n_a = int(found.is_a.sum())
    return OtherOpenings(reading, n_a, len(found.is_a) - n_a, gaps, same, drawn is not None)


def _clear(gap: Estimate) -> bool:
    return gap.low is not None and gap.high is not None and not gap.low <= 0 <= gap.high


def _of_panel(market: Market, q: Question, asked: Openings) -> Openings | None:
    """The openings of the panel of the source of `asked`, where those are many, and it has some."""
    source = str(asked.source["name"])
    if len(asked.is_a) <= MANY or not market.has_panel(source):
        return None
    panel = market.panel(source)

    def read(titles: pl.Series, where: Where) -> pl.DataFrame:
        return where.apply(panel).filter(pl.col("title").is_in(titles.implode()))

    try:
        found = openings_read(market, replace(q, where=q.where.of_source(source)), read)
    except NotEnoughEvidence:
        return None
    n_a = int(found.is_a.sum())
    return found if min(n_a, len(found.is_a) - n_a) >= GREY else None


def other_sources(
    market: Market,
    q: Question,
    asked: Openings,
    clear: Sequence[Telling],
    tell: Callable[[Openings, pl.Series], Mapping[str, Estimate]],
) -> tuple[BesideOpenings, ...]:
    """What the other sources of postings that `q` allows say of the things that tell the roles
    apart in the source of `asked`; that with most openings of the rarer role first.

    `tell(openings, names)` tells the differences in the things `names`.
    """
    named = {name.casefold() for name in q.where.values.get("source", ())}
    names = dict.fromkeys(s.name for s in market.sources if s.unit == "posting")
    others = [
        n for n in names if n != asked.source["name"] and (not named or n.casefold() in named)
    ]
    found = [_beside(market, q, name, clear, tell) for name in others]
    return tuple(sorted(found, key=lambda s: (-min(s.n_a, s.n_b), s.source)))


def _beside(
    market: Market,
    q: Question,
    source: str,
    clear: Sequence[Telling],
    tell: Callable[[Openings, pl.Series], Mapping[str, Estimate]],
) -> BesideOpenings:
    found = openings_of(market, replace(q, where=q.where.of_source(source)))
    n_a = int(found.is_a.sum())
    n_b = len(found.is_a) - n_a
    if min(n_a, n_b) < HIDDEN:
        return BesideOpenings(source, n_a, n_b, {}, {})
    there = tell(found, pl.Series(sorted(t.name for t in clear), dtype=pl.String))
    gaps = {t.name: there[t.name] for t in clear if t.name in there}
    agrees = {t.name: agreement(t.gap, gaps.get(t.name)) for t in clear}
    return BesideOpenings(source, n_a, n_b, gaps, agrees)
