"""The part of a gap that goes with groups of columns, such as families of skills, from
cross-products of both groups.

explained_J = sum over j in J of (mean_A,j - mean_B,j) b_j (Oaxaca 1973; Blinder 1973), with b
from both groups pooled with an indicator of the group (Jann 2008; Fortin 2008), the columns to be
pooled drawn toward zero as `ridge` does. Errors stack the clusters' influence on means and
coefficients. A part is a sum of products of two estimates: of its variance by the delta method the
product of both variances is taken away, which that counts once too often, and which is most of it
where effects are small (Goodman 1960, JASA 55(292), eq. 5), but never more than half of it. What is
taken from a sum of parts is by the sum, so that its error is the same however columns are grouped.
Of one part only half the product is taken: how far to draw is estimated too, which tells in a part
and evens out in the sum (simulated: parts cover 92 % where all is taken, 94 to 96 % with half).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.gram import Evidence, Gram
from rolediff.stats.ridge import Ridge, ridge


@dataclass(frozen=True, slots=True)
class Mix:
    """`parts` (k,) of the gap that go with each group of columns in the order given; `vcov` (k, k)
    by the delta method, `products` (k, k) of variances in it; `gap` with `gap_se`; `coef` (p,)
    used; `shift` (p,) differences of means.
    """

    names: tuple[str, ...]
    parts: Floats
    vcov: Floats
    products: Floats
    gap: float
    gap_se: float
    coef: Floats
    shift: Floats
    units: int

    @property
    def se(self) -> Floats:
        """Standard errors (k,) of each part."""
        variance = np.maximum(np.diag(self.vcov), 0.0)
        return np.sqrt(variance - np.minimum(np.diag(self.products), variance) / 2)

    def total(self, names: tuple[str, ...] | None = None) -> tuple[float, float]:
        """Sum of the parts of these groups (default all) and its standard error as a sum."""
        pick = np.array([float(names is None or n in names) for n in self.names])
        variance = max(float(pick @ self.vcov @ pick), 0.0)
        less = min(float(pick @ self.products @ pick), variance / 2)
        return float(pick @ self.parts), math.sqrt(variance - less)


def mix(
    a: Evidence, b: Evidence, groups: Mapping[str, Codes], pooled: Codes | None = None,
    ratio: float | None = None, *, shared: bool = False,
) -> Mix:  # fmt: skip
    """Split the gap mean(A) - mean(B) of the outcome by `groups` of columns.

    `pooled` columns are drawn toward zero by `ratio` (see `ridge`). `shared` says that cluster g
    of A is cluster g of B; else no cluster has rows in both. Where no clusters are known, means
    and coefficients are taken as independent, with ordinary errors.

    Raises:
        NotEnoughEvidence: no more rows than free columns.
        ValueError: different columns, or `shared` with different numbers of clusters.
    """
    if shared and a.units != b.units:
        raise ValueError("shared clusters are numbered alike in both groups")
    both = a.gram.with_indicator(True) + b.gram.with_indicator(False)
    fit = ridge(both, np.empty(0, int) if pooled is None else pooled, ratio)
    shift = a.gram.mean - b.gram.mean
    pick = np.zeros((len(groups), len(shift)))
    for row, columns in zip(pick, groups.values(), strict=True):
        row[np.asarray(columns, int)] = 1.0
    coef = fit.coef[:-1]
    gap = float(a.gram.xy[0] / a.gram.total - b.gram.xy[0] / b.gram.total)
    L = pick * shift
    doubt = L @ fit.doubt[:-1, :-1] @ L.T
    if a.units > 1 and b.units > 1:
        V, gap_variance, units = _clustered((a, b), fit, pick * coef, L, shared)
    else:
        V, gap_variance = _ordinary((a.gram, b.gram), fit, pick * coef, L)
        units = both.n
    products = _of_products(a.gram, b.gram, fit, pick)
    return Mix(tuple(groups), pick @ (shift * coef), V + doubt, products, gap,
               math.sqrt(gap_variance), coef, shift, units)  # fmt: skip


def _of_products(a: Gram, b: Gram, fit: Ridge, pick: Floats) -> Floats:
    """Variances of the shift times those of the coefficients, summed by group (k, k)."""
    moved = np.zeros_like(a.xx)
    for gram in (a, b):
        moved += (gram.xx / gram.total - np.outer(gram.mean, gram.mean)) / max(gram.n - 1, 1)
    both: Floats = pick @ (moved * fit.sigma2 * fit.bread[:-1, :-1]) @ pick.T
    return both


def _clustered(
    sides: tuple[Evidence, Evidence], fit: Ridge, by_mean: Floats, by_coef: Floats,
    shared: bool,
) -> tuple[Floats, float, int]:  # fmt: skip
    """Outer product of the clusters' influence on the parts (k, k), on the gap, and their number.

    `by_mean` and `by_coef` (k, p) are the parts' derivatives by shift and by coefficients.
    """
    influence = []
    for side, sign in zip(sides, (1.0, -1.0), strict=True):
        gram = side.gram
        moved_mean = (by_mean - np.outer(by_mean @ gram.mean, np.eye(len(gram.mean))[0])).T
        coef = fit.coef[:-1].copy()
        coef[0] += fit.coef[-1] if sign > 0 else 0.0
        H = by_coef @ fit.bread[:-1]
        along = H[:, :-1].T.copy()
        along[0] += H[:, -1] if sign > 0 else 0.0
        moved = side.project(coef, along) + side.sums(sign * moved_mean / gram.total)
        pull = H[:, :-1] @ (fit.penalty[:-1] * fit.coef[:-1]) / (sides[0].units + sides[1].units)
        average = np.zeros(len(coef))
        average[0] = gram.xy[0] / gram.total
        unit = np.eye(len(coef))[:, :1]
        total = side.project(average, unit) / gram.total
        influence.append(np.c_[moved - pull, sign * total])
    joined = influence[0] + influence[1] if shared else np.concatenate(influence)
    units, n = len(joined), sides[0].gram.n + sides[1].gram.n
    V = units / (units - 1) * (n - 1) / max(n - fit.edf, 1) * joined.T @ joined
    return V[:-1, :-1], float(V[-1, -1]), units


def _ordinary(
    grams: tuple[Gram, Gram], fit: Ridge, by_mean: Floats, by_coef: Floats
) -> tuple[Floats, float]:
    """The same from cross-products alone: errors of equal variance, rows of equal weight."""
    B = fit.bread[:-1, :-1]
    spread = fit.bread @ np.diag(fit.penalty) @ fit.bread
    V = by_coef @ (fit.sigma2 * (B - spread[:-1, :-1])) @ by_coef.T
    gap_variance = 0.0
    for gram in grams:
        centred = gram.xx / gram.total - np.outer(gram.mean, gram.mean)
        V = V + by_mean @ (centred / max(gram.n - 1, 1)) @ by_mean.T
        mean = gram.xy[0] / gram.total
        gap_variance += (gram.yy / gram.total - mean**2) / max(gram.n - 1, 1)
    return V, gap_variance
