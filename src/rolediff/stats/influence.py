"""What an estimate would be without each cluster, exactly and without refitting.

Leaving out rows j changes b by -M X_j'W_j (I - H_j)^-1 e_j, with M the inverse of X'WX and H_j the
rows' own block of the hat matrix (Cook and Weisberg 1982, section 3.6; Hansen 2022, section 5).
Cost is that of the smaller of a cluster's rows and the number of coefficients.
"""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import Linear

LOST = 1e-9
"""Directions of which only the cluster left out tells more than all but this do not move."""
BATCH = 1 << 22


def left_out_changes(fit: Linear, column: int) -> Floats:
    """Change (G,) of the coefficient of `column` when each cluster of `fit` is left out.

    Clusters are rows where none are known.
    """
    order = np.argsort(fit.unit, kind="stable")
    edges = np.searchsorted(fit.unit[order], np.arange(fit.clusters + 1))
    size = np.diff(edges)
    root = np.sqrt(fit.w)
    X, e = fit.X[:, fit.keep] * root[:, None], fit.residual * root
    M = fit.bread[np.ix_(fit.keep, fit.keep)]
    along = fit.bread[column, fit.keep]
    out = np.zeros(fit.clusters)
    for rows in np.unique(size[size > 0]):
        clusters = np.flatnonzero(size == rows)
        step = max(1, BATCH // int(rows) ** 2 if rows <= len(M) else BATCH // len(M) ** 2)
        for first in range(0, len(clusters), step):
            some = clusters[first : first + step]
            at = order[edges[some][:, None] + np.arange(rows)]
            few = rows <= len(M)
            out[some] = _by_rows(X, e, M, along, at) if few else _by_columns(X, e, M, along, at)
    return out


def _by_rows(X: Floats, e: Floats, M: Floats, along: Floats, at: Codes) -> Floats:
    x = X[at]
    hat = x @ M @ x.transpose(0, 2, 1)
    rest = _inverse(np.eye(at.shape[1]) - hat) @ e[at][:, :, None]
    return np.asarray(-np.einsum("p,gnp,gn->g", along, x, rest[:, :, 0], optimize=True))


def _by_columns(X: Floats, e: Floats, M: Floats, along: Floats, at: Codes) -> Floats:
    x, root = X[at], np.linalg.cholesky(M)
    inner = root.T @ (x.transpose(0, 2, 1) @ x) @ root
    score = np.einsum("gnp,gn->gp", x, e[at], optimize=True) @ root
    rest = _inverse(np.eye(len(M)) - inner) @ score[:, :, None]
    # With M = root root', the column's row of M is its row of root times root'.
    lead = np.linalg.solve(root, along)
    return np.asarray(-rest[:, :, 0] @ lead)


def _inverse(matrices: Floats) -> Floats:
    """Inverses of symmetric matrices (g, k, k) on the directions they have."""
    value, vector = np.linalg.eigh(matrices)
    inverse = np.where(value > LOST, 1 / np.maximum(value, LOST), 0.0)
    return np.asarray((vector * inverse[:, None, :]) @ vector.transpose(0, 2, 1))
