"""Industries and countries that a claim lists, as the categories of `rolediff where`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import polars as pl

from rolediff.annotate.industry import sector_titles, stated_sector
from rolediff.claims.beside import Side
from rolediff.claims.room import Room
from rolediff.claims.scopes import Scope, country_code, named
from rolediff.claims.words import keys_named
from rolediff.compare.categories import category_shares, tally
from rolediff.compare.category_pay import category_pay
from rolediff.compare.found import Question
from rolediff.compare.lens import Lens
from rolediff.compare.where import answering_sources, category_labels, hiring, industry_factor
from rolediff.errors import NotEnoughEvidence
from rolediff.results import HIDDEN, CategoryPay, CategoryShare, Short

Kind = Literal["industry", "country"]


@dataclass(frozen=True, slots=True)
class Category:
    """A category that an item names; `wider`: the item is only a part of it."""

    code: str
    label: str
    wider: bool = False


def category_of(item: str, kind: Kind) -> Category | None:
    """The country, or the sector of NAICS, that `item` names; None for neither."""
    if kind == "country":
        code = country_code(item)
        return None if code is None else Category(code, named(code))
    titles = sector_titles()
    parts = keys_named(item, "field")
    whole = keys_named(item, "sector")
    if whole and not parts:
        return Category(whole[0], f"the sector {titles[whole[0]]}")
    found = stated_sector(item)
    return None if found is None else Category(found, f"the sector {titles[found]}", wider=True)


@dataclass(frozen=True, slots=True)
class Told:
    """What one source tells of places: shares of both roles' records, or pay of each."""

    source: str
    shares: tuple[CategoryShare, ...] = ()
    pay: tuple[CategoryPay, ...] = ()


def told_by(room: Room, side: Side, scope: Scope, kind: Kind, asks: str) -> Told | Short:
    """The first source that tells this of places: its shares, or for "pay" its pay.

    The figures are those of `compare.where.where_hired`, by the same functions.
    """
    rows = room.rows(side, scope)
    if isinstance(rows, Short):
        return rows
    what = "pay" if asks == "pay" else "shares"
    short: list[str] = []
    for name in answering_sources(rows):
        part = rows.filter(pl.col("source") == name)
        factor = "country" if kind == "country" else industry_factor(part)
        if factor is None:
            continue
        make = partial(_pay, part, factor, name)
        if what == "shares":
            make = partial(_shares, room, room.question(side, scope), part, factor, name)
        found = room.once((what, name, factor, side.pair, str(scope.where)), make)
        if not isinstance(found, Short):
            return found
        short.append(f"{name}: {found.reason}")
    return Short("; ".join(short) or f"0 records of both roles state the {kind}")


def _shares(room: Room, q: Question, rows: pl.DataFrame, factor: str, source: str) -> Told:
    """Shares of the ads by country, of the openings by industry, or of records of pay."""
    unit = next(s.unit for s in room.market.sources if s.name == source)
    hired = rows if factor == "country" else hiring(room.market, q, source, rows, unit)
    stated = hired.filter(pl.col(factor).is_not_null())
    n = [int(stated.filter(pl.col("is_a") == side)["n"].sum()) for side in (True, False)]
    if min(n) < HIDDEN:
        raise NotEnoughEvidence(
            f"{n[0]} and {n[1]} records state {factor}, {HIDDEN} of each are needed"
        )
    return Told(source, category_shares(tally(hired, factor)[0], category_labels(factor), source))


def _pay(rows: pl.DataFrame, factor: str, source: str) -> Told:
    return Told(source, pay=category_pay(rows, factor, category_labels(factor), Lens()))
