"""Where two roles are hired: industries and countries, each source by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.comparison import Agreement
from rolediff.results.estimate import Estimate
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class CategoryShare:
    """One category among the records (of postings: ads) of two roles in a source.

    `category` is a code (ISO 3166-1, NAICS) or word, `label` its name; `n_a`, `n_b` records in
    it, `employers_a`, `employers_b` who posted them (None: not known). `a` and `b` are shares (0
    to 1) of a role's records that state a category, `equal_a` and `equal_b` the same with every
    employer weighing the same (None where none is known); `difference` is a - b, `p_bh` its p
    value adjusted over categories (Benjamini, Hochberg 1995).
    """

    category: str
    label: str
    n_a: int
    n_b: int
    employers_a: int | None
    employers_b: int | None
    a: Estimate
    b: Estimate
    equal_a: Estimate | None
    equal_b: Estimate | None
    difference: Estimate
    p_bh: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        equal = [None if e is None else e.to_dict() for e in (self.equal_a, self.equal_b)]
        return {
            "category": self.category,
            "label": self.label,
            "n": {"a": self.n_a, "b": self.n_b},
            "employers": {"a": self.employers_a, "b": self.employers_b},
            "share": {"a": self.a.to_dict(), "b": self.b.to_dict()},
            "share_employers_alike": {"a": equal[0], "b": equal[1]},
            "difference": self.difference.to_dict(),
            "p_bh": self.p_bh,
        }


@dataclass(frozen=True, slots=True)
class RankedPay:
    """Pay in a category and its place among the `of` categories of the role, 1 the best paid.

    `pay` is a geometric mean in `money`, drawn toward the role's (Morris 1983) by `shrunk` (0 to
    1); `raw` is the mean of the records alone. The rank lies between `best` and `worst` with 95 %
    confidence (Mogstad et al. 2024).
    """

    money: str
    pay: Estimate
    raw: float
    shrunk: float
    rank: int
    best: int
    worst: int
    of: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "money": self.money,
            "pay": self.pay.to_dict(),
            "raw": self.raw,
            "shrunk": self.shrunk,
            "rank": {"value": self.rank, "low": self.best, "high": self.worst, "of": self.of},
        }


@dataclass(frozen=True, slots=True)
class CategoryPay:
    """Pay of one role ("A" or "B") in a category: at exchange rates, and at purchasing power.

    `n` records with pay there; `ppp` is None where no purchasing power is known.
    """

    category: str
    label: str
    role: str
    n: int
    employers: int | None
    market: RankedPay
    ppp: RankedPay | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "category": self.category,
            "label": self.label,
            "role": self.role,
            "n": self.n,
            "employers": self.employers,
            "market": self.market.to_dict(),
            "ppp": None if self.ppp is None else self.ppp.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Places:
    """Who hires and who pays best by one `factor` ("sector", "industry", "country") in a source.

    `unit` is "posting" or "record"; `n_a` and `n_b` records state the factor, `unstated_a` and
    `unstated_b` do not; `rare` categories have fewer than 5 records of both roles together and
    are not shown. Empty `shares` or `pay` have their reason in `missing`; `pay_reading` says how
    titles are read for `pay` where that is otherwise than was asked, so that there are categories
    to rank.
    """

    source: str
    unit: str
    factor: str
    n_a: int
    n_b: int
    unstated_a: int
    unstated_b: int
    employers_a: int | None
    employers_b: int | None
    rare: int
    shares: tuple[CategoryShare, ...]
    pay: tuple[CategoryPay, ...]
    missing: Mapping[str, str]
    pay_reading: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "source": self.source,
            "unit": self.unit,
            "factor": self.factor,
            "n": {"a": self.n_a, "b": self.n_b},
            "unstated": {"a": self.unstated_a, "b": self.unstated_b},
            "employers": {"a": self.employers_a, "b": self.employers_b},
            "rare": self.rare,
            "shares": [s.to_dict() for s in self.shares],
            "pay": [p.to_dict() for p in self.pay],
            "missing": dict(self.missing),
            "pay_reading": self.pay_reading or None,
        }


@dataclass(frozen=True, slots=True)
class SourcesAgree:
    """Whether two sources show the same role more often in a category.

    `first` and `second` are differences of shares, A less B, in the first and the other source;
    `factor` is what the category is one of.
    """

    category: str
    label: str
    sources: tuple[str, str]
    first: Estimate
    second: Estimate
    agree: Agreement
    factor: str = "country"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "factor": self.factor,
            "category": self.category,
            "label": self.label,
            "sources": list(self.sources),
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "agree": self.agree,
        }


@dataclass(frozen=True, slots=True)
class SectorProxy:
    """A neighbouring occupation in a sector: employees, their share of the occupation, mean pay.

    `roles` ("A", "B") it is nearest to; intervals are from the published relative standard errors.
    """

    soc: str
    occupation: str
    roles: tuple[str, ...]
    sector: str
    label: str
    employment: Estimate
    share: float
    pay: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "soc": self.soc,
            "occupation": self.occupation,
            "roles": list(self.roles),
            "sector": self.sector,
            "label": self.label,
            "employment": self.employment.to_dict(),
            "share": self.share,
            "pay": None if self.pay is None else self.pay.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class WhereHired(Shown):
    """The answer of `where`. `sources` and `official` are sources as plain data.

    `industries` and `countries` have an entry for each source that states them, the one with most
    records of the rarer role first; `caveats` are pairs of a code and a sentence.
    """

    a: str
    b: str
    plural_a: str
    plural_b: str
    reading: str
    where: str
    money: str
    industries: tuple[Places, ...]
    countries: tuple[Places, ...]
    agreement: tuple[SourcesAgree, ...]
    proxies: tuple[SectorProxy, ...]
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Mapping[str, object], ...]
    official: tuple[Mapping[str, object], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "reading": self.reading,
            "where": self.where,
            "money": self.money,
            "industries": [p.to_dict() for p in self.industries],
            "countries": [p.to_dict() for p in self.countries],
            "agreement": [s.to_dict() for s in self.agreement],
            "proxies": [p.to_dict() for p in self.proxies],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(s) for s in self.sources],
            "official": [dict(s) for s in self.official],
        }
