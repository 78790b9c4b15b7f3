"""Methods for few clusters, small cells, hidden factors and skills: brute force and laws."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.stats.alike import design_by_code, gather
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.cr2 import ClusterRobust
from rolediff.stats.gap_errors import gap_interval
from rolediff.stats.gram import Gram, GramEvidence, RowEvidence
from rolediff.stats.influence import left_out_changes
from rolediff.stats.interval_regression import interval_regression
from rolediff.stats.linear import linear
from rolediff.stats.many_gaps import ManyGaps
from rolediff.stats.mix import mix
from rolediff.stats.mixed import GroupMoments, fit_mixed, mixed_model
from rolediff.stats.multiplicity import benjamini_hochberg, romano_wolf
from rolediff.stats.ols import carrying_units, ols
from rolediff.stats.pooling import pool
from rolediff.stats.premium import premiums
from rolediff.stats.ridge import ridge
from rolediff.stats.sensitivity import (
    adjusted,
    contour,
    extreme_robustness_value,
    group_partial_r2,
    robustness_value,
    strength,
    treatment_partial_r2,
)
from rolediff.stats.wild import Wild

few = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def rows(seed, n=120, g=9):
    """A design with a factor, a number and a 0/1 column last; weights and clusters of two sizes."""
    rng = np.random.default_rng(seed)
    X = np.c_[np.ones(n), np.eye(3)[rng.integers(0, 3, n)][:, 1:], rng.normal(size=n),
              rng.random(n) < 0.5]  # fmt: skip
    unit = np.r_[np.arange(g), np.minimum(rng.integers(0, 2 * g, n - g), g - 1)]
    y = X @ rng.normal(size=5) + 0.5 * rng.normal(size=g)[unit] + rng.normal(size=n)
    return X, y, rng.integers(1, 4, n).astype(float), unit


# -- least squares on rows -----------------------------------------------------------------------


@few
@given(seeds)
def test_rows_give_what_cells_give(seed):
    X, y, w, unit = rows(seed)
    code = X[:, 1].astype(int) + 2 * X[:, 2].astype(int)
    cells = from_rows(
        y, X[:, 4] == 1, [Factor("f", ("a", "b", "c"))], code[:, None], weight=w, cluster=unit
    )
    fit, other = ols(cells, "CR1", with_group=True), linear(X[:, [0, 1, 2, 4]], y, w, unit)
    np.testing.assert_allclose(other.coef, fit.coef, 1e-9, 1e-9)
    np.testing.assert_allclose(ClusterRobust(other).vcov("CR1S"), fit.vcov, 1e-7, 1e-10)


def test_columns_that_others_tell_get_no_coefficient():
    X, y, w, unit = rows(3)
    twice = np.c_[X, X[:, 3] * 2 - 1, np.zeros(len(y))]
    fit, other = linear(X, y, w, unit), linear(twice, y, w, unit)
    np.testing.assert_allclose(other.coef, [*fit.coef, 0, 0], atol=1e-10)
    np.testing.assert_allclose(ClusterRobust(other).test(4), ClusterRobust(fit).test(4))


def test_columns_almost_alike_keep_their_digits():
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    X = np.c_[np.ones(300), x, x + 1e-3 * rng.normal(size=300)]
    b = np.array([1.0, 2.0, -3.0])
    np.testing.assert_allclose(linear(X, X @ b).coef, b, rtol=1e-9)


# -- CR2 -----------------------------------------------------------------------------------------


@few
@given(seeds, st.booleans())
def test_cr2_is_what_whole_matrices_give(seed, weighted):
    """The definition, with everything n x n, against the low-rank way."""
    X, y, w, unit = rows(seed, 60, 7)
    w = w if weighted else np.ones(len(y))
    fit = linear(X, y, w, unit)
    robust = ClusterRobust(fit)
    rest = np.eye(len(y)) - X @ fit.bread @ X.T @ np.diag(w)
    maps = []
    for g in range(7):
        at = unit == g
        value, vector = np.linalg.eigh((rest @ rest.T)[np.ix_(at, at)])
        root = np.where(value > 1e-10, np.maximum(value, 1e-10) ** -0.5, 0.0)
        A = (vector * root) @ vector.T
        maps.append(fit.bread @ (X[at] * w[at, None]).T @ A @ rest[at])
    V = sum(np.outer(m @ y, m @ y) for m in maps)
    np.testing.assert_allclose(robust.vcov("CR2"), V, rtol=1e-7, atol=1e-12)
    for j in range(X.shape[1]):
        G = np.stack([m[j] for m in maps])
        P = G @ G.T
        expected = np.trace(P) ** 2 / np.sum(P * P)
        assert robust.test(j)[2] == pytest.approx(expected, rel=1e-7)


@few
@given(seeds, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_cr2_is_the_same_for_other_orders_scales_of_weights_and_empty_columns(seed, k, random):
    X, y, w, unit = rows(seed)
    order = list(range(len(y)))
    random.shuffle(order)
    changed = np.c_[X, np.zeros(len(y))][order]
    base = ClusterRobust(linear(X, y, w, unit)).test(4)
    got = ClusterRobust(linear(changed, y[order], k * w[order], 5 * unit[order])).test(4)
    np.testing.assert_allclose(got, base, rtol=1e-6)


def test_cr2_of_light_clusters_is_that_of_all_to_within_their_leverage(monkeypatch):
    X, y, w, unit = rows(8, 6000, 2500)
    fit = linear(X, y, w, unit)
    short, sooner = ClusterRobust(fit).vcov("CR2"), ClusterRobust(fit).test(1)
    monkeypatch.setattr("rolediff.stats.cr2.LIGHT", -1.0)
    whole, later = ClusterRobust(fit).vcov("CR2"), ClusterRobust(fit).test(1)
    assert not np.array_equal(short, whole)
    np.testing.assert_allclose(np.diag(short), np.diag(whole), rtol=1e-3)
    np.testing.assert_allclose(sooner, later, rtol=1e-2)


def test_cr2_with_each_row_a_cluster_is_hc2():
    X, y, _, _ = rows(5)
    fit = linear(X, y)
    h = np.sum(X @ fit.bread * X, axis=1)
    meat = X.T @ (X * (fit.residual**2 / (1 - h))[:, None])
    np.testing.assert_allclose(ClusterRobust(fit).vcov("CR2"), fit.bread @ meat @ fit.bread)


@few
@given(seeds)
def test_cr3_is_the_jackknife_also_with_weights(seed):
    X, y, w, unit = rows(seed, 90, 9)
    fit = linear(X, y, w, unit)
    squared = np.sum(left_out_changes(fit, 4) ** 2)
    assert ClusterRobust(fit).vcov("CR3")[4, 4] == pytest.approx(squared, rel=1e-8)


# -- wild bootstrap ------------------------------------------------------------------------------


@pytest.mark.parametrize("null", [0.0, 0.4])
@pytest.mark.parametrize("g", [6, 11])
def test_wild_bootstrap_is_what_refitting_every_draw_gives(g, null):
    X, y, w, unit = rows(g, 80, g)
    fit = linear(X, y, w, unit)
    wild = Wild.of(fit, 4, count=200)

    def t(outcome):
        again = linear(X, outcome, w, unit)
        return (again.coef[4] - null) / math.sqrt(ClusterRobust(again).vcov("CR0")[4, 4])

    without = linear(X[:, :4], y - null * X[:, 4], w, unit)
    fitted = X[:, :4] @ without.coef + null * X[:, 4]
    drawn = [t(fitted + v[unit] * without.residual) for v in wild.draws]
    assert wild.p_value(null) == np.mean(np.abs(drawn) >= abs(t(y)) * (1 - 1e-9))
    assert wild.weights == ("Webb" if g < 10 else "Rademacher")
    assert len(wild.draws) == (200 if g < 10 else 2**g)


def test_wild_interval_holds_what_is_not_rejected():
    X, y, w, unit = rows(1)
    wild = Wild.of(linear(X, y, w, unit), 4)
    low, high = wild.interval()
    assert low < wild.fit.coef[4] < high
    for end, step in ((low, -1e-6), (high, 1e-6)):
        assert wild.p_value(end + step) <= 0.05 < wild.p_value(end - 1e-3 * step / 1e-6)
    assert wild.interval(0.8)[0] > low


def test_wild_interval_is_the_same_for_scaled_weights_and_shifts_with_the_outcome():
    X, y, w, unit = rows(2)
    base = np.array(Wild.of(linear(X, y, w, unit), 4).interval())
    scaled = Wild.of(linear(X, y, 7 * w, unit), 4).interval()
    shifted = Wild.of(linear(X, y + 3 * X[:, 4], w, unit), 4).interval()
    np.testing.assert_allclose(scaled, base, rtol=1e-6)
    np.testing.assert_allclose(shifted, base + 3, rtol=1e-6)


def test_wild_interval_may_be_unbounded_and_says_so():
    """Three rows, one in A: any gap would pass."""
    X = np.c_[np.ones(3), [1.0, 0, 0]]
    wild = Wild.of(linear(X, np.array([1.0, 0.2, 0.3]), None, np.arange(3)), 1)
    assert not np.isfinite(wild.interval()).all()
    with pytest.raises(ValueError, match="told by the others"):
        Wild.of(linear(np.c_[X, X[:, 0]], np.arange(3.0)), 2)


# -- the choice of errors ------------------------------------------------------------------------


def apart(clusters_a, clusters_b, size, seed=0):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(clusters_a + clusters_b), size)
    y = rng.normal(size=len(unit)) + rng.normal(size=clusters_a + clusters_b)[unit]
    return from_rows(y, unit < clusters_a, cluster=unit)


def dominated():
    """One cluster with four fifths of both groups' rows, and sixteen of a few."""
    rng = np.random.default_rng(0)
    unit = np.r_[np.zeros(128, int), 1 + np.arange(32) % 16]
    return from_rows(rng.normal(size=160), rng.random(160) < 0.5, cluster=unit)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (from_rows(np.arange(40.0) % 7, np.arange(40) % 2 == 0), "HC2"),
        (apart(80, 80, 5), "CR1"),
        (apart(20, 20, 5), "CV3"),
        (apart(4, 4, 5), "CR2, Satterthwaite df"),
        (apart(2, 10, 5), "wild cluster bootstrap, Rademacher weights"),
        (apart(2, 7, 5, 1), "wild cluster bootstrap, Webb weights"),
        (apart(1, 2, 5), "fewer than 4 employers"),
        (dominated(), "CR2, Satterthwaite df"),
    ],
)
def test_errors_are_chosen_by_the_clusters_that_carry_the_gap(cells, name):
    gap = gap_interval(cells)
    assert gap.errors == name
    y = cells.wy / cells.w
    assert gap.value == pytest.approx(y[cells.group].mean() - y[~cells.group].mean())
    if name.startswith("fewer"):
        assert math.isnan(gap.low)
    else:
        assert gap.low < gap.value < gap.high
        assert gap_interval(cells, 0.5).high < gap.high


