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
from rolediff.stats.lean import leaning
from rolediff.stats.smooth import Smooth
from rolediff.stats.tails import critical

K = TypeVar("K")
THREEFOLD = ("endowments", "coefficients", "interaction")
EXPLAINED, UNEXPLAINED = "explained", "unexplained"

REFERENCES = ("A", "B", "neumark", "pooled", "reimers", "cotton")
"""Coefficients taken as those that would hold without a gap: of group A; of group B; of both
groups pooled (Neumark); pooled with a group indicator (Jann); the plain mean of both (Reimers);
their mean weighted by group size (Cotton)."""


Key = tuple[str, str]
"""A part and its reference, "" where there is none."""


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

    def decomposition(
        self, a: str, b: str, outcome: str, reference: str, vcov: str, dropped: int,
        notes: tuple[Note, ...], **more: Any,
    ) -> Decomposition:  # fmt: skip
        """All parts at once; `more` is handed on to the answer."""
        design = self.fitted.design
        terms, T, R = report_coding(design, self.normalize)
        groups, G = by_factor(terms)
        pieces = _pieces(self.fitted, T, R)
        turned = [_pieces(lean.turned, T, R) for lean in self.fitted.leans]

        def found(key: Key, matrix: Floats) -> list[Estimate]:
            return self._estimates(matrix @ pieces[key], [matrix @ each[key] for each in turned])

        def total(key: Key) -> Estimate:
            return found(key, np.ones((1, len(terms))))[0]

        def parts(matrix: Floats, keys: Sequence[K]) -> dict[K, Parts]:
            rows = {name: found(key, matrix) for name, key in shown.items()}
            return {k: Parts(**{name: rows[name][i] for name in rows}) for i, k in enumerate(keys)}

        def two(name: str) -> Twofold:
            keys: tuple[Key, Key] = (EXPLAINED, name), (UNEXPLAINED, name)
            detail = zip(groups, *(found(key, G) for key in keys), strict=True)
            return Twofold(name, total(keys[0]), total(keys[1]), {g: (x, y) for g, x, y in detail})

        shown: dict[str, Key] = {name: (name, "") for name in THREEFOLD}
        shown |= {name: (name, reference) for name in (EXPLAINED, UNEXPLAINED)}
        whole: dict[str, Any] = {name: total(key) for name, key in shown.items()}
        whole |= {name: total((name, "")) for name in ("gap", "mean_a", "mean_b")}
        return Decomposition(
            a=a, b=b, outcome=outcome, reference=reference, **whole,
            detail=parts(G, groups),
            terms=parts(np.eye(len(terms)), [(t.factor, t.label) for t in terms]),
            references={name: two(name) for name in REFERENCES},
            coef_a=_named(terms, _split(self.fitted, 1, T)),
            coef_b=_named(terms, _split(self.fitted, 3, T)),
            vcov=vcov, dropped=dropped, notes=notes, **more,
        )  # fmt: skip

    def _estimates(self, part: Smooth, turned: Sequence[Smooth]) -> list[Estimate]:
        if self.withheld:
            return [self._bare(float(v), self.withheld) for v in part.value]
        fitted = self.fitted
        se = np.sqrt(part.variance(fitted.vcov, fitted.scale))
        method = "cluster jackknife" if fitted.jackknife else "delta method"
        times = critical(fitted.df, self.confidence)
        low, high = leaning(part.value, se, self._leans(part, se, turned), times)
        known = fitted.df, fitted.units, method, self.source
        return [
            Estimate(float(v), float(lo), float(hi), self.n, float(s), *known)
            if np.isfinite(lo) or not turned
            else self._bare(float(v), "no interval: the density is hardly known")
            for v, lo, hi, s in zip(part.value, low, high, se, strict=True)
        ]

    def _bare(self, value: float, why: str) -> Estimate:
        return Estimate(value, n=self.n, clusters=self.fitted.units, method=why, source=self.source)

    def _leans(self, part: Smooth, se: Floats, turned: Sequence[Smooth]) -> Floats:
        """By how much each standard error grows per unit of the estimate (P,)."""
        out, variance = np.zeros(len(se)), np.where(se > 0, se, 1.0) ** 2
        for lean, other in zip(self.fitted.leans, turned, strict=True):
            grown = np.sqrt(other.variance(lean.turned.vcov, lean.turned.scale)) - se
            out += grown / lean.step * (part.jac @ lean.covariance) / variance
        return out


def _pieces(fitted: Joint, T: Floats, R: Floats) -> dict[Key, Smooth]:
    """Every part by term, of P terms in report coding."""
    means = _split(fitted, 0, R), _split(fitted, 2, R)
    coefs = _split(fitted, 1, T), _split(fitted, 3, T)
    mean_a, mean_b = means[0] * coefs[0], means[1] * coefs[1]
    made = {("gap", ""): mean_a - mean_b, ("mean_a", ""): mean_a, ("mean_b", ""): mean_b}
    made |= {(name, ""): part for name, part in _threefold(means, coefs).items()}
    for name in REFERENCES:
        split = _twofold(means, coefs, _reference(fitted, name, T))
        made[EXPLAINED, name], made[UNEXPLAINED, name] = split
    return made


def _split(fitted: Joint, at: int, coding: Floats) -> Smooth:
    """Block `at` of theta in report coding."""
    p = fitted.design.width
    block = slice(at * p, (at + 1) * p)
    jac = np.zeros((len(coding), 6 * p))
    jac[:, block] = coding
    return Smooth(coding @ fitted.theta[block], jac, coding @ fitted.moved[:, block].T)


def _reference(fitted: Joint, name: str, T: Floats) -> Smooth:
    if name in ("neumark", "pooled"):
        return _split(fitted, 4 if name == "neumark" else 5, T)
    a, b = fitted.sides
    share = {"A": 1.0, "B": 0.0, "reimers": 0.5}.get(name, a.total / (a.total + b.total))
    return share * _split(fitted, 1, T) + (1 - share) * _split(fitted, 3, T)


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
