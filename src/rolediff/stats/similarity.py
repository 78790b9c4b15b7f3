"""How alike two groups of documents are by the words they use, whatever their number.

The cosine of two mean vectors (Salton and McGill 1983, chapter 4), with inner products taken over
pairs of documents from different clusters only. A group's vector is then no further from another
one for being known from few documents: Morisita's (1959) index is to the plain cosine what this is
for clusters. Standard errors by leaving out each cluster (Efron and Stein 1981).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Floats
from rolediff.stats.sparse import Sparse

Products = tuple[Floats, Floats]
"""Sums of inner products over pairs of documents of different clusters, and how many pairs.

(1 + G,) each: of all clusters, then without each one.
"""


@dataclass(frozen=True)
class Profile:
    """A group's documents by cluster: `sizes` (G,) documents of each of G clusters, and `sums`
    (G, K) of their vectors, which are 0 where there are none.
    """

    sums: Sparse
    sizes: Floats

    @classmethod
    def of(cls, sums: Floats | Sparse, sizes: Floats, *, equal: bool = False) -> Profile:
        """From sums (G, K); with `equal` a cluster's mean counts as one document."""
        here = sizes > 0
        if not equal:
            return cls(Sparse.of(sums).scaled(here.astype(float)), sizes)
        return cls(Sparse.of(sums).scaled(here / np.where(here, sizes, 1.0)), here.astype(float))

    @cached_property
    def whole(self) -> Floats:
        """Sum (K,) of all documents' vectors."""
        return self.sums.totals

    @cached_property
    def own(self) -> Products:
        """Of pairs within this group."""
        return products(self, self)


def cosine(a: Profile, b: Profile) -> tuple[float, float]:
    """Cosine of the two mean vectors, at most 1, and its standard error.

    Both profiles are over the same clusters. NaN where a group has fewer than two of them, the
    error also where leaving one out leaves fewer than two.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        cross, own_a, own_b = (x / n for x, n in (products(a, b), a.own, b.own))
        values = np.minimum(cross / np.sqrt(own_a * own_b), 1.0)
    here = (a.sizes > 0) | (b.sizes > 0)
    value, left, count = float(values[0]), values[1:][here], int(here.sum())
    if count < 3 or not np.isfinite(left).all():
        return value, math.nan
    return value, float(np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum()))


def products(x: Profile, y: Profile) -> Products:
    """Inner products of two groups over the same clusters."""
    m, n = x.sizes.sum(), y.sizes.sum()
    pairs = x.sizes * y.sizes
    own = x.sums.times(y.sums).over_columns(np.ones(x.sums.shape[1]))
    top, below = x.whole @ y.whole - own.sum(), m * n - pairs.sum()
    # Pairs of cluster g with any other one are left out with it.
    lost = x.sums.over_columns(y.whole) + y.sums.over_columns(x.whole) - 2 * own
    fewer = x.sizes * n + y.sizes * m - 2 * pairs
    return np.concatenate([[top], top - lost]), np.concatenate([[below], below - fewer])