@st.composite
def factored(draw):
    """Cells of two groups in 6, 12 or 60 clusters, a factor of three, weights."""
    rng = np.random.default_rng(draw(seeds))
    g = draw(st.sampled_from([6, 12, 60]))
    unit = np.r_[np.arange(g), rng.integers(0, g, 180 - g)]
    code, group = rng.integers(0, 3, 180), rng.random(180) < 0.4
    y = 0.3 * code + group + rng.normal(size=180) + 0.5 * rng.normal(size=g)[unit]
    w = rng.integers(1, 4, 180).astype(float)
    return y, group, code, unit, w


def cells_from(y, group, code, unit, w, labels=("a", "b", "c")):
    return from_rows(y, group, [Factor("f", labels)], code[:, None], weight=w, cluster=unit)


def both_ways(cells):
    """What the careful and the quick errors say, as numbers."""
    careful = gap_interval(cells)
    many = ManyGaps(cells, (cells.wy / cells.w)[:, None])
    quick = [many.gap(("f",), r, 0) for r in ("pooled", "A", "neumark", "cotton")]
    return np.array([careful.value, careful.low, careful.high,
                     *(x for q in quick for x in (q.value, q.se, q.df))])  # fmt: skip


@few
@given(factored(), st.sampled_from([0.01, 30.0]), st.randoms(use_true_random=False))
def test_gaps_do_not_depend_on_order_scale_of_weights_bases_or_empty_levels(rows_, k, random):
    y, group, code, unit, w = rows_
    base = both_ways(cells_from(*rows_))
    order = list(range(len(y)))
    random.shuffle(order)
    moved = cells_from(*(v[order] for v in rows_))
    np.testing.assert_allclose(both_ways(moved), base, 1e-6, 1e-8)
    scaled = cells_from(y, group, code, unit, k * w)
    np.testing.assert_allclose(both_ways(scaled), base, 1e-6, 1e-8)
    renamed = cells_from(y, group, 3 - code, unit, w, ("nobody", "c", "b", "a"))
    np.testing.assert_allclose(both_ways(renamed), base, 1e-6, 1e-8)
    shifted = both_ways(cells_from(y + 7, group, code, unit, w))
    np.testing.assert_allclose(shifted, base, 1e-6, 1e-7)


