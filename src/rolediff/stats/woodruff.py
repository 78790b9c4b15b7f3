"""Limits of quantiles: where a smoothed distribution function reaches those of the share below.

Woodruff (1952, JASA 47) takes them from the steps of the empirical distribution, which with 100
rows are coarse and make the interval too wide; smoothing it makes them finer (Francisco and Fuller
1991, Annals of Statistics 19(1), section 3; Azzalini 1981, Biometrika 68(1)).
"""

from __future__ import annotations

import math

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.special import special

POINTS = 4096
"""More values than this are taken together by neighbours."""
REACH = 4.0
"""A limit lies no farther away than so many times the distance that the density tells."""
CLOSE = 1e-7
STEPS = 60


def limits(
    y: Floats, w: Floats, q: float, share: float, sparsity: float, width: float
) -> tuple[float, float]:
    """Values where the smoothed distribution is `share` below and above what it is at `q`.

    `y` (m,), rising, with weights `w`. The kernel is that of fourth order with bandwidth `width`;
    `sparsity` is one over the density at `q`.
    """
    y, w = _fewer(y, w)
    start = _distribution(y, w, q, width)[0]
    away = share * sparsity
    below, above = (_solve(y, w, q, start, sign * share, sign * away, width) for sign in (-1, 1))
    return below, above


def _fewer(y: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Values with their shares of weight; neighbours as one where there are more than `POINTS`."""
    w = w / w.sum()
    if len(y) <= POINTS:
        return y, w
    step = np.minimum((np.cumsum(w) * POINTS).astype(np.int64), POINTS - 1)
    first = np.flatnonzero(np.r_[True, step[1:] != step[:-1]])
    weight = np.add.reduceat(w, first)
    return np.add.reduceat(w * y, first) / np.where(weight > 0, weight, 1.0), weight


def _distribution(y: Floats, w: Floats, at: float, width: float) -> tuple[float, float]:
    """The smoothed distribution function at a point, and its derivative."""
    u = (at - y) / width
    bell = np.exp(-0.5 * u**2) / math.sqrt(2 * math.pi)
    reached = float(w @ (special().ndtr(u) + 0.5 * u * bell))
    return reached, float(w @ ((1.5 - 0.5 * u**2) * bell)) / width


def _solve(
    y: Floats, w: Floats, q: float, start: float, share: float, away: float, width: float
) -> float:
    """Where the distribution is `start + share`: Newton's method, kept in a bracket by halving."""
    sign = 1.0 if away > 0 else -1.0
    inner, outer, at = 0.0, REACH * abs(away), abs(away)
    for _ in range(STEPS):
        reached, steep = _distribution(y, w, q + sign * at, width)
        short = sign * (start + share - reached)
        inner, outer = (at, outer) if short > 0 else (inner, at)
        step = at + short / steep if steep > 0 else -1.0
        step = step if inner < step < outer else (inner + outer) / 2
        if abs(step - at) <= CLOSE * abs(away):
            break
        at = step
    return q + sign * at
