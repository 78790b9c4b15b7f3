"""A gap split by comparing like with like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rolediff.results.decomposition import Note
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.shown import Shown

MATCHED = ("explained", "unexplained", "only_a", "only_b")


@dataclass(frozen=True, slots=True)
class Matched(Shown):
    """An exact matching (Nopo 2008): gap = explained + unexplained + only_a + only_b.

    Records with a counterpart in the other group that is alike in every covariate are in the
    support. `explained` is what their different composition makes, at the pay of `reference`;
    `unexplained` the gap between alike ones; `only_a` and `only_b` what records without
    counterpart add. `off_a`, `off_b`: shares of such records. `combinations` of covariates that
    occur in A, in B and in both. Raises ValueError if the parts do not sum.
    """

    a: str
    b: str
    outcome: str
    reference: str
    gap: Estimate
    explained: Estimate
    unexplained: Estimate
    only_a: Estimate
    only_b: Estimate
    off_a: Estimate
    off_b: Estimate
    combinations: tuple[int, int, int]
    factors: tuple[str, ...] = ()
    dropped: int = 0
    notes: tuple[Note, ...] = field(default=())

    def __post_init__(self) -> None:
        total = sum(getattr(self, name).value for name in MATCHED)
        if not abs(total - self.gap.value) <= TOLERANCE * max(1.0, abs(self.gap.value)):
            raise ValueError(f"the parts sum to {total}, not {self.gap.value}")

    def __str__(self) -> str:
        lines = [f"{self.outcome}: {self.a} less {self.b}, pay of {self.reference}"]
        lines += [f"{name}  {getattr(self, name)}" for name in ("gap", *MATCHED)]
        lines.append(
            f"without counterpart: {100 * self.off_a.value:.0f} % of {self.a}, "
            f"{100 * self.off_b.value:.0f} % of {self.b}"
        )
        return "\n".join([*lines, *map(str, self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "outcome": self.outcome,
            "reference": self.reference,
            "factors": list(self.factors),
            **{n: getattr(self, n).to_dict() for n in ("gap", *MATCHED, "off_a", "off_b")},
            "combinations": dict(zip(("a", "b", "both"), self.combinations, strict=True)),
            "dropped": self.dropped,
            "notes": [str(n) for n in self.notes],
        }
