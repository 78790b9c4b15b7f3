"""What other sources say of a path: how far what one source tells holds elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.comparison import Agreement
from rolediff.results.estimate import Estimate


@dataclass(frozen=True, slots=True)
class BesideFigure:
    """One figure by the source that answers, `here`, and by another, `there`.

    `name` is said of openings; `there` is None where too few openings tell it. `agrees`: "yes"
    where the two surely differ by less than `within`, in the unit of both; "no" where they surely
    differ, and may do so by more; "unclear" else.
    """

    name: str
    here: Estimate
    there: Estimate | None
    within: float
    agrees: Agreement

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "here": self.here.to_dict(),
            "there": None if self.there is None else self.there.to_dict(),
            "within": self.within,
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class BesidePath:
    """The same path asked of another `source`, with its `openings` of the role, of `employers`.

    `shares` what is asked of applicants, 0 to 1, and `years` in the median (None where the answer
    has none). `skills` = distinctiveness there, as far as known, of those skills whose own interval
    in the answer leaves out 1; `agrees` whether each is clear there and on the same side of 1
    ("yes"), on the other ("no"), or not clear ("unclear"). All are empty with under 5 openings.
    """

    source: str
    openings: int
    employers: int
    shares: tuple[BesideFigure, ...]
    years: BesideFigure | None
    skills: Mapping[str, Estimate]
    agrees: Mapping[str, Agreement]

    @property
    def figures(self) -> tuple[BesideFigure, ...]:
        """Shares, and years if there are any."""
        return self.shares if self.years is None else (*self.shares, self.years)

    def counted(self, agreement: Agreement) -> int:
        """How many of the skills agree so."""
        return sum(said == agreement for said in self.agrees.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "openings": self.openings,
            "employers": self.employers,
            "shares": [f.to_dict() for f in self.shares],
            "years": None if self.years is None else self.years.to_dict(),
            "skills": {name: e.to_dict() for name, e in self.skills.items()},
            "agrees": dict(self.agrees),
        }
