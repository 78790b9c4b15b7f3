"""Bias-reduced cluster-robust errors (CR2) and the degrees of freedom that go with them.

Bell and McCaffrey (2002, Survey Methodology 28(2)); with weights and any fixed effects Pustejovsky
and Tipton (2018, Journal of Business & Economic Statistics 36(4), sections 2 and 3). The working
model is errors independent and of equal variance, also where rows are weighted; where weights count
records, `Linear.by_record` makes it equal variance of records.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import Linear

Kind = Literal["CR0", "CR1", "CR1S", "CR2", "CR3"]
SINGULAR = 1e-10
"""Eigenvalues of a cluster's residual variance at or below this count as zero."""
LIGHT = 1e-3
"""Leverage of a cluster of rows up to which its adjustment, which is about half of it, is left
out."""


@dataclass(frozen=True)
class ClusterRobust:
    """Errors of `fit` that allow for dependence within its clusters (rows where it has none).

    CR0; CR1 with G/(G-1); CR1S with G/(G-1) (N-1)/(N-k); CR2; CR3, the jackknife without its
    factor. Cost grows with n p^2, never with the square of a cluster's rows.
    """

    fit: Linear

    def vcov(self, kind: Kind = "CR2") -> Floats:
        """Covariance (p, p) of the coefficients."""
        fit, g = self.fit, self.fit.clusters
        if kind in ("CR2", "CR3"):
            score = self._adjusted(-0.5 if kind == "CR2" else -1.0)
        else:
            score = fit.score()
        scaled = score @ fit.bread
        factor = g / (g - 1) if kind[:3] == "CR1" and g > 1 else 1.0
        if kind == "CR1S":
            factor *= (fit.n - 1) / fit.df if fit.df > 0 else math.nan
        return np.asarray(factor * scaled.T @ scaled)

    def df(self, contrast: Floats) -> float:
        """Satterthwaite degrees of freedom of the variance of `contrast`' b under CR2.

        `contrast` (p,). With g_j the vectors whose squared products with the errors sum to that
        variance, (sum g_j'g_j)^2 / sum_ij (g_i'g_j)^2 (Pustejovsky and Tipton 2018, section 3).
        """
        fit = self.fit
        r = self._rooted @ (fit.bread @ contrast)
        own = _by_cluster(fit.unit, r * r, fit.clusters)
        u = _sums(fit, fit.X * r[:, None])
        v = _sums(fit, fit.X * (fit.w * r)[:, None])
        squared = fit.X.T @ (fit.X * (fit.w**2)[:, None])
        # g_i'g_j is [u v]_i B [u v]_j' off the diagonal, and has own_i more on it.
        zero, K = np.zeros_like(fit.bread), fit.bread @ squared @ fit.bread
        B = np.block([[K, -fit.bread], [-fit.bread, zero]])
        uv = np.c_[u, v]
        inner = B @ (uv.T @ uv)
        shared = np.einsum("gi,ij,gj->g", uv, B, uv, optimize=True)
        top = float(np.sum(shared + own))
        bottom = float(np.sum(inner * inner.T) + 2 * own @ shared + own @ own)
        return top**2 / bottom if bottom > 0 else math.nan

    def test(self, column: int) -> tuple[float, float, float]:
        """Coefficient, CR2 standard error and degrees of freedom of one column."""
        contrast = np.zeros(self.fit.X.shape[1])
        contrast[column] = 1.0
        variance = float(self.vcov("CR2")[column, column])
        return float(self.fit.coef[column]), math.sqrt(variance), self.df(contrast)

    def _members_of(self, clusters: Codes) -> list[Codes]:
        order = np.argsort(self.fit.unit, kind="stable")
        ordered = self.fit.unit[order]
        first, last = (np.searchsorted(ordered, clusters, side) for side in ("left", "right"))
        return [order[a:b] for a, b in zip(first, last, strict=True)]

    @cached_property
    def _rooted(self) -> Floats:
        """A_j W_j X_j, the rows (n, p) of every cluster under its CR2 adjustment."""
        rows = self.fit.X * self.fit.w[:, None]
        return self._adjust(rows, -0.5)

    def _adjusted(self, power: float) -> Floats:
        """Sums over clusters of x w A e: (G, p)."""
        fit = self.fit
        if power == -0.5:
            return _sums(fit, self._rooted * fit.residual[:, None])
        e = self._adjust(fit.residual[:, None], power)
        return _sums(fit, fit.X * fit.w[:, None] * e)

    def _adjust(self, rows: Floats, power: float) -> Floats:
        """A times `rows` (n, k). A is a power of the variance of the cluster's residuals under the
        working model, for CR3 of the identity less its hat matrix, on the directions it has."""
        fit = self.fit
        X, M = fit.X[:, fit.keep], fit.bread[np.ix_(fit.keep, fit.keep)]
        middle = M @ (X.T @ (X * (fit.w**2)[:, None])) @ M if power == -0.5 else M
        hat = np.einsum("ij,jk,ik->i", X, M, X, optimize=True) * fit.w
        left = 1 - hat
        if power == -0.5:
            left = left - hat + np.einsum("ij,jk,ik->i", X, middle, X, optimize=True)
        able = left > SINGULAR
        out = np.where(able, np.where(able, left, 1.0) ** power, 0.0)[:, None] * rows
        alone = np.bincount(fit.unit, minlength=fit.clusters) == 1
        out = np.where(alone[fit.unit][:, None], out, rows)
        leverage = _by_cluster(fit.unit, hat, fit.clusters)
        for at in self._members_of(np.flatnonzero(~alone & (leverage > LIGHT))):
            Q, F = self._low_rank(X[at], fit.w[at], M, middle, power)
            out[at] = rows[at] + Q @ (F @ (Q.T @ rows[at]))
        return out

    @staticmethod
    def _low_rank(
        x: Floats, w: Floats, M: Floats, middle: Floats, power: float
    ) -> tuple[Floats, Floats]:
        """A basis Q and F with A = I + Q F Q', for one cluster."""
        wx = x * w[:, None]
        Q = np.linalg.qr(x if np.ptp(w) == 0 else np.c_[x, wx])[0]
        q, wq = Q.T @ x, Q.T @ wx
        hat, one = q @ M @ wq.T, np.eye(Q.shape[1])
        if power == -1.0:
            return Q, np.linalg.pinv(one - hat, rcond=SINGULAR) - one
        V = one - hat - hat.T + q @ middle @ q.T
        value, vector = np.linalg.eigh((V + V.T) / 2)
        root = np.where(value > SINGULAR, np.maximum(value, SINGULAR) ** power, 0.0)
        return Q, (vector * (root - 1)) @ vector.T


def _sums(fit: Linear, rows: Floats) -> Floats:
    """Sums of rows (n, p) by cluster (G, p)."""
    sums = [_by_cluster(fit.unit, column, fit.clusters) for column in rows.T]
    return np.stack(sums, axis=1)


def _by_cluster(unit: Codes, value: Floats, count: int) -> Floats:
    return np.bincount(unit, value, count).astype(float)
