"""For which records a claim is judged: its place and years, or the US and all records."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rolediff.claims.words import table
from rolediff.market import Market, Where
from rolediff.read.values import countries, country_names
from rolediff.results import Claim

ALL, US = "all records", "the United States"


@dataclass(frozen=True, slots=True)
class Scope:
    """Records that a claim is judged on: their name in words and the filter that finds them.

    `within` is the name as a sentence goes on with it (" in the United States"), empty for all.
    """

    name: str
    where: Where
    within: str = ""

    def but(self, key: str, values: tuple[str, ...]) -> Scope:
        """The same with a further filter."""
        return replace(self, where=Where({**self.where.values, key: values}, self.where.years))


def scopes(claim: Claim, base: Where, market: Market) -> tuple[Scope, ...]:
    """The scopes of a claim, within the filter `base` of the whole check.

    A claim that names a country or region is judged there, one of some years in those years; one
    that names no place for all records and, where any is of them, for the United States. None
    where a region is named that is not known.
    """
    years = claim.period or base.years
    if claim.place:
        return (_in(base, (claim.place,), years, named(claim.place)),)
    if claim.region:
        codes = region_codes(claim.region, market)
        return (_in(base, codes, years, claim.region),) if codes else ()
    said = _years(claim)
    whole = Scope(f"{ALL}{said}", Where(dict(base.values), years), said)
    if "country" in base.values:
        return (replace(whole, name="the records asked for"),)
    if "US" not in set(market.cells["country"].drop_nulls().unique()):
        return (whole,)
    return (whole, _in(base, ("US",), years, f"{US}{said}"))


def region_codes(region: str, market: Market) -> tuple[str, ...]:
    """The countries of a region that records of `market` are of; empty for no known region."""
    wanted = table()["region"].get(region.casefold().removeprefix("the "), ())
    here = set(market.cells["country"].drop_nulls().unique())
    return tuple(code for code in wanted if code in here)


def country_code(name: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country's name, variant or code."""
    plain = "".join(c for c in name.casefold().removeprefix("the ") if c.isalnum())
    return countries().get(plain)


def named(code: str) -> str:
    """A country's name, with the article that a sentence needs."""
    name = country_names().get(code, code)
    return f"the {name}" if name.startswith(("United", "Netherlands", "Philippines")) else name


def _in(
    base: Where, codes: tuple[str, ...], years: tuple[int | None, int | None] | None, name: str
) -> Scope:
    return Scope(name, Where({**base.values, "country": codes}, years), f" in {name}")


def _years(claim: Claim) -> str:
    if claim.period is None:
        return ""
    first, last = claim.period
    return f" of {first}" if first == last else f" of {first} to {last}"
