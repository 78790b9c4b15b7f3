"""Rows as codes: which of the distinct ones each row is, found by sorting integers.

What belongs to a distinct row is then told once and taken to the rows by their codes. Integers are
sorted with the number of their row in the bits that they leave free: numpy sorts plain integers by
vector instructions, many times faster than it finds the order of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

BITS = 63
"""Bits of a word in use."""
FEW = 1 << 21
"""Rows up to which the bits that their numbers leave of a hash tell them apart."""
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


def starts(ordered: npt.NDArray[np.integer]) -> Ints:
    """Where each number begins among ordered ones."""
    new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return np.flatnonzero(new)


def order(numbers: Ints | Words) -> Ints:
    """The places of whole numbers from 0 in their order."""
    bits = _bits(len(numbers))
    if int(numbers.max(initial=0)) >> (BITS - bits):
        return np.argsort(numbers)
    packed = (numbers.astype(np.int64) << bits) | np.arange(len(numbers))
    packed.sort()
    packed &= (1 << bits) - 1
    return packed


def dense(numbers: Ints | Words) -> Codes:
    """The codes of whole numbers from 0, in their order."""
    place = order(numbers)
    return _of_order(place, starts(numbers[place]))


def codes_of_rows(rows: pl.DataFrame) -> Codes:
    """Which of the distinct rows each one is, numbered as they come; by hashes of 64 bits, and
    should these collide, which is as good as never, column by column."""
    one, other = (rows.hash_rows(seed).to_numpy() for seed in _SEEDS)
    found = _in_order_of_memory(_of_hashes(one))
    if (other[found.first][found.codes] == other).all():
        return found
    groups = rows.with_row_index("at").group_by(rows.columns).agg(pl.col("at"))
    groups = groups.select("at").with_row_index("code").explode("at")
    return dense(groups.sort("at")["code"].to_numpy().astype(np.int64))


def _of_hashes(hashes: Words) -> Codes:
    """Codes by the high bits of each hash, which may hold several for one; by all bits, if there
    are so many rows that they would."""
    if len(hashes) > FEW:
        place = np.argsort(hashes)
        first = starts(hashes[place])
        return Codes(_of_order(place, first).codes, np.minimum.reduceat(place, first))
    low = np.uint64((1 << _bits(len(hashes))) - 1)
    packed = (hashes & ~low) | np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    return _of_order((packed & low).view(np.int64), starts(packed & ~low))


def _of_order(place: Ints, first: Ints) -> Codes:
    """Codes of rows in their order, of which a new one begins at each of `first`."""
    codes = np.empty(len(place), dtype=np.int64)
    codes[place] = np.repeat(np.arange(len(first)), np.diff(first, append=len(place)))
    return Codes(codes, place[first])


def _in_order_of_memory(found: Codes) -> Codes:
    """The same with numbers in the order of the rows that are taken, which is far faster to do."""
    place = order(found.first)
    numbers = np.empty_like(place)
    numbers[place] = np.arange(len(place))
    return Codes(numbers[found.codes], found.first[place])


def _bits(rows: int) -> int:
    return max(rows - 1, 1).bit_length()
