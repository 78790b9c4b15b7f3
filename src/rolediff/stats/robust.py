"""Regressions in both groups and in the reweighted one, with what each line adds to them.

The reweighted decomposition of Firpo, Fortin and Lemieux (2018, section 4): means and coefficients
of A, of B and of the reference group made to look like the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats, blocks, sums_by
from rolediff.stats.combined import Combined
from rolediff.stats.design import aliased
from rolediff.stats.functional import Statistic
from rolediff.stats.ols import inverse_on
from rolediff.stats.reweight import Reweighting
from rolediff.stats.rif import side_terms
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

    design: Combined
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
        return out + self.reweighted.influence(phi)

    @property
    def theta(self) -> Floats:
        """Means and coefficients of A, of B and of the reweighted group, one after the other."""
        return np.concatenate([x for f in self.fits for x in (f.mean, f.coef)])


def three_fits(r: Reweighting, v: Valued, what: Statistic) -> ThreeFits:
    """Fit the RIF of `what` on the covariates of `v` in A, in B and in the reweighted group."""
    design = Combined.of(v)
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


def _gram(design: Combined, at: Codes, w: Floats) -> Floats:
    by_row = sums_by(design.code[at], w, design.size)
    gram: Floats = design.rows.grams(lambda part: by_row[None, part], 1)[0]
    return gram


def _fitted(
    design: Combined,
    v: Valued,
    what: Statistic,
    at: Codes,
    w: Floats,
    times: Floats,
    inverse: Floats,
) -> Fitted:
    r = what.rif(v.y[at], times, v.rows[at])
    mean, product = design.cross(at, np.stack([w, w * r]))
    z, loadings = side_terms(design, v, at, what, w, times)
    return Fitted(at, w, mean / w.sum(), inverse @ product, inverse, r, z, loadings)


def _add(out: Floats, design: Combined, fit: Fitted, J: Floats) -> None:
    """Add the influence of the lines of one fit on means and coefficients, mapped by J (P, 2p)."""
    p = design.width
    of_mean, of_coef = J[:, :p] / fit.w.sum(), J[:, p:] @ fit.inverse
    of_z = of_coef @ fit.loadings.T
    # Columns of one product: what a combination adds as such, per residual, and its fit.
    looked_up, count = np.column_stack([of_mean.T, of_coef.T, fit.coef]), len(J)
    table = np.concatenate([design.rows.matrix(part) @ looked_up for part in blocks(design.size)])
    table[:, :count] -= of_mean @ fit.mean
    for part in blocks(len(fit.lines), BLOCK):
        at = fit.lines[part]
        found = table[design.code[at]]
        residual = fit.r[part] - found[:, -1]
        rows = found[:, :count] + residual[:, None] * found[:, count:-1]
        out[at] += rows + fit.z[part] @ of_z.T
