"""Least squares on cells with the usual errors, exact for the rows behind the cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats, blocks
from rolediff.stats.design import CONSTANT, Design, Term, aliased
from rolediff.stats.jackknife import (
    FEW_CLUSTERS,
    MOST_LEFT_OUT,
    changes,
    cluster_moments,
    spread,
    strata,
)

Vcov = Literal["iid", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CV3"]
GROUP = Term("(group)")


@dataclass(frozen=True, slots=True)
class Fit:
    """A regression: `terms` names the p coefficients in `coef` (p,); `vcov` is (p, p).

    Covariates are in their own units; each factor's first category is the base. `n` rows,
    `units` independent units (rows or clusters), `df` degrees of freedom for intervals.
    """

    terms: tuple[Term, ...]
    coef: Floats
    vcov: Floats
    n: int
    units: int
    df: float

    def __getitem__(self, term: Term) -> tuple[float, float]:
        """Coefficient and standard error of a term."""
        i = self.terms.index(term)
        return float(self.coef[i]), math.sqrt(max(float(self.vcov[i, i]), 0.0))


def ols(cells: Cells, vcov: Vcov = "HC1", *, with_group: bool = False) -> Fit:
    """Weighted least squares of the outcome on the covariates of `cells`.

    `with_group` adds an indicator of group A. HC0 to HC3: MacKinnon and White (1985), weights as
    sampling weights; HC2 and HC3 need equal weights within a cell. CR0 and CR1: Liang and Zeger
    (1986), CR1 with the factor G/(G-1) (N-1)/(N-k). CV3: cluster jackknife, which is (G-1)/G
    times CR3 (MacKinnon, Nielsen and Webb 2023). Aliased columns get coefficient 0.
    """
    return _solved(_Problem(Design.of(cells), with_group), vcov)


def _solved(problem: _Problem, vcov: Vcov) -> Fit:
    design, with_group, cells = problem.design, problem.with_group, problem.design.cells
    keep, inverse = problem.keep, problem.inverse
    coef = inverse @ problem.residual_cross(np.zeros(problem.width))
    coef += inverse @ problem.residual_cross(coef)
    n, k = round(float(cells.n.sum())), len(keep)
    units = n if vcov[0] != "C" else int(_clusters(cells).max()) + 1
    if vcov == "CV3":
        moments = cluster_moments(design, units, with_group=with_group)
        V = spread(changes(*moments, coef, keep), strata(cells) if with_group else None)
    else:
        meat = problem.meat(coef, inverse, vcov)
        V = inverse * problem.sigma2(coef, n - k) if meat is None else inverse @ meat @ inverse
        V = V * _small_sample(vcov, n, k, units)
    back = _unstandardise(design, with_group)
    terms = (*design.column_terms, *((GROUP,) if with_group else ()))
    df = math.inf if n <= k else float(units - 1 if vcov[0] == "C" else n - k)
    return Fit(terms, back @ coef, back @ V @ back.T, n, units, df)


def inverse_on(gram: Floats, keep: Codes) -> Floats:
    """Inverse of `gram` (p, p) on the columns `keep`, zero elsewhere."""
    inverse = np.zeros_like(gram)
    inverse[np.ix_(keep, keep)] = np.linalg.inv(gram[np.ix_(keep, keep)])
    return inverse


def _small_sample(vcov: Vcov, n: int, k: int, units: int) -> float:
    if vcov == "HC1":
        return n / (n - k) if n > k else math.nan
    if vcov == "CR1":
        return units / (units - 1) * (n - 1) / (n - k) if n > k and units > 1 else math.nan
    return 1.0


def _clusters(cells: Cells) -> Codes:
    if cells.cluster is None:
        raise ValueError("clustered errors need cells with clusters")
    return cells.cluster


def _unstandardise(design: Design, with_group: bool) -> Floats:
    """The map (p, p) from coefficients of standardised covariates to those in their own units."""
    size = design.width + with_group
    back, first = np.eye(size), design.starts[-2]
    for i, (centre, scale) in enumerate(zip(design.centre, design.scale, strict=True)):
        back[first + i, first + i] = 1 / scale
        back[0, first + i] = -centre / scale
    return back


@dataclass(frozen=True)
class _Problem:
    """The pieces of one regression; the group indicator, if any, is the last column."""

    design: Design
    with_group: bool

    @property
    def width(self) -> int:
        return self.design.width + self.with_group

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Slices of the cells with their design matrices."""
        for part in blocks(len(self.design.cells)):
            X = self.design.matrix(part)
            yield part, np.c_[X, self.design.cells.group[part]] if self.with_group else X

    @cached_property
    def keep(self) -> Codes:
        """The columns that are not aliased."""
        return np.setdiff1d(np.arange(self.width), aliased(self.gram))

    @cached_property
    def inverse(self) -> Floats:
        """(X'WX)^-1 (p, p) on those columns, zero elsewhere."""
        return inverse_on(self.gram, self.keep)

    @cached_property
    def gram(self) -> Floats:
        """X'WX (p, p)."""
        w = self.design.cells.w
        total = np.zeros((self.width, self.width))
        for part, X in self.blocks():
            total += X.T @ (X * w[part][:, None])
        return total

    def residual_cross(self, coef: Floats) -> Floats:
        """X'W(y - Xb) (p,), the right-hand side at b = 0, then a refinement."""
        c = self.design.cells
        total = np.zeros(self.width)
        for p, X in self.blocks():
            total += X.T @ (c.wy[p] - c.w[p] * (X @ coef))
        return total

    def sigma2(self, coef: Floats, df: int) -> float:
        """Residual variance: sum w e^2 / df."""
        c, total = self.design.cells, 0.0
        for p, X in self.blocks():
            fit = X @ coef
            total += float(np.sum(c.wyy[p] - 2 * fit * c.wy[p] + fit**2 * c.w[p]))
        return total / df if df > 0 else math.nan

    def meat(self, coef: Floats, inverse: Floats, vcov: Vcov) -> Floats | None:
        """The middle of the sandwich (p, p); None for iid."""
        if vcov == "iid":
            return None
        if vcov[0] == "C":
            scores = self._cluster_scores(coef)
            return scores.T @ scores
        total = np.zeros((self.width, self.width))
        c, power = self.design.cells, {"HC2": 1, "HC3": 2}.get(vcov, 0)
        for p, X in self.blocks():
            fit = X @ coef
            squared = c.wwyy[p] - 2 * fit * c.wwy[p] + fit**2 * c.ww[p]
            if power:
                free = 1 - np.sum(X @ inverse * X, axis=1) * c.w[p] / c.n[p]
                # A row that its own coefficient fits exactly has no residual to scale.
                squared = np.divide(squared, free**power, where=free > 1e-9, out=0 * squared)
            total += X.T @ (X * squared[:, None])
        return total

    def _cluster_scores(self, coef: Floats) -> Floats:
        c = self.design.cells
        cluster = _clusters(c)
        scores = np.zeros((int(cluster.max()) + 1, self.width))
        for p, X in self.blocks():
            np.add.at(scores, cluster[p], X * (c.wy[p] - c.w[p] * (X @ coef))[:, None])
        return scores


