"""How many kinds there are, as if all were equally common: the effective number of categories.

exp of Shannon's entropy (Hill 1973, number of order 1), compared at equal sample size by
rarefaction: Chao et al. (2014, Ecological Monographs 84(1), eq. 4b and 5).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.special import special

SURE = 14
"""Standard deviations, and counts more, beyond which a hypergeometric probability is left out:
what lies there is below 1e-30."""


def effective_number(counts: Floats) -> float:
    """exp(-sum p log p) of `counts` (K,); 0 for none."""
    total = counts.sum()
    if total <= 0:
        return 0.0
    p = counts[counts > 0] / total
    return float(np.exp(-(p * np.log(p)).sum()))


def rarefied(counts: Floats, size: int) -> float:
    """The effective number that a sample of `size` of these units would show on average.

    The entropy of the expected number of categories seen 1 .. `size` times in a draw without
    replacement (Chao et al. 2014, eq. 4b). Counts are whole numbers; a size of at least their sum
    changes nothing.
    """
    x = counts[counts > 0]
    n = int(x.sum())
    if size >= n or size < 1:
        return effective_number(x)
    return float(np.exp(sum(_expected(float(top), n, size) for top in x)))


def _expected(top: float, n: int, size: int) -> float:
    """The expected part -(k/m) log(k/m) of one category of `top` among n, k of m = `size` drawn.

    Over the k within `SURE` standard deviations of their mean: the rest is nothing.
    """
    gammaln = special().gammaln

    def choose(top: float, k: Floats) -> Floats:
        ways: Floats = gammaln(top + 1) - gammaln(k + 1) - gammaln(top - k + 1)
        return ways

    share = top / n
    spread = SURE * np.sqrt(size * share * (1 - share) * (n - size) / max(n - 1, 1)) + SURE
    low = max(1, size - (n - top), np.floor(size * share - spread))
    k = np.arange(low, min(top, size, np.ceil(size * share + spread)) + 1)
    log = choose(top, k) + choose(n - top, size - k) - choose(float(n), np.array([float(size)]))
    part = k / size
    return float(-(part * np.log(part)) @ np.exp(log)) if len(k) else 0.0


def left_out(statistic: Callable[[Floats], float], hits: Floats) -> tuple[float, float]:
    """`statistic` of the column sums of `hits` (G, K), and its standard error.

    By leaving out each of the G rows in turn (the jackknife; Efron and Stein 1981); rows that are
    alike are left out once. Hits are whole numbers. NaN with fewer than two rows.
    """
    whole = hits.sum(axis=0)
    value, count = statistic(whole), len(hits)
    if count < 2:
        return value, float("nan")
    rows, times = _distinct(hits)
    moved = np.array([statistic(whole - row) for row in rows])
    mean = float(times @ moved) / count
    variance = (count - 1) / count * float(times @ (moved - mean) ** 2)
    return value, float(np.sqrt(variance))


def _distinct(hits: Floats) -> tuple[Floats, Codes]:
    """The rows of `hits` (G, K) that differ, in order, and how often each is there.

    Rows are packed into one integer first: sorting those is quick, sorting rows is not.
    """
    code, size = np.zeros(len(hits), np.int64), 1
    for column in hits.astype(np.int64).T:
        radix = int(column.max()) + 1
        if size * radix > 2**62:
            seen, code = np.unique(code, return_inverse=True)
            size = len(seen)
        code, size = code * radix + column, size * radix
    _, first, times = np.unique(code, return_index=True, return_counts=True)
    return hits[first], times
