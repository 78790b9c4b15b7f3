"""The openings of two roles with all that they ask for, from one source of postings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from rolediff.annotate.roles import RoleReading
from rolediff.compare.caveats import UNSTATED
from rolediff.compare.found import Question
from rolediff.compare.openings import employers, openings_of
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import GREY, HIDDEN, Short
from rolediff.stats.cells import Codes, Factor


@dataclass(frozen=True)
class Ads:
    """Openings of both roles: a line each in `rows`, of the schema of `market.POSTINGS` with
    `is_a`.

    Pay is in the money asked for. `reading` is how titles were read.
    """

    rows: pl.DataFrame
    source: str
    reading: RoleReading

    def count(self, side: bool) -> int:
        """Openings of one role."""
        return int((self.rows["is_a"] == side).sum())

    @property
    def fewest(self) -> int:
        """Openings of the role that has fewer."""
        return min(self.count(True), self.count(False))

    def paid(self) -> Ads:
        """Those with comparable pay."""
        return Ads(self.rows.filter(pl.col("low").is_not_null()), self.source, self.reading)

    def where(self, condition: pl.Expr) -> Ads:
        """Those for which `condition` holds."""
        return Ads(self.rows.filter(condition), self.source, self.reading)

    @cached_property
    def unit(self) -> Codes:
        """Codes of employers, one for each opening; an opening without one is a unit of its own."""
        return employers(self.rows["employer"].cast(pl.String).replace("", None))


def ads(market: Market, q: Question, reading: RoleReading | None = None) -> Ads:
    """The openings of both roles in the source of postings that has most of the scarcer one.

    An opening counts once in a role; titles that fit both roles are left out.

    Raises:
        NotEnoughEvidence: no source of postings, or fewer than 5 openings of a role.
    """
    posted = [s.name for s in market.sources if s.unit == "posting"]
    named = q.where.values.get("source")
    posted = [name for name in posted if named is None or name in named]
    if not posted:
        raise NotEnoughEvidence("no source of postings here: 0 openings with text")
    found = [_of_source(market, q, name, reading or q.reading) for name in posted]
    best = max(found, key=lambda ads: (min(ads.count(True), ads.count(False)), len(ads.rows)))
    for role, side in ((q.a, True), (q.b, False)):
        if best.count(side) < HIDDEN:
            raise NotEnoughEvidence(
                f"{_ads(best.count(side))} of {role.plural} with text in {best.source}, "
                f"{HIDDEN} are needed"
            )
    return best


def _ads(n: int) -> str:
    return "1 opening" if n == 1 else f"{n} openings"


def _of_source(market: Market, q: Question, source: str, reading: RoleReading) -> Ads:
    found = openings_of(market, replace(q, reading=reading, where=q.where.of_source(source)))
    return Ads(q.lens.apply(found.lines), source, reading)


def with_pay(found: Ads, broad: Ads | Short) -> Ads:
    """The openings with comparable pay, titles read broadly where a role has fewer than 30
    otherwise.

    Raises:
        NotEnoughEvidence: fewer than 30 of a role by both readings.
    """
    paid = found.paid()
    if paid.fewest < GREY and isinstance(broad, Ads):
        paid = broad.paid()
    if paid.fewest < GREY:
        raise NotEnoughEvidence(
            f"{paid.count(True)} and {paid.count(False)} openings with pay in {paid.source}, "
            f"{GREY} are needed of each role"
        )
    return paid


def coded(column: pl.Series) -> tuple[Factor, Codes]:
    """A column as a factor and codes (m,); what is not stated is a category of its own."""
    text = column.cast(pl.String).fill_null(UNSTATED)
    labels = tuple(text.unique().sort())
    return Factor(column.name, labels), text.rank("dense").cast(pl.Int64).to_numpy() - 1
