"""Every answer of the page, computed once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from rolediff.annotate.roles import Catalogue, Role
from rolediff.compare.brief_words import command
from rolediff.compare.found import Question, find
from rolediff.compare.listing import role_counts
from rolediff.compare.path import find_path
from rolediff.compare.path_pool import PathQuestion
from rolediff.compare.roles import compare_roles
from rolediff.compare.skill_by_role import SkillRoles, skill_by_role
from rolediff.compare.skills import compare_skills
from rolediff.compare.trend import demand
from rolediff.compare.where import where_hired
from rolediff.compare.why import explain_roles
from rolediff.compare.work import compare_work
from rolediff.doors.web.asking import WORDS, Asked, without
from rolediff.doors.web.kept import Kept
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market
from rolediff.report.figures import Part
from rolediff.report.parts_ads import skills_part, work_part
from rolediff.report.parts_pay import pay_part
from rolediff.report.parts_trend import trend_part
from rolediff.report.parts_where import where_part
from rolediff.report.parts_why import why_part
from rolediff.results import HIDDEN, CareerPath, Comparison

PARTS: Mapping[str, tuple[str, str, Callable[[Any, str], Part]]] = {
    "pay": ("Pay", "", pay_part),
    "skills": ("Skills", "skills", skills_part),
    "work": ("Work", "work", work_part),
    "where": ("Where", "where", where_part),
    "trend": ("Trend", "trend", trend_part),
    "why": ("Why", "why", why_part),
}
"""Name of a part to its heading, its verb, and what draws it; the heavy ones last."""
MOST_SKILLS = 24
"""Skills that the form for one has to choose from."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers from one market, kept under `owner` beside those of others in `kept`."""

    market: Market
    catalogue: Catalogue
    kept: Kept
    owner: str = "bundled"

    def result(self, name: str, ask: Asked) -> Any:
        """The answer of one part, as the library gives it.

        Raises:
            UsageError, NotEnoughEvidence: as the verb of the part does.
        """
        q = self._asked(ask)
        return self._of(("result", name, *_key(q)), lambda: self._made(name, q))

    def pay(self, ask: Asked) -> Comparison:
        """The pay of both roles as the page shows it, which has no `why_distinct`.

        Raises:
            UsageError, NotEnoughEvidence: as `compare_roles` does.
        """
        q = self._asked(ask)
        return self._of(("pay", *_key(q)), lambda: compare_roles(self.market, q, twice=False))  # type: ignore[no-any-return]

    def _asked(self, ask: Asked) -> Question:
        q = ask.question(self.catalogue)
        if q.a.id == q.b.id:
            raise UsageError(f"both roles are {q.a.label}: choose two different ones")
        return q

    def part(self, name: str, ask: Asked) -> Part:
        """The answer of one part, as a section with its figures."""
        _, verb, draw = PARTS[name]
        q = ask.question(self.catalogue)

        def made() -> Part:
            found = self.pay(ask) if name == "pay" else self.result(name, ask)
            return draw(found, command(verb, q, ""))

        return self._of(("part", name, *_key(q)), made)  # type: ignore[no-any-return]

    def counts(self) -> list[dict[str, Any]]:
        """How many records each role has."""
        return self._of(("counts",), lambda: role_counts(self.market, self.catalogue.roles))  # type: ignore[no-any-return]

    def role(self, role: Role) -> CareerPath:
        """What ads of one role ask for, and which roles are near."""
        asked = PathQuestion(role, catalogue=self.catalogue)
        return self._of(("role", role.id), lambda: find_path(self.market, asked))  # type: ignore[no-any-return]

    def path(self, to: Role, start: Role | None, have: tuple[str, ...] | None) -> CareerPath:
        """The way to a role; never kept, since it may rest on a résumé."""
        return find_path(self.market, PathQuestion(to, start, have, catalogue=self.catalogue))

    def skill(self, name: str) -> SkillRoles:
        """How often ads of every role name a skill."""
        return self._of(  # type: ignore[no-any-return]
            ("skill", name.casefold()),
            lambda: skill_by_role(self.market, name, self.catalogue.roles),
        )

    def skills(self) -> list[str]:
        """The skills that ads name most often."""
        counts = self.market.background.filter(pl.col("what") == "skill")
        most = (
            counts.group_by("name")
            .agg(pl.col("n").sum())
            .sort("n", "name", descending=[True, False])
        )
        return most["name"].head(MOST_SKILLS).to_list()

    def emptied(self, ask: Asked) -> list[tuple[str, str]]:
        """Which filters leave too little: what dropping each would find, and its address; where
        dropping one is not enough, all."""
        found = []
        for key, value in ask.filters.items():
            less = without(ask, key)
            try:
                rows = find(self.market, less.question(self.catalogue)).rows
            except (UsageError, NotEnoughEvidence):
                continue
            a, b = (int(rows.filter(rows["is_a"] == side)["n"].sum()) for side in (True, False))
            if min(a, b) >= HIDDEN:
                said = f"Without {WORDS.get(key, key)} {value}: {a:,} and {b:,} records"
                found.append((said, less.address()))
        return found or [("Without any filter", Asked(ask.a, ask.b).address())]

    def values(self) -> dict[str, list[str]]:
        """What each filter may be."""
        return self._of(("values",), self._values)  # type: ignore[no-any-return]

    def _values(self) -> dict[str, list[str]]:
        cells = self.market.cells
        keys = ("country", "level", "year", "source", "industry", "remote")
        return {k: [str(v) for v in cells[k].drop_nulls().unique().sort()] for k in keys}

    def _of(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        return self.kept.of((self.owner, *key), make)

    def _made(self, name: str, q: Question) -> Any:
        verbs: Mapping[str, Callable[[], Any]] = {
            "pay": lambda: compare_roles(self.market, q),
            "why": lambda: explain_roles(self.market, q),
            "skills": lambda: compare_skills(self.market, q, self.catalogue.roles),
            "work": lambda: compare_work(self.market, q),
            "where": lambda: where_hired(self.market, q),
            "trend": lambda: demand(self.market, q),
        }
        return verbs[name]()


def _key(q: Question) -> tuple[str, ...]:
    return q.a.id, q.b.id, q.reading, str(q.where), q.lens.name
