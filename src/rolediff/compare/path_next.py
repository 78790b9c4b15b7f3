"""Roles that are near to one by what their ads ask for, and what moving there pays."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_pay import median_pay, pay_change
from rolediff.compare.path_pool import Pool
from rolediff.compare.path_skills import ANY, covered
from rolediff.results import HIDDEN, Estimate, NextRole
from rolediff.stats.cells import Floats
from rolediff.stats.tails import critical

GROUPS = 50
"""Groups of employers that are left out in turn, if there are more employers."""
MOST = 10
"""Roles that are told, the nearest."""
LEAST = 10
"""Ads from which a role has a profile of skills that can be compared."""


def next_roles(
    pool: Pool, paid: pl.DataFrame, base: Role, have: Sequence[str] | None
) -> tuple[NextRole, ...]:
    """The roles of the pool nearest to `base`, of those with at least 10 ads."""
    mine = pool.of(base)
    sizes = pool.lines.group_by("role").agg(pl.col("n").sum()).filter(pl.col("n") >= LEAST)
    others = [pool.roles[i] for i in sizes["role"] if i != base.id]
    near = [(role, ads) for role in others if len(ads := pool.of(role)) >= LEAST]
    told = [(role, ads, similarity(mine, ads)) for role, ads in near]
    told.sort(key=lambda t: (-t[2].value, t[0].label))
    return tuple(
        NextRole(
            role.id, role.label, len(ads), ads.units, alike,
            None if have is None else covered(ads, have),
            median_pay(paid, role.id), pay_change(paid, role.id, base.id),
        )
        for role, ads, alike in told[:MOST]
    )  # fmt: skip


def similarity(a: Ads, b: Ads) -> Estimate:
    """Weighted Jaccard similarity of the shares of ads that ask for each skill, 0 to 1.

    The sum of the smaller share of each skill over the sum of the larger (Ruzicka 1958), over
    skills that at least 5 ads of the two ask for together. Interval by the jackknife that leaves
    out each employer, or group of employers, of each role in turn.
    """
    counts = a.counts(ANY)
    for name, n in b.counts(ANY).items():
        counts[name] = counts.get(name, 0) + n
    names = sorted(name for name, n in counts.items() if n >= HIDDEN)
    n = len(a) + len(b)
    if not names:
        return Estimate(0.0, n=n, method="no skill in common use", source=a.source)
    p, q = _Left.of(a, names), _Left.of(b, names)
    value = float(_jaccard(p.whole, q.whole))
    variance = _jackknife(_jaccard(p.without, q.whole)) + _jackknife(_jaccard(p.whole, q.without))
    df = min(len(p.without), len(q.without)) - 1
    if df < 1:
        return Estimate(value, n=n, method="one employer only", source=a.source)
    margin = critical(df) * math.sqrt(variance)
    return Estimate(
        value, max(value - margin, 0.0), min(value + margin, 1.0), n, math.sqrt(variance),
        df, a.units + b.units, "weighted Jaccard, employers left out in turn", a.source,
    )  # fmt: skip


class _Left:
    """Shares (K,) of all ads, and (g, K) without each group of employers."""

    def __init__(self, whole: Floats, without: Floats) -> None:
        self.whole, self.without = whole, without

    @classmethod
    def of(cls, ads: Ads, names: Sequence[str]) -> _Left:
        group = ads.unit % GROUPS
        size = np.bincount(group).astype(float)
        hits = np.zeros((len(size), len(names)))
        np.add.at(hits, group, ads.holds(names, ANY))
        total, n = hits.sum(axis=0), float(len(ads))
        left = n - size
        some = (left > 0) & (size > 0)
        return cls(total / n, (total - hits[some]) / left[some, None])


def _jaccard(p: Floats, q: Floats) -> Floats:
    larger = np.maximum(p, q).sum(axis=-1)
    return np.asarray(np.minimum(p, q).sum(axis=-1) / np.maximum(larger, 1e-300))


def _jackknife(values: Floats) -> float:
    """Variance from the values with each of g units left out (Efron and Stein 1981)."""
    g = len(values)
    return float((g - 1) / g * ((values - values.mean()) ** 2).sum()) if g > 1 else 0.0
