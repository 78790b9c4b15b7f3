"""What pay goes with which skills, within a role and between two."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Estimate, SkillMix, SkillPremium
from rolediff.stats.cells import Codes, Factor, Floats
from rolediff.stats.gram import Evidence, Gram, RowEvidence
from rolediff.stats.mix import Mix, mix
from rolediff.stats.premium import premiums
from rolediff.stats.tails import critical

LEAST = 5
"""Postings with a skill below which it is no column: it could tell nothing."""


@dataclass(frozen=True)
class SkillRows:
    """m postings with pay: `log_pay`, `is_a` and `weight` (m,), `asks` (m, K) 0/1 with a column
    for each of `skills`, `factors` as in `Sample`, `employer` codes (m,) or None.
    """

    log_pay: Floats
    is_a: Floats
    asks: Floats
    skills: tuple[str, ...]
    factors: Mapping[str, tuple[Factor, Codes]]
    employer: Codes | None = None
    weight: Floats | None = None

    def evidence(self, held: Sequence[str], skills: Sequence[str]) -> tuple[Evidence, Evidence]:
        """Rows of A and of B as a constant, indicators of `held` ("factor: label") and skills.

        Employers are numbered alike in both. Raises UsageError for an unknown factor or skill.
        """
        for name in held:
            if name not in self.factors:
                raise UsageError(f"no factor {name!r}: choose one of {', '.join(self.factors)}")
        at = [self._column(skill) for skill in skills]
        blocks, names = [np.ones((len(self.log_pay), 1))], ["(constant)"]
        for name in held:
            factor, codes = self.factors[name]
            blocks.append(np.eye(len(factor.labels))[codes][:, 1:])
            names += [f"{name}: {label}" for label in factor.labels[1:]]
        X = np.concatenate([*blocks, self.asks[:, at]], axis=1)
        w = np.ones(len(X)) if self.weight is None else self.weight
        unit = np.arange(len(X)) if self.employer is None else self.employer
        unit = np.unique(unit, return_inverse=True)[1]
        columns, count, a = (*names, *skills), int(unit.max()) + 1, self.is_a.astype(bool)
        order = np.argsort(unit, kind="stable")
        sides = [
            RowEvidence(X[s], self.log_pay[s], w[s], unit[s], columns, count)
            for s in (order[a[order]], order[~a[order]])
        ]
        return sides[0], sides[1]

    def common(self, least: int = LEAST, most: int = 200) -> tuple[str, ...]:
        """Skills that at least `least` postings ask for and as many do not, the commonest first."""
        count = self.asks.sum(axis=0)
        some = np.flatnonzero((count >= least) & (len(self.asks) - count >= least))
        order = some[np.argsort(-count[some], kind="stable")][:most]
        return tuple(self.skills[i] for i in order)

    def _column(self, skill: str) -> int:
        if skill not in self.skills:
            raise UsageError(f"no skill {skill!r} among the columns")
        return self.skills.index(skill)


def skill_premiums(
    evidence: Evidence,
    skills: Sequence[str],
    confidence: float = 0.95,
    source: str = "",
    draws: int = 1999,
) -> tuple[SkillPremium, ...]:
    """Log pay that goes with each of `skills` in one role, the highest first.

    All other columns of `evidence` are held equal; its columns have names. See `stats.premium`;
    without `draws` the p values of Romano and Wolf, which take longest, are left out.

    Raises:
        UsageError: a skill that is no column.
        NotEnoughEvidence: no more rows than controls, or no skill.
    """
    at = _columns(evidence.gram, skills)
    found = premiums(evidence, at, draws)
    how = "cluster jackknife" if evidence.units > 1 else "ordinary errors"
    z = critical(evidence.units - 1 if evidence.units > 1 else math.inf, confidence)
    out = []
    for i, skill in enumerate(skills):
        n = round(float(found.count[i]))
        margin = critical(float(found.df[i]), confidence) * float(found.alone_se[i])
        alone = float(found.alone[i])
        out.append(
            SkillPremium(
                skill, n,
                _estimate(alone, margin, n, evidence, how, source),
                _estimate(float(found.together[i]), z * float(found.together_se[i]), n, evidence,
                          "drawn toward zero", source),
                float(found.p[i]), float(found.p_bh[i]),
                float(found.p_rw[i]) if math.isfinite(found.p_rw[i]) else None,
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda p: (-p.together.value, p.skill)))


def skill_mix(
    a: Evidence,
    b: Evidence,
    families: Mapping[str, Sequence[str]],
    controls: Mapping[str, Sequence[str]] | None = None,
    *,
    shared: bool = True,
    source: str = "",
) -> SkillMix:
    """The part of the gap of A over B that goes with skills, in all and by family.

    Args:
        a, b: cross-products of each role, with the same columns; `shared` where cluster g of A is
            cluster g of B, as `SkillRows.evidence` makes them.
        families: columns of each family of skills; their coefficients are drawn toward zero.
        controls: columns of each control, by default those named "factor: label".

    Raises:
        UsageError: a name that is no column. NotEnoughEvidence: too few rows.
    """
    groups = _control_groups(a.gram) if controls is None else controls
    at = {k: _columns(a.gram, v) for k, v in {**groups, **families}.items()}
    skills = np.concatenate([at[f] for f in families]) if families else np.empty(0, int)
    known = shared and a.units > 1
    found = mix(a, b, at, skills, shared=known)
    try:
        plain = mix(a, b, at, np.empty(0, int), shared=known).total(tuple(families))
    except NotEnoughEvidence:
        plain = None
    n = (a.gram.n, b.gram.n)
    estimate = _Estimator(found, sum(n), source)
    each = dict(zip(at, map(estimate, found.parts.tolist(), found.se.tolist()), strict=True))
    return SkillMix(
        estimate(found.gap, found.gap_se),
        estimate(*found.total(tuple(families))),
        {f: each[f] for f in families},
        {c: each[c] for c in groups},
        None if plain is None else estimate(*plain),
        *n,
    )


@dataclass(frozen=True, slots=True)
class _Estimator:
    found: Mix
    n: int
    source: str

    def __call__(self, value: float, se: float) -> Estimate:
        margin = critical(self.found.units - 1) * se
        return Estimate(
            value, value - margin, value + margin, self.n, se, self.found.units - 1,
            self.found.units, "influence functions", self.source,
        )  # fmt: skip


def _columns(gram: Gram, names: Sequence[str]) -> Codes:
    missing = [n for n in names if n not in gram.names]
    if missing:
        raise UsageError(f"no column {missing[0]!r} among the cross-products")
    return np.array([gram.names.index(n) for n in names], int)


def _control_groups(gram: Gram) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in gram.names:
        factor, colon, _ = name.partition(": ")
        if colon:
            groups.setdefault(factor, []).append(name)
    return groups


def _estimate(
    value: float, margin: float, n: int, evidence: Evidence, how: str, source: str
) -> Estimate:
    clusters = evidence.units if evidence.units > 1 else None
    if not math.isfinite(margin):
        few = "too few employers ask for it"
        return Estimate(value, n=n, clusters=clusters, method=few, source=source)
    return Estimate(value, value - margin, value + margin, n, clusters=clusters, method=how,
                    source=source)  # fmt: skip
