"""Words that tell two groups apart: log-odds ratios with an informative Dirichlet prior.

Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16(4), section 3.5.
"""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Floats


def log_odds(
    a: Floats, b: Floats, background: Floats, strength: float | None = None
) -> tuple[Floats, Floats]:
    """Log-odds ratio of each of K things in A over B, and its z score, (K,) each.

    `a`, `b` = counts in the two groups; `background` = counts in a larger whole, which are the
    prior's shape; `strength` = its weight in counts, by default the mean total of the two groups.
    Eq. 16 for the ratio (the background's share everywhere), eq. 20 for its variance, eq. 22.
    """
    if len(a) < 2 or not a.sum() + b.sum():  # of one thing alone there are no odds
        return np.zeros(len(a)), np.zeros(len(a))
    total = (a.sum() + b.sum()) / 2 if strength is None else strength
    shape = background + 0.5  # nothing is impossible
    prior = total * shape / shape.sum()
    in_a, in_b = a + prior, b + prior
    whole_a, whole_b = in_a.sum(), in_b.sum()
    ratio = np.log(in_a / (whole_a - in_a)) - np.log(in_b / (whole_b - in_b))
    return ratio, ratio / np.sqrt(1 / in_a + 1 / in_b)
