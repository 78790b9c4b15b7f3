"""A hash table in numpy arrays: many keys are looked up in a few array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Ids, Keys

_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Table:
    """An immutable map of distinct 64-bit keys to the numbers 0 .. n - 1, by open addressing.

    `slots` = the number in each slot, -1 for none; `keys` = the key in each, anything for none.
    """

    keys: Keys
    slots: Ids
    shift: np.uint64
    probes: int

    @classmethod
    def of(cls, keys: Keys) -> Table:
        """The table in which `keys[i]` maps to i; the keys are distinct."""
        bits = max(4, int(len(keys) * 4 - 1).bit_length())
        slots = np.full((1 << bits) + len(keys), -1, dtype=np.int32)
        shift, probes = np.uint64(64 - bits), 1
        for number, slot in enumerate(((keys * _MIX) >> shift).astype(np.int64).tolist()):
            at = slot
            while slots[at] >= 0:
                at += 1
            slots[at], probes = number, max(probes, at - slot + 1)
        return cls(np.append(keys, np.uint64(0))[slots], slots, shift, probes)

    def find(self, keys: Keys) -> Ids:
        """The number of each key, or -1 for a key that is not in the table."""
        at = ((keys * _MIX) >> self.shift).view(np.int64)
        found = self.slots.take(at)
        other = np.flatnonzero(self.keys.take(at) != keys)
        missed = other[found[other] >= 0]
        for probe in range(1, self.probes):
            if not len(missed):
                break
            slot = at[missed] + probe
            found[missed] = self.slots[slot]
            missed = missed[(self.keys[slot] != keys[missed]) & (self.slots[slot] >= 0)]
        found[missed] = -1
        return found
