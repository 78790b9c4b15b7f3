"""What an address asks: two roles and filters, as the library understands them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from rolediff.annotate.roles import Catalogue
from rolediff.compare.asked import checked_reading
from rolediff.compare.found import Question
from rolediff.compare.lens import Lens
from rolediff.errors import UsageError
from rolediff.market import Where

FIRST, SECOND = "AI Engineer", "ML Engineer"
FILTERS = ("country", "level", "year", "source", "industry", "remote")
"""Filters that stand in the form; each is one key of `--where`."""
WORDS = {"year": "period"}
"""How a filter is called in the form, if not by its key."""
_TEXT = Query(max_length=120)
Text = Annotated[str, _TEXT]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of an address."""

    a: str = FIRST
    b: str = SECOND
    country: str = ""
    level: str = ""
    year: str = ""
    source: str = ""
    industry: str = ""
    remote: str = ""
    money: str = "usd"
    reading: str = "strict"

    @property
    def filters(self) -> dict[str, str]:
        """Those that are set."""
        return {key: value for key in FILTERS if (value := getattr(self, key).strip())}

    def address(self, page: str = "/compare", **other: str) -> str:
        """The stable address of this question, without what is as usual."""
        said = {f.name: getattr(self, f.name) for f in fields(self)} | other
        usual = {f.name: f.default for f in fields(self) if f.name not in ("a", "b")}
        kept = {k: v for k, v in said.items() if v and v != usual.get(k)}
        return f"{page}?{urlencode(kept)}"

    def where(self) -> Where:
        """The filters. Raises `UsageError` for one that cannot be understood."""
        for key, value in self.filters.items():
            if "," in value or "=" in value:
                raise UsageError(f"{key} is one value, or several as US|GB: {value[:40]!r}")
        return Where.parse(",".join(f"{k}={v}" for k, v in self.filters.items()))

    def question(self, catalogue: Catalogue) -> Question:
        """What is asked.

        Raises:
            UnknownRoleError: a name that is no role; UsageError: a filter or money that is none.
        """
        reading: Any = self.reading
        return Question(
            catalogue.resolve(self.a), catalogue.resolve(self.b), checked_reading(reading),
            self.where(), Lens.parse(self.money),
        )  # fmt: skip


def asked(
    a: Text = FIRST, b: Text = SECOND, country: Text = "", level: Text = "", year: Text = "",
    source: Text = "", industry: Text = "", remote: Text = "", money: Text = "usd",
    reading: Text = "strict",
) -> Asked:  # fmt: skip
    """The fields of an address, bounded in length."""
    return Asked(a, b, country, level, year, source, industry, remote, money, reading)


def asked_of(said: Mapping[str, str]) -> Asked:
    """The same from the fields of an address by name; what is not said is as usual."""
    known = {f.name for f in fields(Asked)}
    return Asked(**{key: value for key, value in said.items() if key in known})


def without(ask: Asked, key: str) -> Asked:
    """The same question without one filter."""
    said: Mapping[str, str] = {f.name: getattr(ask, f.name) for f in fields(ask)}
    return Asked(**{**said, key: ""})
