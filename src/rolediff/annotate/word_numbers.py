"""Words as numbers of 64 bits that are the same on every machine, and sets of such numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np

from rolediff.annotate.arrays import Flags, Ints, Keys
from rolediff.annotate.letter_runs import Runs
from rolediff.annotate.pieces import numbered
from rolediff.annotate.tokens import word_keys

_BITS = 17
"""Words that are remembered, as a power of two."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFF)


def number_of(word: bytes) -> int:
    """The number of a word: of its hash (BLAKE2b) the first eight bytes, the lowest first."""
    return int.from_bytes(blake2b(word, digest_size=8).digest(), "little")


def numbers_of(runs: Runs) -> Keys:
    """`number_of` every run of letters."""
    keys = word_keys(runs.data, runs.starts, runs.ends)
    known, numbers = _memory()
    slots = ((keys * _MIX) >> np.uint64(64 - _BITS)).view(np.int64)
    found = numbers.take(slots)
    missed = np.flatnonzero(known.take(slots) != keys)
    found[missed] = _told(runs, missed, keys[missed])
    known[slots[missed]], numbers[slots[missed]] = keys[missed], found[missed]
    return found


@cache
def _memory() -> tuple[Keys, Keys]:
    """Keys of words that were met, and their numbers: of those with one slot the last.

    What is told does not depend on it: only how fast.
    """
    return np.zeros(1 << _BITS, dtype=np.uint64), np.zeros(1 << _BITS, dtype=np.uint64)


def _told(runs: Runs, which: Ints, keys: Keys) -> Keys:
    """The numbers of some runs, each distinct key hashed once."""
    first, which_one = numbered(keys)
    at, data = which[first], runs.data
    ends = zip(runs.starts[at].tolist(), runs.ends[at].tolist(), strict=True)
    told = np.array([number_of(data[a:b].tobytes()) for a, b in ends], dtype=np.uint64)
    return told[which_one]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of numbers: `sorted`, and `marks` at their lowest 16 bits, which tell most others."""

    sorted: Keys
    marks: Flags

    @classmethod
    def of(cls, numbers: Keys) -> Numbers:
        """The set of these."""
        marks = np.zeros(1 << 16, dtype=np.bool_)
        marks[(numbers & _LOW).view(np.int64)] = True
        return cls(np.unique(numbers), marks)

    def __len__(self) -> int:
        return len(self.sorted)

    def places(self, numbers: Keys) -> tuple[Ints, Ints]:
        """Which of `numbers` are in the set, and where in `sorted`."""
        maybe = np.flatnonzero(self.marks.take((numbers & _LOW).view(np.int64)))
        if not len(maybe):
            return maybe, maybe
        at = np.searchsorted(self.sorted, numbers[maybe]).clip(max=len(self) - 1)
        found = self.sorted[at] == numbers[maybe]
        return maybe[found], at[found]
