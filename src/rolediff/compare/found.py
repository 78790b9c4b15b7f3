"""The question about two roles, and the rows of a market that answer it."""

from __future__ import annotations

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


def find(market: Market, q: Question) -> Found:
    """The rows of both roles; titles that fit both are set aside and counted."""
    titles = market.title_names
    is_a, is_b = (matches(role, titles, q.reading) for role in (q.a, q.b))
    both = market.rows(titles.filter(is_a & is_b), q.where)
    parts = [
        market.rows(titles.filter(mine & ~theirs), q.where).with_columns(is_a=pl.lit(side))
        for mine, theirs, side in ((is_a, is_b, True), (is_b, is_a, False))
    ]
    rows = _ads(market, pl.concat(parts)).with_columns(converted=pl.col("low").is_not_null())
    valued = q.lens.apply(rows)
    lost = rows.filter(rows["low"].is_not_null() & valued["low"].is_null())
    return Found(valued, int(both["n"].sum()), int(lost["n"].sum()))


def _ads(market: Market, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `copies`; those of postings a row for each ad, once a role and country."""
    posted = [s.name for s in market.sources if s.unit == "posting"]
    rows = rows.with_columns(copies="n")
    is_posting = pl.col("source").is_in(posted).fill_null(False)
    postings = rows.filter(is_posting)
    if postings.is_empty():
        return rows
    ads = each(once(postings, ["source", "is_a", "country"]))
    return pl.concat([rows.filter(~is_posting), ads.select(rows.columns)])


def answering(found: Found, q: Question) -> Question:
    """The question put to the one source that answers it best, unless it names sources itself.

    `found` is what was found for `q` in all sources. Every analysis of a pair starts here.
    """
    if "source" in q.where.values:
        return q
    source = answering_source(found.rows)
    return q if source is None else replace(q, where=q.where.of_source(source))
