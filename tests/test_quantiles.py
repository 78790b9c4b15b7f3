"""Quantiles of counted values agree with R's, and with the rows behind the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.stats.quantile import Counted, difference
from rolediff.stats.tails import binomial_ranks, critical

P = (0.1, 0.25, 0.5, 0.75, 0.9)


@pytest.fixture(scope="module")
def wage(table):
    return table("cps1985.csv")["wage"].to_numpy()


def test_type_seven(wage, reference):
    counted = Counted.of(wage, np.ones(len(wage)))
    got = [counted.quantile(p) for p in P]
    assert got == pytest.approx(reference("r_quantiles_cps1985")["type7"], rel=1e-12)


def test_type_seven_of_replicated_records(wage, reference):
    counts = 1.0 + np.arange(1, len(wage) + 1) % 5
    got = [Counted.of(wage, counts).quantile(p) for p in P]
    assert got == pytest.approx(reference("r_quantiles_cps1985")["rep_type7"], rel=1e-12)


def test_order_statistic_intervals(wage, reference):
    counted = Counted.of(wage, np.ones(len(wage)))
    for p, (low, high, first, last) in zip(
        P, reference("r_quantiles_cps1985")["order_stat_binomial_CI"], strict=True
    ):
        assert binomial_ranks(len(wage), p) == (first, last)
        assert counted.interval(p) == (low, high, "order statistics")


@pytest.mark.parametrize(("p", "n"), [(0.5, 6), (0.25, 13), (0.75, 13), (0.1, 36), (0.9, 36)])
def test_interval_exists_from_this_size_on(p, n):
    assert binomial_ranks(n, p) is not None
    assert binomial_ranks(n - 1, p) is None


counted = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 4)), min_size=1, max_size=30
)  # fmt: skip


@given(counted, st.floats(0, 1))
def test_counts_stand_for_rows(pairs, p):
    value, count = (np.array(x, dtype=float) for x in zip(*pairs, strict=True))
    rows = np.repeat(value, count.astype(int))
    assert Counted.of(value, count).quantile(p) == pytest.approx(np.quantile(rows, p), abs=1e-9)


def test_intervals_of_copies_are_wider_than_of_rows_alone():
    value = np.arange(100.0)
    alone = Counted.of(value, np.ones(100)).interval(0.5)
    copied = Counted.of(value, np.full(100, 5.0)).interval(0.5)
    assert copied[2] == "Woodruff, clustered"
    assert copied[1] - copied[0] == pytest.approx(alone[1] - alone[0], rel=0.15)


def test_too_few_units_have_no_interval():
    unit = np.repeat(np.arange(5), 20)
    assert Counted.of(np.arange(100.0), np.ones(100), unit).interval(0.5) is None


def test_mover_is_exact_for_symmetric_intervals_and_swaps_sign():
    low, high = difference((5, 2, 8), (1, -3, 5))
    assert (low, high) == pytest.approx((-1, 9))
    assert difference((1, -3, 5), (5, 2, 8)) == pytest.approx((-9, 1))


def test_mover_of_one_and_the_same_estimate_is_certain():
    assert difference((5, 2, 8), (5, 2, 8), 1.0) == pytest.approx((0, 0))


@pytest.mark.parametrize(
    ("df", "value"), [(1, 12.706205), (10, 2.228139), (np.inf, 1.959964), (0, np.nan)]
)
def test_critical_values(df, value):
    assert critical(df) == pytest.approx(value, rel=1e-6, nan_ok=True)
