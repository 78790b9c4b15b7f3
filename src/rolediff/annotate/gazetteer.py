"""Place names, and the countries that each may mean, with weights.

Towns and their populations are GeoNames' (`data/places.csv`, written by
`tools/build_places.py`); states, nicknames and regions are in `data/places.toml`, countries in
`data/countries.csv`.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from rolediff.read.values import countries

HUGE, LARGE = 1000.0, 400.0
"""Thousands of people: towns known by name alone in a title, and among other words."""

_STATE, _CODE, _ASIDE = 3.0, 1.0, 1.4  # "CA" as California, as Canada; a town named like a state
_AS_OFTEN = {"DE", "IN"}  # stand for the country as often as for Delaware and Indiana
_SHORT = 3  # letters; a shorter or equal name counts in capitals only
_SAFE_CODES = {"us", "usa", "uk", "uae"}  # codes that mean nothing else among other words


def place_key(name: str) -> str:
    """`name` without case, accents, spaces and punctuation: "São Paulo" becomes "saopaulo"."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


@cache
def vocabulary() -> dict[str, Any]:
    """The parsed `data/places.toml`."""
    return tomllib.loads(files("rolediff").joinpath("data/places.toml").read_text("utf-8"))


def lookup(name: str, least: float, *, codes: bool) -> tuple[dict[str, float], str] | None:
    """Weights by country and the kind of name; towns count from `least` thousand people.

    Without `codes`, of ISO codes and states in two letters only those that are nothing else count.
    """
    key = place_key(name)
    short = len(key) <= _SHORT and key.isascii()
    if not key or (
        short and not (name.isupper() and (codes or key in _SAFE_CODES | _nicknames().keys()))
    ):
        return None
    if key in _several():
        return {}, "several"
    if key in _nicknames():
        return {_nicknames()[key]: _STATE}, "town"
    areas = _areas().get(key, {})
    state = key in _states() and not any(
        people >= LARGE for people in _towns().get(key, {}).values()
    )
    towns = {code: people for code, people in _towns().get(key, {}).items() if people >= least}
    if areas:
        return {**dict.fromkeys(towns, _ASIDE), **areas}, "state" if state else "country"
    return (towns, "town") if towns else None


@cache
def _areas() -> dict[str, dict[str, float]]:
    """Countries, their codes, states and provinces by key, with weights by country."""
    areas: dict[str, dict[str, float]] = {}
    for name, code in countries().items():
        if code:
            weight = _STATE if len(name) > _SHORT or code in _AS_OFTEN else _CODE
            areas.setdefault(place_key(name), {})[code] = weight
    for name, codes in _states().items():
        areas.setdefault(name, {}).update(dict.fromkeys(codes, _STATE))
    return areas


@cache
def _states() -> dict[str, set[str]]:
    """Countries of the states and provinces by key."""
    words = vocabulary()
    states: dict[str, set[str]] = {}
    for code, names in [*words["regions"].items(), *words["capitals"].items()]:
        for name in names:
            states.setdefault(place_key(name), set()).add(code)
    return states


@cache
def _towns() -> dict[str, dict[str, float]]:
    """Thousands of people by country, for the key of each town."""
    content = files("rolediff").joinpath("data/places.csv").read_bytes()
    towns: dict[str, dict[str, float]] = {}
    for name, code, people in pl.read_csv(content, null_values=[]).iter_rows():
        towns.setdefault(name, {})[code] = float(people)
    return towns


@cache
def _nicknames() -> dict[str, str]:
    return {
        place_key(name): code for code, names in vocabulary()["names"].items() for name in names
    }


@cache
def _several() -> frozenset[str]:
    return frozenset(map(place_key, vocabulary()["several"]))


@cache
def noise() -> frozenset[str]:
    """Keys of words in a location that name no place."""
    return frozenset(map(place_key, vocabulary()["noise"]["words"]))
