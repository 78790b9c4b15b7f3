"""The answer to what people in two roles do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.shown import Shown
from rolediff.results.telling import BesideOpenings, Missing, OtherOpenings, RoleOpenings, Telling


@dataclass(frozen=True, slots=True)
class DutyDiff:
    """One duty, a verb class with an object class, in two roles; `groups` it belongs to."""

    told: Telling
    verb: str
    object: str
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        """The duty, "train models"."""
        return self.told.name

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        parts = {"verb": self.verb, "object": self.object, "groups": list(self.groups)}
        return {**self.told.to_dict(), **parts}


@dataclass(frozen=True, slots=True)
class Occupation:
    """An official occupation near a role: a proxy, never the role itself.

    `code` is O*NET-SOC 2019; `of` "A", "B" or "both": whose proxy it is; `tasks` as published,
    core ones first.
    """

    code: str
    name: str
    of: str
    tasks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "onet": self.code,
            "occupation": self.name,
            "proxy_of": self.of,
            "tasks": list(self.tasks),
        }


@dataclass(frozen=True, slots=True)
class Work(Shown):
    """Duties that openings of A and B name, the clearest differences first.

    `objects` and `verbs` = share of openings with any duty about that object, or with that verb;
    `groups` = with any duty of leadership, or of outcomes; `occupations` the neighbouring ones.
    """

    a: RoleOpenings
    b: RoleOpenings
    reading: str
    where: str
    where_words: str
    duties: tuple[DutyDiff, ...]
    objects: tuple[Telling, ...]
    verbs: tuple[Telling, ...]
    groups: tuple[Telling, ...]
    occupations: tuple[Occupation, ...]
    other_reading: OtherOpenings | None
    missing: tuple[Missing, ...]
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Mapping[str, Any], ...]
    beside: tuple[BesideOpenings, ...] = ()

    @property
    def distinguishing(self) -> tuple[DutyDiff, ...]:
        """Duties whose difference is clear after adjustment."""
        return tuple(d for d in self.duties if d.told.clear)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        other = self.other_reading
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "reading": self.reading,
            "where": self.where,
            "duties": [d.to_dict() for d in self.duties],
            "objects": [t.to_dict() for t in self.objects],
            "verbs": [t.to_dict() for t in self.verbs],
            "groups": [t.to_dict() for t in self.groups],
            "occupations": [o.to_dict() for o in self.occupations],
            "other_reading": None if other is None else other.to_dict(),
            "other_sources": [s.to_dict() for s in self.beside],
            "missing": [m.to_dict() for m in self.missing],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(s) for s in self.sources],
        }
