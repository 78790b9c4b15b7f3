"""Cross-products of an outcome and many columns, and their shares by cluster.

Skills are many per posting, so rows with skills do not collapse into cells; X'WX and X'Wy do, and
add up over files. What is asked of single clusters, for errors, comes from rows where they are at
hand, or from one set of cross-products per cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import sums_by

MANY = 10_000
"""Clusters from which on those without rows are left out, where they may be."""


@dataclass(frozen=True)
class Gram:
    """`xx` (p, p) of X'WX, `xy` (p,) of X'Wy, `yy` of y'Wy, over `n` rows; `names` (p,) of columns.

    Column 0 is the constant, so `xx[0]` are weighted sums. Grams of parts add up.
    """

    names: tuple[str, ...]
    xx: Floats
    xy: Floats
    yy: float
    n: int

    @classmethod
    def of(
        cls, X: Floats, y: Floats, weights: Floats | None = None, names: Sequence[str] = ()
    ) -> Gram:
        """From rows X (n, p), whose first column is 1, and y (n,)."""
        wx = X if weights is None else X * weights[:, None]
        wy = y if weights is None else y * weights
        return cls(tuple(names), wx.T @ X, X.T @ wy, float(y @ wy), len(y))

    def __add__(self, other: Gram) -> Gram:
        if self.names != other.names:
            raise ValueError("cross-products of different columns do not add up")
        return Gram(
            self.names, self.xx + other.xx, self.xy + other.xy, self.yy + other.yy,
            self.n + other.n,
        )  # fmt: skip

    @property
    def total(self) -> float:
        """Sum of weights."""
        return float(self.xx[0, 0])

    @property
    def mean(self) -> Floats:
        """Weighted means of the columns (p,)."""
        return np.asarray(self.xx[0] / self.total)

    def with_indicator(self, is_a: bool, name: str = "(group)") -> Gram:
        """The same rows with a last column that is 1 in group A and 0 in B."""
        p = len(self.xy)
        xx, xy = np.zeros((p + 1, p + 1)), np.zeros(p + 1)
        xx[:p, :p], xy[:p] = self.xx, self.xy
        if is_a:
            xx[p, :p] = xx[:p, p] = self.xx[0]
            xx[p, p], xy[p] = self.xx[0, 0], self.xy[0]
        return Gram((*self.names, name), xx, xy, self.yy, self.n)


class Evidence(Protocol):
    """Cross-products with what each of `units` clusters adds to them.

    Where `units` is 1 nothing is known of clusters, and errors can only be ordinary ones.
    """

    @property
    def gram(self) -> Gram:
        """Cross-products of everything."""
        ...

    @property
    def units(self) -> int:
        """Clusters."""
        ...

    def sums(self, directions: Floats) -> Floats:
        """Sums of w x'directions by cluster: (G, K) from (p, K)."""
        ...

    def project(self, coef: Floats, directions: Floats) -> Floats:
        """By cluster, sums of w (x'directions_k) (y - x'coef): (G, K) from (p,) and (p, K)."""
        ...

    def scores(self, coef: Floats) -> Floats:
        """Sums of w x (y - x'coef) by cluster, at least those with rows: (H, p) from (p,)."""
        ...

    def partial(self, coef: Floats, freed: Freed) -> Partial:
        """What each cluster, at least those with rows, adds to regressions on one column each."""
        ...


@dataclass(frozen=True, slots=True)
class Freed:
    """Each of K `columns` less the columns `free` times its row of `C` (K, f), which they tell."""

    columns: Codes
    free: Codes
    C: Floats

    def directions(self, p: int) -> Floats:
        """The same as combinations (p, K) of all columns."""
        out = np.zeros((p, len(self.columns)))
        out[self.columns, np.arange(len(self.columns))] = 1.0
        out[self.free] = -self.C.T
        return out


@dataclass(frozen=True, slots=True)
class Partial:
    """Sums (H, K) by cluster, r_k being what is left of column k: `score` of w r_k (y - x'coef),
    `information` of w r_k^2, `on` of w r_k x_k, and `every` of w r_k.
    """

    score: Floats
    information: Floats
    on: Floats
    every: Floats


