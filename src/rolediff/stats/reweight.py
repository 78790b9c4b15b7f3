"""Weights that give one group the composition of the other.

DiNardo, Fortin and Lemieux (1996, Econometrica 64(5), section 3): with the reference group R made
to look like the target T, each of its rows counts psi = P(T|x) / P(R|x) times P(R) / P(T). The odds
come from shares of cells (saturated, exact) or from a logit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Cells, Floats
from rolediff.stats.design import Design
from rolediff.stats.logit import Logit, logit
from rolediff.stats.rif import cross
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

        `phi` (m,) is the statistic's influence function there, of mean 0 under the weights.
        Includes what estimating the weights adds.
        """
        share = self.v.cells.w * self.psi
        direct = self.psi * phi / share.sum()
        if self.model is None:
            return direct + self._through_cells(phi)
        return direct + self._through_logit(self.model, phi * share / share.sum())

    def _through_cells(self, phi: Floats) -> Floats:
        """Means of phi by cell shift with the shares of cells in both groups."""
        v, w = self.v, self.v.cells.w * self.supported
        mine = v.cells.group == self.reference
        of_target = np.bincount(v.code, w * ~mine, v.size)
        of_mine = np.bincount(v.code, w * mine, v.size)
        total = np.bincount(v.code, w * mine * phi, v.size)
        mean = np.divide(total, of_mine, where=of_mine > 0, out=np.zeros(v.size))[v.code]
        whole = float(of_target.sum())
        return np.where(mine, -self.psi / (w * self.psi).sum(), self.supported / whole) * mean

    def _through_logit(self, model: Logit, weighted: Floats) -> Floats:
        design = Design(self.v.cells, model.design.centre, model.design.scale)
        sign = -1.0 if self.reference else 1.0
        gradient = sign * cross(design, np.arange(len(weighted)), weighted[None])[0]
        odds = _predicted(design, model.coef)
        residual = self.v.cells.group - 1 / (1 + np.exp(-odds))
        return residual * _predicted(design, model.inverse @ gradient)


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
    odds = _predicted(Design(v.cells, model.design.centre, model.design.scale), model.coef)
    w = v.cells.w
    constant = float(w[mine].sum() / w[~mine].sum())
    psi = np.where(mine, np.exp(-odds if reference else odds) * constant, 0.0)
    return Reweighting(v, reference, psi, np.ones(len(v), bool), model)


def _by_cell(v: Valued, mine: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    w = v.cells.w
    of_mine, of_target = (np.bincount(v.code, w * side, v.size) for side in (mine, ~mine))
    both = (of_mine > 0) & (of_target > 0)
    odds = np.divide(of_target, of_mine, where=both, out=np.zeros(v.size))
    psi = np.where(mine, odds[v.code] * w[mine].sum() / w[~mine].sum(), 0.0)
    return psi, both[v.code]


def _counts(v: Valued) -> Cells:
    """Cells of the groups alone: what a logit needs."""
    key, size = v.code * 2 + v.cells.group, 2 * v.size
    w = np.bincount(key, v.cells.w, size)
    there = w > 0
    first = np.zeros(size, np.int64)
    first[key[::-1]] = np.arange(len(v))[::-1]
    return replace(replace(v.cells, cluster=None).take(first[there]), w=w[there])


def _predicted(design: Design, coef: Floats) -> Floats:
    return design.predict(coef, slice(None))
