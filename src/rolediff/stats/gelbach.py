"""How a gap changes as covariates enter, without an order.

Gelbach (2016, Journal of Labor Economics 34(2), equations 8 to 12): the gap with base controls
less the gap with all is the sum over covariates k of Gamma_k gamma_k, with gamma from the full
regression and Gamma the gap in covariate k with base controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats, blocks, sums_by
from rolediff.stats.design import Design, aliased
from rolediff.stats.jackknife import FEW_CLUSTERS, MOST_LEFT_OUT, cluster_moments, strata
from rolediff.stats.units import Errors


@dataclass(frozen=True)
class Account:
    """Values (2 + K,): the gap with base controls, with all, and what each of K parts moves.

    `way` names the errors: "HC1", "CR1" or "CV3" (clusters left out in turn).
    """

    values: Floats
    errors: Errors
    way: str
    dropped_columns: tuple[int, ...]


@dataclass(frozen=True)
class _Problem:
    """A gram (q, q) of all columns, the group last, split into base and added columns."""

    design: Design
    base: Codes
    added: Codes
    parts: Floats

    def solve(self, gram: Floats, cross: Floats) -> Floats:
        """Values (..., 2 + K) from grams (..., q, q) and X'Wy (..., q)."""
        z, x = self.base, np.concatenate([self.added, self.base])
        inner = gram[..., z[:, None], z]
        right = np.concatenate([cross[..., z][..., None], gram[..., z[:, None], self.added]], -1)
        short = _solved(inner, right)[..., -1, :]
        full = _solved(gram[..., x[:, None], x], cross[..., x][..., None])[..., 0]
        k = len(self.added)
        moved = (short[..., 1:] * full[..., :k]) @ self.parts.T
        return np.concatenate([short[..., :1], full[..., -1:], moved], axis=-1)


def gelbach(cells: Cells, base: Codes, part: Codes, count: int) -> Account:
    """The account of the gap between the groups of `cells`.

    `base` are the columns of the design that are controls from the start (the constant among
    them); `part` (p,) says to which of `count` parts each other column belongs.
    """
    design = Design.of(cells)
    last = design.width
    gram, cross = _moments(design)
    order = np.concatenate([base, [last], np.setdiff1d(np.arange(last), base)]).astype(int)
    lost = order[aliased(gram[np.ix_(order, order)])]
    kept = np.setdiff1d(base, lost)
    added = np.setdiff1d(np.arange(last), np.concatenate([base, lost]))
    owner = (part[added] == np.arange(count)[:, None]).astype(float)
    problem = _Problem(design, np.append(kept, last), added, owner)
    values = problem.solve(gram, cross)
    errors, way = _errors(problem, gram, cross, values)
    return Account(values, errors, way, tuple(int(j) for j in lost))


def _solved(inner: Floats, right: Floats) -> Floats:
    solved: Any
    try:
        solved = np.linalg.solve(inner, right)
    except np.linalg.LinAlgError:
        # What only a unit that is left out can tell does not move: pseudo-inverse.
        root = np.sqrt(np.maximum(np.diagonal(inner, axis1=-2, axis2=-1), 1e-300))
        scaled = inner / root[..., :, None] / root[..., None, :]
        inverse = np.linalg.pinv(scaled, rcond=1e-10, hermitian=True)
        solved = inverse / root[..., :, None] / root[..., None, :] @ right
    found: Floats = solved
    return found


def _moments(design: Design) -> tuple[Floats, Floats]:
    """Gram (p + 1, p + 1) and X'Wy (p + 1,), with the group as the last column."""
    c, p = design.cells, design.width
    sums = design.grams(lambda part: np.stack([c.w[part], c.w[part] * c.group[part]]), 2)
    gram, cross = np.zeros((p + 1, p + 1)), np.zeros(p + 1)
    gram[:p, :p], gram[p, :p], gram[:p, p] = sums[0], sums[1][0], sums[1][0]
    gram[p, p] = sums[1][0, 0]
    for part in blocks(len(c)):
        cross[:p] += c.wy[part] @ design.matrix(part)
    cross[p] = c.wy[c.group].sum()
    return gram, cross


def _errors(problem: _Problem, gram: Floats, cross: Floats, values: Floats) -> tuple[Errors, str]:
    cells = problem.design.cells
    units = _carrying(problem, gram)
    df = np.full(len(values), max(units - 1, 0.0))
    if cells.cluster is not None:
        count = int(cells.cluster.max()) + 1
        if units < FEW_CLUSTERS and count <= MOST_LEFT_OUT:
            moved = _left_out(problem, cells, gram, cross, values)
            scale = 1 - 1 / strata(cells)
            return Errors(np.sqrt(scale @ moved**2), df, count), "CV3"
        return Errors(_sandwich(problem, gram, cross), df, count), "CR1"
    rows = round(float(cells.n.sum()))
    return Errors(_sandwich(problem, gram, cross), df, rows), "HC1"


