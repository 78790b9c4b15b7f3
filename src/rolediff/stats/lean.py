"""Intervals that lean: of estimates whose errors grow or shrink with them.

What is divided by an estimated density is large, and so is its error, where the density came out
low. A symmetric interval then lies too near zero.
"""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Floats


def leaning(value: Floats, se: Floats, lean: Floats, critical: float) -> tuple[Floats, Floats]:
    """Bounds (P,) of intervals around `value` (P,) with standard errors `se` (P,).

    They hold every t with |value - t| <= critical (se + lean (t - value)): the error that goes with
    t, where `lean` (P,) is how much it grows per unit. For a ratio this is, to first order, the
    interval of Fieller (1954, Journal of the Royal Statistical Society B 16(2)). NaN where the
    error grows so fast that a side has no bound.
    """
    share, margin = critical * lean, critical * se
    bounded = np.abs(share) < 1
    down, up = (np.where(bounded, 1 + sign * share, np.nan) for sign in (1, -1))
    return value - margin / down, value + margin / up
