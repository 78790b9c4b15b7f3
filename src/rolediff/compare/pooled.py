"""Small cells that borrow from their like: gaps by category, pay by category and role."""

from __future__ import annotations

import math

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Estimate, PooledCell, PooledCells
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.gap_errors import gap_interval
from rolediff.stats.mixed import mixed_model
from rolediff.stats.pooling import Pooled, pool
from rolediff.stats.tails import critical

LEAST = 3
"""Distinct records of each role that a category needs for a gap of its own."""
NORMAL = critical(math.inf)


def pooled_gaps(
    sample: Sample, factor: str, end: End = "mid", distinct: bool = False
) -> PooledCells:
    """The gap within each category of `factor`, drawn toward the gap of all (Morris 1983).

    A category counts where both roles have `LEAST` distinct records and its gap an error; with
    few degrees of freedom its variance is taken as wide as its interval says.

    Raises:
        UsageError: no such factor.
        NotEnoughEvidence: fewer than four such categories.
    """
    labels, codes = _factor(sample, factor)
    found, out = [], []
    for code, label in enumerate(labels):
        part = sample.where(codes == code)
        if min(part.lines(True), part.lines(False)) >= LEAST:
            gap = gap_interval(part.cells((), end, distinct))
            estimate = part.estimate(gap, distinct)
            if estimate.low is not None and estimate.high is not None and gap.se > 0:
                variance = ((estimate.high - estimate.low) / (2 * NORMAL)) ** 2
                found.append((label, estimate, variance))
                continue
        out.append(label)
    pooled = pool(np.array([e.value for _, e, _ in found]), np.array([v for *_, v in found]))
    cells = [
        PooledCell(label, "", e.value, _estimate(pooled, i, e.n, e.clusters, sample),
                   float(pooled.weight[i]))
        for i, (label, e, _) in enumerate(found)
    ]  # fmt: skip
    cells.sort(key=lambda c: (-c.pooled.n, c.category))
    return PooledCells(factor, "gap", tuple(cells), math.sqrt(pooled.between),
                       {"": float(pooled.coef[0])}, tuple(out))  # fmt: skip


def pooled_pay(
    sample: Sample, factor: str, end: End = "mid", distinct: bool = False
) -> PooledCells:
    """Mean log pay of each role in each category of `factor`, drawn toward the role's mean.

    The variance of errors is that of a model with a random intercept per cell, by restricted
    likelihood (Bates et al. 2015), times the design effect of employers: a cell of one record has
    none of its own. Intervals as in Morris (1983).

    Raises:
        UsageError: no such factor.
        NotEnoughEvidence: fewer than five cells, or pay that varies in none.
    """
    labels, codes = _factor(sample, factor)
    y, w = np.log(sample.pay(end)), sample.copies(distinct)
    role = np.where(sample.is_a, 0, 1)
    known, cell = np.unique(codes * 2 + role, return_inverse=True)
    Z = np.c_[known % 2 == 0, known % 2 == 1].astype(float)
    if len(known) < 5 or not Z.any(axis=0).all():
        raise NotEnoughEvidence(f"{len(known)} cells of {factor} with pay: five are needed")
    weight = np.bincount(cell, w)
    mean = np.bincount(cell, w * y) / weight
    try:
        fitted = mixed_model(y, Z[cell], cell, weights=w)
    except NotEnoughEvidence as error:
        raise NotEnoughEvidence(f"pay does not vary within a {factor} of a role") from error
    effect = _design_effect(w * (y - mean[cell]), w, y - mean[cell], cell, sample.unit)
    pooled = pool(mean, effect * fitted.sigma2 / weight, Z)
    cells = [
        PooledCell(labels[k // 2], "AB"[k % 2], float(mean[i]),
                   _estimate(pooled, i, int(weight[i]), int(np.sum(cell == i)), sample),
                   float(pooled.weight[i]))
        for i, k in enumerate(known)
    ]  # fmt: skip
    cells.sort(key=lambda c: (-c.pooled.n, c.category, c.role))
    toward = {"A": float(pooled.coef[0]), "B": float(pooled.coef[1])}
    return PooledCells(factor, "pay", tuple(cells), math.sqrt(pooled.between), toward, ())


def _factor(sample: Sample, factor: str) -> tuple[tuple[str, ...], Codes]:
    if factor not in sample.factors:
        raise UsageError(f"no factor {factor!r}: choose one of {', '.join(sample.factors)}")
    return sample.factors[factor][0].labels, sample.factors[factor][1]


def _design_effect(
    score: Floats, w: Floats, residual: Floats, cell: Codes, unit: Codes | None
) -> float:
    """How much wider means of cells vary than if lines were independent draws with error
    variance divided by their weight; at least 1 (Kish 1965)."""
    unit = np.arange(len(cell)) if unit is None else unit
    both = np.unique(np.stack([cell, unit]), axis=1, return_inverse=True)[1].ravel()
    clustered = float(np.sum(np.bincount(both, score) ** 2))
    independent = float(w.sum()) * float(w @ residual**2) / len(w)
    return max(clustered / independent, 1.0) if independent > 0 else 1.0


def _estimate(pooled: Pooled, i: int, n: int, clusters: int | None, sample: Sample) -> Estimate:
    return Estimate(
        float(pooled.value[i]), float(pooled.low[i]), float(pooled.high[i]), n,
        float(pooled.se[i]), None, clusters, "empirical Bayes (Morris)", sample.source,
    )  # fmt: skip
