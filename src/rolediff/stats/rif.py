"""Recentred influence functions as outcomes, and what estimating their ingredients adds.

A RIF holds estimates itself: a quantile and the density there, a mean, a Lorenz curve. What an
observation adds to the coefficients of a regression on the RIF through them is a sum of a few
scalars z of its outcome times vectors of p coefficients (`loadings`). Leaving this out makes
intervals too narrow: a kernel density is less exact than a mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rolediff.stats import weighted
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.combined import Combined
from rolediff.stats.density import bandwidth, fourth_order, kernel, slope, steepness
from rolediff.stats.functional import Statistic, gini_rif, quantiles_and_heights, shares_up_to
from rolediff.stats.valued import Valued

STEPS = 4096
"""Into so many steps at most a Lorenz curve is cut where its error is worked out."""
RANK = 1e-4
"""Singular values below this share of the largest are left out of a Lorenz curve's influence."""

TURN = 1e-3
"""By how much of itself a density is raised to see which way errors turn."""

Terms = tuple[Floats, Floats]
"""Scalars (m, R) of the lines of a group and their loadings (R, p)."""


@dataclass(frozen=True)
class Height:
    """A density of one group that was estimated, and the part of the RIF that is divided by it.

    `log` (m,) is the influence of each line on its logarithm, per unit of weight, `part` (m,) that
    part of the RIF; both are 0 in the other group. `columns` of z are the quantile and the density.
    """

    side: bool
    log: Floats
    part: Floats
    columns: slice


@dataclass(frozen=True)
class Generated:
    """An outcome that was estimated: `r` (m,) on the lines of a `Valued`.

    `z` (m, R), centred in each group; `loadings` (2, R, p), of B and of A. A line adds z @ loadings
    of its group to X'Wr, per unit of its weight. `heights`: the densities that were estimated.
    """

    design: Combined
    r: Floats
    z: Floats
    loadings: Floats
    heights: tuple[Height, ...] = ()

    def turned(self, h: Height) -> Generated:
        """The same had this density come out higher by the share `TURN`, to first order."""
        loadings = self.loadings.copy()
        loadings[int(h.side), h.columns] *= 1 - TURN
        return replace(self, r=self.r - TURN * h.part, loadings=loadings, heights=())


def generated(
    v: Valued, what: Statistic, known: tuple[Floats | None, Floats | None] = (None, None)
) -> Generated:
    """The RIF of `what` within each group; `known` densities of A and of B at the quantiles."""
    design, r = Combined.of(v), np.zeros(len(v))
    lines = v.sorted_side(False), v.sorted_side(True)
    terms = []
    for at, f in zip(lines, reversed(known), strict=True):
        r[at] = what.rif(v.y[at], v.times[at], v.rows[at], f)
        terms.append(side_terms(design, v, at, what, v.cells.w[at], v.times[at], f))
    rank = max(len(loadings) for _, loadings in terms)
    z, L = np.zeros((len(v), rank)), np.zeros((2, rank, design.width))
    for side, (at, (scalars, loadings)) in enumerate(zip(lines, terms, strict=True)):
        z[at, : len(loadings)] = scalars
        L[side, : len(loadings)] = loadings
    heights = [
        height
        for side, (at, f) in enumerate(zip(lines, reversed(known), strict=True))
        if f is None
        for height in _heights(v, at, what, z, bool(side))
    ]
    return Generated(design, r, z, L, tuple(heights))


def _heights(v: Valued, at: Codes, what: Statistic, z: Floats, side: bool) -> list[Height]:
    """The densities at the quantiles of one group, of which z holds the influence."""
    if not what.probs:
        return []
    y, out, total = v.y[at], [], float(v.cells.w[at].sum())
    found = quantiles_and_heights(what.probs, y, v.times[at], v.rows[at])
    for i, (sign, (p, q, height)) in enumerate(zip((1.0, -1.0), found, strict=False)):
        log, part = np.zeros(len(v)), np.zeros(len(v))
        log[at] = z[at, 2 * i + 1] / height / total
        part[at] = sign * (p - what.below(y, q)) / height
        out.append(Height(side, log, part, slice(2 * i, 2 * i + 2)))
    return out


