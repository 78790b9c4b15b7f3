"""Why two roles are advertised at different pay: every section of the answer, or why it is missing.

Gaps and parts are in log points of A over B unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rolediff.results.comparison import Comparison
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.reasons import Reason
from rolediff.results.robustness import HiddenFactor, Influence, RangeCheck, SpecificationCurve
from rolediff.results.short import Short
from rolediff.results.shown import Shown
from rolediff.results.shrunken import SkillMix, SkillPremium


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall from A's typical pay to B's.

    `part` in log points of B over A, `before` and `after` the pay on either side of it. `category`
    is the one that contributes most, `share_a` and `share_b` its shares of each role's records
    ("" and None where none stands out).
    """

    factor: str
    part: Estimate
    before: float
    after: float
    category: str = ""
    share_a: float | None = None
    share_b: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "factor": self.factor,
            "part": self.part.to_dict(),
            "percent": self.part.percent.to_dict(),
            "before": self.before,
            "after": self.after,
            "category": self.category or None,
            "share_a": self.share_a,
            "share_b": self.share_b,
        }


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From A's geometric mean pay (`start`) over each factor's part to B's (`end`), in money.

    The last step is what is not accounted for. Raises ValueError if the steps do not lead from
    `start` to `end`.
    """

    start: Estimate
    end: Estimate
    steps: tuple[Step, ...]
    reference: str

    def __post_init__(self) -> None:
        after = self.steps[-1].after if self.steps else self.start.value
        if not abs(after - self.end.value) <= TOLERANCE * max(1.0, abs(self.end.value)):
            raise ValueError(f"the steps lead to {after}, not {self.end.value}")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "start": self.start.to_dict(),
            "end": self.end.to_dict(),
            "reference": self.reference,
            "steps": [s.to_dict() for s in self.steps],
        }


@dataclass(frozen=True, slots=True)
class AtStatistic:
    """The gap in one statistic (a percentile of log pay, its variance, the Gini coefficient of
    pay): its size, the part that recorded factors account for, and that part by factor."""

    statistic: str
    gap: Estimate
    explained: Estimate
    unexplained: Estimate
    detail: Mapping[str, Estimate]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "statistic": self.statistic,
            "gap": self.gap.to_dict(),
            "explained": self.explained.to_dict(),
            "unexplained": self.unexplained.to_dict(),
            "detail": {k: e.to_dict() for k, e in self.detail.items()},
        }


@dataclass(frozen=True, slots=True)
class Method:
    """What one method accounts for of the gap in mean log pay, at one reference.

    `off_support`: what records without a comparable one add (exact matching), else None.
    """

    name: str
    reference: str
    gap: Estimate
    accounted: Estimate
    off_support: float | None = None

    @property
    def share(self) -> float:
        """Share of the gap, 0 to 1 (beyond where a part exceeds the gap or works against it)."""
        return self.accounted.value / self.gap.value if self.gap.value else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "method": self.name,
            "reference": self.reference or None,
            "gap": self.gap.to_dict(),
            "accounted": self.accounted.to_dict(),
            "share": self.share,
            "off_support": self.off_support,
        }


@dataclass(frozen=True, slots=True)
class Methods:
    """The same question to several methods, and the shares of A's and B's records that have no
    comparable record of the other role (None where matching could not be done).

    `skipped` says for each method that could not be used why.
    """

    methods: tuple[Method, ...]
    off_a: Estimate | None
    off_b: Estimate | None
    skipped: Mapping[str, Short] = field(default_factory=dict)

    @property
    def shares(self) -> tuple[float, float]:
        """Least and largest share of the gap that a method accounts for."""
        found = [m.share for m in self.methods]
        return min(found), max(found)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "methods": [m.to_dict() for m in self.methods],
            "share_lowest": self.shares[0],
            "share_highest": self.shares[1],
            "without_comparable_a": None if self.off_a is None else self.off_a.to_dict(),
            "without_comparable_b": None if self.off_b is None else self.off_b.to_dict(),
            "skipped": {k: s.to_dict() for k, s in self.skipped.items()},
        }


@dataclass(frozen=True, slots=True)
class SkillReasons:
    """Skills as reasons, among the ads of `source` with pay, titles read by `reading`.

    `mix` is the part of the gap that goes with which skills are asked, or why it cannot be told;
    `premiums_a` and `premiums_b` the skills whose premium within the role stays significant at a
    false discovery rate of 5 %, of `tested_a` and `tested_b` tried (Short: why none could be).
    """

    source: str
    reading: str
    n_a: int
    n_b: int
    mix: SkillMix | Short
    premiums_a: tuple[SkillPremium, ...] | Short
    premiums_b: tuple[SkillPremium, ...] | Short
    tested_a: int
    tested_b: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "reading": self.reading,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "mix": self.mix.to_dict(),
            "premiums_a": _listed(self.premiums_a),
            "premiums_b": _listed(self.premiums_b),
            "tested_a": self.tested_a,
            "tested_b": self.tested_b,
        }


def _listed(found: tuple[SkillPremium, ...] | Short) -> Any:
    return found.to_dict() if isinstance(found, Short) else [p.to_dict() for p in found]


class _Plain(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Why(Shown):
    """Why A and B are advertised at different pay. Each section is there, or `Short` says why not.

    `comparison` is the answer to `diff` with the ladder, caveats and sources; `statistics` the gap
    beyond the mean, `methods` whether methods agree, `ranges` and `curve` whether choices matter,
    `hidden` how strong an unmeasured factor would have to be, `left_out` whether one employer or
    source carries the answer, `reasons` breadth, complexity and strategic impact.
    """

    comparison: Comparison
    waterfall: Waterfall | Short
    statistics: Mapping[str, AtStatistic | Short]
    methods: Methods | Short
    ranges: RangeCheck | Short
    skills: SkillReasons | Short
    curve: SpecificationCurve | Short
    hidden: HiddenFactor | Short
    left_out: Mapping[str, Influence | Short]
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        one: dict[str, _Plain] = {
            "waterfall": self.waterfall,
            "methods": self.methods,
            "ranges": self.ranges,
            "skills": self.skills,
            "specification_curve": self.curve,
            "hidden_factor": self.hidden,
        }
        return {
            **{name: section.to_dict() for name, section in one.items()},
            "statistics": {k: s.to_dict() for k, s in self.statistics.items()},
            "left_out": {k: s.to_dict() for k, s in self.left_out.items()},
            "reasons": [r.to_dict() for r in self.reasons],
            "comparison": self.comparison.to_dict(),
        }
