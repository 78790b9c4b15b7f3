"""The same path asked of every other source of postings, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rolediff.compare import path_asked as asked
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_pool import PathQuestion, Pool, pool_in
from rolediff.compare.path_skills import distinctiveness
from rolediff.compare.sources import agreement
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import (
    HIDDEN,
    Agreement,
    BesideFigure,
    BesidePath,
    Estimate,
    Wanted,
)
from rolediff.stats.quantile import difference

POINTS = 0.1
"""Shares that differ by less than this say the same."""
YEAR = 1.0
"""Years of experience that differ by less do."""
TINY = 1e-300
"""Odds are never below this, so that they have a logarithm."""


def other_sources(
    market: Market, q: PathQuestion, answering: str, ads: Ads, wanted: Sequence[Wanted]
) -> tuple[BesidePath, ...]:
    """What the other sources of postings that `q` allows say, that with most openings first.

    `answering` is the source that told `ads`, the openings of the role, and the skills `wanted`.
    """
    allowed = {name.casefold() for name in q.where.values.get("source", ())}
    names = dict.fromkeys(s.name for s in market.sources if s.unit == "posting")
    others = [n for n in names if n != answering and (not allowed or n.casefold() in allowed)]
    found = [_beside(market, q, name, ads, wanted) for name in others]
    return tuple(sorted(found, key=lambda s: (-s.openings, s.source)))


def _beside(
    market: Market, q: PathQuestion, source: str, ads: Ads, wanted: Sequence[Wanted]
) -> BesidePath:
    pool = _pool(market, q, source)
    there = None if pool is None else pool.of(q.to)
    if pool is None or there is None or len(there) < HIDDEN:
        n, units = (0, 0) if there is None else (len(there), there.units)
        return BesidePath(source, n, units, (), None, {}, {})
    skills, agrees = _skills(pool, q, there, [w for w in wanted if _is_clear(w.distinct)])
    years = _years(ads, there)
    return BesidePath(source, len(there), there.units, _shares(ads, there), years, skills, agrees)


def _pool(market: Market, q: PathQuestion, source: str) -> Pool | None:
    """None where a filter leaves nothing of the source."""
    try:
        return pool_in(market, q, q.where.of_source(source))
    except NotEnoughEvidence:
        return None


def _shares(here: Ads, there: Ads) -> tuple[BesideFigure, ...]:
    a, b = (_of_applicants(ads) for ads in (here, there))
    return tuple(BesideFigure(n, a[n], b[n], POINTS, _alike(a[n], b[n], POINTS)) for n in a)


def _of_applicants(ads: Ads) -> dict[str, Estimate]:
    return {
        "name a degree": asked.any_degree(ads).share,
        "say how many years": asked.years(ads).stated.share,
        "name a certificate": asked.certificates(ads)[0].share,
        "are entry level": asked.entry_level(ads).share,
    }


def _years(here: Ads, there: Ads) -> BesideFigure | None:
    a, b = (asked.years(ads).quartiles for ads in (here, there))
    if a is None:
        return None
    other = None if b is None else b[1]
    return BesideFigure("years in the median", a[1], other, YEAR, _alike(a[1], other, YEAR))


def _alike(a: Estimate, b: Estimate | None, within: float) -> Agreement:
    """See `BesideFigure`: the difference by MOVER, the sources being independent."""
    if b is None or None in (a.low, a.high, b.low, b.high):
        return "unclear"
    first, second = ((e.value, e.low or 0.0, e.high or 0.0) for e in (a, b))
    low, high = difference(first, second)
    if -within < low and high < within:
        return "yes"
    return "no" if low > 0 or high < 0 else "unclear"


def _skills(
    pool: Pool, q: PathQuestion, there: Ads, clear: Sequence[Wanted]
) -> tuple[dict[str, Estimate], dict[str, Agreement]]:
    """The distinctiveness of skills in another source, and whether it is on the same side of 1."""
    elsewhere = pool.of(q.start) if q.start else pool.others(q.to)
    names = [w.skill for w in clear]
    found = distinctiveness(there, elsewhere, names) if len(elsewhere) >= HIDDEN else {}
    logs = {name: _log(e) for name, e in found.items()}
    return found, {w.skill: agreement(_log(w.distinct), logs.get(w.skill)) for w in clear}


def _log(odds: Estimate) -> Estimate:
    """An odds ratio as log-odds."""
    if odds.low is None or odds.high is None:
        return replace(odds, value=_ln(odds.value))
    return replace(odds, value=_ln(odds.value), low=_ln(odds.low), high=_ln(odds.high))


def _ln(x: float) -> float:
    return math.log(max(x, TINY))


def _is_clear(odds: Estimate) -> bool:
    """Whether an interval leaves out 1."""
    return odds.low is not None and odds.high is not None and not odds.low <= 1 <= odds.high
