"""Types of the numpy arrays that the matching engine passes around, all of one dimension."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
"""Bytes of text, or small codes."""

Ints = npt.NDArray[np.int64]
"""Offsets, counts and indexes."""

Ids = npt.NDArray[np.int32]
"""Numbers of words and nodes, -1 for none."""

Keys = npt.NDArray[np.uint64]
"""64 bits that stand for a word or an edge."""

Flags = npt.NDArray[np.bool_]
"""True and false."""

_T = TypeVar("_T", bound=np.generic)


def looked_up(table: npt.NDArray[_T], codes: npt.NDArray[np.integer]) -> npt.NDArray[_T]:
    """`table[codes]`; -1 is the last entry. Numpy indexes slowly with anything but whole words."""
    return table.take(codes.astype(np.intp, copy=False), mode="wrap")


def counted(begins: Ints, size: int) -> Ints:
    """For each of `size` things how many of `begins` (distinct) are up to it: its part, from 1."""
    parts = np.zeros(size, dtype=np.int64)
    parts[begins] = 1
    return parts.cumsum(out=parts)


def in_order(*keys: Ints) -> Ints:
    """The places of things by their `keys`, none below 0, the first key first; ties as they stand.

    What `np.lexsort` does, by one number for all keys, as numpy sorts single numbers far faster.
    """
    size = len(keys[0])
    whole, room = np.zeros(size, dtype=np.int64), max(size, 1)
    for key in keys:
        span = int(key.max(initial=0)) + 1
        whole, room = whole * span + key, room * span
    if room >= 1 << 63:
        return np.lexsort(keys[::-1])
    return np.argsort(whole * size + np.arange(size))


def between(first: Ints, stop: Ints) -> Ints:
    """The numbers from each of `first` up to its `stop`, one after the other."""
    size = np.maximum(stop - first, 0)
    shift = np.repeat(first - np.cumsum(size) + size, size)
    shift += np.arange(len(shift))
    return shift
