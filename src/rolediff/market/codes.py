"""Columns as codes: which of their distinct values each row has, found by sorting integers.

What belongs to a distinct value is then told once and taken to the rows by their codes, and what
several columns hold together is one integer, so that no row is told apart by its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

BITS = 63
"""Bits of a word in use."""
FEW = 1 << 10
"""Distinct values in the first rows (`LOOKED_AT`) from which on text is told apart by its hash."""
LOOKED_AT = 1 << 13
_SEEDS = (0x5EED, 0xFEED)


@dataclass(frozen=True, slots=True)
class Codes:
    """Which distinct value each row has: `codes` (rows) from 0, and for each of these the place of
    a row that has it (`first`)."""

    codes: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.first)

    @property
    def counts(self) -> Ints:
        """How many rows have each."""
        return np.bincount(self.codes, minlength=len(self))


def codes_of(values: pl.Series) -> Codes:
    """The codes of a column: of text, numbers, dates or truth values; null is a value too."""
    if values.dtype == pl.String:
        return _of_text(values)
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object, pl.Decimal, pl.Int128):
        return codes_of_rows(values.to_frame())
    absent = values.is_null().to_numpy() if values.null_count() else None
    if values.dtype.is_float():  # by their bits: 0.0 is not -0.0
        found = dense(values.cast(pl.Float64).fill_null(0.0).to_numpy().view(np.uint64))
    else:
        whole = values.to_physical().cast(pl.Int64, wrap_numerical=True)
        found = _of_numbers(whole.fill_null(0).to_numpy())
    return found if absent is None else together([found, _of_numbers(absent.astype(np.int64))])


def together(parts: Sequence[Codes]) -> Codes:
    """The codes of rows by what several columns hold, none if there is no column."""
    word, size = np.zeros(len(parts[0].codes), dtype=np.int64), 1
    for part in parts:
        if size * len(part) >= 1 << BITS:
            found = dense(word)
            word, size = found.codes, len(found)
        word = word * len(part) + part.codes
        size *= len(part)
    return _by_table(word, size) if size <= 4 * len(word) else dense(word)


def dense(words: npt.NDArray[np.integer]) -> Codes:
    """The codes of whole numbers, in their order."""
    order = np.argsort(words)
    ordered = words[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(words)]
    codes = np.empty(len(words), dtype=np.int64)
    codes[order] = np.cumsum(starts) - 1
    return Codes(codes, order[starts])


def _by_table(words: Ints, size: int) -> Codes:
    """The codes of numbers below `size`, in their order."""
    places = np.full(size, -1, dtype=np.int64)
    places[words] = np.arange(len(words))
    there = places >= 0
    numbers = np.cumsum(there) - 1
    return Codes(numbers[words], places[there])


def _of_numbers(numbers: Ints) -> Codes:
    if not len(numbers):
        return dense(numbers)
    low, high = int(numbers.min()), int(numbers.max())
    if high - low < len(numbers):
        return _by_table(numbers - low, high - low + 1)
    return dense(numbers)


def _of_text(text: pl.Series) -> Codes:
    if text.head(LOOKED_AT).n_unique() >= FEW:
        return codes_of_rows(text.to_frame())
    own = pl.Categorical(pl.Categories.random())  # numbers from 0 on, as none are known before
    numbers = text.cast(own).to_physical()
    top = numbers.max()
    absent = int(top) + 1 if isinstance(top, int) else 0
    return _by_table(numbers.fill_null(absent).to_numpy().astype(np.int64), absent + 1)


def codes_of_rows(rows: pl.DataFrame) -> Codes:
    """Which of the distinct rows each one is, by hashes of 64 bits; should these collide, which is
    as good as never, column by column."""
    one, other = (rows.hash_rows(seed).to_numpy() for seed in _SEEDS)
    found = dense(one)
    if (other[found.first][found.codes] == other).all():
        return _in_order_of_memory(found)
    groups = rows.with_row_index("at").group_by(rows.columns).agg(pl.col("at"))
    groups = groups.select("at").with_row_index("code").explode("at")
    return dense(groups.sort("at")["code"].to_numpy())


def _in_order_of_memory(found: Codes) -> Codes:
    """The same with numbers in the order of the rows that are taken, which is far faster to do."""
    order = np.argsort(found.first)
    numbers = np.empty_like(order)
    numbers[order] = np.arange(len(order))
    return Codes(numbers[found.codes], found.first[order])
