"""Places named in a text: countries, regions of several, and large towns."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from rolediff.annotate.gazetteer import place_key, vocabulary
from rolediff.claims.grammar.words import names
from rolediff.read.values import countries, country_names

LONGEST_NAME = 5
"""Words of the longest name of a place."""
LEAST_TOWN = 150
"""Thousands of people in the smallest town that is told by its name alone."""

_PROPER = re.compile(
    r"[A-Z][\w.’'-]*(?:[ -](?:of|the|and|de|do|e|&)?[ ]?[A-Z][\w.’'-]*){0,4}|\b(?:the US|UK)\b"
)
_NOT_TOWNS = names("places_not_towns")
_REGIONS = names("places_regions")


def places(text: str, start: int, end: int) -> list[tuple[int, int, str, str]]:
    """Places in `text[start:end]`: start, end, name as written, ISO 3166-1 alpha-2 code or ""."""
    found = []
    for m in _PROPER.finditer(text, start, end):
        found += _within(text, m.start(), m.end())
    return found


def _within(text: str, start: int, end: int) -> list[tuple[int, int, str, str]]:
    """The places in a run of capitalised words, the longest first at each word."""
    bounds = [(w.start(), w.end()) for w in re.finditer(r"[\w.’']+", text[start:end])]
    found, at = [], 0
    while at < len(bounds):
        for stop in range(min(len(bounds), at + LONGEST_NAME), at, -1):
            first, last = start + bounds[at][0], start + bounds[stop - 1][1]
            name = text[first:last].rstrip(".")
            code = _known().get(place_key(re.sub(r"[’']s$", "", name.removeprefix("the "))))
            if not name[:1].isupper() and not name.startswith("the "):
                continue
            if code is not None and (len(name) > 2 or name in ("US", "UK", "EU")):
                found.append((first, last, name, code))
                at = stop - 1
                break
        at += 1
    return found


@cache
def _known() -> dict[str, str]:
    """Code by the key of a name; a region of several countries has none."""
    rows = csv.reader(files("rolediff").joinpath("data/places.csv").read_text("utf-8").splitlines())
    towns = [
        (name, code, int(size)) for name, code, size in list(rows)[1:] if int(size) >= LEAST_TOWN
    ]
    known: dict[str, str] = {}
    for name, code, _ in sorted(towns, key=lambda town: -town[2]):
        if name not in _NOT_TOWNS and len(name) > 3:
            known.setdefault(name, code)
    for code, called in [*vocabulary()["regions"].items(), *vocabulary()["names"].items()]:
        known |= {place_key(name): code for name in called if len(name) > 3}
    known |= {place_key(name): code for code, name in country_names().items()}
    known |= {place_key(n): code for n, code in countries().items() if code and len(n) > 3}
    known |= {
        "us": "US",
        "uk": "GB",
        "usa": "US",
        "america": "US",
        "britain": "GB",
        "england": "GB",
        "scotland": "GB",
        "wales": "GB",
        "holland": "NL",
        "nyc": "US",
    }
    return known | dict.fromkeys(_REGIONS, "")