def side_terms(
    design: Combined, v: Valued, at: Codes, what: Statistic, w: Floats, times: Floats,
    f: Floats | None = None,
) -> Terms:  # fmt: skip
    """What the ingredients of the RIF add, in one group: `at` its lines, outcomes rising.

    `w` (m,) are weights of these lines, `times` how often they count, `f` densities if known.
    """
    y = v.y[at]
    if what.kind == "gini":
        return _lorenz_terms(design, at, np.exp(y) if what.log else y, w)
    if what.kind == "variance":
        away = y - weighted.mean(y, w)
        return away[:, None], design.cross(at, -2 * (w * away)[None]) / w.sum()
    return _quantile_terms(design, v, at, what, w, times, f)


def _quantile_terms(
    design: Combined, v: Valued, at: Codes, what: Statistic, w: Floats, times: Floats,
    f: Floats | None,
) -> Terms:  # fmt: skip
    """For each quantile its own influence and that of the density there."""
    y, share = v.y[at], w / w.sum()
    width = bandwidth(y, v.rows[at])
    z, d = [np.zeros((0, len(y)))], [np.zeros((0, len(y)))]
    if not what.probs:
        return z[0].T, design.cross(at, d[0])
    found = quantiles_and_heights(what.probs, y, times, v.rows[at], f)
    for sign, (p, q, height) in zip((1.0, -1.0), found, strict=False):
        below, bump = what.below(y, q).astype(float), kernel(y, q, width)
        # How the mean of a step moves is told by the density itself, not by its smoothed estimate.
        steep, sharp = steepness(y, times, q, width), fourth_order(y, q, width)
        steep = steep if f is None else height
        moved = (float(share @ below) - below) / steep
        z.append(moved[None])
        d.append(sign * (share * (1 - sharp * (steep / (share @ sharp)) / height))[None])
        if f is None:
            z.append((bump - share @ bump + slope(y, times, q, width) * moved)[None])
            d.append(-sign * (share * (p - below) / height**2)[None])
    return np.concatenate(z).T, design.cross(at, np.concatenate(d))


def _lorenz_terms(design: Combined, at: Codes, t: Floats, w: Floats) -> Terms:
    """Of the Gini coefficient's RIF: its mean, the area under its Lorenz curve, and the curve."""
    share = w / w.sum()
    mu, area, rif = weighted.mean(t, w), weighted.lorenz_area(t, w), gini_rif(t, w)
    below, earned = shares_up_to(t, w)
    away = t - mu
    d_area = away * area / mu - mu / 2 * (rif - share @ rif)
    first, second = design.cross(at, np.stack([share * t, share * (t * (1 - below) + earned)]))
    curve, loadings = _curve(design, at, t, share)
    z = np.column_stack([d_area, away, curve])
    slopes = [2 / mu**2 * first, 2 / mu**2 * second - 4 * area / mu**3 * first]
    return z, np.concatenate([np.stack(slopes), 2 / mu * loadings])


def _curve(design: Combined, at: Codes, t: Floats, share: Floats) -> Terms:
    """sum over y >= t of share x (y - t), centred, as few scalars of t times vectors of p."""
    step = np.searchsorted(t, t, side="left") * min(STEPS, len(t)) // len(t)
    edge = np.flatnonzero(np.r_[True, step[1:] != step[:-1]])
    bins = np.cumsum(np.r_[False, step[1:] != step[:-1]])
    paid, there = (_by_step(design, at, s, edge) for s in (share * t, share))
    above, count = (np.cumsum(x[::-1], axis=0)[::-1] for x in (paid, there))
    table = above - (np.bincount(bins, share * t) / np.bincount(bins, share))[:, None] * count
    table -= np.bincount(bins, share) @ table
    U, S, V = np.linalg.svd(table, full_matrices=False)
    rank = int(np.sum(RANK * S[0] < S))
    return (U[:, :rank] * S[:rank])[bins], V[:rank]


def _by_step(design: Combined, at: Codes, d: Floats, edge: Codes) -> Floats:
    """X'd within each run of lines that starts at an `edge`: (E, p)."""
    whole, cells = design.design, design.design.cells
    bins = np.repeat(np.arange(len(edge)), np.append(edge[1:], len(at)) - edge)
    out = np.zeros((len(edge), design.width))
    out[:, 0] = np.bincount(bins, d)
    for j, factor in enumerate(cells.factors):
        size = len(factor.labels)
        table = np.bincount(bins * size + cells.codes[at, j], d, len(edge) * size)
        out[:, whole.starts[j] : whole.starts[j + 1]] = table.reshape(-1, size)[:, 1:]
    for i, x in enumerate(cells.numeric.T):
        values = (x[at] - whole.centre[i]) / whole.scale[i]
        out[:, whole.starts[-2] + i] = np.bincount(bins, d * values)
    return out
