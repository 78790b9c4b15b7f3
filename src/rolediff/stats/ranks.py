"""Ranks with intervals: a place in a list is as uncertain as the figures it rests on.

Mogstad, Romano, Shaikh and Wilhelm (2024, Review of Economic Studies 91(1), section 3.1): an item
ranks below those that are significantly larger and above those that are significantly smaller;
critical values by Bonferroni over its comparisons, so that each item's interval holds with the
stated confidence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Floats
from rolediff.stats.tails import critical

Ints = NDArray[np.int64]


def rank_intervals(
    value: Floats, error: Floats, df: float = np.inf, confidence: float = 0.95
) -> tuple[Ints, Ints, Ints]:
    """Rank of each of K estimates (1 is the largest), and the bounds of its interval, (K,) each.

    `error` = standard errors of independent estimates. Ties share the better rank.
    """
    count = len(value)
    if count < 2:
        one = np.ones(count, np.int64)
        return one, one, one
    gap = value[None, :] - value[:, None]
    reach = critical(df, 1 - (1 - confidence) / (count - 1)) * np.hypot(error[:, None], error)
    better, worse = (gap > reach).sum(axis=1), (gap < -reach).sum(axis=1)
    rank = 1 + (gap > 0).sum(axis=1)
    return rank.astype(np.int64), (1 + better).astype(np.int64), (count - worse).astype(np.int64)
