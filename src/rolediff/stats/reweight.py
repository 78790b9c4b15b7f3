"""Weights that give one group the composition of the other.

DiNardo, Fortin and Lemieux (1996, Econometrica 64(5), section 3): with the reference group R made
to look like the target T, each of its rows counts psi = P(T|x) / P(R|x) times P(R) / P(T). The odds
come from shares of cells (saturated, exact) or from a logit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Cells, Floats, blocks, sums_by
from rolediff.stats.combined import PIECE, Combined
from rolediff.stats.logit import Logit, logit
from rolediff.stats.valued import Valued

METHODS = ("logit", "cell")


@dataclass(frozen=True)
class Reweighting:
    """The lines of `v` with `psi` (m,), 0 off the reference group and where there is no overlap.

    `reference` is the group that is reweighted. `supported` (m,) marks lines whose combination of
    covariates occurs in both groups (all of them with a logit, which is `model`).
    """

    v: Valued
    reference: bool
    psi: Floats
    supported: NDArray[np.bool_]
    model: Logit | None

    @property
    def times(self) -> Floats:
        """How often each line counts in the counterfactual (m,)."""
        return self.v.times * self.psi

    def influence(self, phi: Floats) -> Floats:
        """What each line adds to a statistic of the reweighted group, per unit of weight (m,).

        `phi` (m,), or (m, P) for P statistics, is the influence function there, of mean 0 under
        the weights. Includes what estimating the weights adds.
        """
        several = phi if phi.ndim == 2 else phi[:, None]
        share = self.v.cells.w * self.psi
        share /= share.sum()
        pull, found = (self._through_cells if self.model is None else self._through_logit)(
            several, share
        )
        direct = self.psi / float(self.v.cells.w @ self.psi)
        out = np.empty_like(several)
        for part in blocks(len(out), PIECE):
            out[part] = direct[part][:, None] * several[part]
            out[part] += pull[part][:, None] * found[self.v.code[part]]
        return out if phi.ndim == 2 else out[:, 0]

    def _through_cells(self, phi: Floats, share: Floats) -> tuple[Floats, Floats]:
        """Means of phi by cell (K, P), and how much of them each line adds (m,)."""
        v, w = self.v, self.v.cells.w * self.supported
        mine = v.cells.group == self.reference
        sums = Combined.of(v).sums(share, phi)
        within = sums_by(v.code, share, v.size)
        mean = sums / np.where(within > 0, within, 1.0)
        whole = float((w * ~mine).sum())
        direct = self.psi / float(v.cells.w @ self.psi)
        return np.where(mine, -direct, self.supported / whole), mean.T

    def _through_logit(self, phi: Floats, share: Floats) -> tuple[Floats, Floats]:
        """The same with scores of the logit, mapped to what they add by combination."""
        assert self.model is not None
        columns = Combined.of(self.v, self.model.design)
        gradient = columns.total(columns.sums(share, phi))
        residual = self.v.cells.group - 1 / (1 + np.exp(-columns.fits(self.model.coef)))
        sign = -1.0 if self.reference else 1.0
        to_lines = sign * self.model.inverse @ gradient.T
        found = [columns.rows.matrix(part) @ to_lines for part in blocks(columns.size)]
        return residual, np.concatenate(found)


def reweighting(v: Valued, reference: bool, method: str = "logit") -> Reweighting:
    """Make group `reference` look like the other in all covariates of `v`.

    Raises:
        NotEnoughEvidence: with a logit, covariates tell the groups apart.
    """
    mine = v.cells.group == reference
    if method == "cell":
        psi, supported = _by_cell(v, mine)
        return Reweighting(v, reference, psi, supported, None)
    model = logit(_counts(v))
    odds = Combined.of(v, model.design).fits(model.coef)
    w = v.cells.w
    constant = float(w[mine].sum() / w[~mine].sum())
    psi = np.where(mine, np.exp(-odds if reference else odds) * constant, 0.0)
    return Reweighting(v, reference, psi, np.ones(len(v), bool), model)


def _by_cell(v: Valued, mine: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    w = v.cells.w
    of_mine, of_target = (sums_by(v.code, w * side, v.size) for side in (mine, ~mine))
    both = (of_mine > 0) & (of_target > 0)
    odds = np.divide(of_target, of_mine, where=both, out=np.zeros(v.size))
    psi = np.where(mine, odds[v.code] * w[mine].sum() / w[~mine].sum(), 0.0)
    return psi, both[v.code]


def _counts(v: Valued) -> Cells:
    """Cells of the groups alone: what a logit needs."""
    key, size = v.code * 2 + v.cells.group, 2 * v.size
    w = sums_by(key, v.cells.w, size)
    there = w > 0
    first = np.zeros(size, np.int64)
    first[key[::-1]] = np.arange(len(v))[::-1]
    return replace(replace(v.cells, cluster=None).take(first[there]), w=w[there])
