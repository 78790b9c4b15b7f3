"""Things that openings name more often in one role than another: skills, duties, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rolediff.results.comparison import HIDDEN, Agreement
from rolediff.results.estimate import Estimate

CLEAR = 0.05
"""Adjusted p value under which a difference tells two roles apart."""

COMMON = 0.1
"""Share of openings in both roles from which on a thing is shared."""

Standing = Literal[
    "only A", "only B", "more A", "more B", "leans A", "leans B", "shared", "unclear"
]
"""How a thing stands to two roles; see `Telling.standing`."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that openings name, in roles A and B.

    `a`, `b` = share of openings that name it (0 to 1), clustered by employer; `gap` = A less B;
    `alike_a`, `alike_b`, `alike_gap` = the same with every employer weighing the same; `count_a`,
    `count_b` openings; `log_odds` of A over B with an informative Dirichlet prior, and its `z`
    (Monroe et al. 2008; takes openings for independent); `p` of the gap, `p_adjusted` after
    Benjamini and Hochberg (1995) over all that was compared, None where there is no interval.
    """

    name: str
    a: Estimate
    b: Estimate
    gap: Estimate
    alike_a: Estimate
    alike_b: Estimate
    alike_gap: Estimate
    count_a: int
    count_b: int
    log_odds: float
    z: float
    p: float | None
    p_adjusted: float | None

    @property
    def clear(self) -> bool:
        """Whether the difference tells the roles apart, after adjustment."""
        return self.p_adjusted is not None and self.p_adjusted < CLEAR

    @property
    def leans(self) -> bool:
        """Whether its own interval leaves out zero, without regard to how many were compared."""
        low, high = self.gap.low, self.gap.high
        return low is not None and high is not None and not low <= 0 <= high

    @property
    def standing(self) -> Standing:
        """ "only": at least 5 openings of one role and none of the other; "more": a clear
        difference; "leans": one by its own interval alone; "shared": named by at least a tenth of
        the openings of both, without one; else "unclear".
        """
        counts = self.count_a, self.count_b
        if min(counts) == 0 and max(counts) >= HIDDEN:
            return "only A" if counts[0] else "only B"
        if self.clear:
            return "more A" if self.gap.value > 0 else "more B"
        if self.leans:
            return "leans A" if self.gap.value > 0 else "leans B"
        return "shared" if min(self.a.value, self.b.value) >= COMMON else "unclear"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "gap": self.gap.to_dict(),
            "employers_equal": {
                "a": self.alike_a.to_dict(),
                "b": self.alike_b.to_dict(),
                "gap": self.alike_gap.to_dict(),
            },
            "count_a": self.count_a,
            "count_b": self.count_b,
            "log_odds": self.log_odds,
            "z": self.z,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "standing": self.standing,
            "clear": self.clear,
        }


@dataclass(frozen=True, slots=True)
class RoleOpenings:
    """The openings of one role in the source that answers.

    `postings` as collected; `ads` after those posted again, or by one employer under one title
    in nearly the same words, are one; `employers` that are known or stand alone; `largest` share
    of the openings that one employer has; `with_pay` openings.
    """

    label: str
    plural: str
    postings: int
    openings: int
    employers: int
    largest: float
    with_pay: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Missing:
    """A section that has not enough evidence: which, why, and what would be needed."""

    section: str
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"section": self.section, "verdict": "not enough evidence", "why": self.why}


@dataclass(frozen=True, slots=True)
class OtherOpenings:
    """The same question with titles read the other way.

    `gaps` = difference of shares by name of those things whose own interval in the answer leaves
    out zero, as far as they could be compared; `same` = how many of them keep their sign; openings
    `n_a`, `n_b`, which are those of a `panel` of employers where there are very many.
    """

    reading: str
    n_a: int
    n_b: int
    gaps: Mapping[str, Estimate]
    same: int
    panel: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "reading": self.reading,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "gaps": {name: gap.to_dict() for name, gap in self.gaps.items()},
            "same_sign": self.same,
            "panel": self.panel,
        }


@dataclass(frozen=True, slots=True)
class BesideOpenings:
    """The same question put to another `source` of postings, with openings `n_a` and `n_b`.

    `gaps` = difference of shares by name of those things whose own interval in the answer leaves
    out zero, as far as they could be compared; `agrees` whether each is clear here and of the same
    sign ("yes"), of the other ("no"), or neither ("unclear"). Both are empty where a role has fewer
    than 5 openings.
    """

    source: str
    n_a: int
    n_b: int
    gaps: Mapping[str, Estimate]
    agrees: Mapping[str, Agreement]

    def counted(self, agreement: Agreement) -> int:
        """How many of the things agree so."""
        return sum(said == agreement for said in self.agrees.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "gaps": {name: gap.to_dict() for name, gap in self.gaps.items()},
            "agrees": dict(self.agrees),
        }
