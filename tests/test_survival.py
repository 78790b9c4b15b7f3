"""Kaplan-Meier with late entry: by hand, against Greenwood's formula, laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.stats.growth import count_growth
from rolediff.stats.survival import Spans, Survival


def spans(rows, units=None):
    entry, exit_, ended = (np.array(column) for column in zip(*rows, strict=True))
    unit = np.arange(len(rows)) if units is None else np.array(units)
    return Spans(entry, exit_, ended.astype(bool), np.ones(len(rows)), unit)


TEN = [(0, 1, 1), (0, 2, 1), (0, 2, 0), (0, 3, 1), (0, 4, 0), (0, 5, 1), (0, 6, 1), (0, 7, 0),
       (0, 8, 1), (0, 9, 0)]  # fmt: skip


def test_by_hand() -> None:
    curve = Survival.of(spans(TEN))
    # At risk 10, 9, 7, 5; below five in view the curve is not followed.
    assert curve.age.tolist() == [1, 2, 3, 5]
    by_hand = np.cumprod([9 / 10, 8 / 9, 6 / 7, 4 / 5])
    assert curve.share == pytest.approx(by_hand)
    greenwood = np.sqrt(np.cumsum([1 / 90, 1 / 72, 1 / 42, 1 / 20]))
    assert curve.log_error == pytest.approx(greenwood * math.sqrt(10 / 9))
    assert curve.quantile(0.5) is None
    assert curve.quantile(0.45)[1] == 5  # type: ignore[index]


def test_what_came_into_view_late_is_not_at_risk_before() -> None:
    early = [(0, 1, 1)] + [(0, 10, 0)] * 5
    late = [(3, 4, 1)] * 3 + [(3, 10, 0)] * 3
    curve = Survival.of(spans(early + late))
    assert curve.at_risk.tolist() == [6, 11]
    assert curve.share == pytest.approx([5 / 6, 5 / 6 * 8 / 11])


def test_begins_where_enough_are_in_view() -> None:
    curve = Survival.of(spans([(0, 1, 1), *[(4, 6, 1)] * 5, *[(4, 9, 0)] * 5]))
    assert curve.start == 6
    assert curve.still(3) is None
    assert curve.still(6)[0] == pytest.approx(0.5)  # type: ignore[index]


def test_never_enough_in_view() -> None:
    with pytest.raises(ValueError, match="never 5 in view"):
        Survival.of(spans([(0, 3, 1)] * 4))
    with pytest.raises(ValueError, match="before it ends"):
        spans([(3, 3, 1)])


rows = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.booleans(), st.integers(0, 4)),
    min_size=12, max_size=40,
)  # fmt: skip


@given(rows, st.integers(2, 4))
def test_splitting_and_order_change_nothing(drawn, times) -> None:
    entry, life, ended, unit = (np.array(c) for c in zip(*drawn, strict=True))
    whole = Spans(entry, entry + life, ended, np.full(len(entry), float(times)), unit)
    back = np.arange(len(entry))[::-1]
    split = Spans(*(np.repeat(c[back], times) for c in (entry, entry + life, ended)),
                  np.ones(len(entry) * times), np.repeat(unit[back], times))  # fmt: skip
    try:
        a = Survival.of(whole)
    except ValueError:
        return
    b = Survival.of(split)
    assert a.share == pytest.approx(b.share)
    assert a.log_error == pytest.approx(b.log_error, nan_ok=True)
    assert (a.n, a.ends, a.units) == (b.n, b.ends, b.units)
    assert (np.diff(a.share) <= 1e-12).all()


def test_growth_of_counts_is_exact_where_it_is() -> None:
    counts = np.array([[8.0, 16, 32], [80, 160, 320]])
    found = count_growth(counts, np.arange(3.0), np.ones(3))
    assert found.slope == pytest.approx(math.log(2))
    assert found.units == 2


def test_longer_months_are_no_growth() -> None:
    counts = np.array([[28.0, 31, 30], [56, 62, 60]])
    assert count_growth(counts, np.arange(3.0), np.array([28.0, 31, 30])).slope == pytest.approx(0)


@given(st.floats(0.5, 4))
def test_more_of_the_same_is_no_growth(times) -> None:
    counts = np.array([[3.0, 4, 7], [1, 0, 2], [5, 5, 5]])
    one = count_growth(counts, np.arange(3.0), np.ones(3))
    many = count_growth(counts * times, np.arange(3.0), np.ones(3))
    assert many.slope == pytest.approx(one.slope)
    assert many.error == pytest.approx(one.error)


def test_one_unit_has_no_error() -> None:
    with pytest.raises(ValueError, match="one unit"):
        count_growth(np.array([[1.0, 2, 3]]), np.arange(3.0), np.ones(3))
