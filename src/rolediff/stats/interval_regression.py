"""Regression of an outcome that is known to lie in an interval, by maximum likelihood.

Stewart (1983, Review of Economic Studies 50(4)): with errors N(0, s^2) a row adds the logarithm of
Phi((high - xb) / s) - Phi((low - xb) / s); a point adds its density, an open end a tail. In
Olsen's (1978, Econometrica 46(5)) parameters d = b / s, g = 1 / s it is concave, so Newton's
method with step halving finds the only maximum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import linear, sums_by

IntervalErrors = Literal["oim", "HC0", "HC1", "CR0", "CR1"]
NARROW = 1e-6
"""An interval narrower than this share of the outcome's spread counts as a point."""
CERTAIN = 1e-6
"""A mean log-likelihood of intervals above minus this: any small spread puts all within them."""
STEPS, TOLERANCE = 100, 1e-11
LOG_ROOT_TWO_PI = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True, slots=True)
class IntervalFit:
    """`coef` (p,) and `sigma`; `vcov` (p + 1, p + 1) of the coefficients and log sigma.

    `loglik` at the maximum; `n` rows of which `points`, `left`, `right` (open below, above) and
    the rest intervals; `units` clusters, or rows. A column that others tell has coefficient 0.
    """

    coef: Floats
    sigma: float
    vcov: Floats
    loglik: float
    n: int
    points: int
    left: int
    right: int
    units: int

    @property
    def se(self) -> Floats:
        """Standard errors (p,) of the coefficients."""
        return np.sqrt(np.maximum(np.diag(self.vcov)[:-1], 0.0))


def interval_regression(
    low: Floats,
    high: Floats,
    X: Floats,
    weights: Floats | None = None,
    cluster: Codes | None = None,
    errors: IntervalErrors = "oim",
) -> IntervalFit:
    """Fit intervals `low` to `high` (n,) on the columns of `X` (n, p), which hold the constant.

    Args:
        low, high: equal for a point; -inf or NaN in `low` is open below, inf or NaN in `high`
            open above; a row open at both ends says nothing and is left out.
        weights: (n,) multiply each row's log-likelihood.
        cluster: (n,) rows of equal value may depend on one another.
        errors: "oim" the inverse observed information; "HC0" and, summed by cluster, "CR0" the
            sandwich; "HC1" and "CR1" times N / (N - 1) and G / (G - 1).

    Raises:
        ValueError: a `low` above its `high`, or clustered errors without clusters.
        NotEnoughEvidence: the likelihood has no maximum (no two ends apart, or a perfect fit).
    """
    if errors[0] == "C" and cluster is None:
        raise ValueError("clustered errors need clusters")
    rows = _Rows.of(low, high, X, weights)
    code = None if cluster is None else np.asarray(cluster)[rows.kept]
    start = rows.start()
    norm = np.sqrt(np.mean(rows.X**2, axis=0))
    theta = _newton(rows.scaled(norm), np.append(start[:-1] * norm, start[-1]))
    loglik, score, hessian = rows.scaled(norm).derivatives(theta)
    V = -np.linalg.inv(hessian)
    units = len(score)
    if errors != "oim":
        if errors[0] == "C":
            assert code is not None
            code = np.unique(code, return_inverse=True)[1]
            units = int(code.max()) + 1
            score = sums_by(score, code, units)
        V = V @ (score.T @ score) @ V * (units / (units - 1) if errors[2] == "1" else 1.0)
    g = theta[-1]
    J = np.diag(np.append(1 / (g * norm), -1 / g))
    J[:-1, -1] = -theta[:-1] / (g * g * norm)
    p = X.shape[1]
    coef, vcov = np.zeros(p), np.zeros((p + 1, p + 1))
    coef[rows.keep] = theta[:-1] / (g * norm)
    vcov[np.ix_([*rows.keep, p], [*rows.keep, p])] = J @ V @ J.T
    counts = (int(rows.point.sum()), int(np.isinf(rows.low).sum()), int(np.isinf(rows.high).sum()))
    return IntervalFit(coef, float(1 / g), vcov, loglik, len(rows.w), *counts, units)


