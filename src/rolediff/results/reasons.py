"""Reasons that are given for a gap, measured: is the role so, and does it account for pay?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from rolediff.results.estimate import Estimate
from rolediff.results.short import Short

Verdict = Literal["supported", "contradicted", "not enough evidence", "not testable with this data"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a reason in each role, and A less B, all in `unit` ("%" are shares x 100)."""

    name: str
    unit: str
    source: str
    a: Estimate
    b: Estimate
    difference: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "measure": self.name,
            "unit": self.unit,
            "source": self.source,
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "difference": self.difference.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a gap that goes with a reason, in log points of A over B.

    `gap` is the gap among the same records; `of` says of which factors the part is, and what else
    was held equal.
    """

    of: str
    source: str
    reading: str
    gap: Estimate
    part: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "of": self.of,
            "source": self.source,
            "reading": self.reading,
            "gap": self.gap.to_dict(),
            "part": self.part.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for the gap, what is measured of it, and the verdict by the rule of `judge`.

    `why` says in one sentence what decided, `settle` what would settle it where it is open.
    """

    name: str
    claim: str
    measures: tuple[Measure | Short, ...]
    part: Part | Short
    verdict: Verdict
    why: str
    settle: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "reason": self.name,
            "claim": self.claim,
            "measures": [m.to_dict() for m in self.measures],
            "part": self.part.to_dict(),
            "verdict": self.verdict,
            "why": self.why,
            "settle": self.settle or None,
        }
