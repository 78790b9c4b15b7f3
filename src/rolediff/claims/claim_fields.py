"""The fields of a claim in a file: what each may hold, and what is wrong with it if it does not."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from rolediff.claims.scopes import country_code
from rolediff.results import ClaimKind

SENSES = ("more", "less", "same", "")
QUANTITIES = ("most", "few", "all", "none", "some", "majority", "")
STATISTICS = ("average", "median", "entry", "senior", "top", "")
PERIODS = ("year", "month", "week", "day", "hour", "")
UNITS = ("percent", "points", "years", "times", "")


class Wrong(ValueError):
    """A value that a field cannot hold; `key` names the field."""

    def __init__(self, key: str, said: str) -> None:
        super().__init__(said)
        self.key = key


Check = Callable[[str, Any], Any]


def checked(
    entry: Mapping[str, Any], fields: Mapping[str, Check], needed: Sequence[str] = ()
) -> dict[str, Any]:
    """The values of an entry as a `Claim` or `Amount` takes them.

    Raises:
        Wrong: an unknown key, a value that its field cannot hold, or one of `needed` left out.
    """
    for key in entry:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"
            raise Wrong(key, f"unknown key {key}: {hint}")
    for key in needed:
        if key not in entry:
            raise Wrong("kind", f"{key} is missing")
    return {key: fields[key](key, value) for key, value in entry.items()}


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(key, f'{key} is text in quotes, as "AI Engineer"')
    return value


def _written(key: str, value: Any) -> str:
    if not _text(key, value).strip():
        raise Wrong(key, f"{key} is empty: write the words as they stand in the article")
    return str(value)


def _one_of(choices: Sequence[str]) -> Check:
    def check(key: str, value: Any) -> str:
        if value not in choices:
            known = ", ".join(choice for choice in choices if choice)
            raise Wrong(key, f"no {key} {value!r}: choose one of {known}")
        return str(value)

    return check


def _listed(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise Wrong(key, f'{key} is a list of texts, as ["Python", "Java"]')
    return tuple(value)


def _count(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Wrong(key, f"{key} is a whole number from 0 on")
    return value


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(key, f"{key} is true or false")
    return value


def _years(key: str, value: Any) -> tuple[int, int]:
    good = isinstance(value, list) and len(value) == 2
    if not good or not all(isinstance(v, int) and 0 < v <= 9999 for v in value):
        raise Wrong(key, f"{key} is two years, as [2020, 2030]")
    if value[0] > value[1]:
        raise Wrong(key, f"{key}: the first year comes first")
    return value[0], value[1]


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Wrong("amount", f"amount: {key} is a number")
    return float(value)


def _amount(key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(key, f'{key} is a table, as {{ low = 120000, high = 160000, unit = "USD" }}')
    low, high = value.get("low"), value.get("high")
    if low is None and high is None:
        raise Wrong(key, "amount: write low, high or both")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise Wrong(key, f"amount: low {low} is above high {high}")
    return value


def _unit(key: str, value: Any) -> str:
    unit = _text("amount", value)
    if unit not in UNITS and not (len(unit) == 3 and unit.isascii() and unit.isupper()):
        known = ", ".join(filter(None, UNITS))
        raise Wrong("amount", f"amount: no {key} {unit!r}: {known} or an ISO 4217 code such as USD")
    return unit


def _of_amount(check: Check) -> Check:
    def inside(key: str, value: Any) -> Any:
        try:
            return check(key, value)
        except Wrong as error:
            raise Wrong("amount", f"amount: {error}") from error

    return inside


def _place(key: str, value: Any) -> str:
    name = _text(key, value)
    if not name:
        return name
    code = country_code(name)
    if code is None:
        raise Wrong(key, f"{key} {name!r} is no country; a place that is none is a region")
    return code


AMOUNT: Mapping[str, Check] = {
    "low": _number,
    "high": _number,
    "unit": _unit,
    "period": _of_amount(_one_of(PERIODS)),
    "about": _of_amount(_flag),
}
"""Every key of an amount, with what checks it."""

FIELDS: Mapping[str, Check] = {
    "kind": _one_of(get_args(ClaimKind)),
    "text": _written,
    "start": _count,
    "end": _count,
    "line": _count,
    "roles": _listed,
    "invented": _listed,
    "items": _listed,
    "amount": _amount,
    "statistic": _one_of(STATISTICS),
    "sense": _one_of(SENSES),
    "quantity": _one_of(QUANTITIES),
    "place": _place,
    "region": _text,
    "period": _years,
    "negated": _flag,
    "hedged": _flag,
    "by_hand": _flag,
}
"""Every key of a claim, in the order in which it is written, with what checks it."""
