"""Statistics of a plain or reweighted distribution, with their influence functions and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats import weighted, woodruff
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.density import bandwidth, steepness
from rolediff.stats.functional import Statistic
from rolediff.stats.valued import Valued


@dataclass(frozen=True)
class Valuation:
    """A statistic of some lines of a `Valued`: its `value` and influence function `phi` there.

    `y` and `w` (k,) are outcomes, rising, and how often each counts. For one quantile `p` is its
    probability, `sparsity` how far it moves per share, by which phi is divided to be that of the
    share below, and `width` the bandwidth; else p is None.
    """

    value: float
    phi: Floats
    y: Floats
    w: Floats
    p: float | None = None
    sparsity: float = math.nan
    width: float = math.nan

    def limits(self, margin: float) -> tuple[float, float] | None:
        """Bounds of an interval for a quantile whose value is known to `margin` by its influence.

        Where the distribution reaches the ends of the interval for the share below (see
        `stats/woodruff.py`): they lean as it does. None where a share is outside 0 to 1.
        """
        share = margin / self.sparsity
        if self.p is None or not 0 < self.p - share <= self.p + share < 1:
            return None
        return woodruff.limits(self.y, self.w, self.value, share, self.sparsity, self.width)


def valuation(what: Statistic, v: Valued, at: Codes, times: Floats) -> Valuation:
    """A statistic of the lines `at`, outcomes rising, with its influence function.

    The latter has mean 0 under `times` (m,), which says how often each line counts.
    """
    y, w = v.y[at], times[at]
    value = what.value(y, w)
    if not what.probs:
        rif = what.rif(y, w, v.rows[at])
        return Valuation(value, rif - float(w @ rif) / float(w.sum()), y, w)
    phi, sparsity, width = np.zeros(len(at)), 0.0, bandwidth(y, v.rows[at])
    for sign, p in zip((1.0, -1.0), what.probs, strict=False):
        q = weighted.quantile(y, w, p)
        below = what.below(y, q) - float(w @ what.below(y, q)) / float(w.sum())
        sparsity = 1 / steepness(y, w, q, width)
        phi -= sign * below * sparsity
    one = what.probs[0] if len(what.probs) == 1 else None
    return Valuation(value, phi, y, w, one, sparsity, width)
