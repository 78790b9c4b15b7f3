"""The wild cluster bootstrap of one coefficient, with the null imposed.

Cameron, Gelbach and Miller (2008, Review of Economics and Statistics 90(3)); intervals by
inverting the test, as MacKinnon, Nielsen and Webb (2023, Journal of Econometrics 232(2), section
5) advise. Residuals under a null are linear in it, so the draws are made once and every further
null costs a few sums (Roodman, MacKinnon, Nielsen and Webb 2019, Stata Journal 19(1)).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.linear import Linear, linear, sums_by

FEW = 10
"""Below this many clusters Rademacher signs give too few distinct draws: Webb's six points."""
DRAWS = 9_999
MOST_LISTED = 12
"""Up to this many clusters every one of the 2^G sign patterns is used instead of draws."""
FAR = 1e4
"""An interval that reaches this many standard errors is taken as unbounded."""
WEBB = np.array([-math.sqrt(1.5), -1.0, -math.sqrt(0.5), math.sqrt(0.5), 1.0, math.sqrt(1.5)])


@dataclass(frozen=True)
class Wild:
    """Bootstrap draws for the coefficient `column` of `fit`.

    `weights` names them: "Rademacher", listed in full from `FEW` to `MOST_LISTED` clusters, or
    "Webb" (2023, Canadian Journal of Economics 56(3)). `draws` (B, G).
    """

    fit: Linear
    column: int
    draws: Floats
    weights: str

    @classmethod
    def of(cls, fit: Linear, column: int, count: int = DRAWS, seed: int = 1) -> Wild:
        """Draw weights for the clusters of `fit`, by their number.

        Raises:
            ValueError: the column is aliased.
        """
        if column not in fit.keep:
            raise ValueError(f"column {column} is told by the others: it has no coefficient")
        draws, name = cluster_weights(fit.clusters, count, seed)
        return cls(fit, column, draws, name)

    def p_value(self, null: float = 0.0) -> float:
        """Share of draws whose |t| is at least that of the sample, under `null`."""
        u, a0, a1, a2 = self._moments
        (s0, s1), slope = self._scores, self._slope
        own_score = s0 - null * s1
        own = own_score.sum() ** 2 / max(self._own_meat(null), 1e-300)
        top = (u[0] - null * u[1]) ** 2
        bottom = a0 - 2 * null * a1 + null * null * a2
        t2 = np.divide(top, bottom, out=np.full_like(top, np.inf), where=bottom > 1e-12 * slope)
        t2[top <= 1e-24 * max(float(own_score @ own_score), 1e-300)] = 0.0
        return float(np.mean(t2 >= own * (1 - 1e-9)))

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The nulls that are not rejected; an end is infinite where none is rejected."""
        alpha = 1 - confidence
        value = float(self.fit.coef[self.column])
        se = math.sqrt(self._own_meat(value)) / self._slope
        if not se > 0:
            return (-math.inf, math.inf)
        return self._end(value, -se, alpha), self._end(value, se, alpha)

    def _end(self, value: float, step: float, alpha: float) -> float:
        """Bisect between a null that stands and one that is rejected."""
        inside, reach = 0.0, 1.0
        while self.p_value(value + reach * step) > alpha:
            inside, reach = reach, 1.5 * reach
            if reach > FAR:
                return math.copysign(math.inf, step)
        for _ in range(40):
            middle = (inside + reach) / 2
            if self.p_value(value + middle * step) > alpha:
                inside = middle
            else:
                reach = middle
        return value + reach * step

    @cached_property
    def _partial(self) -> tuple[Linear, Floats]:
        """The fit without the column, and the column free of the others (n,)."""
        fit = self.fit
        others = np.delete(fit.X, self.column, axis=1)
        without = linear(others, fit.y, fit.w, fit.cluster)
        return without, linear(others, fit.X[:, self.column], fit.w).residual

    @cached_property
    def _slope(self) -> float:
        d = self._partial[1]
        return float(self.fit.w @ (d * d))

    @cached_property
    def _scores(self) -> tuple[Floats, Floats]:
        """By cluster (G,), sums of w d e and of w d d: the score is their difference by null."""
        without, d = self._partial
        return tuple(  # type: ignore[return-value]
            np.bincount(self.fit.unit, self.fit.w * d * v, self.fit.clusters)
            for v in (without.residual, d)
        )

    @cached_property
    def _kernels(self) -> tuple[Floats, Floats]:
        """How a draw's weight of cluster h moves the refitted score of cluster g: (G, G) each."""
        fit, (without, d) = self.fit, self._partial
        D = sums_by(fit.X * (fit.w * d)[:, None], fit.unit, fit.clusters) @ fit.bread
        kernels = []
        for e, s in zip((without.residual, d), self._scores, strict=True):
            Q = sums_by(fit.X * (fit.w * e)[:, None], fit.unit, fit.clusters)
            kernels.append(np.diag(s) - D @ Q.T)
        return kernels[0], kernels[1]

    @cached_property
    def _moments(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Of every draw the numerators (2, B), and the three terms of the meat, each (B,)."""
        K0, K1 = self._kernels
        P0, P1 = self.draws @ K0.T, self.draws @ K1.T
        top = np.stack([self.draws @ s for s in self._scores])
        return (
            top,
            np.einsum("ij,ij->i", P0, P0),
            np.einsum("ij,ij->i", P0, P1),
            np.einsum("ij,ij->i", P1, P1),
        )

    def _own_meat(self, null: float) -> float:
        """Sum of squared cluster scores at the unrestricted fit: the same whatever the null."""
        K0, K1 = self._kernels
        score = (K0 - null * K1).sum(axis=1)
        return float(score @ score)


def cluster_weights(count: int, draws: int = DRAWS, seed: int = 1) -> tuple[Floats, str]:
    """Weights (B, G) with mean 0 and variance 1, and their name."""
    rng = np.random.default_rng(seed)
    if count < FEW:
        return np.asarray(WEBB[rng.integers(0, 6, (draws, count))]), "Webb"
    if count <= MOST_LISTED:
        signs = np.array(list(itertools.product([1.0, -1.0], repeat=count)))
        return signs, "Rademacher"
    return np.where(rng.integers(0, 2, (draws, count)) == 0, -1.0, 1.0), "Rademacher"
