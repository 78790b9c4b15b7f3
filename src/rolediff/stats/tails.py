"""Critical values. scipy.special is imported on first use: it is not on the way to `import`."""

from __future__ import annotations

import math
from statistics import NormalDist


def critical(df: float, confidence: float = 0.95) -> float:
    """Two-sided critical value of Student's t with `df` degrees of freedom (normal if infinite)."""
    tail = 0.5 + confidence / 2
    if math.isinf(df) or df > 1e6:
        return NormalDist().inv_cdf(tail)
    if df <= 0:
        return math.nan
    from scipy.special import stdtrit

    return float(stdtrit(df, tail))


def binomial_ranks(n: int, p: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """Ranks (1-based) of the order statistics that bound the `p` quantile, or None.

    The lower rank is the largest r with P(Bin(n, p) < r) <= alpha/2, the upper the smallest s
    with P(Bin(n, p) >= s) <= alpha/2; either may not exist in a small sample (David and
    Nagaraja 2003, Order Statistics, section 7.1).
    """
    from scipy.special import bdtr

    alpha = 1 - confidence
    center, spread = n * p, 3 + 4 * math.sqrt(n * p * (1 - p))
    lower = next(
        (
            r
            for r in range(min(n, math.floor(center) + 1), max(0, math.floor(center - spread)), -1)
            if bdtr(r - 1, n, p) <= alpha / 2
        ),
        None,
    )
    upper = next(
        (
            s
            for s in range(max(1, math.ceil(center)), min(n, math.ceil(center + spread) + 1) + 1)
            if 1 - bdtr(s - 1, n, p) <= alpha / 2
        ),
        None,
    )
    return None if lower is None or upper is None else (lower, upper)
