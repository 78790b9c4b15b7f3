"""Numpy operations of the matching engine against what they stand for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.arrays import between, counted, in_order

KEYS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1 << 40), st.integers(0, 3)))


@given(KEYS, st.sampled_from([1, 1 << 22]))
def test_one_number_orders_as_several_keys_do(rows: list[tuple[int, int, int]], wide: int) -> None:
    """With wide keys the numbers do not fit in 64 bits."""
    keys = np.array(rows, dtype=np.int64).reshape(-1, 3).T * np.array([[wide], [1], [1]])
    assert in_order(*keys).tolist() == np.lexsort(keys[::-1]).tolist()


@given(st.integers(0, 30), st.data())
def test_parts_are_counted_from_where_they_begin(size: int, data: st.DataObject) -> None:
    begins = np.array(sorted(data.draw(st.sets(st.integers(0, size - 1)))) if size else [], int)
    expected = [sum(begin <= at for begin in begins.tolist()) for at in range(size)]
    assert counted(begins, size).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_the_numbers_between(spans: list[tuple[int, int]]) -> None:
    first, stop = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    expected = [at for span in spans for at in range(*span)]
    assert between(first, stop).tolist() == expected
