"""Many gaps of one pair of groups from one pass over rows: any factors, any outcome, any reference.

The unexplained part of an Oaxaca-Blinder decomposition, mean(A) - mean(B) less
(x_A - x_B)'b*, is linear in the outcome once factors and reference are chosen: a vector of
weights, made from cross-products shared by all, gives it for every outcome at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.design import Design, aliased
from rolediff.stats.ols import inverse_on

FEW = 10
"""With fewer clusters the error is taken as G* / (G* - 1) times CR1's, G* those that carry it."""

Part = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""From a shift of means (p,): by row (m,), how the fit's outcome moves shift'b, the residual, and
the prediction."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap, its standard error, degrees of freedom, and how many coefficients were estimated."""

    value: float
    se: float
    df: float
    k: int


@dataclass
class _Fitted:
    """Inverses (p, p) of the groups' and pooled cross-products on the columns `keep`."""

    keep: Codes
    in_a: Floats
    in_b: Floats
    neumark: Floats
    pooled: Floats


@dataclass(frozen=True)
class ManyGaps:
    """`cells` of one row each with every factor that may be held, and outcomes `Y` (m, E).

    `gap` at each reference of `decompose`. Errors are sums of squared influence by row or by
    cluster with the factor of HC1 or CR1, wider with fewer than `FEW` clusters, covariates being
    random as outcomes are: quick errors for many runs, not those of `gap_interval`.
    """

    cells: Cells
    Y: Floats
    _fits: dict[tuple[tuple[str, ...], bool], _Fitted] = field(default_factory=dict)

    @cached_property
    def _design(self) -> Design:
        return Design.of(self.cells)

    @cached_property
    def _alike(self) -> tuple[Codes, Codes]:
        """The first of all rows with the same covariates, and for each row which they are."""
        c = self.cells
        sizes = [len(f.labels) for f in c.factors]
        key = np.zeros(len(c), np.int64)
        for j, size in enumerate(sizes):
            key = key * size + c.codes[:, j]
        columns = [key, *c.numeric.T] if math.prod(sizes) < 2**62 else [*c.codes.T, *c.numeric.T]
        if len(columns) == 1:
            _, first, which = np.unique(key, return_index=True, return_inverse=True)
        else:
            stacked = np.stack(columns, axis=1)
            _, first, which = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
        return first, which.ravel()

    @cached_property
    def _matrix(self) -> Floats:
        """The design (u, p) of rows that differ in covariates."""
        at = self._alike[0]
        return Design(self.cells.take(at), self._design.centre, self._design.scale).matrix(
            slice(None)
        )

    def _times(self, coef: Floats) -> Floats:
        """The design times `coef` (p,), by row (m,)."""
        return np.asarray((self._matrix @ coef)[self._alike[1]])

    def _summed(self, values: Floats) -> tuple[Floats, Floats]:
        """Sums of values (m,) over rows alike in covariates, in A and in B: (u,) each."""
        which, a, u = self._alike[1], self.cells.group, len(self._matrix)
        in_a, in_b = (np.bincount(which[s], values[s], u).astype(float) for s in (a, ~a))
        return in_a, in_b

    @cached_property
    def _grams(self) -> tuple[Floats, Floats]:
        X = self._matrix
        in_a, in_b = (X.T @ (X * w[:, None]) for w in self._summed(self.cells.w))
        return in_a, in_b

    @cached_property
    def _crosses(self) -> tuple[Floats, Floats]:
        sums = [self._summed(self.cells.w * y) for y in self.Y.T]
        in_a, in_b = (np.stack([self._matrix.T @ s[i] for s in sums], axis=1) for i in (0, 1))
        return in_a, in_b

    def columns(self, held: Sequence[str]) -> Codes:
        """Columns of the constant and of these factors."""
        starts, names = self._design.starts, [f.name for f in self.cells.factors]
        parts = [np.arange(starts[j], starts[j + 1]) for j, n in enumerate(names) if n in held]
        return np.concatenate([[0], *parts]).astype(int)

    def gap(self, held: Sequence[str], reference: str, outcome: int) -> Gap:
        """The gap with the factors `held` held equal at a reference, for one outcome.

        Raises:
            ValueError: no such reference.
        """
        fitted = self._fitted(tuple(held), both=reference != "pooled")
        shift, total = self._shift(fitted.keep), [float(g[0, 0]) for g in self._grams]
        w, a, y = self.cells.w, self.cells.group, self.Y[:, outcome]
        up = np.where(a, w / total[0], -w / total[1])
        pull, moved, fit = up, np.zeros(len(y)), np.zeros(len(y))
        for share, part in self._parts(reference, fitted, outcome):
            along, residual, predicted = part(shift)
            pull = pull - share * w * along
            moved = moved - share * w * along * residual
            fit = fit + share * predicted
        rest = y - fit
        centre = [float(w[s] @ rest[s]) / t for s, t in ((a, total[0]), (~a, total[1]))]
        influence = up * (rest - np.where(a, *centre)) + moved
        k, carrying = len(fitted.keep), self._carrying(pull)
        se = self._error(influence, k, reference) * _widened(carrying, self.cells.cluster)
        return Gap(float(pull @ y), se, carrying - 1, k)

    def _shift(self, keep: Codes) -> Floats:
        """Difference of means (p,) on the columns `keep`, 0 elsewhere."""
        in_a, in_b = self._grams
        out = np.zeros(len(in_a))
        out[keep] = (in_a[0] / in_a[0, 0] - in_b[0] / in_b[0, 0])[keep]
        return out

    def _parts(self, reference: str, f: _Fitted, outcome: int) -> list[tuple[float, Part]]:
        """The fits that b* is made of, each with its share."""
        a, everyone = self.cells.group, np.ones(len(self.cells), bool)
        cross_a, cross_b = (c[:, outcome] for c in self._crosses)
        size = [float(g[0, 0]) for g in self._grams]
        cotton = size[0] / sum(size)
        own = [self._own(a, f.in_a, cross_a, outcome), self._own(~a, f.in_b, cross_b, outcome)]
        shares: dict[str, list[tuple[float, Part]]] = {
            "A": [(1.0, own[0])],
            "B": [(1.0, own[1])],
            "reimers": [(0.5, own[0]), (0.5, own[1])],
            "cotton": [(cotton, own[0]), (1 - cotton, own[1])],
            "neumark": [(1.0, self._own(everyone, f.neumark, cross_a + cross_b, outcome))],
            "pooled": [(1.0, self._with_group(f.pooled, cross_a, cross_b, outcome))],
        }
        if reference not in shares:
            raise ValueError(f"no reference {reference!r}: choose one of {', '.join(shares)}")
        return shares[reference]

    def _own(self, rows: NDArray[np.bool_], bread: Floats, cross: Floats, outcome: int) -> Part:
        """A fit to some of the rows."""

        def part(shift: Floats) -> tuple[Floats, Floats, Floats]:
            predicted = self._times(bread @ cross)
            along = rows * self._times(bread @ shift)
            return along, self.Y[:, outcome] - predicted, predicted

        return part

    def _with_group(self, bread: Floats, cross_a: Floats, cross_b: Floats, outcome: int) -> Part:
        """A fit to all rows with an indicator of group A, which is not part of b*."""

        def part(shift: Floats) -> tuple[Floats, Floats, Floats]:
            coef, lead = bread @ np.append(cross_a + cross_b, cross_a[0]), bread[:, :-1] @ shift
            predicted = self._times(coef[:-1])
            along = self._times(lead[:-1]) + self.cells.group * lead[-1]
            residual = self.Y[:, outcome] - predicted - self.cells.group * coef[-1]
            return along, residual, predicted

        return part

    def _fitted(self, held: tuple[str, ...], *, both: bool) -> _Fitted:
        """Inverses with these factors; with `both`, on columns that each group can tell."""
        if (held, both) not in self._fits:
            (in_a, in_b), at = self._grams, self.columns(held)
            lost = self._lost(at, both)
            keep = np.setdiff1d(at, at[sorted(lost)] if lost else [])
            zero = np.zeros((len(in_a) + 1,) * 2)
            zero[:-1, :-1] = in_a + in_b
            zero[-1, :-1] = zero[:-1, -1] = in_a[0]
            zero[-1, -1] = in_a[0, 0]
            none = np.zeros_like(in_a)
            self._fits[held, both] = _Fitted(
                keep,
                inverse_on(in_a, keep) if both else none,
                inverse_on(in_b, keep) if both else none,
                inverse_on(in_a + in_b, keep),
                inverse_on(zero, np.append(keep, len(in_a))),
            )
        return self._fits[held, both]

    def _lost(self, at: Codes, both: bool) -> set[int]:
        in_a, in_b = (g[np.ix_(at, at)] for g in self._grams)
        if both:
            return {*aliased(in_a), *aliased(in_b)}
        return set(aliased(in_a + in_b))

    @property
    def _unit(self) -> Codes:
        c = self.cells
        return np.arange(len(c)) if c.cluster is None else c.cluster

    def _error(self, influence: Floats, k: int, reference: str) -> float:
        """Root of the summed squares by unit, with the factor of HC1 or of CR1."""
        n, c = len(self.cells), self.cells.cluster
        k = k + 1 if reference in ("pooled", "neumark") else 2 * k
        by_unit = influence if c is None else np.bincount(c, influence)
        g = len(by_unit)
        factor = (
            n / (n - k) if c is None else g / (g - 1) * (n - 1) / (n - k) if g > 1 else math.nan
        )
        return math.sqrt(factor * float(by_unit @ by_unit)) if n > k else math.nan

    def _carrying(self, pull: Floats) -> float:
        """See `ols.carrying_units`."""
        added = [
            np.bincount(self._unit, pull * (self.cells.group == side)) ** 2
            for side in (True, False)
        ]
        total = float(np.sum(added))
        return total * total / float(np.sum(np.square(added))) if total > 0 else 0.0


def _widened(carrying: float, cluster: Codes | None) -> float:
    """Factor of an error where clusters are so few that CR1 is too narrow."""
    if cluster is None or int(cluster.max()) >= FEW - 1 or carrying <= 1:
        return 1.0
    return carrying / (carrying - 1)
