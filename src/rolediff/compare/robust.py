"""Reweighting and regression together: how much each factor counts, and how far to trust it.

Firpo, Fortin and Lemieux (2018, Econometrics 6(2), section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.compare.splitting import by_factor, collinear, report_coding
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import FOUR, Estimate, FourParts, Note, RobustDecomposition
from rolediff.stats.cells import Floats, join_rare
from rolediff.stats.evidence import (
    BEYOND_REWEIGHTED,
    Reweighted,
    clusters_needed,
    clusters_of,
    equal_rows,
    too_far_out,
    too_few,
)
from rolediff.stats.functional import Statistic
from rolediff.stats.reweight import METHODS, Reweighting, reweighting
from rolediff.stats.robust import ThreeFits, three_fits
from rolediff.stats.smooth import Smooth
from rolediff.stats.units import carrying, effective, estimates, unit_errors, without_interval
from rolediff.stats.valued import Valued, crossed, valued

RARE = 5
"""Categories with fewer distinct records in either role are joined."""
LARGE = 1 << 17
"""With more lines than this single categories get values but no intervals."""


def explain_robust(
    v: Valued,
    what: Statistic,
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    reference: str = "B",
    method: str = "logit",
    interactions: Sequence[str] = (),
    normalize: bool = True,
    confidence: float = 0.95,
    least: int = 1,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    records: int | None = None,
    source: str = "",
    by_term: bool = True,
) -> RobustDecomposition:
    """Decompose `what` of A less that of B by RIF regressions in A, in B and reweighted.

    The group `reference` is made to look like the other by `method`, "logit" (with
    `interactions` as "union:education") or "cell"; regressions are on the covariates alone.
    Single categories have no intervals without `by_term`, nor with more than `LARGE` lines.

    Raises:
        UsageError: an unknown name. NotEnoughEvidence: a logit that tells the groups apart.
    """
    if reference not in ("A", "B") or method not in METHODS:
        raise UsageError(f"{reference!r} by {method!r}: reference A or B, method logit or cell")
    cells, joined = join_rare(v.cells, least)
    v = v if cells is v.cells else v.with_cells(cells)
    wide = v.cells if method == "cell" else crossed(v.cells, interactions)
    r = reweighting(replace(v, cells=wide), reference == "A", method)
    if not r.supported.any():
        raise NotEnoughEvidence(
            f"no record of {a} is alike to one of {b} in all covariates: use fewer factors"
        )
    fits = three_fits(r, v, what)
    notes += joined + collinear(fits.design.design, fits.dropped_columns)
    n = round(float(v.rows.sum())) if records is None else records
    made = _Parts(fits, r, reference, confidence, n, source, by_term and len(v) <= LARGE)
    return made.decomposition(normalize, what, a=a, b=b, outcome=outcome, method=method,
                              dropped=dropped, notes=notes)  # fmt: skip


@dataclass(frozen=True)
class _Parts:
    """Turns three fits into the parts of the gap, with errors."""

    fits: ThreeFits
    r: Reweighting
    reference: str
    confidence: float
    n: int
    source: str
    by_term: bool

    def decomposition(
        self,
        normalize: bool,
        what: Statistic,
        **named: Any,
    ) -> RobustDecomposition:
        """All parts at once."""
        terms, T, R = report_coding(self.fits.design.design, normalize)
        groups, G = by_factor(terms)
        pieces = self._pieces(T, R)
        fine = np.eye(len(terms)) if self.by_term else np.zeros((0, len(terms)))
        maps = {"total": np.ones((1, len(terms))), "detail": G, "terms": fine}
        asked = [M @ part for M in maps.values() for part in pieces.values()]
        means = self._means(T, R)
        found = iter(self._estimates(what, [*means, *asked]))
        gap, mean_a, mean_b, counterfactual = (next(found) for _ in range(4))
        rows = {
            name: [[next(found) for _ in range(len(M))] for _ in FOUR] for name, M in maps.items()
        }
        total, detail, by_term = (
            [_four(x) for x in zip(*rows[k], strict=True)] for k in ("total", "detail", "terms")
        )
        if not len(fine):
            by_term = _plain(pieces, self.n, self.source)
        return RobustDecomposition(
            statistic=what.label, reference=self.reference, gap=gap, mean_a=mean_a, mean_b=mean_b,
            counterfactual=counterfactual, total=total[0],
            detail=dict(zip(groups, detail, strict=True)),
            terms={(t.factor, t.label): x for t, x in zip(terms, by_term, strict=True)},
            effective=effective(self.r.v.cells, self.r.reference, self.r.psi),
            **named,
        )  # fmt: skip

    def _pieces(self, T: Floats, R: Floats) -> dict[str, Smooth]:
        """The four parts by term."""
        x, b = (
            [self._block(2 * i, R) for i in range(3)],
            [self._block(2 * i + 1, T) for i in range(3)],
        )
        first, last = (x[0], x[1]) if self.reference == "A" else (x[1], x[0])
        own, other = (b[0], b[1]) if self.reference == "A" else (b[1], b[0])
        sign = -1.0 if self.reference == "A" else 1.0
        return {
            "composition": sign * ((x[2] - first) * own),
            "specification_error": sign * (x[2] * (b[2] - own)),
            "structure": sign * (last * (other - b[2])),
            "reweighting_error": sign * ((last - x[2]) * b[2]),
        }

    def _means(self, T: Floats, R: Floats) -> list[Smooth]:
        """The gap and the means of the RIF in A, in B and reweighted."""
        whole = np.ones((1, len(T)))
        a, b, c = (whole @ (self._block(2 * i, R) * self._block(2 * i + 1, T)) for i in range(3))
        return [a - b, a, b, c]

    def _block(self, at: int, coding: Floats) -> Smooth:
        p = self.fits.design.width
        jac = np.zeros((len(coding), 6 * p))
        jac[:, at * p : (at + 1) * p] = coding
        return Smooth(
            coding @ self.fits.theta[at * p : (at + 1) * p], jac, np.zeros((len(coding), 0))
        )

    def _estimates(self, what: Statistic, asked: list[Smooth]) -> list[Estimate]:
        cells, r = self.r.v.cells, self.r
        influence = self.fits.influence(np.concatenate([s.jac for s in asked]))
        factor = np.where(cells.group == r.reference, r.psi, 1.0)
        sizes = carrying(cells, True, factor), carrying(cells, False, factor)
        errors = unit_errors(cells, influence, sizes=sizes)
        values = np.concatenate([s.value for s in asked])
        found = estimates(list(values), errors, self.confidence, self.n, self.source)
        few = self._too_few(what)
        return [without_interval(e, few) for e in found]

    def _too_few(self, what: Statistic) -> str:
        cells, r = self.r.v.cells, self.r
        rows = [equal_rows(cells, side) for side in (True, False)]
        uneven = Reweighted.of(cells, r.reference, r.psi)
        least = clusters_needed(what, reweighted=True)
        few = too_few(what, rows, clusters_of(cells), least, uneven, BEYOND_REWEIGHTED)
        return few or too_far_out(what)


def _four(parts: tuple[Estimate, ...]) -> FourParts:
    """The errors of specification and of reweighting keep standard errors but no intervals.

    Where a model is right they are products of two things near zero, whose interval by the delta
    method is far too wide.
    """
    bare = [replace(e, low=None, high=None) for e in parts]
    return FourParts(parts[0], bare[1], parts[2], bare[3])


def _plain(pieces: dict[str, Smooth], n: int, source: str) -> list[FourParts]:
    """Values by term without intervals."""
    rows = zip(*(pieces[name].value for name in FOUR), strict=True)
    return [
        FourParts(*(Estimate(float(x), n=n, method="value alone", source=source) for x in row))
        for row in rows
    ]


def robust_sample(
    sample: Sample,
    names: Sequence[str],
    what: Statistic,
    *,
    reference: str = "B",
    method: str = "logit",
    end: End = "mid",
    distinct: bool = False,
    a: str = "A",
    b: str = "B",
    by_term: bool = True,
) -> RobustDecomposition:
    """The reweighted decomposition for two roles, of a statistic of log pay."""
    return explain_robust(
        valued(sample.cells(names, end, distinct), counted=True),
        what,
        a=a,
        b=b,
        outcome="log pay",
        reference=reference,
        method=method,
        least=RARE,
        records=int(sample.copies(distinct).sum()),
        source=sample.source,
        by_term=by_term,
    )
