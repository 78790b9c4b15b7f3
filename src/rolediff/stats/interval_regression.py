"""Regression of an outcome that is known to lie in an interval, by maximum likelihood.

Stewart (1983, Review of Economic Studies 50(4)): with errors N(0, s^2) a row adds the logarithm of
Phi((high - xb) / s) - Phi((low - xb) / s); a point adds its density, an open end a tail. In
Olsen's (1978, Econometrica 46(5)) parameters d = b / s, g = 1 / s it is concave, so Newton's
method with step halving finds the only maximum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import linear, sums_by
from rolediff.stats.special import special

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
    code: Codes | None = None,
) -> IntervalFit:
    """Fit intervals `low` to `high` (n,) on the columns of `X` (n, p), which hold the constant.

    Args:
        low, high: equal for a point; -inf or NaN in `low` is open below, inf or NaN in `high`
            open above; a row open at both ends says nothing and is left out.
        weights: (n,) multiply each row's log-likelihood.
        cluster: (n,) rows of equal value may depend on one another.
        errors: "oim" the inverse observed information; "HC0" and, summed by cluster, "CR0" the
            sandwich; "HC1" and "CR1" times N / (N - 1) and G / (G - 1).
        code: (n,) which line of `X`, then (K, p), is that of each row.

    Raises:
        ValueError: a `low` above its `high`, or clustered errors without clusters.
        NotEnoughEvidence: the likelihood has no maximum (no two ends apart, or a perfect fit).
    """
    if errors[0] == "C" and cluster is None:
        raise ValueError("clustered errors need clusters")
    rows = _Rows.of(low, high, X, weights, code)
    unit = None if cluster is None else np.asarray(cluster)[rows.kept]
    start = rows.start()
    norm = np.sqrt(rows.count() @ rows.X**2 / len(rows.w))
    scaled = rows.scaled(norm)
    theta = _newton(scaled, np.append(start[:-1] * norm, start[-1]))
    loglik, _, hessian = scaled.derivatives(theta)
    V = -np.linalg.inv(hessian)
    units = len(rows.w)
    if errors != "oim":
        if errors[0] == "C":
            assert unit is not None
            unit = np.unique(unit, return_inverse=True)[1]
            units = int(unit.max()) + 1
        meat = scaled.meat(theta, unit if errors[0] == "C" else None)
        V = V @ meat @ V * (units / (units - 1) if errors[2] == "1" else 1.0)
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
            step = np.linalg.solve(-hessian, score)
        except np.linalg.LinAlgError:
            break
        promised, size = float(step @ score), 1.0
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
    """Rows that say something; `X` (K, p) holds the columns `keep`, `code` (n,) the line of it that
    is each row's, `wide` is log(high - low) of intervals so narrow that they count as points."""

    low: Floats
    high: Floats
    X: Floats
    code: Codes
    w: Floats
    point: NDArray[np.bool_]
    wide: Floats
    kept: NDArray[np.bool_]
    keep: Codes

    @classmethod
    def of(
        cls, low: Floats, high: Floats, X: Floats, weights: Floats | None, code: Codes | None
    ) -> _Rows:
        low = np.where(np.isnan(low), -np.inf, low)
        high = np.where(np.isnan(high), np.inf, high)
        if (low > high).any():
            raise ValueError(f"{int((low > high).sum())} intervals end below their start")
        w = np.ones(len(low)) if weights is None else np.asarray(weights, float)
        kept = (np.isfinite(low) | np.isfinite(high)) & (w > 0)
        at = (np.arange(len(low)) if code is None else code)[kept]
        low, high, w = low[kept], high[kept], w[kept]
        middle = _middle(low, high)
        width = high - low
        narrow = (width > 0) & (width < NARROW * np.std(middle)) if len(low) else width > 0
        low, high = np.where(narrow, middle, low), np.where(narrow, middle, high)
        wide = np.where(narrow, np.log(np.where(narrow, width, 1.0)), 0.0)
        weight = np.bincount(at, w, len(X)).astype(float)
        keep = linear(X, np.zeros(len(X)), weight).keep if len(low) else np.arange(0)
        if len(low) <= len(keep):
            raise NotEnoughEvidence(f"{len(low)} intervals for {len(keep)} coefficients: add data")
        return cls(low, high, X[:, keep], at, w, low == high, wide, kept, keep)

    def scaled(self, norm: Floats) -> _Rows:
        """The same with the columns divided by `norm`."""
        return replace(self, X=self.X / norm)

    def count(self, d: Floats | None = None) -> Floats:
        """Sum of `d` (n,), or the number of rows, by line of X (K,)."""
        return np.bincount(self.code, d, len(self.X)).astype(float, copy=False)

    def start(self) -> Floats:
        """Least squares on midpoints, as (d, g)."""
        middle, weight = _middle(self.low, self.high), self.count(self.w)
        mean = self.count(self.w * middle) / np.where(weight > 0, weight, 1.0)
        fit = linear(self.X, mean, weight)
        residual = middle - (self.X @ fit.coef)[self.code]
        s = math.sqrt(float(self.w @ residual**2) / float(self.w.sum()))
        ends = np.r_[self.low[np.isfinite(self.low)], self.high[np.isfinite(self.high)]]
        s = max(s, 0.1 * float(np.std(ends)))
        if not s > 0:
            raise NotEnoughEvidence("the outcome does not vary: no spread can be estimated")
        return np.append(fit.coef, 1.0) / s

    def loglik(self, theta: Floats) -> float:
        """Weighted log-likelihood at (d, g); -inf outside g > 0."""
        return float(self.w @ self._terms(theta)) if theta[-1] > 0 else -math.inf

    def _ends(self, theta: Floats) -> tuple[Floats, Floats]:
        fit = (self.X @ theta[:-1])[self.code]
        return theta[-1] * self.low - fit, theta[-1] * self.high - fit

    def _terms(self, theta: Floats) -> Floats:
        zl, zh = self._ends(theta)
        density = math.log(theta[-1]) - 0.5 * np.where(self.point, zl, 0.0) ** 2 - LOG_ROOT_TWO_PI
        return np.where(self.point, density + self.wide, _log_mass(zl, zh, self.point))

    def derivatives(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, score (p + 1,), Hessian (p + 1, p + 1) in (d, g)."""
        (zl, zh), p = self._ends(theta), self.point
        a, b = self._ratios(zl, zh)
        zh0, zl0 = (np.where(np.isfinite(z), z, 0.0) for z in (zh, zl))
        hh, ll = np.where(p, -1.0, -a * (zh0 + a)), np.where(p, 0.0, b * (zl0 - b))
        hl = np.where(p, 0.0, a * b)
        high, low = (np.where(np.isfinite(v), v, 0.0) for v in (self.high, self.low))
        along, slope = self._first(theta)
        k = self.X.shape[1]
        score = np.append(-self.count(self.w * along) @ self.X, self.w @ slope)
        mixed = (hh + hl) * high + (ll + hl) * low
        hessian = np.zeros((k + 1, k + 1))
        hessian[:k, :k] = self.X.T @ (self.count(self.w * (hh + ll + 2 * hl))[:, None] * self.X)
        hessian[k, :k] = hessian[:k, k] = -self.count(self.w * mixed) @ self.X
        hessian[k, k] = self.w @ (hh * high**2 + 2 * hl * high * low + ll * low**2)
        hessian[-1, -1] -= float(self.w @ p) / theta[-1] ** 2
        return float(self.w @ self._terms(theta)), score, hessian

    def _ratios(self, zl: Floats, zh: Floats) -> tuple[Floats, Floats]:
        """Densities at both ends over the mass between them."""
        p, mass = self.point, _log_mass(zl, zh, self.point)
        a, b = (np.exp(-0.5 * np.where(p, 0.0, z) ** 2 - LOG_ROOT_TWO_PI - mass) for z in (zh, zl))
        return a, b

    def _first(self, theta: Floats) -> tuple[Floats, Floats]:
        """Derivatives (n,) of each row's log-likelihood by -xd and by g."""
        (zl, zh), p = self._ends(theta), self.point
        a, b = self._ratios(zl, zh)
        first = np.where(p, -np.where(np.isfinite(zl), zl, 0.0), a), np.where(p, 0.0, -b)
        high, low = (np.where(np.isfinite(v), v, 0.0) for v in (self.high, self.low))
        slope = np.where(p, 1 / theta[-1], 0.0) + high * first[0] + low * first[1]
        return first[0] + first[1], slope

    def meat(self, theta: Floats, unit: Codes | None) -> Floats:
        """Sum of products of the scores (p + 1, p + 1), by row or summed by unit first."""
        along, slope = (self.w * d for d in self._first(theta))
        if unit is not None:
            rows = np.c_[-self.X[self.code] * along[:, None], slope]
            by_unit = sums_by(rows, unit, int(unit.max()) + 1)
            return np.asarray(by_unit.T @ by_unit)
        k = self.X.shape[1]
        out = np.zeros((k + 1, k + 1))
        out[:k, :k] = self.X.T @ (self.count(along**2)[:, None] * self.X)
        out[k, :k] = out[:k, k] = -self.count(along * slope) @ self.X
        out[k, k] = slope @ slope
        return out


def _middle(low: Floats, high: Floats) -> Floats:
    """The midpoint (n,), or the one end that is known."""
    one = np.where(np.isfinite(low), low, high)
    other = np.where(np.isfinite(high), high, low)
    return np.asarray((one + other) / 2)


def _log_mass(zl: Floats, zh: Floats, point: NDArray[np.bool_]) -> Floats:
    """log(Phi(zh) - Phi(zl)) (n,) without cancellation in either tail; 0 for points."""
    flip = zl > 0
    upper, lower = np.where(flip, -zl, zh), np.where(flip, -zh, zl)
    upper, lower = np.where(point, np.inf, upper), np.where(point, -np.inf, lower)
    top, bottom = special().log_ndtr(upper), special().log_ndtr(lower)
    return np.asarray(top + np.log1p(-np.exp(bottom - top)))
