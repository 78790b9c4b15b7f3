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

    def sums(self) -> Floats:
        """Sums of w x by cluster (G, p)."""
        ...

    def project(self, coefs: Floats, directions: Floats) -> Floats:
        """By cluster, sums of w (x'directions_k) (y - x'coefs_k): (G, K) from (p, K) each."""
        ...


@dataclass(frozen=True)
class RowEvidence:
    """Rows X (n, p) with a constant first, `y` and `w` (n,), `cluster` (n,) codes 0 .. G-1.

    `count` is G where it is more than the largest code tells.
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

    def sums(self) -> Floats:
        """Sums of w x by cluster (G, p)."""
        return sums_by(self.X * self.w[:, None], self.cluster, self.units)

    def project(self, coefs: Floats, directions: Floats) -> Floats:
        """See `Evidence`."""
        rows = (self.X @ directions) * (self.y[:, None] - self.X @ coefs) * self.w[:, None]
        return sums_by(rows, self.cluster, self.units)


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

    def sums(self) -> Floats:
        """Sums of w x by cluster (G, p)."""
        return np.stack([part.xx[0] for part in self.parts])

    def project(self, coefs: Floats, directions: Floats) -> Floats:
        """See `Evidence`."""
        return np.stack(
            [
                np.einsum("pk,pk->k", directions, part.xy[:, None] - part.xx @ coefs)
                for part in self.parts
            ]
        )
