"""Both groups fitted to an outcome that was itself estimated, with errors that know it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rolediff.stats.alike import gathered
from rolediff.stats.cells import Codes, Floats, sums_by
from rolediff.stats.design import Design
from rolediff.stats.jackknife import strata
from rolediff.stats.joint import Joint, Lean, joint
from rolediff.stats.rif import TURN, Generated
from rolediff.stats.valued import Valued

BLOCK = 1 << 14


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
    width = len(fitted.theta) + len(g.heights)
    k = fitted.design.width - len(fitted.dropped_columns)
    V = np.zeros((width, width))
    order = np.argsort(c.cluster, kind="stable")
    edges = np.searchsorted(c.cluster[order], np.arange(0, count + 1, 1))
    step = max(1, 4_000_000 // width)
    for start in range(0, count, step):
        stop = min(start + step, count)
        scores = np.zeros((stop - start, width))
        for lo in range(edges[start], edges[stop], BLOCK):
            lines = order[lo : min(lo + BLOCK, edges[stop])]
            for side, link in _sides(links):
                _score(scores, fitted, v, g, lines[c.group[lines] == side], side, link, start)
        V += scores.T @ scores
    return V * (count / (count - 1) * (rows - 1) / max(rows - 2 * k, 1.0))


def _score(
    out: Floats, fitted: Joint, v: Valued, g: Generated, at: Codes, side: bool, link: Floats,
    start: int,
) -> None:  # fmt: skip
    """Add the influence of these lines to the sums of their clusters."""
    if not len(at):
        return
    c = v.cells
    X = Design(c.take(at), fitted.design.centre, fitted.design.scale).matrix(slice(None))
    parts = _residuals(fitted, g, at, side)
    rows = np.concatenate([X * part[:, None] for part in parts], axis=1)
    influence = rows @ fitted.maps[0 if side else 1].T + g.z[at] @ link.T
    influence = np.column_stack([influence, *(h.log[at] for h in g.heights)])
    assert c.cluster is not None
    np.add.at(out, c.cluster[at] - start, influence * c.w[at][:, None])
