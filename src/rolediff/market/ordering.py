"""The order of lines by many columns, found by packing what the columns hold into integers.

Text is replaced by its rank among the distinct values, which keeps its order; the ranks of several
columns share a word of 63 bits. Sorting those is an order of magnitude faster than sorting text.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

BITS = 63
"""Bits of a word in use: they are kept as signed integers too."""


def words(lines: pl.DataFrame, by: Sequence[str]) -> list[pl.Series]:
    """Words (UInt64) whose order is that of `lines` by the columns `by`, null after all else.

    Columns are of text, integers, dates or numbers. Words are equal where all columns are.
    """
    packed: list[pl.Series] = []
    free = 0
    for name in by:
        rank, bits = _rank(lines[name])
        if not packed or bits > free:
            packed.append(rank)
            free = BITS - bits
        else:
            packed[-1] = packed[-1] * (1 << bits) + rank
            free -= bits
    return packed


def order(packed: Sequence[pl.Series]) -> pl.Series:
    """The places of lines in the order of their words."""
    frame = pl.DataFrame({str(i): word for i, word in enumerate(packed)})
    return frame.select(pl.arg_sort_by(frame.columns)).to_series()


def runs(packed: Sequence[pl.Series]) -> pl.Series:
    """The number, from 0, of the run of equal words that each line of ordered ones is in."""
    frame = pl.DataFrame({str(i): word for i, word in enumerate(packed)})
    starts = frame.select(pl.any_horizontal(pl.col(c) != pl.col(c).shift() for c in frame.columns))
    return starts.to_series().fill_null(False).cast(pl.UInt32).cum_sum()


def _rank(values: pl.Series) -> tuple[pl.Series, int]:
    """Each value's rank from 0, null's being the highest, and how many bits that takes."""
    if values.dtype in (pl.String, pl.Categorical):
        ranks, highest = _rank_of_text(values)
    else:
        if values.dtype.is_float():
            values = values.rank("dense")
        whole = values.to_physical().cast(pl.Int64)
        low, high = whole.min(), whole.max()
        first = low if isinstance(low, int) else 0
        ranks, highest = whole - first, (high if isinstance(high, int) else 0) - first
    bits = (highest + 1).bit_length()
    return ranks.fill_null(highest + 1).cast(pl.UInt64), bits


def _rank_of_text(values: pl.Series) -> tuple[pl.Series, int]:
    coded = values.cast(pl.Categorical)
    distinct = coded.drop_nulls().unique()
    number = distinct.to_physical()
    rank = distinct.cast(pl.String).rank("ordinal").cast(pl.Int64) - 1
    if not len(distinct):
        return pl.Series(values=[None] * len(values), dtype=pl.Int64), -1
    low, high = _ends(number)
    table = pl.zeros(high - low + 1, pl.Int64, eager=True).scatter(number - low, rank)
    return table.gather(coded.to_physical() - low), len(distinct) - 1


def _ends(numbers: pl.Series) -> tuple[int, int]:
    low, high = numbers.min(), numbers.max()
    return int(str(low)), int(str(high))
