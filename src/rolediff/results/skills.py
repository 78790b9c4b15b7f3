"""The answer to which skills two roles ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate
from rolediff.results.shown import Shown
from rolediff.results.shrunken import SkillPremium
from rolediff.results.telling import BesideOpenings, Missing, OtherOpenings, RoleOpenings, Telling
from rolediff.results.trend import SkillTrend


@dataclass(frozen=True, slots=True)
class AskedAs:
    """How the openings of a role that name a skill ask for it: how many each way."""

    required: int
    preferred: int
    named: int

    @property
    def total(self) -> int:
        """Openings that name it."""
        return self.required + self.preferred + self.named

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"required": self.required, "preferred": self.preferred, "named": self.named}


@dataclass(frozen=True, slots=True)
class SkillDiff:
    """One skill in two roles: how often, how strongly, and the pay that goes with it.

    `premium` is None where too few openings with pay ask for it or do not.
    """

    told: Telling
    kind: str
    family: str
    group: str
    asked_a: AskedAs
    asked_b: AskedAs
    premium: SkillPremium | None

    @property
    def name(self) -> str:
        """The skill."""
        return self.told.name

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            **self.told.to_dict(),
            "kind": self.kind,
            "family": self.family,
            "group": self.group,
            "asked_a": self.asked_a.to_dict(),
            "asked_b": self.asked_b.to_dict(),
            "premium": None if self.premium is None else self.premium.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class NearRole:
    """Another role, and how alike its openings are (0 to 1)."""

    label: str
    openings: int
    similarity: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        near = self.similarity.to_dict()
        return {"role": self.label, "openings": self.openings, "similarity": near}


@dataclass(frozen=True, slots=True)
class Skills(Shown):
    """Skills that openings of A and B ask for, the clearest differences first.

    `groups` = share of openings that name any skill of a group; `wider` = that name a skill or any
    that is part of it (RAG frameworks are part of RAG), of skills that have such parts;
    `similarity` 0 to 1, and with every employer weighing the same; `nearest_a`, `nearest_b` the
    other roles most alike; `paid` openings with pay that premiums rest on; `trend` which skills
    rise and fall between two dates; `missing` sections without enough evidence.
    """

    a: RoleOpenings
    b: RoleOpenings
    reading: str
    where: str
    where_words: str
    skills: tuple[SkillDiff, ...]
    groups: tuple[Telling, ...]
    wider: tuple[Telling, ...]
    similarity: Estimate
    similarity_alike: Estimate
    nearest_a: tuple[NearRole, ...]
    nearest_b: tuple[NearRole, ...]
    paid: int
    other_reading: OtherOpenings | None
    missing: tuple[Missing, ...]
    caveats: tuple[tuple[str, str], ...]
    source: Mapping[str, Any]
    beside: tuple[BesideOpenings, ...] = ()
    trend: SkillTrend | None = None

    @property
    def distinguishing(self) -> tuple[SkillDiff, ...]:
        """Skills whose difference is clear after adjustment."""
        return tuple(s for s in self.skills if s.told.clear)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        other = self.other_reading
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "reading": self.reading,
            "where": self.where,
            "skills": [s.to_dict() for s in self.skills],
            "groups": [g.to_dict() for g in self.groups],
            "wider": [g.to_dict() for g in self.wider],
            "similarity": self.similarity.to_dict(),
            "similarity_employers_equal": self.similarity_alike.to_dict(),
            "nearest_a": [r.to_dict() for r in self.nearest_a],
            "nearest_b": [r.to_dict() for r in self.nearest_b],
            "ads_with_pay": self.paid,
            "other_reading": None if other is None else other.to_dict(),
            "other_sources": [s.to_dict() for s in self.beside],
            "trend": None if self.trend is None else self.trend.to_dict(),
            "missing": [m.to_dict() for m in self.missing],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(self.source)],
        }
