"""What a gap is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class Note:
    """What was changed before a decomposition: to which factor, what, and in numbers.

    `kind` is "joined" (rare categories), "single" (one category left), "collinear" or "dropped"
    (rows left out; `factor` is empty).
    """

    kind: str
    factor: str
    detail: str

    def __str__(self) -> str:
        return f"{self.factor}: {self.detail}" if self.factor else self.detail


@dataclass(frozen=True, slots=True)
class Parts:
    """What one covariate contributes to each part of a gap, in the unit of the outcome."""

    endowments: Estimate
    coefficients: Estimate
    interaction: Estimate
    explained: Estimate
    unexplained: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: getattr(self, name).to_dict() for name in PARTS}


PARTS = ("endowments", "coefficients", "interaction", "explained", "unexplained")


@dataclass(frozen=True, slots=True)
class Twofold:
    """A gap split at one reference: what the covariates account for, and the rest."""

    reference: str
    explained: Estimate
    unexplained: Estimate
    detail: Mapping[str, tuple[Estimate, Estimate]]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "explained": self.explained.to_dict(),
            "unexplained": self.unexplained.to_dict(),
            "detail": {
                k: {"explained": e.to_dict(), "unexplained": u.to_dict()}
                for k, (e, u) in self.detail.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Decomposition(Shown):
    """An Oaxaca-Blinder decomposition of mean(A) - mean(B).

    Threefold: gap = endowments + coefficients + interaction, seen from group B (Winsborough and
    Dickinson 1971; Jann 2008, eq. 2). Twofold at `reference`: gap = explained + unexplained.
    `detail` holds the parts by factor, `terms` by (factor, category); `references` the twofold
    split at all six references. `vcov` names the errors, `notes` what was joined or left out,
    `dropped` rows without outcome or a covariate. Raises ValueError if the parts do not sum.

    Of another `statistic` than the mean, `mean_a` and `mean_b` are means of its recentred
    influence function, which come close to the statistics themselves, `value_a` and `value_b`.
    """

    a: str
    b: str
    outcome: str
    reference: str
    gap: Estimate
    mean_a: Estimate
    mean_b: Estimate
    endowments: Estimate
    coefficients: Estimate
    interaction: Estimate
    explained: Estimate
    unexplained: Estimate
    detail: Mapping[str, Parts]
    terms: Mapping[tuple[str, str], Parts]
    references: Mapping[str, Twofold]
    coef_a: Mapping[tuple[str, str], float]
    coef_b: Mapping[tuple[str, str], float]
    vcov: str = ""
    dropped: int = 0
    notes: tuple[Note, ...] = field(default=())
    statistic: str = "mean"
    value_a: float | None = None
    value_b: float | None = None

    def __post_init__(self) -> None:
        slack = TOLERANCE * max(1.0, abs(self.mean_a.value), abs(self.mean_b.value))
        self._sums("gap", slack, self.endowments, self.coefficients, self.interaction)
        self._sums("gap", slack, self.explained, self.unexplained)
        for split in self.references.values():
            self._sums("gap", slack, split.explained, split.unexplained)
        for parts in (self.detail.values(), self.terms.values()):
            for name in PARTS:
                self._sums(name, slack, *(getattr(p, name) for p in parts))

    def _sums(self, whole: str, slack: float, *parts: Estimate) -> None:
        total = sum(p.value for p in parts)
        expected = getattr(self, whole).value
        if not abs(total - expected) <= slack:
            raise ValueError(f"the parts of {whole} sum to {total}, not {expected}")

    def __str__(self) -> str:
        lines = [f"{self.outcome}: {self.a} less {self.b} ({self.vcov})", f"gap  {self.gap}"]
        lines += [f"{name}  {getattr(self, name)}" for name in PARTS]
        lines.append(f"explained and unexplained at the reference {self.reference}, by factor:")
        lines += [f"  {f}  {p.explained} | {p.unexplained}" for f, p in self.detail.items()]
        return "\n".join([*lines, *map(str, self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        whole = ("gap", "mean_a", "mean_b", *PARTS)
        return {
            "a": self.a,
            "b": self.b,
            "outcome": self.outcome,
            "reference": self.reference,
            "vcov": self.vcov,
            "dropped": self.dropped,
            **{name: getattr(self, name).to_dict() for name in whole},
            "detail": {name: parts.to_dict() for name, parts in self.detail.items()},
            "terms": [
                {"factor": f, "category": c, **parts.to_dict()}
                for (f, c), parts in self.terms.items()
            ],
            "references": {name: t.to_dict() for name, t in self.references.items()},
            "notes": [str(note) for note in self.notes],
            **self._beyond_the_mean(),
        }

    def _beyond_the_mean(self) -> dict[str, Any]:
        if self.statistic == "mean":
            return {}
        return {"statistic": self.statistic, "value_a": self.value_a, "value_b": self.value_b}
