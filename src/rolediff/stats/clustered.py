"""Covariance of the stacked estimates when rows of one cluster may depend on one another.

Many clusters: outer product of their influence functions (Liang and Zeger 1986). Few: the cluster
jackknife. Groups may share clusters or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.design import Design
from rolediff.stats.jackknife import changes, cluster_moments, welch
from rolediff.stats.linear import add_runs
from rolediff.stats.side import Side, fits


@dataclass(frozen=True)
class Presence:
    """Which of the G clusters have rows in A and in B, as (G,) each."""

    in_a: NDArray[np.bool_]
    in_b: NDArray[np.bool_]

    @classmethod
    def of(cls, sides: tuple[Side, Side]) -> Presence:
        """Raises ValueError where no clusters are known."""
        codes = [s.design.cells.cluster for s in sides]
        if codes[0] is None or codes[1] is None:
            raise ValueError("clustered errors need cells with clusters")
        count = int(max(c.max() for c in codes if c is not None)) + 1
        return cls(*(np.bincount(c, minlength=count) > 0 for c in codes if c is not None))

    def __len__(self) -> int:
        return len(self.in_a)

    def carrying(self, sides: tuple[Side, Side]) -> float:
        """How many equal clusters would carry the gap as these do; see `ols.carrying_units`."""
        shares = [np.bincount(_codes(s), s.design.cells.w, len(self)) / s.total for s in sides]
        added = sum(share**2 for share in shares)
        return float(np.sum(added) ** 2 / np.sum(np.square(added)))

    def df(self, sides: tuple[Side, Side]) -> float:
        """Degrees of freedom of intervals."""
        in_a, in_b = (_mean_by_cluster(side, len(self)) for side in sides)
        return welch(in_a, in_b, (int(self.in_a.sum()), int(self.in_b.sum())))


def sandwich(
    sides: tuple[Side, Side], coefs: list[list[Floats]], maps: list[Floats], k: int
) -> Floats:
    """Covariance of theta (6p, 6p) from influence functions summed by cluster, as CR1.

    `coefs` and `maps` are, for each group, the coefficients of its three models and the map from
    its sums to theta; `k` coefficients were estimated in each group.
    """
    count, n = len(Presence.of(sides)), sum(s.rows for s in sides)
    factor = count / (count - 1) * (n - 1) / max(n - 2 * k, 1)
    return factor * _outer(sides, coefs, maps, count)


def _codes(side: Side) -> Codes:
    assert side.design.cells.cluster is not None
    return side.design.cells.cluster


def _mean_by_cluster(side: Side, count: int) -> Floats:
    """What each cluster adds to the error of the group's mean outcome (count,)."""
    c = side.design.cells
    assert c.cluster is not None
    error = (c.wy - c.wy.sum() / side.total * c.w) / side.total
    return np.bincount(c.cluster, error, count).astype(float)


def left_out(
    sides: tuple[Side, Side], keep: Codes, theta: Floats, pooled: Floats, count: int
) -> Floats:
    """Changes of theta (6, p) when each of `count` clusters is left out: (count, 6p).

    `keep` are the columns that are not aliased; `pooled` (p + 1,) the coefficients of the model
    with a group indicator.
    """
    (gram_a, cross_a), (gram_b, cross_b) = (cluster_moments(s.design, count) for s in sides)
    p = len(sides[0].mean)
    gram, cross = np.zeros((count, p + 1, p + 1)), np.zeros((count, p + 1))
    gram[:, :p, :p], cross[:, :p] = gram_a + gram_b, cross_a + cross_b
    gram[:, p, :p] = gram[:, :p, p] = gram_a[:, 0]
    gram[:, p, p], cross[:, p] = gram_a[:, 0, 0], cross_a[:, 0]
    both = changes(gram, cross, pooled, np.append(keep, p))
    blocks = [
        _mean_without(sides[0], gram_a),
        changes(gram_a, cross_a, theta[1], keep),
        _mean_without(sides[1], gram_b),
        changes(gram_b, cross_b, theta[3], keep),
        changes(gram[:, :p, :p], cross[:, :p], theta[4], keep),
        both[:, :p],
    ]
    return np.concatenate(blocks, axis=1)


def _mean_without(side: Side, gram: Floats) -> Floats:
    rest = side.total - gram[:, 0, 0]
    return (gram[:, 0, :1] * side.mean - gram[:, 0]) / rest[:, None]


def _outer(
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
    """Weighted sums over each cluster from `start` on of (x, xe, xe', xe''): (count, 4p)."""
    c, p = side.design.cells, len(side.mean)
    assert c.cluster is not None
    lo, hi = np.searchsorted(c.cluster, [start, start + count])
    out = np.zeros((count, 4 * p))
    for first in range(lo, hi, 1 << 14):
        part = slice(first, min(first + (1 << 14), hi))
        X = side.design.matrix(part)
        residuals = [c.wy[part] - c.w[part] * f for f in fits(side, coefs, part)]
        rows = np.concatenate([X * v[:, None] for v in (c.w[part], *residuals)], axis=1)
        add_runs(out, rows, c.cluster[part] - start)
    return out
