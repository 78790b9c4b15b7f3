"""Critical values. scipy is imported on first use: it is not on the way to `import`."""

from __future__ import annotations

import math
from statistics import NormalDist

from rolediff.stats.special import special


def critical(df: float, confidence: float = 0.95) -> float:
    """Two-sided critical value of Student's t with `df` degrees of freedom (normal if infinite)."""
    tail = 0.5 + confidence / 2
    if math.isinf(df) or df > 1e6:
        return NormalDist().inv_cdf(tail)
    if df <= 0:
        return math.nan
    return float(special().stdtrit(df, tail))


def two_sided(t: float, df: float) -> float:
    """Two-sided p value of Student's t with `df` degrees of freedom (normal if infinite)."""
    if math.isinf(df) or df > 1e6:
        return math.erfc(abs(t) / math.sqrt(2))
    return float(2 * special().stdtr(df, -abs(t)))


def binomial_ranks(n: int, p: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """Ranks (1-based) of the order statistics that bound the `p` quantile, or None.

    The lower rank is the largest r with P(Bin(n, p) < r) <= alpha/2, the upper the smallest s
    with P(Bin(n, p) >= s) <= alpha/2; either may not exist in a small sample (David and
    Nagaraja 2003, Order Statistics, section 7.1).
    """
    import numpy as np

    alpha, center, spread = 1 - confidence, n * p, 3 + 4 * math.sqrt(n * p * (1 - p))
    ranks = np.arange(
        max(1, math.floor(center - spread)), min(n, math.ceil(center + spread) + 1) + 1
    )
    below = special().bdtr(ranks - 1.0, n, p)
    lower = ranks[(below <= alpha / 2) & (ranks <= math.floor(center) + 1)]
    upper = ranks[(1 - below <= alpha / 2) & (ranks >= math.ceil(center))]
    return (int(lower[-1]), int(upper[0])) if len(lower) and len(upper) else None