@few
@given(factored())
def test_gaps_change_sign_with_the_groups(rows_):
    y, group, code, unit, w = rows_
    one, two = gap_interval(cells_from(*rows_)), gap_interval(cells_from(y, ~group, code, unit, w))
    assert (two.value, two.low, two.high) == pytest.approx((-one.value, -one.high, -one.low))
    assert two.errors == one.errors


@few
@given(factored(), st.integers(1, 3))
def test_how_records_are_put_into_rows_changes_no_clustered_error(rows_, parts):
    """A row of weight w as `parts` rows of the same pay, whose weights are other shares of it."""
    y, group, code, unit, w = rows_
    share = np.arange(1.0, parts + 1) / np.arange(1, parts + 1).sum()
    again = [np.tile(v, parts) for v in (y, group, code, unit)]
    several = cells_from(*again, np.concatenate([w * s for s in share]))
    one = linear(np.c_[np.ones(180), code == 1, code == 2, group], y, w, unit)
    split = linear(np.tile(one.X, (parts, 1)), again[0], several.w, again[3])
    for kind in ("CR0", "CR1", "CR3"):
        np.testing.assert_allclose(
            ClusterRobust(split).vcov(kind), ClusterRobust(one).vcov(kind), 1e-6, 1e-10
        )
    robust, whole = ClusterRobust(split.by_record()), ClusterRobust(one.by_record())
    np.testing.assert_allclose(robust.vcov("CR2"), whole.vcov("CR2"), 1e-6, 1e-10)
    np.testing.assert_allclose(robust.test(3), whole.test(3), 1e-6)
    gap, base = gap_interval(several), gap_interval(cells_from(*rows_))
    assert gap.errors == base.errors
    for name in ("value", "se", "df", "low", "high", "carrying"):
        assert getattr(gap, name) == pytest.approx(getattr(base, name), rel=1e-6, nan_ok=True)
    np.testing.assert_allclose(left_out_changes(split, 3), left_out_changes(one, 3), 1e-6, 1e-9)


def test_cr2_by_record_is_that_of_the_records_one_by_one():
    X, y, w, unit = rows(4)
    fit, k = linear(X, y, w, unit), w.astype(int)
    each = linear(np.repeat(X, k, axis=0), np.repeat(y, k), None, np.repeat(unit, k))
    by_record = ClusterRobust(fit.by_record())
    np.testing.assert_allclose(by_record.vcov(), ClusterRobust(each).vcov(), 1e-9, 1e-14)
    np.testing.assert_allclose(by_record.test(4), ClusterRobust(each).test(4))
    assert by_record.test(4)[1] != pytest.approx(ClusterRobust(fit).test(4)[1], rel=1e-4)


