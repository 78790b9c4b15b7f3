"""Industries and countries that a claim lists, as the categories of `rolediff where`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rolediff.annotate.industry import sector_titles, stated_sector
from rolediff.claims.room import Room, Side
from rolediff.claims.scopes import Scope, country_code, named
from rolediff.claims.words import keys_named
from rolediff.results import Places, Short

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
        return Category(whole[0], titles[whole[0]])
    found = stated_sector(item)
    return None if found is None else Category(found, titles[found], wider=True)


def stated_by(room: Room, side: Side, scope: Scope, kind: Kind, asks: str) -> Places | Short:
    """The first source that tells this of places: its shares, or for "pay" its pay."""
    found = room.where(side, scope)
    if isinstance(found, Short):
        return found
    every = found.industries if kind == "industry" else found.countries
    what = "pay" if asks == "pay" else "shares"
    mine = "A" if side.is_a else "B"
    for p in every:
        if what == "shares" and p.shares:
            return p
        if what == "pay" and any(x.role == mine for x in p.pay):
            return p
    why = [f"{p.source}: {p.missing[what]}" for p in every if what in p.missing]
    return Short("; ".join(why) or f"0 records of both roles state the {kind}")
