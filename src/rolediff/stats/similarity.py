"""How alike two groups of documents are by the words they use, whatever their number.

The cosine of two mean vectors (Salton and McGill 1983, chapter 4), with inner products taken over
pairs of documents from different clusters only. A group's vector is then no further from another
one for being known from few documents: Morisita's (1959) index is to the plain cosine what this is
for clusters. Standard errors by leaving out each cluster (Efron and Stein 1981).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Floats


@dataclass(frozen=True)
class Profile:
    """Sums (G, K) of the documents' vectors of each of G clusters, and documents (G,) of each."""

    sums: Floats
    sizes: Floats

    @classmethod
    def of(cls, sums: Floats, sizes: Floats, *, equal: bool = False) -> Profile:
        """With `equal` every cluster weighs the same: its mean counts as one document."""
        if not equal:
            return cls(sums, sizes)
        here = (sizes > 0).astype(float)
        return cls(sums / np.maximum(sizes, 1.0)[:, None], here)


def cosine(a: Profile, b: Profile) -> tuple[float, float]:
    """Cosine of the two mean vectors, at most 1, and its standard error.

    Both profiles are over the same clusters. NaN where a group has fewer than two of them, the
    error also where leaving one out leaves fewer than two.
    """
    here = (a.sizes > 0) | (b.sizes > 0)
    a, b = (Profile(x.sums[here], x.sizes[here]) for x in (a, b))
    products = [_products(x, y) for x, y in ((a, b), (a, a), (b, b))]
    with np.errstate(divide="ignore", invalid="ignore"):
        cross, own_a, own_b = (top / below for top, below in products)
        values = np.minimum(cross / np.sqrt(own_a * own_b), 1.0)
    value, left = float(values[0]), values[1:]
    count = len(left)
    if count < 3 or not np.isfinite(left).all():
        return value, math.nan
    return value, float(np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum()))


def _products(x: Profile, y: Profile) -> tuple[Floats, Floats]:
    """Sums of inner products over pairs of documents of different clusters, and how many pairs.

    (1 + G,) each: of all clusters, then without each one.
    """
    whole_x, whole_y = x.sums.sum(axis=0), y.sums.sum(axis=0)
    m, n = x.sizes.sum(), y.sizes.sum()
    own, pairs = np.einsum("gk,gk->g", x.sums, y.sums), x.sizes * y.sizes
    top, below = whole_x @ whole_y - own.sum(), m * n - pairs.sum()
    # Pairs of cluster g with any other one are left out with it.
    lost = x.sums @ whole_y + y.sums @ whole_x - 2 * own
    fewer = x.sizes * n + y.sizes * m - 2 * pairs
    return np.concatenate([[top], top - lost]), np.concatenate([[below], below - fewer])
