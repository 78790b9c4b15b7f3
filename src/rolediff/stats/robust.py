"""Regressions in both groups and in the reweighted one, with what each line adds to them.

The reweighted decomposition of Firpo, Fortin and Lemieux (2018, section 4): means and coefficients
of A, of B and of the reference group made to look like the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats, blocks
from rolediff.stats.design import Design, aliased
from rolediff.stats.functional import Statistic
from rolediff.stats.ols import inverse_on
from rolediff.stats.reweight import Reweighting
from rolediff.stats.rif import cross, side_terms
from rolediff.stats.valued import Valued

BLOCK = 1 << 13


@dataclass(frozen=True)
class Fitted:
    """One regression of the RIF: weights `w` (m,) of its `lines`, mean (p,) and coefficients (p,).

    `inverse` (p, p) of X'WX; `r`, `z`, `loadings` as in `Generated`, of these lines.
    """

    lines: Codes
    w: Floats
    mean: Floats
    coef: Floats
    inverse: Floats
    r: Floats
    z: Floats
    loadings: Floats


@dataclass(frozen=True)
class ThreeFits:
    """Of A, of B and of the reweighted reference group; columns aliased in any are left out."""

    design: Design
    reweighted: Reweighting
    fits: tuple[Fitted, Fitted, Fitted]
    dropped_columns: tuple[int, ...]

    def influence(self, J: Floats) -> Floats:
        """What each line adds, per unit of weight, to smooth functions of theta: (m, P).

        `J` (P, 6p) is their derivative at theta = (mean, coefficients) of A, of B, reweighted.
        """
        m, p = len(self.reweighted.v), self.design.width
        out = np.zeros((m, len(J)))
        for i in (0, 1):
            _add(out, self.design, self.fits[i], J[:, 2 * i * p : 2 * (i + 1) * p])
        phi = np.zeros((m, len(J)))
        _add(phi, self.design, self.fits[2], J[:, 4 * p :])
        phi *= float(self.fits[2].w.sum())
        for k in range(len(J)):
            out[:, k] += self.reweighted.influence(phi[:, k])
        return out

    @property
    def theta(self) -> Floats:
        """Means and coefficients of A, of B and of the reweighted group, one after the other."""
        return np.concatenate([x for f in self.fits for x in (f.mean, f.coef)])


def three_fits(r: Reweighting, v: Valued, what: Statistic) -> ThreeFits:
    """Fit the RIF of `what` on the covariates of `v` in A, in B and in the reweighted group."""
    design = Design.of(v.cells)
    sets = []
    for side in (True, False):
        at = v.sorted_side(side)
        sets.append((at, v.cells.w[at], v.times[at]))
    at = v.sorted_side(r.reference)
    at = at[r.psi[at] > 0]
    sets.append((at, v.cells.w[at] * r.psi[at], r.times[at]))
    grams = [_gram(design, at, w) for at, w, _ in sets]
    lost = sorted(set().union(*(aliased(gram) for gram in grams)))
    keep = np.setdiff1d(np.arange(design.width), lost)
    fits = [
        _fitted(design, v, what, at, w, times, inverse_on(gram, keep))
        for (at, w, times), gram in zip(sets, grams, strict=True)
    ]
    return ThreeFits(design, r, (fits[0], fits[1], fits[2]), tuple(lost))


def _gram(design: Design, at: Codes, w: Floats) -> Floats:
    some = Design(design.cells.take(at), design.centre, design.scale)
    gram: Floats = some.grams(lambda part: w[None, part], 1)[0]
    return gram


def _fitted(
    design: Design, v: Valued, what: Statistic, at: Codes, w: Floats, times: Floats, inverse: Floats
) -> Fitted:
    r = what.rif(v.y[at], times, v.rows[at])
    mean, product = cross(design, at, np.stack([w, w * r]))
    z, loadings = side_terms(design, v, at, what, w, times)
    return Fitted(at, w, mean / w.sum(), inverse @ product, inverse, r, z, loadings)


def _add(out: Floats, design: Design, fit: Fitted, J: Floats) -> None:
    """Add the influence of the lines of one fit on means and coefficients, mapped by J (P, 2p)."""
    p = design.width
    of_mean, of_coef = J[:, :p] / fit.w.sum(), J[:, p:] @ fit.inverse
    of_z = of_coef @ fit.loadings.T
    for part in blocks(len(fit.lines), BLOCK):
        at = fit.lines[part]
        some = Design(design.cells.take(at), design.centre, design.scale)
        X = some.matrix(slice(None))
        residual = fit.r[part] - X @ fit.coef
        rows = (X - fit.mean) @ of_mean.T + (X * residual[:, None]) @ of_coef.T
        out[at] += rows + fit.z[part] @ of_z.T
