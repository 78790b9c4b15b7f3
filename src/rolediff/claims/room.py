"""What a check of one article asks of a market, each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from rolediff.annotate.roles import Catalogue, Role
from rolediff.claims.beside import Side, most_recorded, own_shortage
from rolediff.claims.paid import Paid
from rolediff.claims.rule import Rule
from rolediff.claims.scopes import Scope
from rolediff.compare.brief_evidence import told
from rolediff.compare.brief_words import command, path_command
from rolediff.compare.found import Question, find
from rolediff.compare.openings import Openings, find_openings
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_pool import PathQuestion, gather
from rolediff.compare.roles import compare_roles
from rolediff.compare.skills import compare_skills
from rolediff.compare.trend import demand
from rolediff.compare.why import reasons_of
from rolediff.errors import UnknownRoleError, UsageError
from rolediff.market import Market, Where
from rolediff.results import (
    HIDDEN,
    Article,
    Claim,
    Comparison,
    Reason,
    Short,
    Skills,
    Trend,
)

T = TypeVar("T")
BESIDE = 2
"""Roles of the article, and others, that one is set beside until there is enough of both."""
KINDS = {"advertised": "by advertised pay", "paid": "by pay as paid"}


@dataclass
class Room:
    """The answers that verdicts of one article rest on; what was asked once is kept.

    `base` = a filter on all records; `extra` = what to add to every command; `catalogue` = the
    roles that are known. `order` = roles by how often `claims` name them.
    """

    market: Market
    catalogue: Catalogue
    rule: Rule
    article: Article | None = None
    base: Where = field(default_factory=Where)
    extra: str = ""
    claims: Sequence[Claim] = ()
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def role(self, name: str) -> Role | None:
        """The role called so, or None."""
        return self._keep(("role", name), lambda: _resolved(self.catalogue, name))

    def roles(self, claim: Claim) -> tuple[Role, ...]:
        """The roles that a claim names, each once."""
        found = [role for name in claim.roles if (role := self.role(name)) is not None]
        return tuple({role.id: role for role in found}.values())

    @property
    def order(self) -> list[Role]:
        """Roles of the article, those that most claims name first."""
        return self._keep("order", self._order)

    def _order(self) -> list[Role]:
        named = [role for claim in self.claims for role in self.roles(claim)]
        counts = Counter(role.id for role in named)
        first = {role.id: role for role in reversed(named)}
        return [first[i] for i, _ in counts.most_common()]

    def sides(self, role: Role, claim: Claim) -> Iterator[Side]:
        """`role` beside the others that may stand there, the likeliest first.

        The other role of the claim, that of the article, then the one with most records.
        """
        named = {other.id: other for other in (*self.roles(claim), *self.order)}
        tried = {role.id}
        for other in list(named.values())[: 1 + BESIDE]:
            if other.id not in tried:
                tried.add(other.id)
                yield self._side(role, other)
        for other in (*self.largest, *self.catalogue.roles[:BESIDE]):
            if other.id not in tried:
                tried.add(other.id)
                yield self._side(role, other)

    def in_line(self, line: int) -> list[Claim]:
        """The claims of a line."""
        return self._keep("lines", self._lines).get(line, [])

    def _lines(self) -> dict[int, list[Claim]]:
        by: dict[int, list[Claim]] = {}
        for claim in self.claims:
            by.setdefault(claim.line, []).append(claim)
        return by

    def others(self, role: Role) -> list[Role]:
        """The other roles of the article, those that most claims name first."""
        return [other for other in self.order if other.id != role.id]

    def against(self, a: Role, b: Role) -> Side:
        """`a` beside `b`, in the one order in which this pair is asked about."""
        return self._side(a, b)

    def _side(self, role: Role, other: Role) -> Side:
        ids = [r.id for r in self.order]
        rank = {name: at for at, name in enumerate(ids)}
        first = (rank.get(role.id, len(ids)), role.id) < (rank.get(other.id, len(ids)), other.id)
        return Side(role, other, first)

    @property
    def largest(self) -> list[Role]:
        """The two roles that have most records in every kind of source."""
        return self._keep("largest", lambda: most_recorded(self.market, self.catalogue))

    def first(
        self, sides: Iterable[Side], make: Callable[[Side], T | Short]
    ) -> tuple[Side, T | Short]:
        """What the first side finds that has enough; else what is short of the role itself."""
        found = []
        for side in sides:
            found.append((side, make(side)))
            if not isinstance(found[-1][1], Short):
                return found[-1]
        return next((pair for pair in found if own_shortage(*pair)), found[0])

    def question(self, side: Side, scope: Scope) -> Question:
        """The question about a pair of roles in a scope."""
        return Question(*side.pair, where=scope.where)

    @property
    def by_pay(self) -> str:
        """What pay is here: "by advertised pay", unless sources say otherwise."""
        kinds = {source.kind for source in self.market.sources}
        return KINDS.get(kinds.pop() if len(kinds) == 1 else "", "by recorded pay")

    def paid(self, side: Side, scope: Scope) -> Paid | Short:
        """The records that `rolediff A B` answers from, and the figures that it prints first."""
        q = self.question(side, scope)

        def make() -> Paid:
            found = Paid.of(self.market, q)
            if found.fewest < HIDDEN:
                compare_roles(self.market, q)  # which says what is missing, and what else to ask
            return found

        return self._told("paid", q, make)

    def pay(self, side: Side, scope: Scope) -> Comparison | Short:
        """All that `rolediff A B` answers: dearer than `paid`."""
        q = self.question(side, scope)
        return self._told("pay", q, lambda: compare_roles(self.market, q))

    def reasons(self, side: Side, scope: Scope) -> tuple[Reason, ...] | Short:
        """The reasons of `rolediff why A B`."""
        q, pay = self.question(side, scope), self.pay(side, scope)
        if isinstance(pay, Short):
            return pay
        return self._told("reasons", q, lambda: reasons_of(self.market, q, pay))

    def openings(self, side: Side, scope: Scope) -> Openings | Short:
        """The ads that `rolediff skills A B` reads."""
        q = self.question(side, scope)
        return self._told("openings", q, lambda: find_openings(self.market, q))

    def skills(self, side: Side, scope: Scope) -> Skills | Short:
        """What `rolediff skills A B` answers."""
        q = self.question(side, scope)
        return self._told("skills", q, lambda: compare_skills(self.market, q, ()))

    def rows(self, side: Side, scope: Scope) -> pl.DataFrame | Short:
        """The records of both roles that `rolediff where A B` counts, of all sources."""
        q = self.question(side, scope)
        return self._told("rows", q, lambda: find(self.market, q).rows)

    def once(self, key: Hashable, make: Callable[[], T]) -> T | Short:
        """What `make` finds, kept under `key`, or what fell short."""
        return self._keep(key, lambda: _caught(make))

    def trend(self, side: Side, scope: Scope) -> Trend | Short:
        """What `rolediff trend A B` answers."""
        q = self.question(side, scope)
        return self._told("trend", q, lambda: demand(self.market, q))

    def ads(self, side: Side, scope: Scope) -> Ads | Short:
        """The ads of the role that `rolediff path --to ROLE --from OTHER` reads."""
        to, start = side.role, side.other
        asked = PathQuestion(to, start, None, "strict", scope.where, catalogue=Catalogue((), {}))
        key = ("ads", to.id, start.id, str(scope.where))
        return self._keep(key, lambda: _caught(lambda: gather(self.market, asked).of(to)))

    def command(self, verb: str, side: Side, scope: Scope) -> str:
        """The command that prints what `verb` ("" for pay) answers."""
        return command(verb, self.question(side, scope), self.extra)

    def path_command(self, side: Side, scope: Scope) -> str:
        """The command that prints what ads ask of those who want the role."""
        return path_command(side.role, side.other, self.question(side, scope), self.extra)

    def _told(self, what: str, q: Question, make: Callable[[], T]) -> T | Short:
        return self._keep((what, q.a.id, q.b.id, str(q.where)), lambda: _caught(make))

    def _keep(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found


def _resolved(catalogue: Catalogue, name: str) -> Role | None:
    try:
        return catalogue.resolve(name)
    except UnknownRoleError:
        return None


def _caught(make: Callable[[], T]) -> T | Short:
    """`told`, for questions that a check makes up: two names of the same titles fall short too."""
    try:
        return told(make)
    except UsageError as error:
        return Short(str(error))
