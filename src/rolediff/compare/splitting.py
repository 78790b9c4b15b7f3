"""From fitted models of two groups to the parts of their gap, with errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from rolediff.results import Decomposition, Estimate, Note, Parts, Twofold
from rolediff.stats.cells import Floats
from rolediff.stats.design import CONSTANT, Design, Term
from rolediff.stats.joint import Joint
from rolediff.stats.smooth import Smooth
from rolediff.stats.tails import critical

K = TypeVar("K")

REFERENCES = ("A", "B", "neumark", "pooled", "reimers", "cotton")
"""Coefficients taken as those that would hold without a gap: of group A; of group B; of both
groups pooled (Neumark); pooled with a group indicator (Jann); the plain mean of both (Reimers);
their mean weighted by group size (Cotton)."""


@dataclass(frozen=True)
class Splitter:
    """Turns theta and its covariance into the parts of the gap.

    `withheld` says why no interval is shown, where that is so.
    """

    fitted: Joint
    normalize: bool
    confidence: float
    n: int
    source: str
    withheld: str = ""

    @property
    def p(self) -> int:
        """Columns of the design."""
        return self.fitted.design.width

    def decomposition(
        self, a: str, b: str, outcome: str, reference: str, vcov: str, dropped: int,
        notes: tuple[Note, ...], **more: Any,
    ) -> Decomposition:  # fmt: skip
        """All parts at once; `more` is handed on to the answer."""
        terms, T, R = report_coding(self.fitted.design, self.normalize)
        groups, G = by_factor(terms)
        means = self._split(0, R), self._split(2, R)
        coefs = self._split(1, T), self._split(3, T)
        references = {name: self._reference(name, T) for name in REFERENCES}
        pieces = _threefold(means, coefs)
        twofold = {name: _twofold(means, coefs, ref) for name, ref in references.items()}
        pieces |= dict(zip(("explained", "unexplained"), twofold[reference], strict=True))
        detail = self._parts(pieces, G, groups)
        by_term = self._parts(pieces, np.eye(len(terms)), [(t.factor, t.label) for t in terms])
        total: dict[str, Any] = {name: self._total(part) for name, part in pieces.items()}
        return Decomposition(
            a=a, b=b, outcome=outcome, reference=reference,
            gap=self._total(means[0] * coefs[0] - means[1] * coefs[1]),
            mean_a=self._total(means[0] * coefs[0]),
            mean_b=self._total(means[1] * coefs[1]),
            **total, detail=detail, terms=by_term,
            references={n: self._two(n, split, G, groups) for n, split in twofold.items()},
            coef_a=_named(terms, coefs[0]), coef_b=_named(terms, coefs[1]),
            vcov=vcov, dropped=dropped, notes=notes, **more,
        )  # fmt: skip

    def _split(self, at: int, coding: Floats) -> Smooth:
        """Block `at` of theta in report coding."""
        block = slice(at * self.p, (at + 1) * self.p)
        jac = np.zeros((len(coding), 6 * self.p))
        jac[:, block] = coding
        theta, moved = self.fitted.theta[block], self.fitted.moved[:, block]
        return Smooth(coding @ theta, jac, coding @ moved.T)

    def _reference(self, name: str, T: Floats) -> Smooth:
        if name in ("neumark", "pooled"):
            return self._split(4 if name == "neumark" else 5, T)
        a, b = self.fitted.sides
        share = {"A": 1.0, "B": 0.0, "reimers": 0.5}.get(name, a.total / (a.total + b.total))
        return share * self._split(1, T) + (1 - share) * self._split(3, T)

    def _parts(self, pieces: dict[str, Smooth], G: Floats, keys: list[K]) -> dict[K, Parts]:
        rows = {name: self._estimates(G @ part) for name, part in pieces.items()}
        return {key: Parts(**{name: rows[name][i] for name in rows}) for i, key in enumerate(keys)}

    def _two(
        self, name: str, split: tuple[Smooth, Smooth], G: Floats, groups: list[str]
    ) -> Twofold:
        explained, unexplained = (self._estimates(G @ part) for part in split)
        detail = {g: (explained[i], unexplained[i]) for i, g in enumerate(groups)}
        return Twofold(name, self._total(split[0]), self._total(split[1]), detail)

    def _total(self, part: Smooth) -> Estimate:
        return self._estimates(np.ones((1, len(part.value))) @ part)[0]

    def _estimates(self, part: Smooth) -> list[Estimate]:
        if self.withheld:
            known: dict[str, Any] = {
                "n": self.n,
                "clusters": self.fitted.units,
                "source": self.source,
            }
            return [Estimate(float(v), method=self.withheld, **known) for v in part.value]
        se = np.sqrt(part.variance(self.fitted.vcov, self.fitted.scale))
        method = "cluster jackknife" if self.fitted.jackknife else "delta method"
        margin = critical(self.fitted.df, self.confidence) * se
        return [
            Estimate(
                float(v), float(v - m), float(v + m), self.n, float(s), self.fitted.df,
                self.fitted.units, method, self.source,
            )
            for v, m, s in zip(part.value, margin, se, strict=True)
        ]  # fmt: skip


def _threefold(means: tuple[Smooth, Smooth], coefs: tuple[Smooth, Smooth]) -> dict[str, Smooth]:
    moved, changed = means[0] - means[1], coefs[0] - coefs[1]
    return {
        "endowments": moved * coefs[1],
        "coefficients": means[1] * changed,
        "interaction": moved * changed,
    }


def _twofold(
    means: tuple[Smooth, Smooth], coefs: tuple[Smooth, Smooth], reference: Smooth
) -> tuple[Smooth, Smooth]:
    rest = means[0] * (coefs[0] - reference) + means[1] * (reference - coefs[1])
    return (means[0] - means[1]) * reference, rest


def collinear(design: Design, columns: Sequence[int]) -> tuple[Note, ...]:
    """A note for each of the `columns` of `design` that the others tell, so have no coefficient."""
    lost = (design.column_terms[j] for j in columns)
    return tuple(
        Note("collinear", t.factor, f"{t.label} left out, told by the others".strip()) for t in lost
    )


def report_coding(design: Design, normalize: bool) -> tuple[list[Term], Floats, Floats]:
    """Terms (P) with every category, and the maps T, R (P, p) of coefficients and of means.

    T b are coefficients in report coding, R m the means of the same terms, and R'T = I.
    """
    first, p = design.starts[-2], design.width
    terms, T, R = [CONSTANT], [np.eye(p)[0]], [np.eye(p)[0]]
    for j, factor in enumerate(design.cells.factors):
        at = np.arange(design.starts[j], design.starts[j + 1])
        effects = np.zeros((len(factor.labels), p))
        effects[np.arange(1, len(factor.labels)), at] = 1.0
        shares = effects.copy()
        shares[0, at], shares[0, 0] = -1.0, 1.0
        if normalize:
            T[0] = T[0] + effects.mean(axis=0)
            effects = effects - effects.mean(axis=0)
        terms += [Term(factor.name, label) for label in factor.labels]
        T += list(effects)
        R += list(shares)
    for i, name in enumerate(design.cells.numeric_names):
        unit = np.eye(p)[first + i]
        terms.append(Term(name))
        T.append(unit / design.scale[i])
        R.append(unit * design.scale[i] + np.eye(p)[0] * design.centre[i])
        T[0] = T[0] - unit * design.centre[i] / design.scale[i]
    return terms, np.array(T), np.array(R)


def by_factor(terms: Sequence[Term]) -> tuple[list[str], Floats]:
    """Names of the factors in order and the matrix (F, P) that sums terms into them."""
    names = list(dict.fromkeys(t.factor for t in terms))
    return names, np.array([[float(t.factor == name) for t in terms] for name in names])


def _named(terms: Sequence[Term], coef: Smooth) -> dict[tuple[str, str], float]:
    return {(t.factor, t.label): float(v) for t, v in zip(terms, coef.value, strict=True)}
