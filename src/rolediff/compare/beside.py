"""The same question put to other sources of postings, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from rolediff.compare.found import Question
from rolediff.compare.openings import Openings, openings_of
from rolediff.compare.sources import agreement
from rolediff.market import Market
from rolediff.results import HIDDEN, BesideOpenings, Estimate, Telling


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
