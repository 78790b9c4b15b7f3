"""Two groups' means and coefficients with their joint covariance.

The parameters are stacked, theta = (mean_A, b_A, mean_B, b_B, b_neumark, b_pooled), each of p
entries; any part of a decomposition is a smooth function of theta, so its error follows from one
covariance matrix by the delta method (Jann 2008, section 3; Oaxaca and Ransom 1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.clustered import Presence, left_out, sandwich
from rolediff.stats.design import Design, aliased
from rolediff.stats.jackknife import FEW_CLUSTERS, MOST_LEFT_OUT, strata
from rolediff.stats.ols import inverse_on
from rolediff.stats.side import Side, fits, side_of

Errors = Literal["iid", "HC0", "HC1", "robust", "cluster"]


@dataclass(frozen=True)
class Lean:
    """How errors go with the estimates, through one ingredient of both that was itself estimated.

    `covariance` (6p,) of theta with the ingredient; `turned` what `Joint` would be had that come
    out higher by `step`.
    """

    covariance: Floats
    turned: Joint
    step: float


@dataclass(frozen=True)
class Joint:
    """Estimates stacked as theta (6p,) and what their errors follow from.

    That is their covariance `vcov` (6p, 6p), or, for few clusters, their changes `moved` (G, 6p)
    when each cluster is left out, with the factor `scale` (G,) of each squared change.
    `dropped_columns` have no coefficient in one of the groups. `coefs` and `maps` are, for each
    group, the coefficients of its three models and the map (6p, 4p) from its weighted sums of
    (x, xe, xe', xe'') to theta. `leans`: see `Lean`.
    """

    design: Design
    sides: tuple[Side, Side]
    theta: Floats
    vcov: Floats
    df: float
    units: int
    dropped_columns: tuple[int, ...]
    moved: Floats
    scale: Floats
    coefs: tuple[list[Floats], ...] = ()
    maps: tuple[Floats, ...] = ()
    leans: tuple[Lean, ...] = ()

    @property
    def jackknife(self) -> bool:
        """Whether errors come from leaving out clusters."""
        return len(self.moved) > 0


def joint(cells: Cells, errors: Errors, *, spread: bool = True) -> Joint:
    """Fit both groups and both pooled models on `cells`; `errors` as in `decompose`.

    iid, HC1: means independent of coefficients, variance of means with n - 1, as Stata's oaxaca.
    HC0, robust, cluster: stacked influence functions with all their covariances; robust is HC0
    with HC1's small-sample factors, cluster sums by cluster first; fewer than `FEW_CLUSTERS`
    clusters are left out one by one instead (jackknife). Without `spread` a covariance from
    clusters, which takes longest, is left at zero.
    """
    whole = Design.of(cells)
    sides = side_of(whole, True), side_of(whole, False)
    lost = sorted({*aliased(sides[0].gram), *aliased(sides[1].gram)})
    keep = np.setdiff1d(np.arange(whole.width), lost)
    inverses = [inverse_on(s.gram, keep) for s in sides]
    own = [inv @ s.cross for inv, s in zip(inverses, sides, strict=True)]
    neumark, pooled = _pooled(sides, keep)
    theta = np.concatenate(
        [sides[0].mean, own[0], sides[1].mean, own[1],
         neumark @ (sides[0].cross + sides[1].cross), _pooled_coef(pooled, sides)]
    )  # fmt: skip
    coefs = [[own[i], theta[4 * whole.width : 5 * whole.width], pooled @ _stacked_cross(sides)]
             for i in (0, 1)]  # fmt: skip
    maps = [_influence_map(s, inverses[i], neumark, pooled) for i, s in enumerate(sides)]
    k, rows = len(keep), [s.rows for s in sides]
    df, units = _welch(sides, k), sum(rows)
    V, moved, scale = np.zeros((len(theta), len(theta))), np.zeros((0, len(theta))), np.zeros(0)
    if errors == "cluster":
        there = Presence.of(sides)
        df, units = there.df(sides), len(there)
        if there.carrying(sides) < FEW_CLUSTERS and units <= MOST_LEFT_OUT:
            moved = left_out(sides, keep, theta.reshape(6, -1), coefs[0][2], units)
            scale = 1 - 1 / strata(cells)
        elif spread:
            V = sandwich(sides, coefs, maps, k)
    else:
        for i, side in enumerate(sides):
            block = maps[i] @ _second_moments(side, coefs[i]) @ maps[i].T
            V += _finite_sample(block, side, i, k, errors, inverses[i], own[i])
    return Joint(
        whole, sides, theta, V, df, units, tuple(lost), moved, scale,
        tuple(coefs), tuple(maps),
    )  # fmt: skip


def _welch(sides: tuple[Side, Side], k: int) -> float:
    """Degrees of freedom of a difference of two groups (Welch 1947), weights as in Kish (1965)."""
    top, bottom = 0.0, 0.0
    for side in sides:
        c = side.design.cells
        size = side.total**2 / float(c.ww.sum())
        mean = float(c.wy.sum()) / side.total
        variance = (float(c.wyy.sum()) / side.total - mean * mean) / size
        top += variance
        bottom += variance * variance / max(size - k, 1.0)
    return (
        max(top * top / bottom, 1.0)
        if bottom > 0
        else max(sum(s.rows for s in sides) - 2.0 * k, 1.0)
    )


def _pooled(sides: tuple[Side, Side], keep: Codes) -> tuple[Floats, Floats]:
    """Inverses of the pooled grams: without (p, p) and with (p + 1, p + 1) a group indicator."""
    a, b = sides
    p = len(a.mean)
    full = np.zeros((p + 1, p + 1))
    full[:p, :p] = a.gram + b.gram
    full[p, :p] = full[:p, p] = a.gram[0]
    full[p, p] = a.total
    return inverse_on(a.gram + b.gram, keep), inverse_on(full, np.append(keep, p))


def _stacked_cross(sides: tuple[Side, Side]) -> Floats:
    return np.append(sides[0].cross + sides[1].cross, sides[0].cross[0])


def _pooled_coef(pooled: Floats, sides: tuple[Side, Side]) -> Floats:
    return (pooled @ _stacked_cross(sides))[:-1]


def _influence_map(side: Side, inverse: Floats, neumark: Floats, pooled: Floats) -> Floats:
    """From sums of (x, x e_own, x e_neumark, x e_pooled), weighted, to theta: (6p, 4p).

    In group A the indicator equals the constant, so its score is the constant's.
    """
    p = len(side.mean)
    out = np.zeros((6, p, 4, p))
    centred = np.eye(p)
    centred[:, 0] -= side.mean
    at = 0 if side.is_a else 2
    out[at, :, 0] = centred / side.total
    out[at + 1, :, 1] = inverse
    out[4, :, 2] = neumark
    out[5, :, 3] = pooled[:p, :p]
    if side.is_a:
        out[5, :, 3, 0] += pooled[:p, p]
    return out.reshape(6 * p, 4 * p)


def _second_moments(side: Side, coefs: list[Floats]) -> Floats:
    """Sum over rows of w^2 (1, e, e', e'') x (1, e, e', e'') kron xx': (4p, 4p)."""
    c, p = side.design.cells, len(side.mean)
    pairs = [(i, j) for i in range(4) for j in range(i, 4)]

    def columns(part: slice) -> Floats:
        ww, wwy, wwyy = c.ww[part], c.wwy[part], c.wwyy[part]
        f = fits(side, coefs, part)
        first = [wwy - fit * ww for fit in f]
        out = [ww, *first]
        for i in range(3):
            out += [wwyy - f[j] * wwy - f[i] * first[j] for j in range(i, 3)]
        return np.stack(out)

    blocks = side.design.grams(columns, len(pairs))
    out = np.zeros((4, p, 4, p))
    for (i, j), block in zip(pairs, blocks, strict=True):
        out[i, :, j] = out[j, :, i] = block
    return out.reshape(4 * p, 4 * p)


def _finite_sample(
    V: Floats, side: Side, i: int, k: int, errors: Errors, inverse: Floats, own: Floats
) -> Floats:
    """Small-sample factors, and for iid and HC1 means that are independent of coefficients."""
    if errors == "HC0":
        return V
    p, n = len(own), side.rows
    root = np.ones(6)
    root[2 * i] = math.sqrt(n / max(n - 1, 1))
    root[[2 * i + 1, 4, 5]] = math.sqrt(n / max(n - k, 1))
    out = V.reshape(6, p, 6, p) * root[:, None, None, None] * root[None, None, :, None]
    if errors == "robust":
        return out.reshape(6 * p, 6 * p)
    coefficients = [2 * i + 1, 4, 5]
    out[2 * i, :, coefficients] = 0.0
    out[np.ix_(coefficients, range(p), [2 * i], range(p))] = 0.0
    if errors == "iid":
        c = side.design.cells
        sse = float(c.wyy.sum() - own @ side.cross)
        out[2 * i + 1, :, 2 * i + 1] = inverse * sse / max(n - k, 1)
    return out.reshape(6 * p, 6 * p)
