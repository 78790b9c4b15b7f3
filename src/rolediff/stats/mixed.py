"""Random intercepts and slopes for one grouping factor, by (restricted) maximum likelihood.

The profiled criterion of Bates, Maechler, Bolker and Walker (2015, Journal of Statistical Software
67(1), section 3.4) from the cross-products of each group, so cost does not grow with rows. For a
group y = Xb + Zu + e with u ~ N(0, s^2 L L') and e ~ N(0, s^2 / w).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import linear

STEPS, SMALL = 200, 1e-9
LEAST = 1e-13
"""Share of the criterion by which it must still be expected to fall: below it is rounding."""
EQUAL = 1e-12
"""Variation below this share of the outcomes, or of their squares, is that of rounding."""
SAME = "outcomes do not vary within groups: effects cannot be told from errors"
GRID = np.r_[0.0, np.geomspace(1e-2, 1e2, 33)]
"""Ratios of the spread of effects to that of errors among which the search starts."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Shapes: `fixed` (p,) with `vcov` (p, p); `covariance` (q, q) of the random effects;
    `effects` (G, q) their predictions (BLUP) and `spread` (G, q, q) their conditional variances;
    `sigma2` of errors. `criterion` is the REML criterion, or -2 log-likelihood under ML.
    """

    fixed: Floats
    vcov: Floats
    covariance: Floats
    sigma2: float
    effects: Floats
    spread: Floats
    criterion: float
    n: int
    reml: bool

    @property
    def loglik(self) -> float:
        """The (restricted) log-likelihood."""
        return -0.5 * self.criterion


@dataclass(frozen=True)
class GroupMoments:
    """What the model needs of its rows: with G groups, `zz` (G, q, q), `zx` (G, q, p), `zy`
    (G, q) of Z'WZ, Z'WX, Z'Wy; `xx` (p, p), `xy` (p,), `yy` over all rows; `n` rows and
    `log_w`, the sum of log w. Moments of parts with the same groups add up.
    """

    zz: Floats
    zx: Floats
    zy: Floats
    xx: Floats
    xy: Floats
    yy: float
    n: int
    log_w: float = 0.0

    def __add__(self, other: GroupMoments) -> GroupMoments:
        return GroupMoments(
            self.zz + other.zz, self.zx + other.zx, self.zy + other.zy, self.xx + other.xx,
            self.xy + other.xy, self.yy + other.yy, self.n + other.n, self.log_w + other.log_w,
        )  # fmt: skip

    def within(self) -> float:
        """Sum of squares of y that X and the effects of every group, taken as fixed, leave."""
        solved = np.linalg.pinv(self.zz, rcond=EQUAL, hermitian=True)
        by_x = solved @ self.zx
        xx = self.xx - np.einsum("gqp,gqr->pr", self.zx, by_x)
        xy = self.xy - np.einsum("gqp,gq->p", by_x, self.zy)
        own = float(np.einsum("gq,gqr,gr->", self.zy, solved, self.zy))
        # What is left of X by cancellation alone explains nothing.
        inverse = np.linalg.pinv(xx, rcond=1e-9, hermitian=True)
        some = np.diag(xx) > 1e-9 * np.diag(self.xx)
        return self.yy - own - (float(xy @ inverse @ xy) if some.any() else 0.0)

    @classmethod
    def of(
        cls, y: Floats, X: Floats, group: Codes, Z: Floats | None = None,
        weights: Floats | None = None, count: int | None = None,
    ) -> GroupMoments:  # fmt: skip
        """From rows: `group` (n,) codes below G (`count`), `Z` (n, q) by default a constant."""
        w = np.ones(len(y)) if weights is None else weights
        Z = np.ones((len(y), 1)) if Z is None else Z
        count = int(group.max()) + 1 if count is None else count
        q, wz = Z.shape[1], Z * w[:, None]
        zz, zx = np.zeros((count, q, q)), np.zeros((count, q, X.shape[1]))
        zy = np.zeros((count, q))
        np.add.at(zz, group, wz[:, :, None] * Z[:, None, :])
        np.add.at(zx, group, wz[:, :, None] * X[:, None, :])
        np.add.at(zy, group, wz * y[:, None])
        wx = X * w[:, None]
        return cls(zz, zx, zy, wx.T @ X, wx.T @ y, float(w @ (y * y)), len(y),
                   float(np.sum(np.log(w))))  # fmt: skip


def mixed_model(
    y: Floats,
    X: Floats,
    group: Codes,
    Z: Floats | None = None,
    weights: Floats | None = None,
    *,
    reml: bool = True,
) -> Mixed:
    """Fit `y` (n,) on `X` (n, p) with effects of `Z` (n, q; default a constant) by `group` (n,).

    `weights` (n,) divide the error variance of their row. A row of weight 0 is left out; effects
    are numbered by the sorted values of `group`.

    Raises:
        NotEnoughEvidence: fewer than two groups, no more rows than coefficients, or outcomes that
            do not vary within groups, so that effects cannot be told from errors.
    """
    if weights is not None and (weights <= 0).any():
        some = weights > 0
        y, X, group, weights = y[some], X[some], group[some], weights[some]
        Z = None if Z is None else Z[some]
    code = np.unique(group, return_inverse=True)[1]
    start = linear(X, y, weights)
    if np.abs(start.residual).max(initial=0.0) <= EQUAL * np.abs(y).max(initial=0.0):
        raise NotEnoughEvidence(SAME)
    keep, p = start.keep, X.shape[1]
    # Residuals in place of outcomes: the same model, without the cancellation of large means.
    moments = GroupMoments.of(start.residual, X[:, keep], code, Z, weights)
    fitted = fit_mixed(moments, reml=reml)
    fixed, vcov = start.coef.copy(), np.zeros((p, p))
    fixed[keep] += fitted.fixed
    vcov[np.ix_(keep, keep)] = fitted.vcov
    return Mixed(fixed, vcov, fitted.covariance, fitted.sigma2, fitted.effects, fitted.spread,
                 fitted.criterion, fitted.n, reml)  # fmt: skip


def fit_mixed(m: GroupMoments, *, reml: bool = True) -> Mixed:
    """Fit the model from its moments; columns of X must not be aliased.

    Raises:
        NotEnoughEvidence: as `mixed_model`.
    """
    if len(m.zz) < 2 or m.n <= len(m.xx) + 1:
        raise NotEnoughEvidence(f"{len(m.zz)} groups of {m.n} rows: random effects need more")
    if m.within() <= EQUAL * m.yy:
        raise NotEnoughEvidence(SAME)
    q = m.zz.shape[1]
    problem = _Problem(m, reml)
    scale = np.sqrt(np.einsum("gii->i", m.zz) / np.maximum(m.n, 1))
    starts = [np.diag(s / np.where(scale > 0, scale, 1.0)) for s in GRID]
    L = min(starts, key=problem.value)
    L = problem.climb(L if L.any() else starts[1])
    zero = np.zeros((q, q))
    if problem.value(zero) <= problem.value(L):
        L = zero
    return problem.answer(L)


@dataclass(frozen=True)
class _Problem:
    """The criterion as a function of L (q, q), lower triangular, and its gradient."""

    m: GroupMoments
    reml: bool

    @property
    def _free(self) -> int:
        return self.m.n - (len(self.m.xx) if self.reml else 0)

    def _solve(self, L: Floats) -> tuple[Floats, Floats, Floats, Floats, float, float]:
        """Z'V^-1 Z and Z'V^-1 X by group, X'V^-1 X, b, r'V^-1 r, log det V."""
        m, q = self.m, len(L)
        D = L @ L.T
        inner = np.eye(q) + m.zz @ D
        S, T = (np.asarray(np.linalg.solve(inner, right), float) for right in (m.zz, m.zx))
        du = np.linalg.solve(inner, m.zy[:, :, None])[:, :, 0] @ D
        zx = m.zx.reshape(-1, len(m.xx))
        xvx: Floats = m.xx - zx.T @ (D @ T).reshape(zx.shape)
        xvy = m.xy - zx.T @ du.ravel()
        yvy = m.yy - float(m.zy.ravel() @ du.ravel())
        b = np.asarray(np.linalg.solve(xvx, xvy), float)
        logdet = float(np.linalg.slogdet(inner)[1].sum())
        return S, T, xvx, b, yvy - float(b @ xvy), logdet

    def value(self, L: Floats) -> float:
        """-2 log-likelihood, profiled over b and sigma."""
        _, _, xvx, _, rss, logdet = self._solve(L)
        if rss <= 0:
            return math.inf
        value = logdet - self.m.log_w + self._free * (1 + math.log(2 * math.pi * rss / self._free))
        return value + (float(np.linalg.slogdet(xvx)[1]) if self.reml else 0.0)

    def gradient(self, L: Floats) -> Floats:
        """Derivatives by the entries of L on and below its diagonal (k,)."""
        S, T, xvx, b, rss, _ = self._solve(L)
        D, m = L @ L.T, self.m
        u = np.linalg.solve(np.eye(len(L)) + m.zz @ D, (m.zy - m.zx @ b)[:, :, None])[:, :, 0]
        G = S.sum(axis=0) - self._free / rss * (u.T @ u)
        if self.reml:
            G = G - np.tensordot(T @ np.linalg.inv(xvx), T, ((0, 2), (0, 2)))
        by_l: Floats = ((G + G.T) @ L)[np.tril_indices(len(L))]
        return by_l

    def climb(self, L: Floats) -> Floats:
        """Newton's method with a Hessian by differences of gradients, kept positive definite."""
        at = np.tril_indices(len(L))
        theta, value = L[at], self.value(L)
        for _ in range(STEPS):
            g = self.gradient(_lower(theta))
            step = -np.linalg.solve(self._hessian(theta), g)
            if -float(g @ step) <= LEAST * max(abs(value), 1.0):
                return _lower(theta + step)
            size = 1.0
            while self.value(_lower(theta + size * step)) > value and size > 1e-12:
                size /= 2
            after = self.value(_lower(theta + size * step))
            if size <= 1e-12 or np.abs(step).max() <= SMALL * max(np.abs(theta).max(), 1e-6):
                break
            theta, value = theta + size * step, after
        return _lower(theta)

    def _hessian(self, theta: Floats) -> Floats:
        h = 1e-5 * max(float(np.abs(theta).max()), 1e-3)
        rows = [
            (self.gradient(_lower(theta + e)) - self.gradient(_lower(theta - e))) / (2 * h)
            for e in h * np.eye(len(theta))
        ]
        H = (np.array(rows) + np.array(rows).T) / 2
        size, vectors = np.linalg.eigh(H)
        size = np.maximum(np.abs(size), 1e-8 * max(np.abs(size).max(), 1e-8))
        return np.asarray((vectors * size) @ vectors.T)

    def answer(self, L: Floats) -> Mixed:
        """Estimates and predictions at L."""
        m, (_, _, xvx, b, rss, _) = self.m, self._solve(L)
        D, sigma2 = L @ L.T, rss / self._free
        inner = np.eye(len(L)) + m.zz @ D
        u = np.linalg.solve(inner, (m.zy - m.zx @ b)[:, :, None])[:, :, 0]
        spread = sigma2 * (D @ np.linalg.inv(inner))
        vcov = sigma2 * np.asarray(np.linalg.inv(xvx), float)
        return Mixed(b, vcov, sigma2 * D, sigma2, u @ D, spread, self.value(L), m.n, self.reml)


def _lower(theta: Floats) -> Floats:
    q = round((math.sqrt(8 * len(theta) + 1) - 1) / 2)
    L = np.zeros((q, q))
    L[np.tril_indices(q)] = theta
    return L
