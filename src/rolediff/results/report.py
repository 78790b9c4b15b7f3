"""Everything that can be said of two roles, gathered once to be shown in many ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from rolediff.results.comparison import Comparison
from rolediff.results.path import CareerPath
from rolediff.results.short import Short
from rolediff.results.shown import Shown
from rolediff.results.skills import Skills
from rolediff.results.trend import Trend
from rolediff.results.where import WhereHired
from rolediff.results.why import Why
from rolediff.results.work import Work


@dataclass(frozen=True, slots=True)
class Report(Shown):
    """The answers of every verb on roles `a` and `b`; one that cannot be given is a `Short`.

    `paths` = the way to A from B, and to B from A. `commands` = what prints the figures of a part
    ("pay", "why", "skills", "work", "where", "trend", "path_a", "path_b").
    """

    a: str
    b: str
    reading: str
    where: str
    where_words: str
    why: Why | Short
    skills: Skills | Short
    work: Work | Short
    hired: WhereHired | Short
    trend: Trend | Short
    paths: tuple[CareerPath | Short, CareerPath | Short]
    commands: Mapping[str, str]

    @property
    def pay(self) -> Comparison | Short:
        """The comparison of pay, which `why` rests on."""
        return self.why if isinstance(self.why, Short) else self.why.comparison

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        """Every source that any part rests on, once, in the order of the parts."""
        found: list[Mapping[str, Any]] = []
        for part in (self.pay, self.work, self.hired, self.trend, *self.paths):
            if not isinstance(part, Short):
                found += [*part.sources, *getattr(part, "official", ())]
        if not isinstance(self.skills, Short):
            found.append(self.skills.source)
        once: dict[str, Mapping[str, Any]] = {}
        for s in found:
            once.setdefault(str(s["name"]), s)
        return tuple(once.values())

    @property
    def caveats(self) -> tuple[tuple[str, str], ...]:
        """What a reader must know, from every part, each sentence once."""
        said: dict[str, str] = {}
        for part in (self.pay, self.skills, self.work, self.hired, self.trend, *self.paths):
            if not isinstance(part, Short):
                for code, text in part.caveats:
                    said.setdefault(text, code)
        return tuple((code, text) for text, code in said.items())

    def html(self) -> str:
        """The page of `rolediff report`: one document that needs nothing else."""
        return str(import_module("rolediff.report.report_html").page(self))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "reading": self.reading,
            "where": self.where or None,
            "why": self.why.to_dict(),
            "skills": self.skills.to_dict(),
            "work": self.work.to_dict(),
            "where_hired": self.hired.to_dict(),
            "trend": self.trend.to_dict(),
            "path_to_a": self.paths[0].to_dict(),
            "path_to_b": self.paths[1].to_dict(),
            "commands": dict(self.commands),
        }