@few
@given(factored(), st.booleans(), st.sampled_from(["iid", "HC0", "HC1", "HC2", "HC3"]))
def test_gathering_rows_changes_nothing(rows_, clustered, vcov):
    y, group, code, unit, w = rows_
    c = cells_from(y, group, code, unit if clustered else None, w)
    fewer = gather(c)
    assert len(fewer) < 0.7 * len(c) or (clustered and fewer is c)
    assert fewer.n.sum() == len(c)
    kinds = (vcov,) if not clustered else ("CR0", "CR1", "CV3")
    for kind in kinds:
        many, few_ = (ols(x, kind, with_group=True) for x in (c, fewer))
        np.testing.assert_allclose(few_.coef, many.coef, 1e-8, 1e-10)
        np.testing.assert_allclose(few_.vcov, many.vcov, 1e-7, 1e-10)
    assert carrying_units(fewer) == pytest.approx(carrying_units(c))


# -- left out ------------------------------------------------------------------------------------


@few
@given(seeds)
def test_leaving_out_a_cluster_is_refitting_without_it(seed):
    X, y, w, unit = rows(seed, 60, 12)
    fit = linear(X, y, w, unit)
    got = left_out_changes(fit, 4)
    for g in range(12):
        rest = linear(X[unit != g], y[unit != g], w[unit != g])
        if len(rest.keep) == 5:
            assert got[g] == pytest.approx(rest.coef[4] - fit.coef[4], abs=1e-8)
    alone = left_out_changes(linear(X, y, w), 4)
    rest = linear(X[1:], y[1:], w[1:])
    assert alone[0] == pytest.approx(rest.coef[4] - fit.coef[4], abs=1e-8)


# -- interval regression -------------------------------------------------------------------------


def ranges(seed, n=150):
    """Points, intervals and rows open at either end."""
    X, y, w, unit = rows(seed, n, 15)
    width = np.where(unit % 3 == 0, 0.0, 1.0 + unit % 3)
    low, high = np.floor(y) - width * 0.3, np.floor(y) + 1 + width * 0.3
    low[unit == 1], high[unit == 2] = -np.inf, np.nan
    point = unit % 3 == 0
    low[point] = high[point] = y[point]
    return low, high, X, w, unit


def negative_loglik(theta, low, high, X, w):
    from scipy.special import log_ndtr, ndtr

    s = math.exp(theta[-1])
    high = np.where(np.isnan(high), np.inf, high)
    zl, zh = (low - X @ theta[:-1]) / s, (high - X @ theta[:-1]) / s
    point = low == high
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.log(np.abs(ndtr(zh) - ndtr(zl)))
        inside = np.where(np.isinf(zh), log_ndtr(-zl), inside)
    density = -0.5 * zl**2 - 0.5 * math.log(2 * math.pi) - theta[-1]
    return -float(w @ np.where(point, np.where(point, density, 0.0), inside))


@pytest.mark.parametrize("seed", range(4))
def test_interval_regression_finds_the_maximum_of_the_likelihood(seed):
    low, high, X, w, _ = ranges(seed)
    fit = interval_regression(low, high, X, w)
    theta = np.append(fit.coef, math.log(fit.sigma))
    assert fit.loglik == pytest.approx(-negative_loglik(theta, low, high, X, w), abs=1e-8)
    other = minimize(negative_loglik, theta + 0.01, (low, high, X, w), "BFGS")
    assert other.fun >= -fit.loglik - 1e-7
    h = 1e-4 * np.eye(len(theta))
    H = np.array([[
        sum(a * b * negative_loglik(theta + a * i + b * j, low, high, X, w)
            for a, b in itertools.product((1, -1), repeat=2)) / 4e-8
        for i in h] for j in h])  # fmt: skip
    np.testing.assert_allclose(fit.vcov, np.linalg.inv(H), rtol=2e-4, atol=2e-6)


@few
@given(seeds, st.sampled_from([0.01, 3.0, 100.0]), st.randoms(use_true_random=False))
def test_interval_regression_does_not_depend_on_order_scale_of_weights_or_splitting(
    seed, k, random
):
    low, high, X, w, unit = ranges(seed)
    order = list(range(len(w)))
    random.shuffle(order)
    base = interval_regression(low, high, X, w, unit, "CR1")
    moved = interval_regression(
        low[order], high[order], np.c_[X, np.zeros(len(w))][order], k * w[order], unit[order], "CR1"
    )
    np.testing.assert_allclose(moved.coef[:-1], base.coef, 1e-6, 1e-8)
    np.testing.assert_allclose(moved.se[:-1], base.se, 1e-6)
    assert (moved.coef[-1], moved.se[-1]) == (0, 0)
    two = [np.concatenate([v, v]) for v in (low, high, w / 2, unit)]
    halves = interval_regression(two[0], two[1], np.r_[X, X], two[2], two[3], "CR1")
    np.testing.assert_allclose(halves.coef, base.coef, 1e-6, 1e-8)
    np.testing.assert_allclose(halves.vcov, base.vcov, 1e-5, 1e-9)


@few
@given(factored(), st.sampled_from(["oim", "HC0", "HC1", "CR1"]))
def test_interval_regression_by_combination_is_that_of_rows(rows_, errors):
    c, (y, group, code, unit, w) = cells_from(*rows_), rows_
    X, at = design_by_code(c)
    assert len(X) <= 6
    np.testing.assert_array_equal(X[at], np.c_[np.ones(180), code == 1, code == 2, group])
    low, high = np.floor(2 * y) / 2, np.floor(2 * y) / 2 + 0.5
    high[::9], low[5] = low[::9], -np.inf
    one = interval_regression(low, high, X[at], w, unit, errors)
    by_code = interval_regression(low, high, X, w, unit, errors, at)
    np.testing.assert_allclose(by_code.coef, one.coef, 1e-8, 1e-10)
    np.testing.assert_allclose(by_code.vcov, one.vcov, 1e-7, 1e-11)
    assert by_code.loglik == pytest.approx(one.loglik)


