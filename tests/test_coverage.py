"""Nominal 95 % intervals cover the truth in 93 to 97 % of seeded draws (`just coverage`: 5,000).

The truth is of the population: group means and slopes are known, so the part explained at
reference B, and at the pooled slopes with an indicator, follow from formulas. Errors are
heteroscedastic; in clusters, a numeric covariate and the outcome each have a random effect.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from draws import draws

from rolediff.compare.explain import explain
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.ols import group_gap
from rolediff.stats.tails import critical

DRAWS = draws(2_000)
SHARES = np.array([[0.3, 0.4, 0.3], [0.5, 0.3, 0.2]])
"""Of three categories, in B and in A."""
MEAN = np.array([0.0, 0.5])
COEF = np.array([[2.9, 0.1, 0.3, 0.25], [3.0, 0.2, 0.5, 0.15]])
IN_A = 0.4


@dataclass(frozen=True)
class Design:
    """`clusters` 0 is independent rows; `apart` keeps every cluster within one group; `uneven`
    makes the largest clusters seven times the smallest; `between` gives all rows of a cluster
    the same covariates."""

    n: int
    clusters: int = 0
    apart: bool = False
    uneven: bool = False
    between: bool = False


DESIGNS = {
    "200 rows": Design(200),
    "5,000 rows": Design(5_000),
    "20 clusters": Design(600, 20),
    "20 uneven clusters": Design(600, 20, uneven=True),
    "20 clusters, each of one group": Design(600, 20, apart=True),
    "200 clusters": Design(2_000, 200),
    "200 uneven clusters": Design(2_000, 200, uneven=True),
    "200 clusters, each of one group": Design(2_000, 200, apart=True),
}


def truth():
    """The gap, the part explained at B and at the pooled slopes, and of the latter by factor."""
    means = np.c_[np.ones(2), SHARES[:, 1:], MEAN]
    spreads = []
    for share in SHARES[:, 1:]:
        S = np.zeros((3, 3))
        S[:2, :2], S[2, 2] = np.diag(share) - np.outer(share, share), 1.0
        spreads.append(S)
    weighted = [(1 - IN_A) * spreads[0], IN_A * spreads[1]]
    moment = sum(S @ b[1:] for S, b in zip(weighted, COEF, strict=True))
    pooled = np.linalg.solve(sum(weighted), moment)
    gap = means[1] @ COEF[1] - means[0] @ COEF[0]
    dx = (means[1] - means[0])[1:]
    detail = {"f": dx[:2] @ pooled[:2], "x": dx[2] * pooled[2]}
    return gap, {"B": dx @ COEF[0, 1:], "pooled": dx @ pooled}, detail


def draw(rng, d):
    n = d.n
    size = np.exp(2 * np.arange(d.clusters) / max(d.clusters, 1))
    unit = rng.choice(d.clusters, n, p=size / size.sum()) if d.uneven else np.arange(n)
    unit = unit % d.clusters if d.clusters else unit
    group = unit % 5 < 2 if d.apart else rng.random(n) < IN_A
    side = group.astype(int)
    u, x = rng.random(n), rng.normal(size=n)
    if d.between:
        u, x = rng.random(d.clusters)[unit], rng.normal(size=d.clusters)[unit]
    code = (u[:, None] > SHARES.cumsum(axis=1)[side, :2]).sum(axis=1)
    error = rng.normal(size=n) * (0.3 + 0.2 * (code == 2) + 0.1 * np.abs(x))
    if d.clusters:
        if not d.between:
            x = np.sqrt(0.7) * x + np.sqrt(0.3) * rng.normal(size=d.clusters)[unit]
        error += 0.25 * rng.normal(size=d.clusters)[unit]
    x = x + MEAN[side]
    b = COEF[side]
    y = b[:, 0] + b[:, 1] * (code == 1) + b[:, 2] * (code == 2) + b[:, 3] * x + error
    return from_rows(
        y, group, [Factor("f", ("a", "b", "c"))], code[:, None],
        numeric=x[:, None], numeric_names=("x",), cluster=unit if d.clusters else None,
    )  # fmt: skip


def without_covariates(c):
    return replace(c, factors=(), codes=c.codes[:, :0], numeric=c.numeric[:, :0], numeric_names=())


def coverage(d, times, seed=2026):
    """Share of intervals that hold the truth, by what they are of."""
    rng = np.random.default_rng(seed)
    gap, explained, detail = truth()
    hits, shown = {}, {}
    for _ in range(times):
        cells = draw(rng, d)
        got = explain(cells, errors="cluster" if d.clusters else "HC1")
        intervals = {"gap": (got.gap.low, got.gap.high, gap)}
        for name in ("B", "pooled"):
            e, u = got.references[name].explained, got.references[name].unexplained
            intervals[f"explained at {name}"] = (e.low, e.high, explained[name])
            intervals[f"unexplained at {name}"] = (u.low, u.high, gap - explained[name])
        for name, true in detail.items():
            if name not in got.detail:  # told by other columns in this draw
                continue
            e = got.detail[name].explained
            intervals[f"detail of {name}"] = (e.low, e.high, true)
        value, se, df, _ = group_gap(without_covariates(cells))
        margin = critical(df) * se
        intervals["gap by least squares"] = (value - margin, value + margin, gap)
        for key, (low, high, true) in intervals.items():
            hits[key] = hits.get(key, 0) + (low <= true <= high)
            shown[key] = shown.get(key, 0) + 1
    return {key: hit / shown[key] for key, hit in hits.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_intervals_cover(name):
    got = coverage(DESIGNS[name], DRAWS)
    print(name, {k: f"{100 * v:.1f}" for k, v in got.items()})
    assert {k: v for k, v in got.items() if not 0.93 <= v <= 0.97} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("apart", "uneven"), list(itertools.product([False, True], repeat=2))[:3])
def test_intervals_are_not_too_narrow_where_covariates_vary_between_few_clusters_only(
    apart, uneven
):
    """Eight clusters of group A carry four coefficients here: too wide is the honest side."""
    got = coverage(Design(600, 20, apart, uneven, between=True), DRAWS)
    print(apart, uneven, {k: f"{100 * v:.1f}" for k, v in got.items()})
    assert min(got.values()) >= 0.93


def test_the_simulation_itself_runs():
    assert min(coverage(DESIGNS["20 clusters"], 20).values()) > 0.7
    assert min(coverage(DESIGNS["200 rows"], 20).values()) > 0.7


def lopsided(rng, units_a, units_b, rows, spread):
    """Units of `rows` rows with a common shock each, all of a unit in one group, no true gap."""
    unit = np.repeat(np.arange(units_a + units_b), rows)
    y = rng.normal(size=len(unit)) + spread * rng.normal(size=units_a + units_b)[unit]
    return from_rows(y, unit < units_a, cluster=unit if rows > 1 else None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units_a", "units_b", "rows"),
    [(3, 2000, 1), (5, 2000, 1), (15, 2000, 1), (3, 60, 8), (5, 150, 8), (10, 150, 8)],
)
def test_a_role_with_few_units_has_an_interval_wide_enough(units_a, units_b, rows):
    rng, hits = np.random.default_rng(7), 0
    for _ in range(DRAWS):
        value, se, df, _ = group_gap(lopsided(rng, units_a, units_b, rows, 1.0))
        hits += abs(value) <= critical(df) * se
    print(units_a, units_b, rows, f"{100 * hits / DRAWS:.1f}")
    assert 0.93 <= hits / DRAWS <= 0.99
