"""Reweighting: what a gap would be if one role's records looked like the other's.

DiNardo, Fortin and Lemieux (1996); influence functions with those of the weights as in Firpo and
Pinto (2016, Journal of Applied Econometrics 31(3)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rolediff.compare.sample import End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Balance, Estimate, Note, Reweighted, Split
from rolediff.stats import evidence
from rolediff.stats.cells import Cells, Floats, join_rare
from rolediff.stats.combined import Combined
from rolediff.stats.contrasts import Piece, contrasts
from rolediff.stats.evidence import (
    BEYOND_REWEIGHTED,
    clusters_needed,
    clusters_of,
    equal_rows,
    too_few,
)
from rolediff.stats.functional import Statistic
from rolediff.stats.reweight import METHODS, Reweighting, reweighting
from rolediff.stats.units import (
    carrying,
    effective,
    weight_share,
    without_interval,
)
from rolediff.stats.valuation import valuation
from rolediff.stats.valued import Valued, crossed, valued

RARE = 5
"""Categories with fewer distinct records in either role are joined."""
AS_THEY_ARE = ("value_a", "value_b", "gap")
"""Parts of a split that no weights enter."""


def reweighted(
    v: Valued,
    statistics: Sequence[Statistic],
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    reference: str = "B",
    method: str = "logit",
    interactions: Sequence[str] = (),
    steps: Sequence[Sequence[str]] = (),
    confidence: float = 0.95,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    records: int | None = None,
    source: str = "",
) -> Reweighted:
    """Split gaps in `statistics` by making the group `reference` look like the other.

    Args:
        method: "logit" on the covariates, with `interactions` of factors as "union:education", or
            "cell": shares of every combination of covariates, without those in one group only.
        steps: factors that enter in turn and split the composition; together all of them. An
            interaction enters where it is named, or else at the last step.

    Raises:
        UsageError: an unknown name. NotEnoughEvidence: a logit that tells the groups apart.
    """
    _check(v.cells, reference, method, steps)
    cells = v.cells if method == "cell" else crossed(v.cells, interactions)
    full = reweighting(replace(v, cells=cells), reference == "A", method)
    if not full.supported.any():
        raise NotEnoughEvidence(
            f"no record of {a} is alike to one of {b} in all covariates: use fewer factors"
        )
    in_turn = [_step(v, steps[: i + 1], reference == "A", method) for i in range(len(steps) - 1)]
    n = round(float(v.rows.sum())) if records is None else records
    names = tuple(tuple(_plain(step)) for step in steps)
    reached = [*in_turn, full] if steps else []
    work = _Work(full, reached, names, confidence, n, source)
    off = [1 - weight_share(v.cells, full.supported, side) for side in (True, False)]
    times = np.where(v.cells.group == full.reference, full.psi, 0.0)
    each = full.times / np.maximum(v.rows, 1.0)
    return Reweighted(
        a=a, b=b, outcome=outcome, reference=reference, method=method,
        splits={s.label: work.split(s) for s in statistics},
        off_a=off[0], off_b=off[1],
        effective=effective(v.cells, full.reference, times),
        reweighted_rows=round(float(v.rows[v.cells.group == full.reference].sum())),
        largest=float(each.max() / full.times.sum()),
        balance=_balance(v, full), dropped=dropped, notes=notes,
    )  # fmt: skip


def _check(
    cells: Cells,
    reference: str,
    method: str,
    steps: Sequence[Sequence[str]],
) -> None:
    if reference not in ("A", "B"):
        raise UsageError(f"reference {reference!r}: reweighting makes A or B look like the other")
    if method not in METHODS:
        raise UsageError(f"no method {method!r}: choose one of {', '.join(METHODS)}")
    have = [f.name for f in cells.factors]
    entered = [name for step in steps for name in _plain(step)]
    if steps and (sorted(entered) != sorted(have) or cells.numeric_names):
        raise UsageError(f"steps name every factor once and nothing else: {', '.join(have)}")


def _plain(step: Sequence[str]) -> list[str]:
    return [name for name in step if ":" not in name]


def _step(v: Valued, steps: Sequence[Sequence[str]], is_a: bool, method: str) -> Reweighting:
    names = [name for step in steps for name in step]
    some = v.using(_plain(names))
    if method == "logit":
        inner = [name for name in names if ":" in name]
        some = replace(some, cells=crossed(some.cells, inner))
    return reweighting(some, is_a, method)


@dataclass(frozen=True)
class _Work:
    """One reweighting, those of its `steps` in turn, and how to report."""

    full: Reweighting
    in_turn: list[Reweighting]
    names: tuple[tuple[str, ...], ...]
    confidence: float
    n: int
    source: str

    def split(self, what: Statistic) -> Split:
        """All parts of the gap in one statistic."""
        full, everyone = self.full, np.ones(len(self.full.v), bool)
        pieces = [self._of(what, side, everyone) for side in (True, False)]
        inner = 0, 1
        if not full.supported.all():
            pieces += [self._of(what, side, full.supported) for side in (True, False)]
            inner = 2, 3
        start, end = inner if full.reference else inner[::-1]
        reached = [start]
        for r in self.in_turn or [full]:
            reached.append(len(pieces))
            pieces.append(self._counterfactual(what, r))
        c, unit = reached[-1], np.eye(len(pieces))
        sign = -1.0 if full.reference else 1.0
        rows = {
            "value_a": unit[0], "value_b": unit[1], "counterfactual": unit[c],
            "gap": unit[0] - unit[1],
            "composition": sign * (unit[c] - unit[start]),
            "structure": sign * (unit[end] - unit[c]),
            "off_support": (unit[0] - unit[1]) - (unit[inner[0]] - unit[inner[1]]),
        }  # fmt: skip
        entered = [sign * (unit[reached[i + 1]] - unit[reached[i]]) for i in range(len(self.names))]
        keys = [*rows, *self.names]
        signs = np.stack([*rows.values(), *entered])
        found = dict(zip(keys, self._estimates(pieces, signs, full.psi), strict=True))
        # No weights enter the groups as they are, so neither does how uneven those are.
        plain = np.stack([rows[k] for k in AS_THEY_ARE])[:, :2]
        found |= zip(AS_THEY_ARE, self._estimates(pieces[:2], plain), strict=True)
        made = self._shown(what, found)
        steps = {name: made.pop(name) for name in self.names}
        return Split(what.label, steps=steps, **made)

    def _shown(self, what: Statistic, found: dict[Any, Estimate]) -> dict[Any, Estimate]:
        """The estimates, without intervals where there is too little data for them."""
        cells, full = self.full.v.cells, self.full
        plain = [equal_rows(cells, side) for side in (True, False)]
        uneven = evidence.Reweighted.of(cells, full.reference, full.psi)
        clusters = clusters_of(cells)
        least = clusters_needed(what, reweighted=True)
        few = {
            True: too_few(what, plain, clusters, least, None, BEYOND_REWEIGHTED),
            False: too_few(what, plain, clusters, least, uneven, BEYOND_REWEIGHTED),
        }
        return {k: without_interval(e, few[k in AS_THEY_ARE]) for k, e in found.items()}

    def _of(self, what: Statistic, side: bool, mask: NDArray[np.bool_]) -> Piece:
        """A group as it is, of the lines in `mask`."""
        v = self.full.v
        at = v.sorted_side(side)
        at = at[mask[at]]
        phi = np.zeros(len(v))
        found = valuation(what, v, at, v.times)
        phi[at] = found.phi
        return Piece(found, phi / v.cells.w[at].sum())

    def _counterfactual(self, what: Statistic, r: Reweighting) -> Piece:
        at = r.v.sorted_side(r.reference)
        at = at[r.psi[at] > 0]
        phi = np.zeros(len(r.v))
        found = valuation(what, r.v, at, r.times)
        phi[at] = found.phi
        return Piece(found, r.influence(phi))

    def _estimates(
        self, pieces: list[Piece], signs: Floats, psi: Floats | None = None
    ) -> list[Estimate]:
        """Sums of the pieces; `psi` (m,) are weights of the reference group in any of them."""
        cells = self.full.v.cells
        mine = cells.group == self.full.reference
        factor = None if psi is None else np.where(mine, psi, 1.0)
        return contrasts(
            cells, pieces, signs,
            sizes=(carrying(cells, True, factor), carrying(cells, False, factor)),
            confidence=self.confidence, n=self.n, source=self.source,
        )  # fmt: skip


def _balance(v: Valued, r: Reweighting) -> dict[tuple[str, str], Balance]:
    """Of each category but the first of its factor, and of each numeric covariate."""
    columns, mine = Combined.of(v), v.cells.group == r.reference
    design = columns.design
    w = v.cells.w
    rows = np.stack([w * ~mine, w * mine, w * r.psi])
    sums = columns.cross(slice(None), rows)
    means = (sums / sums[:, :1])[:, 1:]
    first = design.starts[-2] - 1
    means[:, first:] = means[:, first:] * design.scale + design.centre
    terms = design.column_terms[1:]
    return {
        (t.factor, t.label): Balance(*map(float, column))
        for t, column in zip(terms, means.T, strict=True)
    }


def reweight_sample(
    sample: Sample,
    names: Sequence[str],
    statistics: Sequence[Statistic],
    *,
    reference: str = "B",
    method: str = "logit",
    end: End = "mid",
    distinct: bool = False,
    steps: Sequence[Sequence[str]] = (),
    a: str = "A",
    b: str = "B",
) -> Reweighted:
    """Split the gaps of two roles in statistics of log pay; rare categories are joined first."""
    cells, joined = join_rare(sample.cells(names, end, distinct), RARE)
    kept = {f.name for f in cells.factors}
    left = [[name for name in step if name in kept] for step in steps]
    return reweighted(
        valued(cells, counted=True),
        statistics,
        a=a,
        b=b,
        outcome="log pay",
        reference=reference,
        method=method,
        steps=[step for step in left if step],
        notes=joined,
        records=int(sample.copies(distinct).sum()),
        source=sample.source,
    )
