"""The cluster jackknife, for few clusters, where a plain sandwich is too narrow.

With d_g the change of an estimate when cluster g is left out, V = (G - 1) / G sum d_g d_g': the
CV3 of MacKinnon, Nielsen and Webb (2023, Journal of Econometrics 232(2), section 3.1). It needs
one cross-product matrix per cluster and no second pass over rows.
"""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats, blocks
from rolediff.stats.design import Design

FEW_CLUSTERS = 100
"""Where fewer clusters than this carry an estimate, it is jackknifed."""
MOST_LEFT_OUT = 2000
"""With more clusters than this the sandwich stays: leaving out each would take too long."""


def cluster_moments(
    design: Design, count: int, *, with_group: bool = False
) -> tuple[Floats, Floats]:
    """X'WX (G, p, p) and X'Wy (G, p) of each of `count` clusters; the group as a last column."""
    cells, p = design.cells, design.width + with_group
    assert cells.cluster is not None
    gram, cross = np.zeros((count, p, p)), np.zeros((count, p))
    order = np.argsort(cells.cluster, kind="stable")
    edges = np.searchsorted(cells.cluster[order], np.arange(count + 1))
    for g in range(count):
        mine = order[edges[g] : edges[g + 1]]
        for part in blocks(len(mine)):
            some = cells.take(mine[part])
            X = Design(some, design.centre, design.scale).matrix(slice(None))
            X = np.c_[X, some.group] if with_group else X
            gram[g] += X.T @ (X * some.w[:, None])
            cross[g] += X.T @ some.wy
    return gram, cross


def changes(gram: Floats, cross: Floats, coef: Floats, keep: Codes) -> Floats:
    """Least-squares coefficients without each cluster, less `coef`: (G, p), 0 off `keep`.

    A direction that only the cluster left out can tell does not move (pseudo-inverse). That is
    decided in coordinates in which the whole sample's cross-products are the identity, so that it
    does not depend on the choice of base categories.
    """
    score = (cross - gram @ coef)[:, keep]
    inner = gram[:, keep][:, :, keep]
    whiten = np.linalg.inv(np.linalg.cholesky(inner.sum(axis=0)))
    left = np.eye(len(keep)) - whiten @ inner @ whiten.T
    moved = np.linalg.pinv(left, rcond=1e-10, hermitian=True) @ (score @ whiten.T)[:, :, None]
    out = np.zeros_like(cross)
    out[:, keep] = -moved[:, :, 0] @ whiten
    return out


def spread(moved: Floats, sizes: Floats | None = None) -> Floats:
    """CV3 (k, k) from the changes (G, k) of an estimate.

    `sizes` (G,) is how many clusters each one's stratum has; without it all are one stratum.
    """
    g = np.full(len(moved), float(len(moved))) if sizes is None else sizes
    covariance: Floats = moved.T @ (moved * (1 - 1 / g)[:, None])
    return covariance


def strata(cells: Cells) -> Floats:
    """Clusters in the stratum of each (G,): the two groups are two if they share none."""
    assert cells.cluster is not None
    count = int(cells.cluster.max()) + 1
    in_a = np.bincount(cells.cluster[cells.group], minlength=count) > 0
    in_b = np.bincount(cells.cluster[~cells.group], minlength=count) > 0
    if (in_a & in_b).any():
        return np.full(count, float(count))
    sizes: Floats = np.where(in_a, in_a.sum(), in_b.sum()).astype(float)
    return sizes


def welch(in_a: Floats, in_b: Floats, present: tuple[int, int]) -> float:
    """Degrees of freedom of a gap from what clusters add to it in A (G,) and in B (G,).

    Welch's (1947) for groups in `present` clusters each, at most G - 1, which it is when the
    groups share their clusters.
    """
    variance = float(in_a @ in_a), float(in_b @ in_b)
    slack = sum(v * v / max(n - 1, 1) for v, n in zip(variance, present, strict=True))
    most = len(in_a) - 1.0
    return min(most, sum(variance) ** 2 / slack) if slack > 0 else most
