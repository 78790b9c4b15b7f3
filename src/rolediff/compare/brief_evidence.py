"""What a brief is written from: the answers of the other verbs, each there or short of evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from rolediff.annotate.roles import Role
from rolediff.compare.at_once import MANY, at_once
from rolediff.compare.brief_words import command, path_command, source_words
from rolediff.compare.found import Question
from rolediff.compare.openings import find_openings
from rolediff.compare.path_ads import Ads
from rolediff.compare.roles import compare_roles
from rolediff.compare.skills import compare_skills
from rolediff.compare.trend import demand
from rolediff.compare.where import where_hired
from rolediff.compare.why import reasons_of
from rolediff.compare.work import compare_work
from rolediff.errors import CurrencyError, NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import (
    Comparison,
    Estimate,
    Footnote,
    Reason,
    Sentence,
    Short,
    Skills,
    Trend,
    WhereHired,
    Work,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Evidence:
    """The answers on one pair. `ads` = those of A and of B as `rolediff path` reads them."""

    q: Question
    sources: dict[str, str]
    pay: Comparison | Short
    reasons: tuple[Reason, ...] | Short
    work: Work | Short
    skills: Skills | Short
    where: WhereHired | Short
    trend: Trend | Short
    ads: tuple[Ads, Ads] | Short

    @classmethod
    def of(cls, market: Market, q: Question) -> Evidence:
        """All that `market` answers on the two roles of `q`."""
        market = market.remembering()
        read = at_once(  # these two find what all others look at
            MANY if market.is_large else 0,
            {
                "pay": lambda: told(lambda: compare_roles(market, q)),
                "ads": lambda: told(lambda: _ads(market, q)),
            },
        )
        pay, both = read["pay"], read["ads"]
        made = at_once(
            0 if isinstance(both, Short) else sum(map(len, both)),
            {
                "reasons": lambda: told(lambda: reasons_of(market, q, known(pay))),
                "skills": lambda: told(lambda: compare_skills(market, q, ())),
                "work": lambda: told(lambda: compare_work(market, q)),
                "where": lambda: told(lambda: where_hired(market, q)),
                "trend": lambda: told(lambda: demand(market, q)),
            },
        )
        sources = {s.name: source_words(s.to_dict()) for s in market.sources}
        return cls(q=q, sources=sources, **read, **made)

    @property
    def first_short(self) -> Short | None:
        """Why nothing at all can be said, if nothing can."""
        all_of = (self.pay, self.work, self.skills, self.where, self.ads)
        found = [x for x in all_of if isinstance(x, Short)]
        return found[0] if len(found) == len(all_of) else None


def told(make: Callable[[], T]) -> T | Short:
    """What `make` finds, or what fell short of it, always with a number."""
    try:
        return make()
    except (NotEnoughEvidence, CurrencyError) as error:
        reason = str(error)
        counted = any(c.isdigit() for c in reason)
        return Short(reason if counted else f"n = 0: {reason}")


def known(x: T | Short) -> T:
    """`x`, if there is enough evidence for it.

    Raises:
        NotEnoughEvidence: there is not.
    """
    if isinstance(x, Short):
        raise NotEnoughEvidence(x.reason)
    return x


def _ads(market: Market, q: Question) -> tuple[Ads, Ads]:
    lines = find_openings(market, q).lines
    a, b = (Ads.of(lines.filter(pl.col("is_a") == side)) for side in (True, False))
    return a, b


Figures = tuple[tuple[str, Estimate], ...]


@dataclass
class Writer:
    """Makes sentences of the evidence `e`, and numbers their footnotes in the order of use.

    `extra` = what to add to every command, such as "--data market/".
    """

    e: Evidence
    extra: str = ""
    notes: dict[tuple[str, str], int] = field(default_factory=dict)

    def say(self, text: str, figures: Figures, source: str, verb: str | None) -> Sentence:
        """A sentence from `source` (its name, or words), printed by `verb`."""
        return self.cited(text, figures, source, command(verb or "", self.e.q, self.extra))

    def way(self, text: str, figures: Figures, ads: Ads, to: Role, start: Role) -> Sentence:
        """A sentence that `rolediff path` prints the figures of."""
        printed = path_command(to, start, self.e.q, self.extra)
        return self.cited(text, figures, ads.source, printed)

    def cited(self, text: str, figures: Figures, source: str, printed: str) -> Sentence:
        """A sentence with a footnote to `source` and to the command `printed`."""
        key = self.e.sources.get(source, source), printed
        number = self.notes.setdefault(key, len(self.notes) + 1)
        return Sentence(text, figures, (number,))

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """All footnotes so far."""
        return tuple(Footnote(n, *key) for key, n in self.notes.items())
