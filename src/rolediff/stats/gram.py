"""Cross-products of an outcome and many columns, and their shares by cluster.

Skills are many per posting, so rows with skills do not collapse into cells; X'WX and X'Wy do, and
add up over files. What is asked of single clusters, for errors, comes from rows where they are at
hand, or from one set of cross-products per cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.linear import sums_by

MANY = 10_000
"""Clusters from which on those without rows may be left out, and rows are taken in pieces,"""
ROWS = 512
"""so many at a time, so that what is made of them stays in a cache."""


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

    def scores(self, coef: Floats) -> Iterator[Floats]:
        """Sums of w x (y - x'coef) by cluster, at least those with rows: pieces (H, p)."""
        ...

    def partial(self, coef: Floats, freed: Freed) -> Iterator[Partial]:
        """What clusters, at least those with rows, add to regressions on one column each."""
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
    def _pieces(self) -> list[tuple[Codes | slice, Codes, int]]:
        """Rows of whole clusters, each row's cluster as a number from 0 on, and how many of them.

        All at once, clusters without rows too, where they are few; else some `ROWS` at a time.
        """
        if self.units <= MANY:
            return [(slice(None), self.cluster, self.units)]
        order = np.argsort(self.cluster, kind="stable")
        cluster = self.cluster[order]
        new = np.r_[True, cluster[1:] != cluster[:-1]]
        edges, number = np.append(np.flatnonzero(new), len(cluster)), np.cumsum(new) - 1
        cuts = edges[np.searchsorted(edges, np.arange(0, len(cluster), ROWS))]
        out: list[tuple[Codes | slice, Codes, int]] = []
        for lo, hi in pairwise(np.unique(np.append(cuts, len(cluster))).tolist()):
            own = number[lo:hi] - number[lo]
            rows = slice(lo, hi) if (order[lo:hi] == np.arange(lo, hi)).all() else order[lo:hi]
            out.append((rows, own, int(own[-1]) + 1))
        return out

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

    def scores(self, coef: Floats) -> Iterator[Floats]:
        """See `Evidence`."""
        error = self._error(coef)[:, None]
        for rows, number, count in self._pieces:
            yield _summed(self.X[rows] * error[rows], number, count)

    def partial(self, coef: Floats, freed: Freed) -> Iterator[Partial]:
        """See `Evidence`."""
        error = self._error(coef)[:, None]
        for rows, number, count in self._pieces:
            X = self.X[rows]
            mine = X[:, freed.columns]
            rest = mine - X[:, freed.free] @ freed.C.T
            weighted = rest * self.w[rows][:, None]
            made = (rest * error[rows], weighted * rest, weighted * mine, weighted)
            yield Partial(*(_summed(each, number, count) for each in made))


def _summed(rows: Floats, number: Codes, count: int) -> Floats:
    """`sums_by`; the rows themselves where each has a number of its own, in order."""
    if count == len(rows) and (number == np.arange(count)).all():
        return rows
    return sums_by(rows, number, count)


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
        return self._scores(coef) @ directions

    def scores(self, coef: Floats) -> Iterator[Floats]:
        """See `Evidence`."""
        yield self._scores(coef)

    def partial(self, coef: Floats, freed: Freed) -> Iterator[Partial]:
        """See `Evidence`."""
        along = freed.directions(len(coef))
        across = np.stack([part.xx @ along for part in self.parts])
        yield Partial(
            self.project(coef, along),
            np.einsum("pk,gpk->gk", along, across),
            across[:, freed.columns, np.arange(len(freed.columns))],
            across[:, 0],
        )

    def _scores(self, coef: Floats) -> Floats:
        return np.stack([part.xy - part.xx @ coef for part in self.parts])
