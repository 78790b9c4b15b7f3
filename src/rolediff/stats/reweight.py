"""Weights that give one group the composition of the other.

DiNardo, Fortin and Lemieux (1996, Econometrica 64(5), section 3): with the reference group R made
to look like the target T, each of its rows counts psi = P(T|x) / P(R|x) times P(R) / P(T). The odds
come from shares of cells (saturated, exact) or from a logit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rolediff.stats import weighted
from rolediff.stats.cells import Cells, Codes, Floats, sums_by
from rolediff.stats.design import Design
from rolediff.stats.functional import Statistic, quantiles_and_heights
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
        if self.model is None:
            through = self._through_cells(phi)
        else:
            through = self._through_logit(self.model, phi * share / share.sum())
        whole: Floats = self.psi * phi / share.sum() + through
        return whole

    def _through_cells(self, phi: Floats) -> Floats:
        """Means of phi by cell shift with the shares of cells in both groups."""
        v, w = self.v, self.v.cells.w * self.supported
        mine = v.cells.group == self.reference
        of_target = sums_by(v.code, w * ~mine, v.size)
        of_mine = sums_by(v.code, w * mine, v.size)
        total = sums_by(v.code, w * mine * phi, v.size)
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


def _predicted(design: Design, coef: Floats) -> Floats:
    return design.predict(coef, slice(None))


def value_and_influence(
    what: Statistic, v: Valued, at: Codes, times: Floats
) -> tuple[float, Floats]:
    """A statistic of the lines `at`, outcomes rising, and its influence function there.

    The latter has mean 0 under `times` (m,), which says how often each line counts.
    """
    y, w = v.y[at], times[at]
    value = what.value(y, w)
    if not what.probs:
        rif = what.rif(y, w, v.rows[at])
        return value, rif - float(w @ rif) / float(w.sum())
    phi = np.zeros(len(at))
    for sign, (p, q, height) in zip(
        (1.0, -1.0), quantiles_and_heights(what.probs, y, w, v.rows[at]), strict=False
    ):
        below = what.below(y, q) - float(w @ what.below(y, q)) / float(w.sum())
        error = _share_error(v, at, below * times[at] / float(w.sum()))
        phi -= sign * below * _sparsity(y, w, p, error, 1 / height)
    return value, phi


def _sparsity(y: Floats, w: Floats, p: float, error: float, smooth: float) -> float:
    """How far a quantile moves per share: from the kernel density, and from the quantiles one
    standard error of the share away. Their mean has neither the bias of the one in the tails nor
    the noise of the other; where values are tied there is only the first."""
    low, high = max(p - error, 0.0), min(p + error, 1.0)
    step = weighted.quantile(y, w, high) - weighted.quantile(y, w, low)
    return (smooth + step / (high - low)) / 2 if step > 0 else smooth


def _share_error(v: Valued, at: Codes, influence: Floats) -> float:
    """Standard error of a share whose lines have this influence (m,)."""
    c = v.cells
    if c.cluster is None:
        return math.sqrt(float(np.sum(influence**2 * c.ww[at] / c.w[at] ** 2)))
    by_unit = np.bincount(c.cluster[at], influence)
    return math.sqrt(float(by_unit @ by_unit))
