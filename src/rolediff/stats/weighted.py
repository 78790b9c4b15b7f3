"""Statistics of weighted values that are sorted."""

from __future__ import annotations

import math

import numpy as np

from rolediff.stats.cells import Floats

ROUNDING = 1e-11
"""A sum of weights may fall short of a whole rank by this share of itself: by rounding alone."""


def quantile(y: Floats, w: Floats, p: float) -> float:
    """Quantile of values `y` (m,), sorted, that occur `w` (m,) times, which need not be whole.

    Definition 7 of Hyndman and Fan (1996) as if each value stood there w times: with N = sum w,
    h = 1 + (N - 1) p lies between order statistics floor(h) and floor(h) + 1, and a rank falls on
    the first value whose cumulated weight reaches it. Equal values act as one.
    """
    reached = np.cumsum(w)
    total = float(reached[-1])
    h = 1 + (total - 1) * p
    if abs(h - round(h)) < ROUNDING * total:
        h = float(round(h))
    low = max(math.floor(h), 1.0)
    part = h - math.floor(h)
    ranks = np.array([low, min(low + 1, total)])
    at = np.searchsorted(reached, ranks * (1 - ROUNDING), side="left")
    lower, upper = y[np.minimum(at, len(y) - 1)]
    return float(lower if lower == upper else (1 - part) * lower + part * upper)


def mean(y: Floats, w: Floats) -> float:
    """Weighted mean."""
    return float(w @ y) / float(w.sum())


def variance(y: Floats, w: Floats) -> float:
    """Weighted variance, sum w (y - mean)^2 / (sum w - 1)."""
    total = float(w.sum())
    return float(w @ (y - mean(y, w)) ** 2) / max(total - 1.0, np.finfo(float).tiny)


def lorenz_area(y: Floats, w: Floats) -> float:
    """Area R under the generalised Lorenz curve, which is linear between the values."""
    share = w / w.sum()
    reached = np.cumsum(share * y)
    return float(share @ (reached - share * y / 2))


def gini(y: Floats, w: Floats) -> float:
    """Gini coefficient 1 - 2 R / mean (Firpo, Fortin and Lemieux 2018, section 3.3)."""
    return 1 - 2 * lorenz_area(y, w) / mean(y, w)
