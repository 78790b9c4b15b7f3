"""Covariance of the stacked estimates when rows of one cluster may depend on one another.

Many clusters: outer product of their influence functions (Liang and Zeger 1986). Few: the cluster
jackknife. Groups may share clusters or not.
"""

from __future__ import annotations

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.design import Design
from rolediff.stats.jackknife import FEW_CLUSTERS, changes, cluster_moments, spread, welch
from rolediff.stats.side import Side, fits


def clustered(
    sides: tuple[Side, Side],
    keep: Codes,
    theta: Floats,
    coefs: list[list[Floats]],
    maps: list[Floats],
) -> tuple[Floats, float, int]:
    """Covariance of theta (6p, 6p), degrees of freedom, and how many clusters there are.

    `keep` are the columns that are not aliased; `coefs` and `maps` are, for each group, the
    coefficients of its three models and the map from its sums to theta.
    """
    in_a, in_b, count = _clusters_of(sides)
    df = welch(*_gap_by_cluster(sides, count), (in_a, in_b))
    if count < FEW_CLUSTERS:
        moved = _left_out(sides, keep, theta.reshape(6, -1), coefs[0][2], count)
        return spread(np.concatenate(moved, axis=1)), df, count
    n, k = sum(s.rows for s in sides), 2 * len(keep)
    factor = count / (count - 1) * (n - 1) / max(n - k, 1)
    return factor * _sandwich(sides, coefs, maps, count), df, count


def _clusters_of(sides: tuple[Side, Side]) -> tuple[int, int, int]:
    """How many clusters have rows in A, in B, and in either."""
    codes = [s.design.cells.cluster for s in sides]
    if codes[0] is None or codes[1] is None:
        raise ValueError("clustered errors need cells with clusters")
    a, b = (np.unique(c) for c in codes)
    return len(a), len(b), int(max(a[-1], b[-1])) + 1


def _gap_by_cluster(sides: tuple[Side, Side], count: int) -> list[Floats]:
    """What each cluster's rows of A, and of B, add to the error of the gap (count,)."""
    out = []
    for side in sides:
        c = side.design.cells
        assert c.cluster is not None
        mean = c.wy.sum() / side.total
        out.append(np.bincount(c.cluster, (c.wy - mean * c.w) / side.total, count))
    return out


def _left_out(sides: tuple[Side, Side], theta: Floats, keep: Codes, count: int) -> list[Floats]:
    """Changes of the six blocks of theta when each cluster is left out: six of (count, p)."""
    (gram_a, cross_a), (gram_b, cross_b) = (cluster_moments(s.design, count) for s in sides)
    p = len(sides[0].mean)
    gram, cross = np.zeros((count, p + 1, p + 1)), np.zeros((count, p + 1))
    gram[:, :p, :p], cross[:, :p] = gram_a + gram_b, cross_a + cross_b
    gram[:, p, :p] = gram[:, :p, p] = gram_a[:, 0]
    gram[:, p, p], cross[:, p] = gram_a[:, 0, 0], cross_a[:, 0]
    both = changes(gram, cross, pooled, np.append(keep, p))
    return [
        _mean_without(sides[0], gram_a),
        changes(gram_a, cross_a, theta[1], keep),
        _mean_without(sides[1], gram_b),
        changes(gram_b, cross_b, theta[3], keep),
        changes(gram[:, :p, :p], cross[:, :p], theta[4], keep),
        both[:, :p],
    ]


def _mean_without(side: Side, gram: Floats) -> Floats:
    rest = side.total - gram[:, 0, 0]
    return (gram[:, 0, :1] * side.mean - gram[:, 0]) / rest[:, None]


def _sandwich(
    sides: tuple[Side, Side],
    coefs: list[list[Floats]],
    maps: list[Floats],
    count: int,
) -> Floats:
    """Outer product of the clusters' influence functions (6p, 6p)."""
    order = [np.argsort(s.design.cells.cluster, kind="stable") for s in sides]  # type: ignore[arg-type]
    parts = [_sorted_side(s, o) for s, o in zip(sides, order, strict=True)]
    width = len(maps[0])
    step = max(1, 4_000_000 // width)
    V = np.zeros((width, width))
    for start in range(0, count, step):
        scores = np.zeros((min(step, count - start), width))
        for side, coef, to_theta in zip(parts, coefs, maps, strict=True):
            scores += _cluster_sums(side, coef, start, len(scores)) @ to_theta.T
        V += scores.T @ scores
    return V


def _sorted_side(side: Side, order: Codes) -> Side:
    design = side.design
    cells = design.cells.take(order)
    return Side(Design(cells, design.centre, design.scale), side.is_a, side.total, side.mean,
                side.gram, side.cross)  # fmt: skip


def _cluster_sums(side: Side, coefs: list[Floats], start: int, count: int) -> Floats:
    """Sums over each cluster start .. start + count of (x, xe, xe', xe''), weighted: (count, 4p)."""
    c, p = side.design.cells, len(side.mean)
    assert c.cluster is not None
    lo, hi = np.searchsorted(c.cluster, [start, start + count])
    out = np.zeros((count, 4 * p))
    for first in range(lo, hi, 1 << 14):
        part = slice(first, min(first + (1 << 14), hi))
        X = side.design.matrix(part)
        residuals = [c.wy[part] - c.w[part] * f for f in fits(side, coefs, part)]
        rows = np.concatenate([X * v[:, None] for v in (c.w[part], *residuals)], axis=1)
        at = c.cluster[part] - start
        edges = np.flatnonzero(np.r_[True, at[1:] != at[:-1]])
        out[at[edges]] += np.add.reduceat(rows, edges, axis=0)
    return out
