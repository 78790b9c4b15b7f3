"""Estimates of many cells drawn toward what they have in common: empirical Bayes.

Cell estimates y_i with known variances V_i of values that are normal about z_i'b with variance A
(Morris 1983, Journal of the American Statistical Association 78(381), section 5): the fewer
records a cell has, the more it borrows. Intervals allow for A and b being estimates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Floats
from rolediff.stats.tails import critical

STEPS, TOLERANCE = 500, 1e-13


@dataclass(frozen=True, slots=True)
class Pooled:
    """Shapes (k,) unless said: `value` drawn toward `toward`, with `se` and the interval `low` to
    `high`; `weight` is how much of the distance to `toward` was taken away (0 to 1).

    `between` is A, the variance of true values about `coef` (r,).
    """

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    weight: Floats
    toward: Floats
    between: float
    coef: Floats


def pool(
    estimate: Floats, variance: Floats, Z: Floats | None = None, confidence: float = 0.95
) -> Pooled:
    """Pool k estimates (k,) with variances (k,) toward the columns of `Z` (k, r; a constant).

    Raises:
        NotEnoughEvidence: fewer than r + 3 estimates: how far cells differ cannot be seen then.
        ValueError: a variance that is not above 0.
    """
    Z = np.ones((len(estimate), 1)) if Z is None else Z
    k, r = Z.shape
    if k < r + 3:
        raise NotEnoughEvidence(f"{k} cells cannot show how much cells differ: {r + 3} are needed")
    if not (variance > 0).all():
        raise ValueError("every estimate needs a variance above 0")
    between = _between(estimate, variance, Z)
    W = 1 / (variance + between)
    coef, toward = _about(estimate, Z, W)
    B = (k - r - 2) / (k - r) * variance * W
    leverage = k * W * np.einsum("ij,jk,ik->i", Z, np.linalg.inv(Z.T @ (Z * W[:, None])), Z)
    mean_v = float(W @ variance / W.sum())
    doubt = 2 / (k - r - 2) * B**2 * (mean_v + between) * W * (estimate - toward) ** 2
    se = np.sqrt(np.maximum(variance * (1 - (k - leverage) / k * B), 0.0) + doubt)
    value = estimate - B * (estimate - toward)
    margin = critical(math.inf, confidence) * se
    return Pooled(value, se, value - margin, value + margin, B, toward, between, coef)


def _about(estimate: Floats, Z: Floats, W: Floats) -> tuple[Floats, Floats]:
    """Coefficients and fitted values of weighted least squares."""
    coef = np.asarray(np.linalg.solve(Z.T @ (Z * W[:, None]), Z.T @ (W * estimate)), float)
    return coef, Z @ coef


def _between(estimate: Floats, variance: Floats, Z: Floats) -> float:
    """A at which the weighted squared distances, less what errors explain, sum to zero."""
    k, r = Z.shape
    A = float(np.var(estimate))
    for _ in range(STEPS):
        W = 1 / (variance + A)
        distance = (estimate - _about(estimate, Z, W)[1]) ** 2
        after = max(float(W @ (k / (k - r) * distance - variance) / W.sum()), 0.0)
        if abs(after - A) <= TOLERANCE * max(A, float(variance.min())):
            return after
        A = after
    return A