def _newton(rows: _Rows, theta: Floats) -> Floats:
    """The maximum from a start; halves a step that does not climb."""
    value = rows.loglik(theta)
    for _ in range(STEPS):
        _, score, hessian = rows.derivatives(theta)
        try:
            step = np.linalg.solve(-hessian, score.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        promised, size = float(step @ score.sum(axis=0)), 1.0
        if promised <= TOLERANCE * (1 + abs(value)) * 1e-3:
            if value > -CERTAIN * float(rows.w.sum()) and not rows.point.any():
                break
            return np.asarray(theta + step)
        while rows.loglik(theta + size * step) < value and size > 1e-10:
            size /= 2
        theta = theta + size * step
        value = rows.loglik(theta)
    raise NotEnoughEvidence(
        "the intervals do not determine a spread of the outcome: more records, or narrower ranges"
    )


@dataclass(frozen=True)
class _Rows:
    """Rows that say something; `X` holds the columns `keep`, `wide` is log(high - low) of
    intervals so narrow that they count as points."""

    low: Floats
    high: Floats
    X: Floats
    w: Floats
    point: NDArray[np.bool_]
    wide: Floats
    kept: NDArray[np.bool_]
    keep: Codes

    @classmethod
    def of(cls, low: Floats, high: Floats, X: Floats, weights: Floats | None) -> _Rows:
        low = np.where(np.isnan(low), -np.inf, low)
        high = np.where(np.isnan(high), np.inf, high)
        if (low > high).any():
            raise ValueError(f"{int((low > high).sum())} intervals end below their start")
        w = np.ones(len(low)) if weights is None else np.asarray(weights, float)
        kept = (np.isfinite(low) | np.isfinite(high)) & (w > 0)
        low, high, X, w = low[kept], high[kept], X[kept], w[kept]
        middle = _middle(low, high)
        width = high - low
        narrow = (width > 0) & (width < NARROW * np.std(middle)) if len(low) else width > 0
        low, high = np.where(narrow, middle, low), np.where(narrow, middle, high)
        wide = np.where(narrow, np.log(np.where(narrow, width, 1.0)), 0.0)
        keep = linear(X, middle, w).keep if len(low) else np.arange(0)
        if len(low) <= len(keep):
            raise NotEnoughEvidence(f"{len(low)} intervals for {len(keep)} coefficients: add data")
        return cls(low, high, X[:, keep], w, low == high, wide, kept, keep)

    def scaled(self, norm: Floats) -> _Rows:
        """The same with the columns divided by `norm`."""
        return _Rows(self.low, self.high, self.X / norm, self.w, self.point, self.wide, self.kept,
                     self.keep)  # fmt: skip

    def start(self) -> Floats:
        """Least squares on midpoints, as (d, g)."""
        fit = linear(self.X, _middle(self.low, self.high), self.w)
        s = math.sqrt(float(self.w @ fit.residual**2) / float(self.w.sum()))
        ends = np.r_[self.low[np.isfinite(self.low)], self.high[np.isfinite(self.high)]]
        s = max(s, 0.1 * float(np.std(ends)))
        if not s > 0:
            raise NotEnoughEvidence("the outcome does not vary: no spread can be estimated")
        return np.append(fit.coef, 1.0) / s

    def loglik(self, theta: Floats) -> float:
        """Weighted log-likelihood at (d, g); -inf outside g > 0."""
        return float(self.w @ self._terms(theta)) if theta[-1] > 0 else -math.inf

    def _ends(self, theta: Floats) -> tuple[Floats, Floats]:
        fit = self.X @ theta[:-1]
        return theta[-1] * self.low - fit, theta[-1] * self.high - fit

    def _terms(self, theta: Floats) -> Floats:
        zl, zh = self._ends(theta)
        density = math.log(theta[-1]) - 0.5 * np.where(self.point, zl, 0.0) ** 2 - LOG_ROOT_TWO_PI
        return np.where(self.point, density + self.wide, _log_mass(zl, zh, self.point))

    def derivatives(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, scores by row (n, p + 1), Hessian (p + 1, p + 1) in (d, g)."""
        (zl, zh), p = self._ends(theta), self.point
        mass = _log_mass(zl, zh, p)
        a, b = (np.exp(-0.5 * np.where(p, 0.0, z) ** 2 - LOG_ROOT_TWO_PI - mass) for z in (zh, zl))
        zh0, zl0 = (np.where(np.isfinite(z), z, 0.0) for z in (zh, zl))
        first = np.where(p, -zl0, a), np.where(p, 0.0, -b)
        hh, ll = np.where(p, -1.0, -a * (zh0 + a)), np.where(p, 0.0, b * (zl0 - b))
        hl = np.where(p, 0.0, a * b)
        high, low = (np.where(np.isfinite(v), v, 0.0) for v in (self.high, self.low))
        slope = np.where(p, 1 / theta[-1], 0.0) + high * first[0] + low * first[1]
        W, k = self.w[:, None], self.X.shape[1]
        score = np.c_[-self.X * (first[0] + first[1])[:, None], slope]
        mixed = (hh + hl) * high + (ll + hl) * low
        hessian = np.zeros((k + 1, k + 1))
        hessian[:k, :k] = self.X.T @ (W * (hh + ll + 2 * hl)[:, None] * self.X)
        hessian[k, :k] = hessian[:k, k] = -self.X.T @ (self.w * mixed)
        hessian[k, k] = self.w @ (hh * high**2 + 2 * hl * high * low + ll * low**2)
        hessian[-1, -1] -= float(self.w @ p) / theta[-1] ** 2
        return float(self.w @ self._terms(theta)), W * score, hessian


def _middle(low: Floats, high: Floats) -> Floats:
    """The midpoint (n,), or the one end that is known."""
    one = np.where(np.isfinite(low), low, high)
    other = np.where(np.isfinite(high), high, low)
    return np.asarray((one + other) / 2)


def _log_mass(zl: Floats, zh: Floats, point: NDArray[np.bool_]) -> Floats:
    """log(Phi(zh) - Phi(zl)) (n,) without cancellation in either tail; 0 for points."""
    from scipy.special import log_ndtr

    flip = zl > 0
    upper, lower = np.where(flip, -zl, zh), np.where(flip, -zh, zl)
    upper, lower = np.where(point, np.inf, upper), np.where(point, -np.inf, lower)
    top, bottom = log_ndtr(upper), log_ndtr(lower)
    return np.asarray(top + np.log1p(-np.exp(bottom - top)))