def test_interval_regression_is_continuous_in_the_width():
    X, y, w, _ = rows(8)
    point = interval_regression(y, y, X, w)
    for half in (1e-9, 1e-7, 1e-6, 1e-5, 1e-4):
        near = interval_regression(y - half, y + half, X, w)
        np.testing.assert_allclose(near.coef, point.coef, atol=1e-6)
        assert near.loglik - w.sum() * math.log(2 * half) == pytest.approx(point.loglik, abs=1e-4)


def test_intervals_that_tell_no_spread_are_an_error():
    ones = np.ones((20, 1))
    for low, high in ((np.zeros(20), np.ones(20)), (np.ones(20), np.ones(20))):
        with pytest.raises(NotEnoughEvidence):
            interval_regression(low, high, ones)
    with pytest.raises(NotEnoughEvidence, match="0 intervals"):
        interval_regression(np.full(20, -np.inf), np.full(20, np.inf), ones)
    with pytest.raises(ValueError, match="end below their start"):
        interval_regression(np.ones(20), np.zeros(20), ones)
    with pytest.raises(ValueError, match="need clusters"):
        interval_regression(np.zeros(20), np.arange(20.0), ones, errors="CR1")


# -- random effects ------------------------------------------------------------------------------


def grouped(seed, g=12, slope=0.5):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, g, 150)
    x = rng.normal(size=150)
    y = (1 + x + 0.8 * rng.normal(size=g)[group] + slope * rng.normal(size=g)[group] * x
         + rng.normal(size=150))  # fmt: skip
    return y, np.c_[np.ones(150), x], group, rng.uniform(0.5, 2, 150)


def marginal(theta, y, X, Z, group, w, reml):
    """-2 log-likelihood from the n x n covariance matrix."""
    q = Z.shape[1]
    L = np.zeros((q, q))
    L[np.tril_indices(q)] = theta[:-1]
    same = group[:, None] == group[None, :]
    V = math.exp(theta[-1]) * (np.diag(1 / w) + same * (Z @ L @ L.T @ Z.T))
    inverse = np.linalg.inv(V)
    xvx = X.T @ inverse @ X
    r = y - X @ np.linalg.solve(xvx, X.T @ inverse @ y)
    free = len(y) - (X.shape[1] if reml else 0)
    value = np.linalg.slogdet(V)[1] + r @ inverse @ r + free * math.log(2 * math.pi)
    return value + (np.linalg.slogdet(xvx)[1] if reml else 0.0)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("q", [1, 2])
def test_random_effects_maximise_the_marginal_likelihood(q, reml):
    y, X, group, w = grouped(q)
    fit = mixed_model(y, X, group, X[:, :q], w, reml=reml)
    L = np.linalg.cholesky(fit.covariance / fit.sigma2)
    theta = np.append(L[np.tril_indices(q)], math.log(fit.sigma2))
    assert fit.criterion == pytest.approx(marginal(theta, y, X, X[:, :q], group, w, reml))
    best = minimize(
        marginal, theta + 0.02, (y, X, X[:, :q], group, w, reml), "Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000},
    )  # fmt: skip
    assert fit.criterion <= best.fun + 1e-8
    np.testing.assert_allclose(theta, best.x, atol=1e-4)


def test_no_difference_between_groups_is_an_estimate_too():
    rng = np.random.default_rng(0)
    group = np.arange(100) % 10
    y = np.repeat(rng.normal(size=10), 10)
    fit = mixed_model(y, np.ones((100, 1)), group)
    assert fit.covariance[0, 0] == 0
    assert (fit.effects == 0).all()
    assert fit.sigma2 == pytest.approx(np.var(y, ddof=1))
    with pytest.raises(NotEnoughEvidence, match="1 groups"):
        mixed_model(y, np.ones((100, 1)), np.zeros(100, int))


@pytest.mark.parametrize("between", [0.0, 0.3])
def test_outcomes_that_do_not_vary_within_groups_are_refused(between):
    group = np.repeat(np.arange(6), 4)
    y = 11.3 + between * group
    for X in (np.ones((24, 1)), np.c_[group % 2 == 0, group % 2 == 1].astype(float)):
        with pytest.raises(NotEnoughEvidence, match="do not vary within groups"):
            mixed_model(y, X, group)
    with pytest.raises(NotEnoughEvidence, match="do not vary within groups"):
        mixed_model(np.arange(6.0) ** 2, np.ones((6, 1)), np.arange(6))
    y[0] += 1e-3
    assert mixed_model(y, np.ones((24, 1)), group).sigma2 > 0


