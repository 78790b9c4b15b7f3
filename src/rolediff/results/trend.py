"""How demand for two roles moves: shares by period, ages of ads, skills between two dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.demand import Demand
from rolediff.results.estimate import Estimate
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class PeriodShare:
    """Two roles in one year of a source that has `total` records of any role.

    `a`, `b` are shares (0 to 1) of all its records; `of_pair` the share of A among A and B. They
    are None with fewer than 5 records of the role (of both together).
    """

    year: int
    total: int
    n_a: int
    n_b: int
    a: Estimate | None
    b: Estimate | None
    of_pair: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        shares = {"a": self.a, "b": self.b, "a_of_both": self.of_pair}
        return {
            "year": self.year,
            "total": self.total,
            "n": {"a": self.n_a, "b": self.n_b},
            "share": {k: None if e is None else e.to_dict() for k, e in shares.items()},
        }


@dataclass(frozen=True, slots=True)
class SourceTrend:
    """Shares by year within one source, and their growth.

    `growth_a`, `growth_b` are mean log ratios of the share from one year to the next, `relative`
    their difference, A less B. None with their reason in `missing`.
    """

    source: str
    periods: tuple[PeriodShare, ...]
    growth_a: Estimate | None
    growth_b: Estimate | None
    relative: Estimate | None
    missing: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        growth = {"a": self.growth_a, "b": self.growth_b, "a_less_b": self.relative}
        return {
            "source": self.source,
            "periods": [p.to_dict() for p in self.periods],
            "log_growth_a_year": {k: None if e is None else e.to_dict() for k, e in growth.items()},
            "missing": dict(self.missing),
        }


@dataclass(frozen=True, slots=True)
class AdAges:
    """Age in months of the ads of `role` ("A" or "B") live at `snapshot`.

    `counts` = ads by whole months since the month they were published; `median` months with its
    interval. It tells how long ads survive, nothing of growth.
    """

    source: str
    snapshot: str
    role: str
    n: int
    employers: int | None
    counts: Mapping[int, int]
    median: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "snapshot": self.snapshot,
            "role": self.role,
            "n": self.n,
            "employers": self.employers,
            "counts": {str(k): n for k, n in self.counts.items()},
            "median_months": self.median.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class SkillMove:
    """A skill in the ads of a role ("A" or "B") at an earlier and a later date.

    `earlier`, `later` are shares (0 to 1), `change` later - earlier; `p` of no change, `p_bh`
    adjusted over all skills of both roles (Benjamini, Hochberg 1995).
    """

    role: str
    skill: str
    earlier: Estimate
    later: Estimate
    change: Estimate
    p: float
    p_bh: float

    @property
    def direction(self) -> str:
        """ "rising" or "falling" with a false discovery rate of 5 %, else "unclear"."""
        if not self.p_bh < 0.05:
            return "unclear"
        return "rising" if self.change.value > 0 else "falling"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "role": self.role,
            "skill": self.skill,
            "earlier": self.earlier.to_dict(),
            "later": self.later.to_dict(),
            "change": self.change.to_dict(),
            "p": self.p,
            "p_bh": self.p_bh,
            "direction": self.direction,
        }


@dataclass(frozen=True, slots=True)
class SkillTrend:
    """Skills of two roles at two dated snapshots; `moves` those of the largest change first.

    `earlier`, `later` are (source, date). Where it cannot be told, `missing` says why.
    """

    earlier: tuple[str, str] | None
    later: tuple[str, str] | None
    moves: tuple[SkillMove, ...]
    missing: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        ends = {"earlier": self.earlier, "later": self.later}
        return {
            **{k: None if e is None else {"source": e[0], "date": e[1]} for k, e in ends.items()},
            "moves": [m.to_dict() for m in self.moves],
            "missing": self.missing or None,
        }


@dataclass(frozen=True, slots=True)
class OccupationProxy:
    """A neighbouring occupation: employees in `employment_year`, projected growth over `years`.

    `growth` in percent over all the years together, `openings` a year; None where not published.
    """

    soc: str
    occupation: str
    roles: tuple[str, ...]
    employment: Estimate | None
    employment_year: str
    years: tuple[int, int] | None
    growth: float | None
    openings: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "soc": self.soc,
            "occupation": self.occupation,
            "roles": list(self.roles),
            "employment": None if self.employment is None else self.employment.to_dict(),
            "employment_year": self.employment_year,
            "years": None if self.years is None else list(self.years),
            "growth_percent": self.growth,
            "openings_a_year": self.openings,
        }


@dataclass(frozen=True, slots=True)
class Trend(Shown):
    """The answer of `trend`: by source, ads' ages, skills, official proxies, caveats, sources.

    `watched` = demand by source while ads were watched, where the market is a dated one of several.
    """

    a: str
    b: str
    plural_a: str
    plural_b: str
    reading: str
    where: str
    by_source: tuple[SourceTrend, ...]
    ages: tuple[AdAges, ...]
    skills: SkillTrend
    proxies: tuple[OccupationProxy, ...]
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Mapping[str, object], ...]
    official: tuple[Mapping[str, object], ...]
    watched: tuple[Demand, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "reading": self.reading,
            "where": self.where,
            "by_source": [s.to_dict() for s in self.by_source],
            "ages": [g.to_dict() for g in self.ages],
            "skills": self.skills.to_dict(),
            "proxies": [p.to_dict() for p in self.proxies],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(s) for s in self.sources],
            "official": [dict(s) for s in self.official],
            "watched": [d.to_dict() for d in self.watched],
        }