def _carrying(problem: _Problem, gram: Floats) -> float:
    """Equal units that would carry the gap as these do; as `ols.carrying_units`, of grouped rows.

    Rows of one cell are taken as of one weight.
    """
    d, x = problem.design, np.concatenate([problem.added, problem.base])
    c, row = d.cells, np.linalg.inv(gram[np.ix_(x, x)])[-1]
    pull = np.concatenate(
        [np.c_[d.matrix(part), c.group[part]][:, x] @ row for part in blocks(len(c))]
    )
    if c.cluster is None:
        v = pull**2 * c.ww
        return float(v.sum()) ** 2 / float(np.sum(v**2 / c.n))
    v = np.concatenate([sums_by(c.cluster, pull * c.w * (c.group == s), int(c.cluster.max()) + 1)
                        for s in (True, False)]) ** 2  # fmt: skip
    size = len(v) // 2
    v = v[:size] + v[size:]
    return float(v.sum()) ** 2 / float(v @ v)


def _left_out(
    problem: _Problem, cells: Cells, gram: Floats, cross: Floats, values: Floats
) -> Floats:
    """Changes (G, 2 + K) of the values when each cluster is left out."""
    assert cells.cluster is not None
    count = int(cells.cluster.max()) + 1
    own = cluster_moments(problem.design, count, with_group=True)
    return problem.solve(gram - own[0], cross - own[1]) - values


def _sandwich(problem: _Problem, gram: Floats, cross: Floats) -> Floats:
    """Standard errors (2 + K,) from influence functions, HC1 or CR1."""
    d, influence = problem.design, _Influence.of(problem, gram, cross)
    c, n, k = d.cells, float(d.cells.n.sum()), len(problem.base) + len(problem.added)
    size = 0 if c.cluster is None else int(c.cluster.max()) + 1
    width = len(problem.parts) + 2
    total, sums = np.zeros(width), np.zeros((size, width))
    for part in blocks(len(c), 1 << 14):
        x, slope = influence(np.c_[d.matrix(part), c.group[part]])
        if c.cluster is None:
            total += c.ww[part] @ x**2 + 2 * (c.wwy[part] @ (x * slope))
            total += c.wwyy[part] @ slope**2
        else:
            rows = x * c.w[part][:, None] + slope * c.wy[part][:, None]
            np.add.at(sums, c.cluster[part], rows)
    free = max(n - k, 1.0)
    if c.cluster is None:
        variance: Floats = np.maximum(total, 0) * n / free
    else:
        variance = np.sum(sums**2, axis=0) * size / (size - 1) * (n - 1) / free
    return np.sqrt(variance)


@dataclass(frozen=True)
class _Influence:
    """What a row adds to the 2 + K values per unit of weight: a constant, and per outcome."""

    problem: _Problem
    short: Floats
    short_fit: Floats
    full: Floats
    full_fit: Floats
    moved: Floats
    columns: Codes

    @classmethod
    def of(cls, problem: _Problem, gram: Floats, cross: Floats) -> _Influence:
        """Row of the group in the inverses, coefficients, and both stages of each part."""
        z, x = problem.base, np.concatenate([problem.added, problem.base])
        k = len(problem.added)
        inverse = np.linalg.inv(gram[np.ix_(z, z)])
        whole = np.linalg.inv(gram[np.ix_(x, x)])
        slopes = inverse @ gram[np.ix_(z, problem.added)]
        full = whole @ cross[x]
        chosen = problem.parts.T
        moved = np.zeros((len(x), len(problem.parts)))
        moved[:k] = full[:k, None] * chosen
        moved[k:] = -slopes @ moved[:k]
        second = whole[:, :k] @ (slopes[-1][:, None] * chosen)
        return cls(
            problem, inverse[-1], inverse @ cross[z], np.column_stack([whole[-1], second]), full,
            moved, x,
        )  # fmt: skip

    def __call__(self, X: Floats) -> tuple[Floats, Floats]:
        """For rows X (b, q): x and slope, each (b, 2 + K)."""
        first = X[:, self.problem.base]
        every = X[:, self.columns]
        pull, rest = first @ self.short, every @ self.full
        fit = every @ self.full_fit
        slope = np.column_stack([pull, rest])
        x = np.column_stack([-pull * (first @ self.short_fit), -rest * fit[:, None]])
        x[:, 2:] += pull[:, None] * (every @ self.moved)
        return x, slope
