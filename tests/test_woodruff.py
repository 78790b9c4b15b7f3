"""Limits of quantiles from a smoothed distribution function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from rolediff.stats.density import bandwidth, fourth_order, kernel, steepness
from rolediff.stats.weighted import quantile
from rolediff.stats.woodruff import POINTS, limits


def sample(n, seed=0):
    rng = np.random.default_rng(seed)
    return np.sort(rng.exponential(size=n)), rng.uniform(0.5, 2, n)


def limits_at(y, w, p, share):
    q, width = quantile(y, w, p), bandwidth(y, np.ones(len(y)))
    return limits(y, w, q, share, 1 / steepness(y, w, q, width), width), q, width


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [60, 1_000])
def test_the_density_between_the_limits_is_the_share(n, p):
    y, w = sample(n)
    (low, high), q, width = limits_at(y, w, p, 0.06)

    def between(a, b):
        points = np.linspace(a, b, 4001)
        heights = [w @ fourth_order(y, x, width) / w.sum() for x in points]
        return np.trapezoid(heights, points)

    assert between(low, q) == pytest.approx(0.06, abs=1e-5)
    assert between(q, high) == pytest.approx(0.06, abs=1e-5)


def test_with_a_narrow_kernel_they_are_the_quantiles():
    y, w = sample(5_000)
    q = quantile(y, w, 0.8)
    found = limits(y, w, q, 0.05, 5.0, 1e-3)
    assert found == pytest.approx((quantile(y, w, 0.75), quantile(y, w, 0.85)), abs=5e-3)


def test_many_values_are_taken_together_to_four_digits():
    y, w = sample(8 * POINTS)
    found, q, width = limits_at(y, w, 0.9, 0.01)
    exact = [quantile(y, w, p) for p in (0.89, 0.91)]
    assert found == pytest.approx(exact, abs=0.01)
    half = limits(y, w, q, 0.01, 10.0, width)
    assert half == pytest.approx(found, abs=1e-4)


@given(st.integers(0, 50), st.floats(0.2, 0.8), st.floats(-5, 5), st.floats(0.2, 9))
def test_they_move_with_the_values_and_not_with_the_unit_of_weight(seed, p, shift, scale):
    y, w = sample(80, seed)
    (low, high), q, _ = limits_at(y, w, p, 0.08)
    assert low < q < high
    # A quantile of weights depends on their sum, so the same value is asked about.
    width = bandwidth(y, np.ones(len(y)))
    again = limits(shift + scale * y, 3 * w, shift + scale * q, 0.08,
                   scale / steepness(y, w, q, width), scale * width)  # fmt: skip
    assert again == pytest.approx((shift + scale * low, shift + scale * high), abs=1e-5 * scale)


@given(st.integers(0, 50), st.floats(0.01, 0.3))
def test_mirrored_values_have_mirrored_limits(seed, share):
    y, w = sample(90, seed)
    q, width = float(y[45]), bandwidth(y, np.ones(len(y)))
    low, high = limits(y, w, q, share, 2.0, width)
    down, up = limits(-y[::-1], w[::-1], -q, share, 2.0, width)
    assert (down, up) == pytest.approx((-high, -low), abs=1e-5)


def test_of_heaped_values_they_are_finite_and_around_the_quantile():
    y = np.repeat([1.0, 2.0, 3.0], [50, 5, 45])
    w = np.ones(100)
    for p in (0.3, 0.5, 0.9):
        (low, high), q, _ = limits_at(y, w, p, 0.05)
        assert np.isfinite([low, high]).all()
        assert low <= q <= high


def test_the_kernel_of_fourth_order_has_no_second_moment_and_less_bias():
    moments = [quad(lambda u, k=k: u**k * fourth_order(np.array([u]), 0.0, 1.0)[0], -12, 12)[0]
               for k in (0, 1, 2, 4)]  # fmt: skip
    assert moments == pytest.approx([1, 0, 0, -3], abs=1e-8)
    rng = np.random.default_rng(0)
    y = norm.ppf((np.arange(2_000) + 0.5) / 2_000) + 1e-9 * rng.normal(size=2_000)
    w, width = np.ones(2_000), 0.366
    for p in (0.1, 0.25, 0.5, 0.9):
        at, true = norm.ppf(p), norm.pdf(norm.ppf(p))
        plain = float(w @ kernel(y, at, width)) / 2_000
        assert abs(steepness(y, w, at, width) / true - 1) < 0.02
        if p != 0.25:
            assert abs(plain / true - 1) > 0.03


def test_a_density_for_errors_stays_within_twice_and_half_the_plain_one():
    y = np.repeat([0.0, 1.0], 50)
    w = np.ones(100)
    for at in np.linspace(-1, 2, 61):
        plain = float(w @ kernel(y, at, 0.2)) / 100
        assert plain / 2 - 1e-15 <= steepness(y, w, at, 0.2) <= 2 * plain + 1e-15