@few
@given(seeds, st.floats(0.01, 100))
def test_random_effects_add_up_from_parts_and_ignore_the_scale_of_weights(seed, k):
    y, X, group, w = grouped(seed)
    fit = mixed_model(y, X, group, None, w)
    scaled = mixed_model(y, X, group, None, k * w)
    np.testing.assert_allclose(scaled.effects, fit.effects, 1e-5, 1e-7)
    assert scaled.sigma2 == pytest.approx(k * fit.sigma2, rel=1e-6)
    code = np.unique(group, return_inverse=True)[1]
    half = np.isin(np.arange(150), np.r_[np.unique(code, return_index=True)[1], np.arange(60)])
    both = [GroupMoments.of(y[s], X[s], code[s], None, w[s], count=code.max() + 1)
            for s in (half, ~half)]  # fmt: skip
    again = fit_mixed(both[0] + both[1])
    np.testing.assert_allclose(again.fixed, fit.fixed, 1e-5, 1e-6)
    np.testing.assert_allclose(again.effects, fit.effects, 1e-4, 1e-6)


def test_pooling_of_equal_variances_is_james_and_stein():
    """With one variance Morris' estimator is that of Efron and Morris (1973), in closed form."""
    rng = np.random.default_rng(4)
    y, k = rng.normal(size=12) * 2, 12
    got = pool(y, np.full(k, 1.0))
    shrink = (k - 3) / np.sum((y - y.mean()) ** 2)
    np.testing.assert_allclose(got.weight, shrink, rtol=1e-9)
    np.testing.assert_allclose(got.value, y.mean() + (1 - shrink) * (y - y.mean()))


@few
@given(seeds, st.floats(-5, 5), st.floats(0.1, 10))
def test_pooling_shifts_and_scales_with_its_estimates(seed, shift, scale):
    rng = np.random.default_rng(seed)
    y, v = rng.normal(size=9), rng.uniform(0.05, 2, 9)
    base, moved = pool(y, v), pool(shift + scale * y, scale**2 * v)
    np.testing.assert_allclose(moved.value, shift + scale * base.value, 1e-6, 1e-6)
    np.testing.assert_allclose(moved.se, scale * base.se, 1e-6)
    assert ((base.value - y) * (base.toward - y) >= -1e-12).all()
    more = pool(y, v, confidence=0.99)
    assert (more.low < base.low).all()


def test_pooling_needs_cells_to_compare():
    with pytest.raises(NotEnoughEvidence, match="4 are needed"):
        pool(np.arange(3.0), np.ones(3))
    with pytest.raises(ValueError, match="above 0"):
        pool(np.arange(5.0), np.zeros(5))


# -- hidden factors ------------------------------------------------------------------------------

t_values = st.floats(-30, 30).filter(lambda t: abs(t) > 1e-3)


@few
@given(t_values, st.integers(5, 5000), st.floats(0.05, 3))
def test_a_factor_as_strong_as_the_robustness_value_leaves_what_it_should(t, df, q):
    """At RV_q on both sides the adjusted estimate is (1 - q) of the estimate."""
    rv = robustness_value(t, df, q)
    assert 0 <= rv < 1
    after = adjusted(t, 1.0, df, rv, rv)
    assert after.value == pytest.approx((1 - q) * t, abs=1e-6 * abs(t) * max(1, q))
    extreme = extreme_robustness_value(t, df, q)
    assert adjusted(t, 1.0, df, extreme, 1.0).value == pytest.approx((1 - q) * t, abs=1e-6)
    assert extreme <= rv


@few
@given(t_values, st.integers(5, 5000), st.floats(0.05, 1.5), st.sampled_from([0.01, 0.05, 0.3]))
def test_more_is_asked_for_significance_than_for_nothing(t, df, q, alpha):
    rv, with_alpha = robustness_value(t, df, q), robustness_value(t, df, q, alpha)
    assert 0 <= with_alpha <= rv + 1e-12
    assert with_alpha >= robustness_value(t, df, q, alpha, design_effect=2.0)
    assert robustness_value(-t, df, q, alpha) == with_alpha
    assert extreme_robustness_value(t, df, q, alpha) <= with_alpha + 1e-12


def test_the_corner_where_significance_alone_is_at_stake():
    """Few degrees of freedom: f q above 1 / f*, where the usual formula no longer solves."""
    t, df = 6.0, 4
    fq, critical_f = t / 2, 3.182446305284263 / math.sqrt(3)
    assert fq > 1 / critical_f
    expected = (fq**2 - critical_f**2) / (1 + fq**2)
    assert robustness_value(t, df, 1.0, 0.05) == pytest.approx(expected, rel=1e-9)


@few
@given(seeds)
def test_a_hidden_factor_is_what_regression_with_it_gives(seed):
    """Leave a column out: the formulas give back the full regression exactly."""
    X, y, w, _ = rows(seed)
    full, short = linear(X, y, w), linear(np.delete(X, 3, axis=1), y, w)
    r2dz = treatment_partial_r2(full, 4, [3])
    r2yz = group_partial_r2(full, [3])
    grows = abs(full.coef[4]) > abs(short.coef[3]) or full.coef[4] * short.coef[3] < 0
    se = math.sqrt(short.iid[3, 3])
    if not grows:
        got = adjusted(short.coef[3], se, short.df, r2dz, r2yz)
        assert got.value == pytest.approx(full.coef[4], abs=1e-9)
        assert got.se == pytest.approx(math.sqrt(full.iid[4, 4]), rel=1e-9)
    others = linear(X[:, :4], X[:, 4], w)
    assert r2dz == pytest.approx(group_partial_r2(others, [3]), abs=1e-10)
    assert treatment_partial_r2(full, 4, [1, 2]) == pytest.approx(
        group_partial_r2(others, [1, 2]), abs=1e-10
    )


