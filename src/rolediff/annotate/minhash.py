"""MinHash of lists of words (Broder 1997): alike where their runs of words are."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.read.extras import library

HASHES = 128
"""Size of a MinHash; the standard error of an estimated Jaccard index of 0.85 is 0.03."""

UInt32s = npt.NDArray[np.uint32]
_SEED = 42


def minhash(words: pl.Series, run: int) -> UInt32s:
    """One row of `HASHES` numbers for each list of words, over its runs of `run` words.

    Raises `MissingExtraError` where the library for it is not installed.
    """
    rensa = library("rensa", "finding near-identical postings")
    runs, ends = _runs(words, run)
    made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        runs, ends, num_perm=HASHES, seed=_SEED
    )
    return np.array(made.to_rows(), dtype=np.uint32).reshape(len(words), HASHES)


def _runs(words: pl.Series, run: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Hashes of the runs of `run` words of all lists, and the offsets at which lists begin."""
    hashes = _hashed(words.explode(empty_as_null=False))
    begin = np.r_[0, np.cumsum(words.list.len().to_numpy())].astype(np.int64)
    counts = np.maximum(np.diff(begin) - run + 1, 0)
    mixed = np.zeros(max(len(hashes) - run + 1, 0), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(run):
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[step : step + len(mixed)]
            mixed ^= mixed >> np.uint64(29)
    start = np.repeat(begin[:-1] - np.r_[0, np.cumsum(counts)[:-1]], counts)
    runs = mixed[np.arange(counts.sum()) + start] if counts.sum() else mixed[:0]
    return runs, np.r_[0, np.cumsum(counts)].astype(np.uint64)


def _hashed(words: pl.Series) -> npt.NDArray[np.uint64]:
    """A number of 64 bits for each word, the same on every machine and in every version."""
    distinct = words.unique()
    numbers = [
        int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
        for word in distinct
    ]
    coded = pl.Series(numbers, dtype=pl.UInt64)
    hashes: npt.NDArray[np.uint64] = words.replace_strict(distinct, coded).to_numpy()
    return hashes