@dataclass(frozen=True)
class RowEvidence:
    """Rows X (n, p) with a constant first, `y` and `w` (n,), `cluster` (n,) codes 0 .. G-1.

    `count` is G where it is more than the largest code tells. Quickest with clusters in order.
    """

    X: Floats
    y: Floats
    w: Floats
    cluster: Codes
    names: tuple[str, ...] = ()
    count: int | None = None

    @classmethod
    def of(
        cls, X: Floats, y: Floats, weights: Floats | None = None, cluster: Codes | None = None,
        names: Sequence[str] = (),
    ) -> RowEvidence:  # fmt: skip
        """`cluster` may hold any values; without it each row stands alone."""
        w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
        code = np.arange(len(y)) if cluster is None else np.unique(cluster, return_inverse=True)[1]
        return cls(np.asarray(X, float), np.asarray(y, float), w, code, tuple(names))

    @cached_property
    def gram(self) -> Gram:
        """Cross-products of all rows."""
        return Gram.of(self.X, self.y, self.w, self.names)

    @property
    def units(self) -> int:
        """Clusters."""
        return int(self.cluster.max()) + 1 if self.count is None else self.count

    @cached_property
    def _seen(self) -> tuple[Codes, int]:
        """Numbers (n,) of clusters and how many there are; of many only those that have rows."""
        if self.units <= MANY:
            return self.cluster, self.units
        there = np.bincount(self.cluster, minlength=self.units) > 0
        return (np.cumsum(there) - 1)[self.cluster], int(there.sum())

    def _error(self, coef: Floats) -> Floats:
        """w (y - x'coef) of each row (n,)."""
        return (self.y - self.X @ coef) * self.w

    def sums(self, directions: Floats) -> Floats:
        """See `Evidence`."""
        return sums_by((self.X @ directions) * self.w[:, None], self.cluster, self.units)

    def project(self, coef: Floats, directions: Floats) -> Floats:
        """See `Evidence`."""
        rows = (self.X @ directions) * self._error(coef)[:, None]
        return sums_by(rows, self.cluster, self.units)

    def scores(self, coef: Floats) -> Floats:
        """See `Evidence`."""
        return sums_by(self.X * self._error(coef)[:, None], *self._seen)

    def partial(self, coef: Floats, freed: Freed) -> Partial:
        """See `Evidence`."""
        mine = self.X[:, freed.columns]
        rest = mine - self.X[:, freed.free] @ freed.C.T
        score = sums_by(rest * self._error(coef)[:, None], *self._seen)
        weighted = rest * self.w[:, None]
        every = sums_by(weighted, *self._seen)
        on = sums_by(np.multiply(weighted, mine, out=mine), *self._seen)
        return Partial(
            score, sums_by(np.multiply(weighted, rest, out=rest), *self._seen), on, every
        )


@dataclass(frozen=True)
class GramEvidence:
    """One set of cross-products per cluster, or one alone, of which no clusters are known."""

    parts: tuple[Gram, ...]

    @cached_property
    def gram(self) -> Gram:
        """Cross-products of all clusters."""
        total = self.parts[0]
        for part in self.parts[1:]:
            total = total + part
        return total

    @property
    def units(self) -> int:
        """Clusters."""
        return len(self.parts)

    def sums(self, directions: Floats) -> Floats:
        """See `Evidence`."""
        return np.stack([part.xx[0] @ directions for part in self.parts])

    def project(self, coef: Floats, directions: Floats) -> Floats:
        """See `Evidence`."""
        return self.scores(coef) @ directions

    def scores(self, coef: Floats) -> Floats:
        """See `Evidence`."""
        return np.stack([part.xy - part.xx @ coef for part in self.parts])

    def partial(self, coef: Floats, freed: Freed) -> Partial:
        """See `Evidence`."""
        along = freed.directions(len(coef))
        across = np.stack([part.xx @ along for part in self.parts])
        return Partial(
            self.project(coef, along),
            np.einsum("pk,gpk->gk", along, across),
            across[:, freed.columns, np.arange(len(freed.columns))],
            across[:, 0],
        )
