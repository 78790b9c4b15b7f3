"""The order of many distinct texts, eight bytes at a time.

Eight bytes, the first the highest, are an integer whose order is theirs, and integers are sorted
several times faster than texts. What is alike in these is told by the next eight, of fewer and
fewer texts.
"""

from __future__ import annotations

from itertools import takewhile

import numpy as np
import polars as pl

from rolediff.market.codes import Ints, Words, dense, order, starts

BYTES = 8


def text_ranks(texts: pl.Series) -> Ints:
    """The rank of each text from 0, by its UTF-8; all are distinct and none is null."""
    content = texts.cast(pl.Binary)
    ranks = np.zeros(len(texts), dtype=np.int64)
    rows, start = np.arange(len(texts)), _alike(content)
    longest = content.bin.size().max()
    while len(rows) and isinstance(longest, int) and start < longest:
        rows, at = _refined(ranks, rows, _bytes(content.gather(rows), start))
        rows, start = rows[at], start + BYTES
    if len(rows):  # alike but for NUL bytes at the end
        return texts.rank("ordinal").cast(pl.Int64).to_numpy() - 1
    return ranks


def _alike(content: pl.Series) -> int:
    """How many bytes all begin with."""
    least, most = content.min(), content.max()
    if not (isinstance(least, bytes) and isinstance(most, bytes)):
        return 0
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    )


def _bytes(content: pl.Series, start: int) -> Words:
    """The eight bytes from `start` on, NUL where there are none, as integers."""
    padded = pl.lit(content).bin.slice(start, BYTES) + pl.lit(b"\0" * BYTES)
    eight = padded.bin.slice(0, BYTES).bin.reinterpret(dtype=pl.UInt64, endianness="big")
    return pl.select(eight).to_series().to_numpy()


def _refined(ranks: Ints, rows: Ints, words: Words) -> tuple[Ints, Ints]:
    """Rank rows that have shared a rank by their words; gives them in order, and which places of
    these share one still."""
    shared, found = ranks[rows], dense(words)
    key = shared * len(found) + found.codes
    place = order(key)
    rows, shared = rows[place], shared[place]
    first, sizes = _stretches(key[place])
    since, of_shared = _stretches(shared)
    ranks[rows] = shared + np.repeat(first, sizes) - np.repeat(since, of_shared)
    return rows, np.flatnonzero(np.repeat(sizes > 1, sizes))


def _stretches(ordered: Ints) -> tuple[Ints, Ints]:
    """Where each number begins among ordered ones, and how often it is there."""
    first = starts(ordered)
    return first, np.diff(first, append=len(ordered))