@dataclass(frozen=True)
class GroupGap:
    """Mean of A less mean of B of `cells`, covariates held equal.

    What how many units carry the gap and its error share is computed once.
    """

    cells: Cells

    @cached_property
    def _problem(self) -> _Problem:
        return _Problem(Design.of(self.cells), True)

    @cached_property
    def carrying(self) -> float:
        """How many equal independent units would carry the gap as these unequal ones do.

        With v_g the variance that unit g adds to the coefficient of the group under errors of equal
        variance, (sum v_g)^2 / sum v_g^2 (Carter, Schnepel and Steigerwald 2017, with each unit's
        rows in A and in B taken as two). Far below the number of units where one group has few.
        Where there are no clusters the rows of a cell have equal weights.
        """
        cells, row = self.cells, self._problem.inverse[-1]
        pull = np.concatenate([X @ row for _, X in self._problem.blocks()]) * cells.w
        if cells.cluster is None:
            added, times = (pull / cells.n) ** 2, cells.n
        else:
            a, b = (np.bincount(cells.cluster, pull * (cells.group == s)) for s in (True, False))
            added, times = a**2.0 + b**2.0, np.ones(1)
        total = float(np.sum(added * times))
        return total * total / float(np.sum(added**2 * times)) if total > 0 else 0.0

    def by_sandwich(self) -> tuple[float, float, float, str]:
        """Value, standard error, degrees of freedom (`carrying` - 1) and the errors used.

        Rows of a cell have equal weights. Errors are HC2 by row, or by cluster CR1, or CV3 where
        fewer than `FEW_CLUSTERS` clusters carry the gap.
        """
        vcov: Vcov = "HC2"
        if (cluster := self.cells.cluster) is not None:
            few = self.carrying < FEW_CLUSTERS and int(cluster.max()) < MOST_LEFT_OUT
            vcov = "CV3" if few else "CR1"
        value, se = _solved(self._problem, vcov)[GROUP]
        return value, se, max(self.carrying - 1, 0.0), vcov


def group_gap(cells: Cells) -> tuple[float, float, float, str]:
    """The gap of `cells` as `GroupGap.by_sandwich` tells it."""
    return GroupGap(cells).by_sandwich()


def carrying_units(cells: Cells) -> float:
    """How many equal units carry the gap of `cells`: `GroupGap.carrying`."""
    return GroupGap(cells).carrying


__all__ = [
    "CONSTANT", "GROUP", "Fit", "GroupGap", "Vcov", "carrying_units", "group_gap", "ols",
]  # fmt: skip
