"""Least squares from cross-products with some columns drawn toward zero.

The penalised coefficients are taken as draws from N(0, t^2), so the penalty s^2 / t^2 follows from
restricted likelihood (Patterson and Thompson 1971, Biometrika 58(3)) in place of a guess: a column
that few rows have is drawn far, one that many have hardly at all. So that t^2 is never estimated
as zero, where intervals would have no width, the likelihood is multiplied by t^2 (adjustment for
density maximisation: Morris 1988; Morris and Tang 2011, Statistical Science 26(2)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.design import aliased
from rolediff.stats.gram import Gram
from rolediff.stats.ols import inverse_on

GRID = np.geomspace(1e-8, 1e4, 121)


@dataclass(frozen=True, slots=True)
class Ridge:
    """`coef` (p,); `bread` (p, p) the inverse of X'WX + P, zero for aliased columns; `penalty`
    (p,) the diagonal of P; `sigma2` of errors; `edf` the coefficients' worth of freedom.

    `doubt` (p, p) is the mean square that drawing toward zero may be wrong by: s^2 bread P bread.
    """

    coef: Floats
    bread: Floats
    penalty: Floats
    sigma2: float
    edf: float

    @property
    def doubt(self) -> Floats:
        """s^2 bread P bread (p, p)."""
        return np.asarray(self.sigma2 * (self.bread * self.penalty) @ self.bread)


def ridge(gram: Gram, pooled: Codes, ratio: float | None = None) -> Ridge:
    """Fit with the columns `pooled` drawn toward zero; others are free.

    `ratio` is t^2 / s^2, by default estimated; `math.inf` draws nothing.

    Raises:
        NotEnoughEvidence: no more rows than free columns.
    """
    p = len(gram.xy)
    pooled = np.asarray(pooled, int)
    free = np.setdiff1d(np.arange(p), pooled)
    if ratio is None:
        ratio = shrinkage_ratio(gram, pooled) if len(pooled) else math.inf
    penalty = np.zeros(p)
    penalty[pooled] = 1 / ratio
    keep = np.setdiff1d(np.arange(p), free[aliased(gram.xx[np.ix_(free, free)])])
    if math.isinf(ratio):
        keep = np.setdiff1d(np.arange(p), aliased(gram.xx))
    drawn = gram.xx + np.diag(penalty)
    keep = keep[np.isin(keep, aliased(drawn), invert=True)]  # a faint penalty parts no twins
    bread = inverse_on(drawn, keep)
    coef = bread @ gram.xy
    edf = float(np.sum(bread * gram.xx))
    if gram.n <= edf + 1:
        raise NotEnoughEvidence(f"{gram.n} rows for {edf:.0f} coefficients: fewer columns or more")
    rss = gram.yy - 2 * coef @ gram.xy + coef @ gram.xx @ coef
    return Ridge(coef, bread, penalty, max(float(rss), 0.0) / (gram.n - edf), edf)


def partialled(gram: Gram, columns: Codes, free: Codes) -> tuple[Floats, Floats, float, Floats]:
    """Cross-products of `columns` and of y, free of the columns `free`; and how they were freed.

    S (K, K), c (K,), yy, and C (K, f): what is left of column k is x_k less the free ones times
    C_k (Frisch and Waugh 1933).
    """
    inner = gram.xx[np.ix_(free, free)]
    keep = np.setdiff1d(np.arange(len(free)), aliased(inner))
    inverse = inverse_on(inner, keep)
    cross, C = gram.xx[np.ix_(columns, free)], gram.xx[np.ix_(columns, free)] @ inverse
    S = gram.xx[np.ix_(columns, columns)] - C @ cross.T
    y = gram.xy[free]
    return S, gram.xy[columns] - C @ y, gram.yy - float(y @ inverse @ y), C


def shrinkage_ratio(gram: Gram, pooled: Codes) -> float:
    """t^2 / s^2 by restricted likelihood times t^2, the other columns being free.

    Raises:
        NotEnoughEvidence: no more rows than free columns.
    """
    free = np.setdiff1d(np.arange(len(gram.xy)), pooled)
    S, c, yy, _ = partialled(gram, pooled, free)
    value, vector = np.linalg.eigh(S)
    value, d2 = np.maximum(value, 0.0), (vector.T @ c) ** 2
    left = gram.n - len(free)
    if left <= 1:
        raise NotEnoughEvidence(f"{gram.n} rows for {len(free)} free columns: more are needed")

    def slope(log_ratio: float) -> float:
        ratio = math.exp(log_ratio)
        shrunk = 1 / (1 + ratio * value)
        rss = max(yy - float(ratio * d2 @ shrunk), 1e-12 * yy)
        return float(ratio * (value @ shrunk) - left * ratio * float(d2 @ shrunk**2) / rss - 2)

    def criterion(ratio: float) -> float:
        rss = max(yy - float(ratio * d2 @ (1 / (1 + ratio * value))), 1e-12 * yy)
        return float(np.sum(np.log1p(ratio * value)) + left * math.log(rss) - 2 * math.log(ratio))

    scale = left / max(float(value.sum()), 1e-300) * len(pooled)
    grid = GRID * scale
    best = int(np.argmin([criterion(r) for r in grid]))
    low, high = math.log(grid[max(best - 1, 0)]), math.log(grid[min(best + 1, len(grid) - 1)])
    if slope(low) >= 0 or slope(high) <= 0:
        return float(grid[best])
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return math.exp((low + high) / 2)
