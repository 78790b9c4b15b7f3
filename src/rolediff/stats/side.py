"""One of the two groups: its sums, and what models of the outcome fit to its cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.design import Design


@dataclass(frozen=True)
class Side:
    """One group: its design, weight total, means (p,), gram (p, p) and X'Wy (p,)."""

    design: Design
    is_a: bool
    total: float
    mean: Floats
    gram: Floats
    cross: Floats

    @property
    def rows(self) -> int:
        """Rows behind the cells of this group."""
        return round(float(self.design.cells.n.sum()))


def side_of(whole: Design, is_a: bool) -> Side:
    """The sums of the cells of one group under the columns of `whole`."""
    cells = whole.cells.take(whole.cells.group == is_a)
    design = Design(cells, whole.centre, whole.scale)
    gram, cross = design.grams(lambda part: np.stack([cells.w[part], cells.wy[part]]), 2)
    total = float(gram[0, 0])
    return Side(design, is_a, total, gram[0] / total, gram, cross[0])


def fits(side: Side, coefs: list[Floats], part: slice) -> list[Floats]:
    """Fitted values of the own, the Neumark and the pooled model for the cells in `part`."""
    own, neumark, pooled = coefs
    shift = pooled[-1] if side.is_a else 0.0
    predict = side.design.predict
    return [predict(own, part), predict(neumark, part), predict(pooled[:-1], part) + shift]
