"""Many gaps of one pair of groups from one pass over rows: any factors, any outcome, any reference.

The unexplained part of an Oaxaca-Blinder decomposition, mean(A) - mean(B) less
(x_A - x_B)'b*, is linear in the outcome once factors and reference are chosen: a vector of
weights, made from cross-products shared by all, gives it for every outcome at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats
from rolediff.stats.design import Design, aliased
from rolediff.stats.kinds import Kinds
from rolediff.stats.ols import inverse_on

FEW = 10
"""With fewer clusters the error is taken as G* / (G* - 1) times CR1's, G* those that carry it."""

Part = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""From a shift of means (p,): by group and combination of covariates (2, u), A first, how the fit's
outcome moves shift'b, what its residual is taken from, and the prediction."""


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
    def _kinds(self) -> Kinds:
        return Kinds(self.cells, self.Y)

    @cached_property
    def _design(self) -> Design:
        return Design.of(self.cells)

    @cached_property
    def _matrix(self) -> Floats:
        """The design (u, p) of rows that differ in covariates."""
        at = self._kinds.first
        return Design(self.cells.take(at), self._design.centre, self._design.scale).matrix(
            slice(None)
        )

    @cached_property
    def _grams(self) -> tuple[Floats, Floats]:
        X = self._matrix
        in_a, in_b = (X.T @ (X * w[:, None]) for w in self._kinds.weights)
        return in_a, in_b

    @cached_property
    def _crosses(self) -> tuple[Floats, Floats]:
        X = self._matrix
        in_a, in_b = (
            np.stack([X.T @ paid[i] for paid in self._kinds.paid], axis=1) for i in (0, 1)
        )
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
        up = np.array([[1 / total[0]], [-1 / total[1]]])
        moved = fit = np.zeros((2, len(self._matrix)))
        slope = up + moved
        for share, part in self._parts(reference, fitted, outcome):
            along, base, predicted = part(shift)
            slope = slope - share * along
            moved = moved + share * along * base
            fit = fit + share * predicted
        # A row adds w (slope y + level), and weighs w slope in the gap.
        weight, paid = self._kinds.weights, self._kinds.paid[outcome]
        centre = np.sum(paid - weight * fit, axis=1) / total
        level = moved - up * (fit + centre[:, None])
        k, carrying = len(fitted.keep), self._kinds.carrying(slope)
        free = k + 1 if reference in ("pooled", "neumark") else 2 * k
        se = self._kinds.error(slope, level, outcome, free)
        se *= _widened(carrying, self.cells.cluster)
        return Gap(float(np.sum(slope * paid)), se, carrying - 1, k)

    def _shift(self, keep: Codes) -> Floats:
        """Difference of means (p,) on the columns `keep`, 0 elsewhere."""
        in_a, in_b = self._grams
        out = np.zeros(len(in_a))
        out[keep] = (in_a[0] / in_a[0, 0] - in_b[0] / in_b[0, 0])[keep]
        return out

    def _parts(self, reference: str, f: _Fitted, outcome: int) -> list[tuple[float, Part]]:
        """The fits that b* is made of, each with its share."""
        cross_a, cross_b = (c[:, outcome] for c in self._crosses)
        size = [float(g[0, 0]) for g in self._grams]
        cotton = size[0] / sum(size)
        own = [self._own((1, 0), f.in_a, cross_a), self._own((0, 1), f.in_b, cross_b)]
        shares: dict[str, list[tuple[float, Part]]] = {
            "A": [(1.0, own[0])],
            "B": [(1.0, own[1])],
            "reimers": [(0.5, own[0]), (0.5, own[1])],
            "cotton": [(cotton, own[0]), (1 - cotton, own[1])],
            "neumark": [(1.0, self._own((1, 1), f.neumark, cross_a + cross_b))],
            "pooled": [(1.0, self._with_group(f.pooled, cross_a, cross_b))],
        }
        if reference not in shares:
            raise ValueError(f"no reference {reference!r}: choose one of {', '.join(shares)}")
        return shares[reference]

    def _own(self, groups: tuple[int, int], bread: Floats, cross: Floats) -> Part:
        """A fit to the rows of the groups marked 1."""

        def part(shift: Floats) -> tuple[Floats, Floats, Floats]:
            predicted = self._matrix @ (bread @ cross)
            along = np.outer(groups, self._matrix @ (bread @ shift))
            return along, predicted, predicted

        return part

    def _with_group(self, bread: Floats, cross_a: Floats, cross_b: Floats) -> Part:
        """A fit to all rows with an indicator of group A, which is not part of b*."""

        def part(shift: Floats) -> tuple[Floats, Floats, Floats]:
            coef, lead = bread @ np.append(cross_a + cross_b, cross_a[0]), bread[:, :-1] @ shift
            predicted, indicator = self._matrix @ coef[:-1], np.array([[1.0], [0.0]])
            along = self._matrix @ lead[:-1] + indicator * lead[-1]
            return along, predicted + indicator * coef[-1], predicted

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


def _widened(carrying: float, cluster: Codes | None) -> float:
    """Factor of an error where clusters are so few that CR1 is too narrow."""
    if cluster is None or int(cluster.max()) >= FEW - 1 or carrying <= 1:
        return 1.0
    return carrying / (carrying - 1)
