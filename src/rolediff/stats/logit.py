"""A logit of group A on covariates, by iteratively reweighted least squares on cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.errors import NotEnoughEvidence
from rolediff.stats.cells import Cells, Codes, Floats, blocks
from rolediff.stats.design import Design, aliased
from rolediff.stats.ols import inverse_on

STEPS = 50
FARTHEST = 30.0
"""Fitted log odds beyond this mean that covariates tell the groups apart."""


@dataclass(frozen=True)
class Logit:
    """Coefficients (p,) of standardised columns, 0 where aliased, and the inverse information.

    `odds` (m,) is the fitted log odds of group A of each cell.
    """

    design: Design
    coef: Floats
    inverse: Floats
    keep: Codes
    odds: Floats


def logit(cells: Cells, steps: int = STEPS) -> Logit:
    """Maximum likelihood, each cell counting with its weights in A and in B.

    Raises:
        NotEnoughEvidence: no finite maximum: a category, or a mix of them, is in one group only.
    """
    design, in_a = Design.of(cells), cells.group.astype(float)
    w = cells.w / cells.w.mean()
    odds, deviance, last = np.log((in_a + 0.5) / (1.5 - in_a)), np.inf, False
    keep = np.arange(design.width)
    for step in range(steps):
        p = 1 / (1 + np.exp(-odds))
        v = w * p * (1 - p)
        gram, cross = normal_equations(design, v, v * odds + w * (in_a - p))
        if step == 0:
            keep = np.setdiff1d(keep, aliased(gram))
        inverse = inverse_on(gram, keep)
        coef = inverse @ cross
        odds = np.concatenate([design.predict(coef, part) for part in blocks(len(cells))])
        if np.abs(odds).max() > FARTHEST:
            break
        if last:
            return Logit(design, coef, inverse / cells.w.mean(), keep, odds)
        before, deviance = deviance, float(w @ np.logaddexp(0, np.where(in_a, -odds, odds)))
        # Convergence is quadratic: one step more is exact to the last digits.
        last = abs(before - deviance) <= 1e-12 * deviance
    raise NotEnoughEvidence(
        "covariates tell the groups apart, so no logit fits: use method='cell', fewer factors, "
        "or join rare categories"
    )


def normal_equations(design: Design, v: Floats, score: Floats) -> tuple[Floats, Floats]:
    """X' diag(v) X (p, p) and X's (p,)."""
    gram = design.grams(lambda part: v[None, part], 1)[0]
    cells, b = design.cells, np.zeros(design.width)
    b[0] = score.sum()
    for j, factor in enumerate(cells.factors):
        sums = np.bincount(cells.codes[:, j], score, len(factor.labels))
        b[design.starts[j] : design.starts[j + 1]] = sums[1:]
    b[design.starts[-2] :] = score @ ((cells.numeric - design.centre) / design.scale)
    return gram, b
