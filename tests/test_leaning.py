"""Intervals that lean: of what is divided by a density, and of quantiles of reweighted groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.compare.reweighting import reweighted
from rolediff.compare.rif import explain_statistic
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.density import bandwidth, density
from rolediff.stats.functional import Statistic
from rolediff.stats.lean import leaning
from rolediff.stats.rif import TURN, generated
from rolediff.stats.rif_joint import generated_joint
from rolediff.stats.valuation import Valuation, valuation
from rolediff.stats.valued import valued
from rolediff.stats.weighted import quantile

N, P = 400, 0.1
WHAT = [Statistic("quantile", (P,)), Statistic("range", (0.9, 0.1))]


def lines(seed=3, clusters=0):
    rng = np.random.default_rng(seed)
    code, group = rng.integers(0, 3, N), rng.random(N) < 0.45
    x = rng.normal(size=N) + 0.8 * group
    y = 1 + 0.3 * group + 0.2 * code * (1 + group) + 0.3 * x + rng.normal(0, 0.4, N)
    return valued(
        from_rows(
            y, group, [Factor("f", ("a", "b", "c"))], code[:, None], numeric=x[:, None],
            numeric_names=("x",), cluster=np.arange(N) % clusters if clusters else None,
        )
    )  # fmt: skip


@given(st.floats(-2, 2), st.floats(0.1, 1), st.floats(-0.4, 0.4))
@settings(deadline=None)
def test_bounds_are_where_the_error_that_goes_with_them_puts_them(value, se, lean):
    (low,), (high,) = leaning(*(np.array([x]) for x in (value, se, lean)), 2.0)
    assert low < value < high
    for bound in (low, high):
        assert abs(bound - value) == pytest.approx(2 * (se + lean * (bound - value)))


def test_for_a_ratio_they_are_fiellers_to_first_order():
    """Of a numerator 3 +- 0.2 and a denominator 1.5 +- 0.06, independent."""
    top, bottom, a, b, z = 3.0, 1.5, 0.2, 0.06, 1.96
    ratio, se = top / bottom, np.sqrt(a**2 + (top / bottom * b) ** 2) / bottom
    lean = ratio * b**2 / bottom**2 / se
    low, high = leaning(np.array([ratio]), np.array([se]), np.array([lean]), z)
    solved = np.roots([
        bottom**2 - z**2 * b**2, -2 * top * bottom, top**2 - z**2 * a**2
    ])  # fmt: skip
    assert (low[0], high[0]) == pytest.approx((solved.min(), solved.max()), rel=2e-3)
    assert abs(low[0] - solved.min()) < abs(ratio - z * se - solved.min()) / 3
    assert abs(high[0] - solved.max()) < abs(ratio + z * se - solved.max()) / 3


def test_an_error_that_grows_too_fast_leaves_no_bound():
    low, high = leaning(np.zeros(2), np.ones(2), np.array([0.6, -0.6]), 2.0)
    assert np.isnan([*low, *high]).all()


@pytest.mark.parametrize("what", WHAT, ids=str)
def test_a_turned_outcome_is_that_of_a_density_so_much_higher(what):
    v = lines()
    g = generated(v, what)
    heights = {}
    for side in (True, False):
        at = v.sorted_side(side)
        y, w = v.y[at], v.times[at]
        width = bandwidth(y, v.rows[at])
        heights[side] = np.array([density(y, w, quantile(y, w, p), width) for p in what.probs])
    assert len(g.heights) == 2 * len(what.probs)
    for k, h in enumerate(g.heights):
        raised = {s: f.copy() for s, f in heights.items()}
        raised[h.side][k % len(what.probs)] *= 1 + TURN
        again = generated(v, what, (raised[True], raised[False]))
        np.testing.assert_allclose(g.turned(h).r, again.r, atol=10 * TURN**2)
    assert generated(v, what, (heights[True], heights[False])).heights == ()


@pytest.mark.parametrize("clusters", [0, 20, 150])
def test_theta_goes_with_a_density_as_by_row(clusters):
    """Cov(theta, log f) from what each row adds to both; clusters of one row are rows."""
    v = lines(clusters=clusters)
    g = generated(v, WHAT[0])
    fitted = generated_joint(v, g, clustered=clusters > 0)
    assert len(fitted.leans) == 2
    for h, lean in zip(g.heights, fitted.leans, strict=True):
        assert np.sum(v.cells.w * h.log) == pytest.approx(0, abs=1e-10)
        spread = float(np.sum((v.cells.w * h.log) ** 2))
        # No correlation exceeds 1, and that of the coefficients of the group's own model does not
        # vanish: they are divided by the density.
        errors = np.sqrt(np.maximum(np.diag(fitted.vcov), 0))
        if fitted.jackknife:
            errors = np.sqrt(fitted.moved.T**2 @ fitted.scale)
        if not clusters:
            assert (np.abs(lean.covariance) <= errors * np.sqrt(spread) * 1.05 + 1e-12).all()
        p = fitted.design.width
        own = slice(p, 2 * p) if h.side else slice(3 * p, 4 * p)
        other = slice(3 * p, 4 * p) if h.side else slice(p, 2 * p)
        assert np.abs(lean.covariance[own]).max() > 1e-4
        if not clusters:
            assert np.abs(lean.covariance[other]).max() < 1e-15


def test_by_cluster_of_one_row_is_by_row():
    v = lines()
    alone = replace(v, cells=replace(v.cells, cluster=np.arange(N)))
    by_row = generated_joint(v, generated(v, WHAT[0]), clustered=False)
    by_cluster = generated_joint(alone, generated(alone, WHAT[0]), clustered=True)
    for x, y in zip(by_row.leans, by_cluster.leans, strict=True):
        np.testing.assert_allclose(y.covariance, x.covariance, rtol=0.05, atol=1e-5)


def test_parts_lean_away_from_zero_and_not_with_a_known_density():
    v, what = lines(), Statistic("quantile", (P,))
    d = explain_statistic(v, what)
    for e in (d.references["A"].explained, d.references["B"].explained, d.explained):
        assert e.value > 0
        assert 1.02 < (e.high - e.value) / (e.value - e.low) < 3
    known = explain_statistic(v, what, density=([0.3], [0.3]))
    e = known.references["A"].explained
    assert e.high - e.value == pytest.approx(e.value - e.low)


def test_limits_of_a_quantile_are_about_quantiles():
    v = lines()
    at = v.sorted_side(True)
    found = valuation(Statistic("quantile", (0.8,)), v, at, v.times)
    low, high = found.limits(0.05 * found.sparsity)
    y, w = v.y[at], v.times[at]
    assert (low, high) == pytest.approx((quantile(y, w, 0.75), quantile(y, w, 0.85)), abs=0.03)
    assert found.limits(0.3 * found.sparsity) is None
    assert Valuation(0.0, np.zeros(1), np.zeros(1), np.ones(1)).limits(0.1) is None


@pytest.mark.parametrize("method", ["cell", "logit"])
def test_reweighted_quantiles_take_the_shape_of_the_tail(method):
    rng = np.random.default_rng(1)
    n = 1_500
    group = rng.random(n) < 0.45
    code = (rng.random(n) < 0.4 + 0.2 * group).astype(int)
    y = rng.exponential(size=n) + 0.3 * code + 0.1 * group
    v = valued(from_rows(y, group, [Factor("f", ("u", "v"))], code[:, None]))
    split = reweighted(v, [Statistic("quantile", (0.8,)), Statistic()], method=method).splits["p80"]
    for e in (split.value_a, split.value_b, split.counterfactual):
        # A density that falls: farther to the upper side.
        assert e.high - e.value > 1.05 * (e.value - e.low)
    for e in (split.gap, split.composition, split.structure):
        assert e.low < e.value < e.high
        assert e.method == "influence functions, limits of quantiles"
