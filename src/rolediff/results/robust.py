"""A gap split by reweighting and by regression at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rolediff.results.decomposition import Note
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.shown import Shown

FOUR = ("composition", "specification_error", "structure", "reweighting_error")


@dataclass(frozen=True, slots=True)
class FourParts:
    """What one covariate, or all, contribute to each part of a gap."""

    composition: Estimate
    specification_error: Estimate
    structure: Estimate
    reweighting_error: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: getattr(self, name).to_dict() for name in FOUR}


@dataclass(frozen=True, slots=True)
class RobustDecomposition(Shown):
    """A reweighted RIF decomposition (Firpo, Fortin and Lemieux 2018, section 4).

    gap = composition + specification error + structure + reweighting error. With reference "B"
    and C the group B made to look like A: (xC - xB)'bB, xC'(bC - bB), xA'(bA - bC), (xA - xC)'bC.
    The second is small where the regression has the right form, the last where the weights
    balance. `detail` by factor, `terms` by (factor, category); `mean_*` are means of the RIF.
    Raises ValueError if the parts do not sum.
    """

    a: str
    b: str
    outcome: str
    statistic: str
    reference: str
    method: str
    gap: Estimate
    mean_a: Estimate
    mean_b: Estimate
    counterfactual: Estimate
    total: FourParts
    detail: Mapping[str, FourParts]
    terms: Mapping[tuple[str, str], FourParts]
    effective: float
    dropped: int = 0
    notes: tuple[Note, ...] = field(default=())

    def __post_init__(self) -> None:
        slack = TOLERANCE * max(1.0, abs(self.mean_a.value), abs(self.mean_b.value))
        whole = sum(getattr(self.total, name).value for name in FOUR)
        if not abs(whole - self.gap.value) <= slack:
            raise ValueError(f"the parts of the gap sum to {whole}, not {self.gap.value}")
        for name in FOUR:
            parts = sum(getattr(p, name).value for p in self.detail.values())
            if not abs(parts - getattr(self.total, name).value) <= slack:
                raise ValueError(f"the detail of {name} sums to {parts}")

    def __str__(self) -> str:
        head = f"{self.statistic} of {self.outcome}: {self.a} less {self.b} at {self.reference}"
        lines = [f"{name}  {getattr(self.total, name)}" for name in FOUR]
        return "\n".join([head, f"gap  {self.gap}", *lines, *map(str, self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        named = ("a", "b", "outcome", "statistic", "reference", "method", "effective", "dropped")
        values = ("gap", "mean_a", "mean_b", "counterfactual")
        return {
            **{name: getattr(self, name) for name in named},
            **{name: getattr(self, name).to_dict() for name in values},
            **self.total.to_dict(),
            "detail": {name: parts.to_dict() for name, parts in self.detail.items()},
            "terms": [
                {"factor": f, "category": c, **parts.to_dict()}
                for (f, c), parts in self.terms.items()
            ],
            "notes": [str(n) for n in self.notes],
        }
