"""The design matrix of a set of cells, and its weighted cross-products.

Columns: constant, one indicator per category but the first of each factor, then the numeric
covariates, centred and scaled so that the normal equations stay well conditioned.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from rolediff.stats.cells import BLOCK, Cells, Codes, Floats, blocks

LARGE = 1 << 12
TABLE = 1 << 16

Columns = Callable[[slice], Floats]
"""For a slice of the cells, r weight columns as an array (r, length of the slice)."""


@dataclass(frozen=True)
class Term:
    """One line of a detailed answer: a category of a factor, a numeric covariate, the constant."""

    factor: str
    label: str = ""


CONSTANT = Term("(constant)")


@dataclass(frozen=True)
class Design:
    """How cells turn into p columns; `keep` (p,) marks those that are not aliased.

    `centre` and `scale` (q,) are of the numeric covariates, over both groups.
    """

    cells: Cells
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, cells: Cells) -> Design:
        """The design of `cells`, numeric covariates standardised over all of them."""
        total = cells.w.sum()
        centre = cells.w @ cells.numeric / total
        spread = np.sqrt(np.maximum(cells.w @ (cells.numeric - centre) ** 2 / total, 0.0))
        return cls(cells, centre, np.where(spread > 0, spread, 1.0))

    @cached_property
    def starts(self) -> list[int]:
        """First column of each factor, then the first numeric column, then p."""
        sizes = [len(f.labels) - 1 for f in self.cells.factors]
        edges = np.concatenate([[1], 1 + np.cumsum(sizes, dtype=int)]).astype(int)
        return [*edges.tolist(), int(edges[-1]) + self.cells.numeric.shape[1]]

    @property
    def width(self) -> int:
        """Number of columns p."""
        return self.starts[-1]

    @cached_property
    def column_terms(self) -> list[Term]:
        """What each of the p columns stands for."""
        dummies = [Term(f.name, label) for f in self.cells.factors for label in f.labels[1:]]
        return [CONSTANT, *dummies, *(Term(name) for name in self.cells.numeric_names)]

    def matrix(self, part: slice) -> Floats:
        """The design (b, p) of the cells in `part`, dense."""
        codes = self.cells.codes[part]
        X = np.zeros((len(codes), self.width))
        X[:, 0] = 1.0
        for j, start in enumerate(self.starts[:-2]):
            rows = np.flatnonzero(codes[:, j])
            X[rows, start + codes[rows, j] - 1] = 1.0
        X[:, self.starts[-2] :] = (self.cells.numeric[part] - self.centre) / self.scale
        return X

    def predict(self, coef: Floats, part: slice) -> Floats:
        """`X @ coef` for the cells in `part`, by look-up instead of multiplication."""
        codes, first = self.cells.codes[part], self.starts[-2]
        fit = np.full(len(codes), coef[0])
        for j, start in enumerate(self.starts[:-2]):
            effects = np.concatenate([[0.0], coef[start : self.starts[j + 1]]])
            fit += effects[codes[:, j]]
        if first < self.width:
            fit += (self.cells.numeric[part] - self.centre) / self.scale @ coef[first:]
        return fit

    def grams(self, columns: Columns, r: int) -> Floats:
        """X' diag(d) X for each of r weight columns d: (r, p, p). Row 0 of each is X'd."""
        if len(self.cells) > LARGE and self.cells.factors and not self.cells.numeric.shape[1]:
            return _tabulated(self, columns, r)
        out = np.zeros((r, self.width, self.width))
        for part in blocks(len(self.cells)):
            X, d = self.matrix(part), columns(part)
            for i in range(r):
                out[i] += X.T @ (X * d[i][:, None])
        return out


def _tabulated(design: Design, columns: Columns, r: int) -> Floats:
    """The grams of factors alone, which are two-way tables of their codes.

    Every pair of factors lies in some pair of blocks of factors; one weighted count per pair of
    blocks gives a small table, of which the two-way tables are products with indicators.
    """
    sizes = [len(f.labels) for f in design.cells.factors]
    groups = _factor_blocks(sizes)
    pairs = list(combinations(groups, 2)) or [(groups[0], [])]
    tables = [np.zeros((r, math.prod(sizes[j] for j in (*a, *b)))) for a, b in pairs]
    for part in blocks(len(design.cells), 4 * BLOCK):
        d, codes = columns(part), design.cells.codes[part]
        for (a, b), table in zip(pairs, tables, strict=True):
            key = _pack(codes, [*a, *b], sizes)
            for i in range(r):
                table[i] += np.bincount(key, d[i], table.shape[1])
    out = np.zeros((r, design.width, design.width))
    for (a, b), table in zip(pairs, tables, strict=True):
        first, second = _indicators(design, a, sizes), _indicators(design, b, sizes)
        _fill(out, first, second, table.reshape(r, len(first[1]), len(second[1])))
    return out


def _factor_blocks(sizes: list[int]) -> list[list[int]]:
    """Factors in blocks whose categories multiply to at most the root of a table's size."""
    groups: list[tuple[int, list[int]]] = []
    for j in sorted(range(len(sizes)), key=lambda j: -sizes[j]):
        for at, (product, members) in enumerate(groups):
            if product * sizes[j] <= TABLE**0.5:
                groups[at] = (product * sizes[j], [*members, j])
                break
        else:
            groups.append((sizes[j], [j]))
    return [members for _, members in groups]


def _pack(codes: Codes, union: list[int], sizes: list[int]) -> Codes:
    key = codes[:, union[0]].astype(np.int64)
    for j in union[1:]:
        key *= sizes[j]
        key += codes[:, j]
    return key


def _indicators(design: Design, block: list[int], sizes: list[int]) -> tuple[Codes, Floats]:
    """The columns c of the factors in a block, and their values (K, c) at each packed code."""
    shape = [sizes[j] for j in block]
    codes = np.indices(shape).reshape(len(block), math.prod(shape))
    parts = [np.eye(sizes[j])[codes[i], 1:] for i, j in enumerate(block)]
    at = [_columns(design, j) for j in block]
    if not block:
        return np.zeros(0, int), np.ones((1, 0))
    return np.concatenate(at), np.concatenate(parts, axis=1)


def _fill(
    out: Floats, first: tuple[Codes, Floats], second: tuple[Codes, Floats], table: Floats
) -> None:
    """Write the sums of a table (r, K, L) of two blocks of factors into the grams `out`."""
    (at, X), (to, Y) = first, second
    cross = X.T @ table @ Y
    out[:, at[:, None], to] = cross
    out[:, to[:, None], at] = np.swapaxes(cross, 1, 2)
    out[:, 0, 0] = table.sum(axis=(1, 2))
    for columns, Z, d in ((at, X, table.sum(axis=2)), (to, Y, table.sum(axis=1))):
        out[:, 0, columns] = out[:, columns, 0] = d @ Z
        out[:, columns[:, None], columns] = Z.T @ (d[:, :, None] * Z)


def _columns(design: Design, factor: int) -> Codes:
    return np.arange(design.starts[factor], design.starts[factor + 1])


def aliased(gram: Floats, tolerance: float = 1e-9) -> list[int]:
    """Columns that are linear combinations of earlier ones, by sweeping a Gram matrix (p, p)."""
    work, out = gram.copy(), []
    original = np.maximum(np.diag(gram), np.finfo(float).tiny)
    for j in range(len(work)):
        if work[j, j] <= tolerance * original[j]:
            out.append(j)
            continue
        work[j + 1 :, j + 1 :] -= np.outer(work[j + 1 :, j], work[j, j + 1 :]) / work[j, j]
    return out
