"""Filters: `country=US|GB,level=senior,year=2024..` as a value that can be applied and said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.read.values import countries

FILTERS: tuple[str, ...] = (
    "source",
    "year",
    "country",
    "level",
    "employment_type",
    "remote",
    "company_size",
    "industry",
    "education",
    "sector",
)
"""The keys that can be filtered on. `industry` is an everyday word ("healthcare"), or the source's
own; `sector` is a sector of NAICS 2022 ("62"), which only postings have."""

SPOKEN = {"type": "employment_type", "size": "company_size", "employment": "employment_type"}


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that must all hold: key to allowed values, or for `year` to (first, last)."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[int | None, int | None] | None = None

    @classmethod
    def parse(cls, text: str | None) -> Where:
        """Read `key=value[|value],...`; `year` takes 2024, 2023..2024, 2024.. or ..2023.

        Raises:
            UsageError: an unknown key, a missing `=`, or a year that is no year.
        """
        values: dict[str, tuple[str, ...]] = {}
        years: tuple[int | None, int | None] | None = None
        for part in filter(None, (p.strip() for p in (text or "").split(","))):
            key, value = _pair(part)
            if key in values or (key == "year" and years):
                raise UsageError(f"{key} is filtered twice: write country=US|GB or year=2023..2024")
            if key == "year":
                years = _years(value)
            else:
                listed = (v.strip() for v in value.split("|") if v.strip())
                coded = map(_country, listed) if key == "country" else listed
                values[key] = tuple(dict.fromkeys(coded))
        return cls(values, years)

    def of_source(self, name: str) -> Where:
        """The same, of one source alone."""
        return Where({**self.values, "source": (name,)}, self.years)

    def __bool__(self) -> bool:
        return bool(self.values) or self.years is not None

    def apply(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The lines of `cells` that meet every condition; case is ignored.

        Raises:
            NotEnoughEvidence: a value that no line has; the message names those there are.
        """
        for key, wanted in self.values.items():
            have = cells[key].drop_nulls().unique().sort().to_list()
            folded = {v.casefold(): v for v in have}
            missing = [v for v in wanted if v.casefold() not in folded]
            if missing:
                raise NotEnoughEvidence(_no_such(key, missing[0], have))
            cells = cells.filter(pl.col(key).is_in([folded[v.casefold()] for v in wanted]))
        return cells if self.years is None else _in_years(cells, *self.years)

    @property
    def words(self) -> str:
        """The conditions as they are said in a sentence: "country US, level senior, 2024 on"."""
        said = [f"{key.replace('_', ' ')} {' or '.join(v)}" for key, v in self.values.items()]
        if self.years is not None:
            said.append(_said(*self.years))
        return ", ".join(said)

    def __str__(self) -> str:
        said = [f"{key}={'|'.join(v)}" for key, v in self.values.items()]
        if self.years is not None:
            first, last = self.years
            span = f"{first}" if first == last else f"{first or ''}..{last or ''}"
            said.append(f"year={span}")
        return ",".join(said)


def _pair(part: str) -> tuple[str, str]:
    key, sign, value = part.partition("=")
    key = SPOKEN.get(key.strip().casefold(), key.strip().casefold())
    if not sign or not value.strip(" |"):
        raise UsageError(f"cannot read the filter {part!r}: write --where country=US,year=2024..")
    if key not in FILTERS:
        near = difflib.get_close_matches(key, FILTERS, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(FILTERS)}"
        raise UsageError(f"no filter {key!r}: {hint}")
    return key, value.strip()


def _country(name: str) -> str:
    """The alpha-2 code of a country's name or alpha-3 code, if it is one."""
    plain = re.sub(r"[\W_]+", "", name.casefold())
    return name.upper() if len(plain) == 2 else countries().get(plain) or name


def _years(value: str) -> tuple[int | None, int | None]:
    first, dots, last = value.partition("..")
    try:
        low = int(first) if first else None
        high = (int(last) if last else None) if dots else low
    except ValueError:
        low = high = None
    if (low is None and high is None) or not all(
        0 < y <= 9999 for y in (low, high) if y is not None
    ):
        raise UsageError(f"cannot read year={value}: write 2024, 2023..2024, 2024.. or ..2023")
    if low is not None and high is not None and low > high:
        raise UsageError(f"year={value} is empty: the first year comes first")
    return low, high


def _in_years(cells: pl.DataFrame, first: int | None, last: int | None) -> pl.DataFrame:
    kept = cells.filter(pl.col("year").is_between(first or 0, last or 9999))
    if kept.is_empty():
        have = cells["year"].drop_nulls().unique().sort().to_list()
        there = f"there is {_said(have[0], have[-1])}" if have else "no record here states one"
        raise NotEnoughEvidence(f"no records of the year {_said(first, last)}: {there}")
    return kept


def _said(first: int | None, last: int | None) -> str:
    if last is None:
        return f"{first} on"
    if first is None:
        return f"up to {last}"
    return str(first) if first == last else f"{first} to {last}"


def _no_such(key: str, value: str, have: list[str]) -> str:
    if not have:
        return f"no records with {key}={value}: no record here states it; leave {key} out"
    near = difflib.get_close_matches(value, have, 3, 0.5) or have[:8]
    more = "" if len(have) <= len(near) else f" (of {len(have)})"
    return f"no records with {key}={value}: there are {', '.join(near)}{more}"