def test_contours_hold_the_adjusted_estimates():
    grid = np.array([0.0, 0.1, 0.4])
    table = contour(-0.3, 0.05, 200, grid, grid[1:])
    assert table.shape == (2, 3)
    assert table[1, 2] == pytest.approx(adjusted(-0.3, 0.05, 200, 0.4, 0.4).value)
    assert (table[:, 0] == -0.3).all()
    assert contour(-0.3, 0.05, 200, grid, grid, reduce=False)[2, 2] < -0.3


def test_strengths_that_cannot_be_are_refused():
    assert strength(0.0, 0.2, 3, 3) == (0.0, pytest.approx(0.75))
    for r2dx, kd in ((0.6, 1), (0.3, 4), (1.0, 1)):
        with pytest.raises(UsageError, match="as strong"):
            strength(r2dx, 0.1, kd, kd)
    with pytest.raises(UsageError, match="shares"):
        adjusted(1.0, 0.1, 50, 1.0, 0.2)
    with pytest.raises(UsageError, match="probability"):
        robustness_value(2.0, 50, alpha=5)


# -- skills --------------------------------------------------------------------------------------


def postings(seed, n=240, k=12, spread=0.1):
    rng = np.random.default_rng(seed)
    asks = (rng.random((n, k)) < rng.uniform(0.05, 0.6, k)).astype(float)
    level = np.eye(3)[rng.integers(0, 3, n)][:, 1:]
    b, employer = spread * rng.normal(size=k), rng.integers(0, 60, n)
    y = 11 + level @ [0.2, 0.5] + asks @ b + 0.1 * rng.normal(size=60)[employer]
    X = np.c_[np.ones(n), level, asks]
    return RowEvidence.of(X, y + 0.2 * rng.normal(size=n), None, employer, columns(k)), b


def columns(k):
    return ("(constant)", "level: b", "level: c", *(f"s{i}" for i in range(k)))


SKILLS = np.arange(3, 15)


def by_cluster(e):
    parts = [e.cluster == g for g in range(e.units)]
    return GramEvidence(tuple(Gram.of(e.X[s], e.y[s], e.w[s], e.names) for s in parts))


def test_a_skill_alone_is_a_regression_on_it_and_the_controls():
    e, _ = postings(0)
    got = premiums(e, SKILLS)
    for j in range(3):
        fit = linear(e.X[:, [0, 1, 2, 3 + j]], e.y, None, e.cluster)
        assert got.alone[j] == pytest.approx(fit.coef[3], rel=1e-9)
        # The jackknife with controls' coefficients held is near that which refits them.
        jackknife = ClusterRobust(fit).vcov("CR3")[3, 3] * (e.units - 1) / e.units
        assert got.alone_se[j] == pytest.approx(math.sqrt(jackknife), rel=0.1)


@few
@given(seeds)
def test_rows_and_cross_products_by_cluster_give_the_same_premiums(seed):
    e, _ = postings(seed)
    one, two = premiums(e, SKILLS, draws=99), premiums(by_cluster(e), SKILLS, draws=99)
    for name in ("count", "alone", "alone_se", "together", "together_se", "p", "p_bh", "df"):
        np.testing.assert_allclose(getattr(two, name), getattr(one, name), 1e-5, 1e-7)


def test_ordinary_errors_of_pooled_skills_are_the_posterior_of_a_bayesian_regression():
    """One set of cross-products: y ~ N(X b, s2), skills N(0, t2), controls flat."""
    e, _ = postings(1)
    got = premiums(GramEvidence((e.gram,)), SKILLS)
    fit = ridge(e.gram, SKILLS)
    prior = np.r_[np.full(3, 1e12), np.full(12, got.ratio * fit.sigma2)]
    posterior = np.linalg.inv(e.X.T @ e.X / fit.sigma2 + np.diag(1 / prior))
    np.testing.assert_allclose(got.together, (posterior @ e.X.T @ e.y / fit.sigma2)[3:], 1e-5, 1e-7)
    np.testing.assert_allclose(got.together_se, np.sqrt(np.diag(posterior))[3:], rtol=1e-5)
    assert np.isnan(got.p_rw).all()


def test_a_skill_of_one_employer_has_no_interval_and_no_star():
    e, _ = postings(2)
    X = e.X.copy()
    X[:, 3] = 0.0
    X[np.flatnonzero(e.cluster == 5), 3] = 1.0
    X[:, 4] = X[:, 1]
    got = premiums(RowEvidence.of(X, e.y, None, e.cluster), SKILLS)
    assert not math.isfinite(got.alone_se[0]) or got.df[0] < 1
    assert got.p[0] > 0.2
    assert got.p_rw[0] > 0.2
    assert math.isnan(got.alone[1]), "controls tell it"


def test_benjamini_and_hochberg_by_definition():
    rng = np.random.default_rng(0)
    p = rng.random(20) ** 3
    ordered = np.sort(p)
    for a in (0.01, 0.05, 0.2):
        passing = np.flatnonzero(ordered <= a * np.arange(1, 21) / 20)
        last = ordered[passing[-1]] if len(passing) else -1.0
        assert ((benjamini_hochberg(p) <= a) == (p <= last)).all()
    assert len(benjamini_hochberg(np.empty(0))) == 0


