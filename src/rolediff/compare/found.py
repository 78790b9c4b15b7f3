"""The question about two roles, and the lines of a market that answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from rolediff.annotate.roles import Role, RoleReading, matches
from rolediff.compare.lens import Lens
from rolediff.compare.sources import answering_source
from rolediff.market import Market, Where, each, once


@dataclass(frozen=True, slots=True)
class Question:
    """Which two roles, how their titles are read, which records count, in which money."""

    a: Role
    b: Role
    reading: RoleReading = "strict"
    where: Where = field(default_factory=Where)
    lens: Lens = field(default_factory=Lens)

    @property
    def key(self) -> tuple[str, str, RoleReading, str]:
        """What tells which lines of a market are asked for."""
        return self.a.id, self.b.id, self.reading, str(self.where)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a market for two roles, in the money asked for.

    `rows` has `is_a`, `converted` (pay in dollars is known) and `copies` (postings that a row
    stands for); of a source of postings a row is an ad, once a role and country. `excluded`
    records fit both roles; `no_money` lost their pay to the lens.
    """

    rows: pl.DataFrame
    excluded: int
    no_money: int


Read = Callable[[pl.Series, Where], pl.DataFrame]
"""`Market.rows` or `Market.postings`."""


def lines_of_pair(market: Market, q: Question, read: Read) -> tuple[pl.DataFrame, int]:
    """What `read` reads of both roles, with `is_a`, A first; and how many records fit both.

    Titles that fit both roles are set aside.
    """
    titles = market.title_names
    is_a, is_b = (matches(role, titles, q.reading) for role in (q.a, q.b))
    lines = read(titles.filter(is_a | is_b), q.where)
    sides = (titles.filter(mine).implode() for mine in (is_a & ~is_b, is_a & is_b))
    of_a, of_both = (pl.col("title").is_in(side) for side in sides)
    told = lines.with_columns(is_a=of_a, both=of_both)
    both, mine = told["both"], told["is_a"]
    order = [(mine & ~both).arg_true(), (~mine & ~both).arg_true()]
    return told.drop("both")[pl.concat(order)], int(told["n"].filter(both).sum())


def find(market: Market, q: Question) -> Found:
    """The rows of both roles; titles that fit both are set aside and counted."""
    rows, excluded = market.recall(
        ("ads", *q.key), lambda: ads_of_pair(market, *lines_of_pair(market, q, market.rows))
    )
    valued = q.lens.apply(rows)
    lost = rows.filter(rows["low"].is_not_null() & valued["low"].is_null())
    return Found(valued, excluded, int(lost["n"].sum()))


def ads_of_pair(market: Market, rows: pl.DataFrame, excluded: int) -> tuple[pl.DataFrame, int]:
    """`rows` with `copies` and `converted`; those of postings a row for each ad."""
    posted = [s.name for s in market.sources if s.unit == "posting"]
    rows = rows.with_columns(copies="n")
    is_posting = pl.col("source").is_in(posted).fill_null(False)
    postings = rows.filter(is_posting)
    if not postings.is_empty():
        ads = each(once(postings, ["source", "is_a", "country"]))
        rows = pl.concat([rows.filter(~is_posting), ads.select(rows.columns)])
    return rows.with_columns(converted=pl.col("low").is_not_null()), excluded


def answering(found: Found, q: Question) -> Question:
    """The question put to the one source that answers it best, unless it names sources itself.

    `found` is what was found for `q` in all sources. Every analysis of a pair starts here.
    """
    if "source" in q.where.values:
        return q
    source = answering_source(found.rows)
    return q if source is None else replace(q, where=q.where.of_source(source))
