"""Tables whose lines are numbered in order: joins by bisection, and reading parts from disk."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

RUNS = 64
"""Stretches of a table on disk that are looked up apart; nearer ones are read as one."""


def joined(left: pl.DataFrame, right: pl.DataFrame, on: str) -> pl.DataFrame:
    """The lines of `left`, each with its lines of `right`, where both are sorted by `on`.

    As an inner join that keeps the order of both. Time grows with what is found and with the
    logarithm of `right`.
    """
    at, times = places(left[on], right[on])
    own = _taken(left, np.repeat(np.arange(left.height), times))
    return own.hstack(_taken(right.drop(on), at))


def _taken(table: pl.DataFrame, at: NDArray[np.int64]) -> pl.DataFrame:
    """The lines `at`; the table itself where those are all of it, in order."""
    if len(at) == table.height and (at == np.arange(len(at))).all():
        return table
    return table[at]


def places(wanted: pl.Series, numbers: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each of `wanted` stands in the sorted `numbers`, and how often it does.

    Positions of the first one's lines, then of the second one's, and so on.
    """
    first = numbers.search_sorted(wanted, "left").to_numpy().astype(np.int64)
    times = numbers.search_sorted(wanted, "right").to_numpy().astype(np.int64) - first
    before = np.cumsum(times) - times
    return np.repeat(first - before, times) + np.arange(times.sum()), times


def among(column: str, numbers: pl.Series) -> pl.Expr:
    """Lines in at most `RUNS` stretches of `column` that hold all of the sorted `numbers`."""
    if numbers.is_empty():
        return pl.lit(False)
    jumps = numbers.cast(pl.Int64).diff().fill_null(0)
    far = jumps.top_k(RUNS - 1).filter(jumps.top_k(RUNS - 1) > 1).min()
    starts = (jumps >= far).arg_true().to_list() if far is not None else []
    first = [0, *starts]
    last = [*(at - 1 for at in starts), len(numbers) - 1]
    spans = zip(numbers.gather(first), numbers.gather(last), strict=True)
    return pl.any_horizontal(pl.col(column).is_between(a, b) for a, b in spans)