def test_romano_and_wolf_hold_all_errors_at_once_and_beat_bonferroni_under_dependence():
    rng = np.random.default_rng(0)
    hits = 0
    for i in range(200):
        shared = rng.normal(size=(60, 1))
        score = shared + 0.5 * rng.normal(size=(60, 20))
        hits += romano_wolf(score, 199, i).min() <= 0.05
    assert hits / 200 < 0.1
    score = rng.normal(size=(60, 1)) + 0.2 * rng.normal(size=(60, 20))
    score[:, 0] += 0.6
    p = romano_wolf(np.c_[score, np.zeros(60)])
    assert p[-1] == 1
    alone = romano_wolf(score[:, :1])[0]
    assert alone <= p[0] < 20 * alone
    strong = romano_wolf(np.c_[score[:, 1:], score[:, :1] * 100])
    assert strong[-1] == pytest.approx(p[0], abs=0.02), "the scale of a score does not matter"


def test_romano_and_wolf_of_very_many_clusters_draws_what_weights_would(monkeypatch):
    rng = np.random.default_rng(2)
    score = rng.normal(size=(3000, 1)) + rng.normal(size=(3000, 6))
    score += np.array([0, 0.01, 0.03, 0.05, 0.06, 0.13])
    weighed = romano_wolf(score, 4000)
    monkeypatch.setattr("rolediff.stats.multiplicity.MANY", 2999)
    drawn = romano_wolf(score, 4000)
    assert not np.array_equal(drawn, weighed)
    np.testing.assert_allclose(drawn, weighed, atol=0.03)
    assert drawn.max() > 0.3
    assert drawn.min() < 0.01


# -- the mix of skills ---------------------------------------------------------------------------

FAMILIES = {"level": np.array([1, 2]), "one": np.arange(3, 9), "two": np.arange(9, 15)}


def two_roles(seed):
    e, _ = postings(seed, 400)
    a = e.X[:, 3] + e.X[:, 1] + np.random.default_rng(seed).random(400) > 0.9
    return [RowEvidence(e.X[s], e.y[s], e.w[s], e.cluster[s], e.names, e.units) for s in (a, ~a)]


def test_the_mix_without_pooling_is_a_decomposition():
    a, b = two_roles(0)
    got = mix(a, b, FAMILIES, shared=True)
    X, y = np.r_[a.X, b.X], np.r_[a.y, b.y]
    group = np.arange(len(y)) < len(a.y)
    fit = linear(np.c_[X, group], y)
    rest = got.gap - got.total()[0]
    assert rest == pytest.approx(fit.coef[-1], abs=1e-10)
    binary = [Factor(f"x{j}", ("0", "1")) for j in range(1, 15)]
    cells = from_rows(y, group, binary, X[:, 1:].astype(int),
                      cluster=np.r_[a.cluster, b.cluster])  # fmt: skip
    whole = ManyGaps(cells, y[:, None]).gap([f.name for f in binary], "pooled", 0)
    assert whole.value == pytest.approx(rest, abs=1e-10)
    assert got.units == 60
    total = a.y.mean() - b.y.mean()
    assert got.gap == pytest.approx(total)


@few
@given(seeds, st.floats(0.1, 10))
def test_the_mix_adds_up_negates_and_ignores_scale_and_order(seed, k):
    a, b = two_roles(seed)
    base = mix(a, b, FAMILIES, SKILLS, shared=True)
    swapped = mix(b, a, FAMILIES, SKILLS, shared=True)
    np.testing.assert_allclose(swapped.parts, -base.parts, 1e-6, 1e-9)
    np.testing.assert_allclose(swapped.se, base.se, 1e-6, 1e-9)
    order = np.random.default_rng(seed).permutation(len(a.y))
    moved = RowEvidence(a.X[order], a.y[order], a.w, a.cluster[order], a.names, a.units)
    np.testing.assert_allclose(mix(moved, b, FAMILIES, SKILLS, shared=True).se, base.se, 1e-6)
    scaled = [RowEvidence(e.X, e.y, k * e.w, e.cluster, e.names, e.units) for e in (a, b)]
    np.testing.assert_allclose(mix(*scaled, FAMILIES, SKILLS, shared=True).parts, base.parts, 1e-5,
                               1e-8)  # fmt: skip
    one = {"all": np.arange(1, 15)}
    (value, se), (whole, error) = mix(a, b, one, SKILLS, shared=True).total(), base.total()
    assert value == pytest.approx(whole, abs=1e-9)
    assert se == pytest.approx(error, rel=1e-6, abs=1e-9)
    grams = [by_cluster(e) for e in (a, b)]
    again = mix(*grams, FAMILIES, SKILLS, shared=True)
    np.testing.assert_allclose(again.se, base.se, 1e-6, 1e-9)


def test_cross_products_of_different_columns_do_not_add_up():
    e, _ = postings(0)
    with pytest.raises(ValueError, match="different columns"):
        e.gram + Gram(("x", *e.names[1:]), e.gram.xx, e.gram.xy, e.gram.yy, e.gram.n)
    with pytest.raises(ValueError, match="numbered alike"):
        mix(e, GramEvidence((e.gram,)), FAMILIES, shared=True)


def test_twins_under_a_faint_penalty_are_no_failure() -> None:
    rng = np.random.default_rng(2)
    x = (rng.random(60) < 0.5).astype(float)
    X = np.column_stack([np.ones(60), x, x])
    y = x + rng.normal(size=60)
    gram = Gram.of(X, y, names=("(constant)", "one", "twin"))
    fit = ridge(gram, np.array([1, 2]), 1e300)
    slope = np.polyfit(x, y, 1)[0]
    assert fit.coef[1] + fit.coef[2] == pytest.approx(slope)
