"""What a check of one article asks of a market, each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import polars as pl

from rolediff.annotate.roles import Catalogue, Role, matches
from rolediff.claims.rule import Rule
from rolediff.claims.scopes import Scope
from rolediff.compare.brief_evidence import told
from rolediff.compare.brief_words import command, path_command
from rolediff.compare.found import Question, answering, find
from rolediff.compare.openings import Openings, find_openings
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_pool import PathQuestion, gather
from rolediff.compare.roles import compare_roles
from rolediff.compare.sample import Sample
from rolediff.compare.trend import demand
from rolediff.compare.where import where_hired
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
    Trend,
    WhereHired,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Side:
    """A role and the one it stands beside; `is_a`: it is the first of the pair that is asked of.

    Every verb compares two roles, so that a figure of one role comes with another beside it.
    """

    role: Role
    other: Role
    is_a: bool

    @property
    def pair(self) -> tuple[Role, Role]:
        """The pair in the order in which it is asked."""
        return (self.role, self.other) if self.is_a else (self.other, self.role)


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
        try:
            return self.catalogue.resolve(name)
        except UnknownRoleError:
            return None

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

    def sides(self, role: Role, claim: Claim) -> tuple[Side, ...]:
        """`role` beside the others that may stand there, the likeliest first.

        The other role of the claim, that of the article, then the one with most records.
        """
        others = [*self.roles(claim), *self.order, *self.largest]
        apart = {other.id: other for other in others if other.id != role.id}
        chosen = [*list(apart.values())[:2], *self.largest, *self.catalogue.roles[:2]]
        return tuple(self._side(role, o) for o in dict.fromkeys(chosen) if o.id != role.id)

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
        return self._keep("largest", self._largest)

    def _largest(self) -> list[Role]:
        counts = self.market.rows().group_by("source", "title").agg(pl.col("n").sum())
        titles = self.market.title_names
        fewest = {}
        for role in self.catalogue.roles:
            mine = titles.filter(matches(role, titles, "strict"))
            of = counts.filter(pl.col("title").is_in(mine.implode()))
            by = of.group_by("source").agg(pl.col("n").sum())["n"].to_list()
            fewest[role.id] = min(by) if len(by) == counts["source"].n_unique() else 0
        ranked = sorted(self.catalogue.roles, key=lambda r: (-fewest[r.id], r.id))
        return [r for r in ranked[:2] if fewest[r.id] >= HIDDEN]

    def first(
        self, sides: Sequence[Side], make: Callable[[Side], T | Short]
    ) -> tuple[Side, T | Short]:
        """What the first side finds, or the first that has enough; the first one's shortage."""
        found = [(side, make(side)) for side in sides[:1]]
        for side in sides[1:]:
            if not isinstance(found[-1][1], Short):
                break
            found.append((side, make(side)))
        good = [pair for pair in found if not isinstance(pair[1], Short)]
        return (good or found)[0]

    def question(self, side: Side, scope: Scope) -> Question:
        """The question about a pair of roles in a scope."""
        return Question(*side.pair, where=scope.where)

    def pay(self, side: Side, scope: Scope) -> Comparison | Short:
        """What `rolediff A B` answers."""
        q = self.question(side, scope)
        return self._told("pay", q, lambda: compare_roles(self.market, q))

    def sample(self, side: Side, scope: Scope) -> Sample | Short:
        """The records that `pay` rests on."""
        q = self.question(side, scope)

        def make() -> Sample:
            whole = find(self.market, q)
            asked = answering(whole, q)
            return Sample.of(whole.rows if asked is q else find(self.market, asked).rows)

        return self._told("sample", q, make)

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

    def where(self, side: Side, scope: Scope) -> WhereHired | Short:
        """What `rolediff where A B` answers."""
        q = self.question(side, scope)
        return self._told("where", q, lambda: where_hired(self.market, q))

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


def _caught(make: Callable[[], T]) -> T | Short:
    """`told`, for questions that a check makes up: two names of the same titles fall short too."""
    try:
        return told(make)
    except UsageError as error:
        return Short(str(error))


def reading(q: Question) -> Question:
    """The question with titles read broadly."""
    return replace(q, reading="broad")
