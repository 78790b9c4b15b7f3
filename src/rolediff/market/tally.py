"""Lines that are one word each, counted: all that tells them apart is in the word.

Numbers below a size each are put together in mixed radix, so that words are in the order of the
numbers; those alike stand together when words are sorted, and the numbers are read off the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from rolediff.market.codes import BITS, Ints, order, starts


def fits(sizes: Sequence[int]) -> bool:
    """Whether numbers below these sizes fit in a word."""
    return prod(max(size, 1) for size in sizes) < 1 << BITS


def packed(numbers: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """A word for each line, which has one of each of the `numbers`, all below their sizes."""
    words = numbers[0].astype(np.int64)
    for more, size in zip(numbers[1:], sizes[1:], strict=True):
        words *= size
        words += more
    return words


def unpacked(words: Ints, sizes: Sequence[int]) -> list[Ints]:
    """The numbers that `packed` put into words."""
    found = []
    for size in reversed(sizes[1:]):
        rest = words // max(size, 1)
        found.append(words - rest * max(size, 1))
        words = rest
    return [words, *reversed(found)]


def tally(words: Ints, n: Ints | None = None) -> tuple[Ints, Ints]:
    """The distinct words in their order, and the sum of `n` of each, by default 1."""
    if n is None:
        ordered = np.sort(words)
        first = starts(ordered)
        return ordered[first], np.diff(first, append=len(words))
    words, n = _sorted(words, n)
    first = starts(words)
    return words[first], np.add.reduceat(n, first) if len(first) else n


def _sorted(words: Ints, n: Ints) -> tuple[Ints, Ints]:
    """Both in the order of the words; counts are sorted along, if there are bits for them."""
    most = int(n.max(initial=0)).bit_length()
    if int(words.max(initial=0)) >> (BITS - most):
        place = order(words)
        return words[place], n[place]
    both = (words << most) | n
    both.sort()
    return both >> most, both & ((1 << most) - 1)
