"""Nominal 95 % intervals beyond the mean hold the truth in 93 to 97 % of seeded draws.

The bounds are those, or, where so few draws show an interval that one which is right to the letter
would miss them with a chance of more than 1 in 1,000, the binomial bounds it misses with that
chance (`bounds`). `just coverage` draws 5,000 samples of each; docs/method.md tells what they gave.

The truth is what the estimators give on a population of a million rows of the same make. Two
categorical covariates and a numeric one differ between the groups in level and in effect; errors
are heteroscedastic, and in clusters have a random effect. Where covariates hardly differ between
the groups, the part they account for is a product of two numbers near zero and its intervals are
too wide; here they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from draws import draws
from scipy.special import bdtr, bdtrc

from rolediff.compare.accounting import account_for
from rolediff.compare.matched import matched
from rolediff.compare.reweighting import reweighted
from rolediff.compare.rif import explain_statistic
from rolediff.compare.robust import explain_robust
from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.functional import statistic
from rolediff.stats.valued import valued

SHARES = np.array([[0.3, 0.4, 0.3], [0.5, 0.3, 0.2]])
IN_A = 0.45
DRAWS = draws(2_000)
POPULATION = 1_000_000
ASKED = [statistic(q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
ASKED += [statistic(), statistic(None, "variance"), statistic(None, "gini", log=True)]


@dataclass(frozen=True)
class Design:
    """`n` rows in so many `clusters`; 0 is independent rows."""

    n: int
    clusters: int


DESIGNS = {
    "200 rows": Design(200, 0),
    "1,000 rows": Design(1_000, 0),
    "20 clusters": Design(600, 20),
    "120 clusters": Design(1_200, 120),
}
SMALL = {"40 rows": Design(40, 0), "5 clusters": Design(200, 5)}


def draw(rng, n, clusters):
    unit = np.arange(n) % clusters if clusters else np.arange(n)
    group = rng.random(n) < IN_A
    side = group.astype(int)
    f = (rng.random(n)[:, None] > SHARES.cumsum(axis=1)[side, :2]).sum(axis=1)
    h = (rng.random(n) < np.array([0.4, 0.7])[side]).astype(int)
    x = rng.normal(size=n) + 0.5 * side
    error = rng.normal(size=n) * (0.3 + 0.1 * (f == 2))
    if clusters:
        error += 0.2 * rng.normal(size=clusters)[unit]
    y = 3 + 0.1 * side - 0.1 * (f == 1) - (0.3 - 0.1 * side) * (f == 2) + 0.2 * h + 0.25 * x
    return from_rows(
        y + error, group, [Factor("f", ("a", "b", "c")), Factor("h", ("u", "v"))], np.c_[f, h],
        numeric=x[:, None], numeric_names=("x",), cluster=unit if clusters else None,
    )  # fmt: skip


def factors_only(c):
    return replace(c, numeric=c.numeric[:, :0], numeric_names=())


def rif(c):
    out = {}
    for what in (s for s in ASKED if s.kind != "mean"):
        d = explain_statistic(valued(c), what, clustered=c.cluster is not None)
        out |= {f"{what.label} {k}": getattr(d, k) for k in ("gap", "explained", "unexplained")}
        out |= {f"{what.label} explained at {r}": d.references[r].explained for r in "AB"}
        out |= {
            f"{what.label} {k}": d.detail[k].explained for k in ("f", "h", "x") if k in d.detail
        }
    return out


def dfl(c, method):
    c = c if method == "logit" else factors_only(c)
    d = reweighted(valued(c), ASKED, method=method)
    names = ("gap", "composition", "structure")
    return {f"{k} {name}": getattr(s, name) for k, s in d.splits.items() for name in names}


def robust(c):
    parts = {}
    for what in (statistic(), statistic(0.5)):
        total = explain_robust(valued(c), what).total
        parts[f"{what.label} composition"] = total.composition
        parts[f"{what.label} structure"] = total.structure
    return parts


def like(c):
    d = matched(factors_only(c), reference="A")
    return {name: getattr(d, name) for name in ("gap", "explained", "unexplained")}


def account(c):
    d = account_for(c, ["h"])
    return {"base": d.base, "full": d.full, **d.moved}


METHODS = {
    "rif": rif,
    "logit": lambda c: dfl(c, "logit"),
    "cell": lambda c: dfl(c, "cell"),
    "robust": robust,
    "match": like,
    "account": account,
}


CHANCE = 1e-3
"""Of a nominal interval that is right to the letter to fall outside the bounds."""


def bounds(key, shown):
    """Least and largest share of `shown` intervals that may hold the truth."""
    at = np.arange(shown + 1)
    least = at[bdtr(at, shown, 0.95) <= CHANCE][-1] + 1
    most = at[bdtrc(at, shown, 0.95) <= CHANCE][0]
    # Compositions hardly change variance and Gini coefficient: products near zero, as said.
    widest = 1.0 if key.startswith(("variance", "gini")) else max(0.97, most / shown)
    return min(0.93, least / shown), widest


@cache
def truth(method, clustered, rows=POPULATION):
    rng = np.random.default_rng(1)
    cells = draw(rng, rows, rows // 10 if clustered else 0)
    return {k: e.value for k, e in METHODS[method](replace(cells, cluster=None)).items()}


def coverage(method, d, draws=DRAWS, seed=2026, rows=POPULATION):
    """Share of the intervals shown that hold the truth, by what they are of."""
    rng, shown, hits = np.random.default_rng(seed), {}, {}
    true = truth(method, d.clusters > 0, rows)
    for _ in range(draws):
        try:
            got = METHODS[method](draw(rng, d.n, d.clusters))
        except NotEnoughEvidence:
            continue
        for key, e in got.items():
            if e.low is not None:
                shown[key] = shown.get(key, 0) + 1
                hits[key] = hits.get(key, 0) + (e.low <= true[key] <= e.high)
    # An interval that is hardly ever shown says nothing.
    often = [k for k, n in shown.items() if n >= 0.2 * draws]
    return {k: (hits[k] / shown[k], shown[k]) for k in often}


def outside(got, *, narrow_only=False):
    """The shares that are outside their bounds."""
    found = {}
    for key, (share, shown) in got.items():
        least, most = bounds(key, shown)
        if share < least or (share > most and not narrow_only):
            found[key] = f"{share:.4f} of {shown}, not {least:.4f} to {most:.4f}"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", DESIGNS)
def test_intervals_cover(method, name):
    got = coverage(method, DESIGNS[name])
    print(method, name, {k: f"{100 * v:.1f}" for k, (v, _) in got.items()})
    assert outside(got) == {}


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SMALL)
def test_intervals_are_not_too_narrow_in_small_samples(method, name):
    got = coverage(method, SMALL[name])
    print(method, name, {k: f"{100 * v:.1f}" for k, (v, _) in got.items()})
    assert outside(got, narrow_only=True) == {}


def test_the_bounds_are_missed_by_a_right_interval_once_in_a_thousand_at_most():
    rng = np.random.default_rng(0)
    for shown in (400, 1_000, 5_000):
        least, most = bounds("p50 gap", shown)
        held = rng.binomial(shown, 0.95, 200_000) / shown
        assert np.mean(held < least) <= 1.3 * CHANCE
        assert np.mean(held > most) <= 1.3 * CHANCE
    assert bounds("p50 gap", 5_000) == (0.93, 0.97)
    assert bounds("p50 gap", 1_000)[0] > 0.925


def test_the_simulation_itself_runs():
    for method in METHODS:
        got = coverage(method, DESIGNS["200 rows"], 12, rows=20_000)
        assert min(share for share, _ in got.values()) > 0.6
