"""MinHash of lists of words (Broder 1997): alike where their runs of words are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rolediff.annotate.arrays import Ints, Keys
from rolediff.read.extras import library

HASHES = 128
"""Size of a MinHash; the standard error of an estimated Jaccard index of 0.85 is 0.03."""

UInt32s = npt.NDArray[np.uint32]
_SEED = 42
_MIX, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


def minhash(numbers: Keys, begins: Ints, run: int) -> UInt32s:
    """One row of `HASHES` numbers for each list of words, over its runs of `run` words.

    `numbers` = the words of all lists (`word_numbers.number_of`), of list i from `begins[i]`
    (m + 1). Raises `MissingExtraError` where the library for it is not installed.
    """
    rensa = library("rensa", "finding near-identical postings")
    runs, ends = _runs(numbers, begins, run)
    made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        runs, ends, num_perm=HASHES, seed=_SEED
    )
    return np.array(made.to_rows(), dtype=np.uint32).reshape(len(begins) - 1, HASHES)


def _runs(numbers: Keys, begins: Ints, run: int) -> tuple[Keys, Keys]:
    """Hashes of the runs of `run` words of all lists, and the offsets at which lists begin."""
    mixed = np.zeros(max(len(numbers) - run + 1, 0), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(run):
            mixed *= _MIX
            mixed += numbers[step : step + len(mixed)]
            mixed ^= mixed >> _SHIFT
    counts = np.maximum(np.diff(begins) - run + 1, 0)
    inside = np.ones(len(mixed), dtype=np.bool_)
    for step in range(1, run):  # runs that reach into the next list
        across = begins[1:-1] - step
        inside[across[(across >= 0) & (across < len(mixed))]] = False
    return mixed[inside], np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
