"""Least squares on rows held as a dense matrix, for what needs every row's own part of it.

`ols` fits cells at any size; the methods for few clusters, for hidden factors and for influence
look at single rows of the few thousand records of a pair of roles, and start from here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.design import Design, aliased

GROUP_NAME = "(group)"
"""Of the column that is 1 in group A."""
WELL_APART = 1e-2
"""Least root of the share of a column's square that the columns before it do not tell."""


@dataclass(frozen=True)
class Linear:
    """A weighted least-squares fit.

    Shapes: `X` (n, p), `y`, `w` and `residual` (n,), `coef` (p,), `bread` (p, p) the inverse of
    X'WX; aliased columns have coefficient 0 and a bread of 0. `keep` lists the others. `cluster`
    holds codes 0 .. G-1 or is None. `names` are the columns'.
    """

    X: Floats
    y: Floats
    w: Floats
    coef: Floats
    residual: Floats
    bread: Floats
    keep: Codes
    cluster: Codes | None = None
    names: tuple[str, ...] = field(default=())

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.y)

    @property
    def df(self) -> int:
        """Rows less coefficients."""
        return self.n - len(self.keep)

    @property
    def clusters(self) -> int:
        """Clusters, or rows where each stands alone."""
        return self.n if self.cluster is None else int(self.cluster.max()) + 1

    @cached_property
    def unit(self) -> Codes:
        """The cluster of each row (n,); its own number where each stands alone."""
        return np.arange(self.n) if self.cluster is None else self.cluster

    @cached_property
    def iid(self) -> Floats:
        """Covariance (p, p) under errors of equal variance."""
        sigma2 = float(self.w @ self.residual**2) / self.df if self.df > 0 else math.nan
        return self.bread * sigma2

    def by_record(self) -> Linear:
        """The same fit with every row and its outcome times the root of its weight.

        Where a weight says how many records a row stands for, errors that rest on a working model
        of equal variance then have it by record, not by row: k records of one row have a k-th of
        its variance, and how records are put into rows changes nothing.
        """
        root = np.sqrt(self.w)
        return replace(
            self, X=self.X * root[:, None], y=self.y * root, w=np.ones(self.n),
            residual=self.residual * root,
        )  # fmt: skip

    def column(self, name: str) -> int:
        """Number of the column of this name. Raises ValueError where there is none."""
        return self.names.index(name)

    def score(self) -> Floats:
        """Sums over each cluster of x w e: (G, p)."""
        rows = self.X * (self.w * self.residual)[:, None]
        return rows if self.cluster is None else sums_by(rows, self.cluster, self.clusters)


def sums_by(rows: Floats, cluster: Codes, count: int) -> Floats:
    """Sums of `rows` (n, p) over each of `count` clusters: (count, p)."""
    if (np.diff(cluster) < 0).any():
        order = np.argsort(cluster, kind="stable")
        rows, cluster = rows[order], cluster[order]
    total = np.zeros((count, rows.shape[1]))
    add_runs(total, rows, cluster)
    return total


def add_runs(total: Floats, rows: Floats, cluster: Codes) -> None:
    """Add to each line of `total` (G, p) the `rows` (n, p) of its `cluster` (n,), in order.

    Rows alone in their cluster are added as they are: that is quicker than a sum of one.
    """
    edges = np.flatnonzero(np.r_[True, cluster[1:] != cluster[:-1]][: len(cluster)])
    size = np.diff(np.r_[edges, len(cluster)])
    first = edges[size == 1]
    total[cluster[first]] += rows[first]
    several, size = edges[size > 1], size[size > 1]
    if len(several):
        begins = np.cumsum(size) - size
        mine = np.repeat(several - begins, size) + np.arange(size.sum())
        total[cluster[several]] += np.add.reduceat(rows[mine], begins, axis=0)


def linear(
    X: Floats,
    y: Floats,
    weights: Floats | None = None,
    cluster: Codes | None = None,
    names: Sequence[str] = (),
) -> Linear:
    """Fit `y` (n,) on the columns of `X` (n, p) with `weights` (n,), solved to full precision.

    `cluster` (n,) may hold any values; equal ones are one cluster. Rows of weight 0 are left out.
    """
    w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
    code = None if cluster is None else np.asarray(cluster)
    if (w == 0).any():
        X, y, w, code = X[w > 0], y[w > 0], w[w > 0], None if code is None else code[w > 0]
    code = None if code is None else np.unique(code, return_inverse=True)[1]
    root = np.sqrt(w)
    scaled = X * root[:, None]
    norm = np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    scaled = scaled / np.where(norm > 0, norm, 1.0)
    keep = np.setdiff1d(np.arange(X.shape[1]), aliased(scaled.T @ scaled))
    inverse, solved = _solve(scaled[:, keep], root * y)
    coef, bread = np.zeros(X.shape[1]), np.zeros((X.shape[1],) * 2)
    coef[keep] = solved / norm[keep]
    bread[np.ix_(keep, keep)] = inverse / np.outer(norm[keep], norm[keep])
    return Linear(X, y, w, coef, y - X @ coef, bread, keep, code, tuple(names))


def _solve(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Inverse of X'X and coefficients, for columns of length 1.

    From the cross-products with one refinement, or by QR where columns are so alike that squaring
    them would cost digits.
    """
    gram = X.T @ X
    if len(gram) and float(np.diag(np.linalg.cholesky(gram)).min()) < WELL_APART:
        Q, R = np.linalg.qr(X)
        root = np.linalg.inv(R)
        return np.asarray(root @ root.T, float), root @ (Q.T @ y)
    inverse = np.asarray(np.linalg.inv(gram), float)
    b = inverse @ (X.T @ y)
    return inverse, b + inverse @ (X.T @ (y - X @ b))


def linear_cells(cells: Cells, *, with_group: bool = True) -> Linear:
    """Fit cells of one row each, with an indicator of group A as the last column.

    Numeric covariates are centred and scaled, as in `Design`.
    """
    design = Design.of(cells)
    X = design.matrix(slice(None))
    names = [": ".join(filter(None, (t.factor, t.label))) for t in design.column_terms]
    if with_group:
        X, names = np.c_[X, cells.group], [*names, GROUP_NAME]
    w = cells.w
    y = np.divide(cells.wy, w, out=np.zeros_like(w), where=w > 0)
    return linear(X, y, w, cells.cluster, names)
