"""Shares, log-odds, ranks and effective numbers: formulas by hand, laws, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.stats.diversity import effective_number, left_out, rarefied
from rolediff.stats.log_odds import log_odds
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Shares, differences
from rolediff.stats.ranks import rank_intervals
from rolediff.stats.tails import critical

counts = st.lists(st.integers(0, 30), min_size=2, max_size=12)


def _shares(hits: list[int], sizes: list[int], **how: bool) -> Shares:
    return Shares.of(np.array(hits, float)[:, None], np.array(sizes, float), **how)


def test_one_posting_an_employer_is_wilson_with_a_t_for_employers() -> None:
    n, x = 200, 60
    s = _shares([1] * x + [0] * (n - x), [1] * n)
    z, t = critical(np.inf), critical(n - 1)
    p, m = x / n, (n - 1) * (z / t) ** 2
    centre, half = p + z * z / (2 * m), z * np.sqrt(p * (1 - p) / m + z * z / (4 * m * m))
    assert s.value[0] == pytest.approx(p)
    assert s.low[0] == pytest.approx((centre - half) / (1 + z * z / m), rel=1e-12)
    assert s.high[0] == pytest.approx((centre + half) / (1 + z * z / m), rel=1e-12)


def test_postings_of_one_employer_are_not_independent() -> None:
    alone = _shares([1] * 50 + [0] * 50, [1] * 100)
    together = _shares([10] * 5 + [0] * 5, [10] * 10)
    assert together.value == alone.value
    assert together.low[0] < alone.low[0] - 0.1
    assert together.high[0] > alone.high[0] + 0.1


def test_employers_weigh_the_same_where_that_is_asked() -> None:
    s = _shares([90, 0, 0], [90, 5, 5], equal=True)
    assert s.value[0] == pytest.approx(1 / 3)
    assert _shares([90, 0, 0], [90, 5, 5]).value[0] == pytest.approx(0.9)


def test_one_employer_has_no_interval_and_nobody_at_all_no_error() -> None:
    assert np.isnan(_shares([3], [10]).low[0])
    assert _shares([0, 0], [0, 0]).n == 0


@given(counts, st.data())
def test_a_share_lies_in_its_interval_and_employers_may_stand_in_any_order(
    sizes: list[int], data: st.DataObject
) -> None:
    hits = [data.draw(st.integers(0, n)) for n in sizes]
    s = _shares(hits, sizes)
    if s.clusters >= 2:
        assert 0 <= s.low[0] <= s.value[0] <= s.high[0] <= 1
    order = data.draw(st.permutations(range(len(sizes))))
    again = _shares([hits[i] for i in order], [sizes[i] for i in order])
    np.testing.assert_allclose(again.value, s.value, rtol=1e-12)
    np.testing.assert_allclose(again.low, s.low, rtol=1e-9, atol=1e-12)
    padded = _shares([*hits, 0], [*sizes, 0])
    np.testing.assert_allclose(padded.high, s.high, rtol=1e-12)


@given(counts, counts, st.data())
def test_swapping_the_roles_negates_the_difference(
    a: list[int], b: list[int], data: st.DataObject
) -> None:
    size = max(len(a), len(b))
    a, b = a + [0] * (size - len(a)), b + [0] * (size - len(b))
    sides = [_shares([data.draw(st.integers(0, n)) for n in x], x) for x in (a, b)]
    there, back = differences(*sides), differences(*sides[::-1])
    np.testing.assert_allclose(there.value, -back.value, atol=1e-12)
    np.testing.assert_allclose(there.low, -back.high, atol=1e-9)
    np.testing.assert_allclose(there.p, back.p, atol=1e-9)


def test_a_difference_is_significant_just_where_its_interval_leaves_zero() -> None:
    rng = np.random.default_rng(1)
    hits = [rng.binomial(6, 0.1 + 0.5 * rng.random((40, 300))) for _ in (0, 1)]
    a, b = (Shares.of(h.astype(float), np.full(40, 6.0)) for h in hits)
    d = differences(a, b)
    assert ((d.p < 0.05) == ((d.low > 0) | (d.high < 0))).all()
    assert 0 < (d.p < 0.05).sum() < 300


def test_what_employers_add_to_errors_is_the_same_written_out() -> None:
    rng = np.random.default_rng(7)
    sizes = [rng.integers(0, 5, 30).astype(float) for _ in (0, 1)]
    hits = [rng.binomial(n.astype(int)[:, None], 0.3, (30, 8)).astype(float) for n in sizes]
    for equal in (False, True):
        a, b = (Shares.of(h, n, equal=equal) for h, n in zip(hits, sizes, strict=True))
        added = []
        for s, h, n in zip((a, b), hits, sizes, strict=True):
            w = (n > 0).astype(float) if equal else n
            share = h / np.maximum(n, 1)[:, None]
            added.append(w[:, None] * (share - s.value) / w.sum())
        np.testing.assert_allclose(a.squares(a), (added[0] ** 2).sum(axis=0), rtol=1e-11)
        np.testing.assert_allclose(
            a.squares(b), (added[0] * added[1]).sum(axis=0), rtol=1e-9, atol=1e-15
        )


@pytest.mark.parametrize("share", [0, 1 / 3, 2 / 7, 1])
def test_a_share_all_employers_have_alike_has_no_variance(share: float) -> None:
    sizes = np.arange(1.0, 12) * 21
    s = Shares.of((sizes * share)[:, None], sizes)
    assert s.squares(s)[0] == 0


def test_benjamini_and_hochberg_by_hand() -> None:
    p = np.array([0.04, 0.001, 0.03, 0.8])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.16 / 3, 0.004, 0.16 / 3, 0.8])


def test_log_odds_by_hand() -> None:
    a, b, whole = np.array([30.0, 70.0]), np.array([10.0, 190.0]), np.array([99.5, 899.5])
    ratio, z = log_odds(a, b, whole, strength=100)
    # prior 10 and 90: (30 + 10) of 200 against (10 + 10) of 300
    expected = np.log(40 / 160) - np.log(20 / 280)
    assert ratio[0] == pytest.approx(expected)
    assert z[0] == pytest.approx(expected / np.sqrt(1 / 40 + 1 / 20))
    assert ratio[1] == pytest.approx(-expected)


@given(counts, st.data())
def test_log_odds_are_antisymmetric(a: list[int], data: st.DataObject) -> None:
    b = [data.draw(st.integers(0, 30)) for _ in a]
    first, second = np.array(a, float), np.array(b, float)
    there, back = log_odds(first, second, first + second), log_odds(second, first, first + second)
    np.testing.assert_allclose(there, -np.array(back), atol=1e-10)


def test_no_word_at_all() -> None:
    assert all(len(x) == 0 for x in log_odds(np.zeros(0), np.zeros(0), np.zeros(0)))


def test_certain_figures_have_certain_ranks_and_uncertain_ones_none() -> None:
    value = np.array([5.0, 1.0, 3.0])
    rank, low, high = rank_intervals(value, np.full(3, 1e-9))
    assert rank.tolist() == low.tolist() == high.tolist() == [1, 3, 2]
    _, low, high = rank_intervals(value, np.full(3, 100.0))
    assert low.tolist() == [1, 1, 1]
    assert high.tolist() == [3, 3, 3]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=9), st.floats(0.01, 3))
def test_a_rank_lies_in_its_interval(value: list[float], error: float) -> None:
    rank, low, high = rank_intervals(np.array(value), np.full(len(value), error))
    assert (low <= rank).all()
    assert (rank <= high).all()


def test_effective_number_of_even_and_of_single_categories() -> None:
    assert effective_number(np.array([4.0, 4, 4, 0])) == pytest.approx(3)
    assert effective_number(np.array([7.0, 0])) == pytest.approx(1)
    assert effective_number(np.zeros(3)) == 0


def test_rarefied_entropy_is_that_of_expected_counts_over_all_draws() -> None:
    from itertools import combinations

    units = [0, 0, 0, 1, 1, 2]
    size = 3
    draws = [
        np.bincount(np.array(units)[list(c)], minlength=3) for c in combinations(range(6), size)
    ]
    entropy = np.mean([-(p[p > 0] / size * np.log(p[p > 0] / size)).sum() for p in draws])
    assert rarefied(np.array([3.0, 2, 1]), size) == pytest.approx(np.exp(entropy))


@given(counts.filter(lambda x: sum(x) > 1), st.data())
def test_rarefying_lowers_and_never_below_one(x: list[int], data: st.DataObject) -> None:
    counts = np.array(x, float)
    size = data.draw(st.integers(1, int(counts.sum())))
    found = rarefied(counts, size)
    assert 1 - 1e-9 <= found <= effective_number(counts) + 1e-9


def test_jackknife_of_a_mean_is_its_standard_error() -> None:
    x = np.array([1.0, 2, 4, 4, 9])
    hits = np.c_[x, np.ones(5)]
    value, error = left_out(lambda s: float(s[0] / s[1]), hits)
    assert value == pytest.approx(4)
    assert error == pytest.approx(x.std(ddof=1) / np.sqrt(5))


@pytest.mark.slow
@pytest.mark.parametrize(("employers", "share"), [(20, 0.3), (60, 0.1), (60, 0.5), (300, 0.05)])
def test_intervals_of_shares_and_differences_cover(employers: int, share: float) -> None:
    rng = np.random.default_rng(employers)
    draws, mixed = 5_000, 4.0  # how alike the postings of an employer are
    inside = np.zeros(2)
    sizes = 1 + rng.poisson(3, (2, employers)).astype(float)
    chance = rng.beta(share * mixed, (1 - share) * mixed, (2, employers, draws))
    none = np.zeros((employers, draws))
    hits = [rng.binomial(sizes[i].astype(int)[:, None], chance[i]).astype(float) for i in (0, 1)]
    a = Shares.of(np.r_[hits[0], none], np.r_[sizes[0], none[:, 0]])
    b = Shares.of(np.r_[none, hits[1]], np.r_[none[:, 0], sizes[1]])
    d = differences(a, b)
    inside[0] = ((a.low <= share) & (share <= a.high)).mean()
    inside[1] = ((d.low <= 0) & (d.high >= 0)).mean()
    assert (inside >= 0.93).all(), inside
    assert (inside <= 0.975).all(), inside
