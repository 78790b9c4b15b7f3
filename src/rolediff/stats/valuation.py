"""Statistics of a plain or reweighted distribution, with their influence functions and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats import weighted
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.functional import Statistic, quantiles_and_heights
from rolediff.stats.valued import Valued


@dataclass(frozen=True)
class Valuation:
    """A statistic of some lines of a `Valued`: its `value` and influence function `phi` there.

    `y` and `w` (k,) are outcomes, rising, and how often each counts. For one quantile `p` is its
    probability and `sparsity` how far it moves per share, by which phi is divided to be that of
    the share below; else p is None.
    """

    value: float
    phi: Floats
    y: Floats
    w: Floats
    p: float | None = None
    sparsity: float = math.nan

    def limits(self, margin: float) -> tuple[float, float] | None:
        """Bounds of an interval for a quantile whose value is known to `margin` by its influence.

        The quantiles at the ends of the interval for the share below (Woodruff 1952): they lean as
        the distribution does. None where a share is outside 0 to 1.
        """
        share = margin / self.sparsity
        if self.p is None or not 0 < self.p - share <= self.p + share < 1:
            return None
        low, high = (weighted.quantile(self.y, self.w, self.p + s) for s in (-share, share))
        return min(low, self.value), max(high, self.value)


def valuation(what: Statistic, v: Valued, at: Codes, times: Floats) -> Valuation:
    """A statistic of the lines `at`, outcomes rising, with its influence function.

    The latter has mean 0 under `times` (m,), which says how often each line counts.
    """
    y, w = v.y[at], times[at]
    value = what.value(y, w)
    if not what.probs:
        rif = what.rif(y, w, v.rows[at])
        return Valuation(value, rif - float(w @ rif) / float(w.sum()), y, w)
    phi, sparsity = np.zeros(len(at)), 0.0
    for sign, (p, q, height) in zip(
        (1.0, -1.0), quantiles_and_heights(what.probs, y, w, v.rows[at]), strict=False
    ):
        below = what.below(y, q) - float(w @ what.below(y, q)) / float(w.sum())
        error = _share_error(v, at, below * times[at] / float(w.sum()))
        sparsity = _sparsity(y, w, p, error, 1 / height)
        phi -= sign * below * sparsity
    one = what.probs[0] if len(what.probs) == 1 else None
    return Valuation(value, phi, y, w, one, sparsity)


def _sparsity(y: Floats, w: Floats, p: float, error: float, smooth: float) -> float:
    """How far a quantile moves per share: from the kernel density, and from the quantiles one
    standard error of the share away. Their mean has neither the bias of the one in the tails nor
    the noise of the other; where values are tied there is only the first."""
    low, high = max(p - error, 0.0), min(p + error, 1.0)
    step = weighted.quantile(y, w, high) - weighted.quantile(y, w, low)
    return (smooth + step / (high - low)) / 2 if step > 0 else smooth


def _share_error(v: Valued, at: Codes, influence: Floats) -> float:
    """Standard error of a share whose lines have this influence (m,)."""
    c = v.cells
    if c.cluster is None:
        return math.sqrt(float(np.sum(influence**2 * c.ww[at] / c.w[at] ** 2)))
    by_unit = np.bincount(c.cluster[at], influence)
    return math.sqrt(float(by_unit @ by_unit))
