"""Both groups fitted to an outcome that was itself estimated, with errors that know it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rolediff.stats.alike import gathered
from rolediff.stats.cells import Codes, Floats, sums_by
from rolediff.stats.cluster_meat import Clusters, Scores
from rolediff.stats.jackknife import strata
from rolediff.stats.joint import Joint, Lean, joint
from rolediff.stats.rif import TURN, Generated
from rolediff.stats.valued import Valued


def generated_joint(v: Valued, g: Generated, *, clustered: bool) -> Joint:
    """Theta and its errors for the outcome `g` (see `stats/joint.py`).

    Independent rows: stacked influence functions with HC1's factors. Clusters: the same summed by
    cluster, or where few carry the estimate the cluster jackknife, in which the ingredients of
    the RIF move by their influence. Each density that was estimated is a `Lean`.
    """
    fitted, covariances = _fitted(v, g, clustered)
    leans = [
        Lean(covariance, _fitted(v, g.turned(h), clustered)[0], TURN)
        for h, covariance in zip(g.heights, covariances, strict=True)
    ]
    return replace(fitted, leans=tuple(leans))


def _fitted(v: Valued, g: Generated, clustered: bool) -> tuple[Joint, list[Floats]]:
    """Theta with its errors, and its covariance (6p,) with the logarithm of each density."""
    cells = v.with_outcome(g.r)
    fitted = joint(
        cells if clustered else gathered(cells, v.code * 2 + cells.group),
        "cluster" if clustered else "robust",
        spread=not g.z.shape[1],
    )
    if not g.z.shape[1]:
        return fitted, []
    links = [_link(fitted, g, side) for side in (True, False)]
    if fitted.jackknife:
        moved = fitted.moved + sum(_moves(v, g.z, side, link) for side, link in _sides(links))
        scale = 1 - 1 / strata(cells)
        one = np.ones((1, 1))
        alone = [(scale * _moves(v, h.log[:, None], h.side, one)[:, 0]) @ moved for h in g.heights]
        return replace(fitted, moved=moved, scale=scale), alone
    if clustered:
        V = _by_cluster(fitted, v, g, links)
        width = len(fitted.theta)
        return replace(fitted, vcov=V[:width, :width]), list(V[width:, :width])
    V, along = fitted.vcov.copy(), []
    for side, link in _sides(links):
        added, with_heights = _added(fitted, v, g, side, link)
        V += added
        along.append(with_heights)
    return replace(fitted, vcov=V), list(along[0] + along[1])


def _sides(links: list[Floats]) -> list[tuple[bool, Floats]]:
    return list(zip((True, False), links, strict=True))


def _link(fitted: Joint, g: Generated, side: bool) -> Floats:
    """From weighted sums of z in one group to theta: (6p, R)."""
    p = fitted.design.width
    to_theta = fitted.maps[0 if side else 1].reshape(6 * p, 4, p)[:, 1:].sum(axis=1)
    linked: Floats = to_theta @ g.loadings[int(side)].T
    return linked


def _moves(v: Valued, z: Floats, side: bool, link: Floats) -> Floats:
    """What leaving out each cluster does to theta through the ingredients: (G, 6p)."""
    sums, weight = _sums_by_cluster(v, z, side)
    rest = 1 - weight / weight.sum()
    moved: Floats = -(sums / rest[:, None]) @ link.T
    return moved


def _sums_by_cluster(v: Valued, z: Floats, side: bool) -> tuple[Floats, Floats]:
    """Weighted sums of z (G, R) and of weights (G,) in one group."""
    c = v.cells
    assert c.cluster is not None
    count, mine = int(c.cluster.max()) + 1, c.group == side
    cluster, w = c.cluster[mine], c.w[mine]
    sums = [sums_by(cluster, w * column, count) for column in z[mine].T]
    return np.stack(sums, axis=1), sums_by(cluster, w, count)


def _residuals(fitted: Joint, g: Generated, at: Codes, side: bool) -> list[Floats]:
    """1 and the residuals of the own, Neumark and pooled model at these lines: 4 of (m,)."""
    r = g.r[at]
    own, neumark, pooled = fitted.coefs[0 if side else 1]
    shift = pooled[-1] if side else 0.0
    fits = [g.design.fits(b, at) for b in (own, neumark, pooled[:-1])]
    return [np.ones(len(at)), r - fits[0], r - fits[1], r - fits[2] - shift]


def _added(
    fitted: Joint, v: Valued, g: Generated, side: bool, link: Floats
) -> tuple[Floats, Floats]:
    """What the ingredients add to the covariance of theta, in one group of independent rows, and
    the covariance of theta with the logarithms of the D densities (D, 6p)."""
    at = np.flatnonzero(v.cells.group == side)
    ww, z = v.cells.ww[at], g.z[at]
    logs = np.stack([h.log[at] for h in g.heights]) if g.heights else np.zeros((0, len(at)))
    parts = _residuals(fitted, g, at, side)
    both = np.concatenate([z.T, logs])
    sums = [g.design.cross(at, (ww * part) * both) for part in parts]
    to_theta = fitted.maps[0 if side else 1]
    along = to_theta @ np.concatenate(sums, axis=1).T
    rank = z.shape[1]
    mixed = along[:, :rank] @ link.T
    added: Floats = mixed + mixed.T + link @ (z.T @ (ww[:, None] * z)) @ link.T
    with_logs: Floats = (along[:, rank:] + link @ (z.T @ (ww * logs).T)).T
    rows = float(v.cells.n[at].sum())
    k = fitted.design.width - len(fitted.dropped_columns)
    factor = rows / max(rows - k, 1.0)
    return added * factor, with_logs * factor


def _by_cluster(fitted: Joint, v: Valued, g: Generated, links: list[Floats]) -> Floats:
    """Covariance of theta and of the logarithms of densities (6p + D, 6p + D), as CR1, from whole
    influence functions summed by cluster."""
    c = v.cells
    assert c.cluster is not None
    count, rows = int(c.cluster.max()) + 1, float(c.n.sum())
    k = fitted.design.width - len(fitted.dropped_columns)
    sides = tuple(_scores(fitted, v, g, side) for side in (True, False))
    to_theta = np.concatenate([_linked(fitted, g, *each) for each in _sides(links)], axis=1)
    V = to_theta @ Clusters(g.design, c.cluster, count).meat(sides) @ to_theta.T
    return np.asarray(V * (count / (count - 1) * (rows - 1) / max(rows - 2 * k, 1.0)))


def _scores(fitted: Joint, v: Valued, g: Generated, side: bool) -> Scores:
    """What the lines of one group add: 1 and residuals times x, ingredients, and densities."""
    at = np.flatnonzero(v.cells.group == side)
    w = v.cells.w[at][:, None]
    parts = np.stack(_residuals(fitted, g, at, side), axis=1)
    alone = np.column_stack([g.z[at], *(h.log[at] for h in g.heights)])
    return Scores(at, parts * w, alone * w)


def _linked(fitted: Joint, g: Generated, side: bool, link: Floats) -> Floats:
    """From the sums of these to theta and the logarithms of densities: (6p + D, 4p + R + D)."""
    logs = len(g.heights)
    to_theta = np.concatenate([fitted.maps[0 if side else 1], link], axis=1)
    none = np.zeros((logs, to_theta.shape[1]))
    return np.block([[to_theta, np.zeros((len(to_theta), logs))], [none, np.eye(logs)]])
