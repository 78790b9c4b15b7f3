"""Which country a location, or a part of a title, means.

A name that several countries share is settled by its neighbours ("London, ON"), else by a town
well larger than any namesake abroad; else it stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rolediff.annotate.gazetteer import HUGE, LARGE, lookup, noise, place_key, vocabulary

_CLEARLY = 1.6  # so many times the weight of any other meaning settles a name
_LONGEST = 300  # characters of a location that are read
_CHAINS = re.compile(r"[|;•·&+\n/]|\b(?:or|and|und|et)\b")
_LINKS = re.compile(r"[,():]|\s[-–—]\s|[–—]")
_TITLE = re.compile(r"[,():|/;&]|\s[-–—]\s|[–—]|\b(?:or|and)\b")
_WORDS = re.compile(r"[^\s-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """What a location says: `country` (a code, or None) with its span; `silent`: names no place.

    Neither a country nor silent: several countries, or a region of several.
    """

    country: str | None = None
    start: int | None = None
    end: int | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    """A place name: weights by country (none: a region of several), its kind, its span.

    A kind is "town", "state", "country" or "several".
    """

    weights: dict[str, float]
    kind: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def read_place(text: str) -> Place:
    """The country that a location names; where it names several, they must agree."""
    groups = []
    for start, chain in _pieces(_CHAINS, text[:_LONGEST]):
        links = _pieces(_LINKS, chain)
        names = [name for at, link in links for name in _names(link, start + at)]
        groups += _groups(names)
    return _agreed(groups)


@lru_cache(maxsize=4096)
def read_title(text: str) -> Place:
    """The country that a part of a title names, "Engineer (Brazil)"; only what is sure counts."""
    pieces = _pieces(_TITLE, text[:_LONGEST])
    later = list(pieces)[1:]
    return _agreed([name for start, piece in later for name in _names(piece, start, title=True)])


def _agreed(groups: list[_Name]) -> Place:
    if not groups:
        return Place(silent=True)
    winners = {_winner(group) for group in groups}
    if len(winners) > 1:
        return Place()
    winner = winners.pop()
    unsettled = winner is None and all(group.weights for group in groups)
    return Place(winner, groups[0].start, groups[0].end) if winner else Place(silent=unsettled)


def _winner(name: _Name) -> str | None:
    """The country that outweighs every other, if there is one."""
    ranked = sorted(name.weights.items(), key=lambda item: (-item[1], item[0]))
    if len(ranked) > 1 and ranked[0][1] < _CLEARLY * ranked[1][1]:
        return None
    return ranked[0][0] if ranked else None


def _groups(names: list[_Name]) -> list[_Name]:
    """Names of a chain, each merged with those that stand before it and agree with it."""
    exact = [name for name in names if name.weights]
    groups: list[_Name] = []
    for name in reversed(exact):
        merged = _merged(name, groups[-1]) if groups else None
        groups = [*groups[:-1], merged] if merged else [*groups, name]
    return groups or names[:1]


def _merged(name: _Name, group: _Name) -> _Name | None:
    """`name` as `group` qualifies it ("London" by "ON"), or None if they are two places."""
    common = name.weights.keys() & group.weights.keys()
    start, end = min(name.start, group.start), max(name.end, group.end)
    kinds = {name.kind, group.kind}
    if not common and kinds == {"town", "state"} and group.kind == "state":
        return _Name(group.weights, "state", start, end)  # "Glasgow, Kentucky": a small namesake
    if not common or (kinds == {"town"} and not common & {_winner(name), _winner(group)}):
        return None
    weights = {code: name.weights[code] * group.weights[code] for code in common}
    return _Name(weights, "town" if "town" in kinds else group.kind, start, end)


def _names(part: str, start: int, *, title: bool = False) -> list[_Name]:
    """The places a part of a location names: as a whole, without its noise, or among its words."""
    words = [(word.start(), word.end()) for word in _WORDS.finditer(part)]
    telling = [(left, right) for left, right in words if not _is_noise(part[left:right])]
    for spans in (*_trimmed(part, words), telling):
        if spans:
            left, right = spans[0][0], spans[-1][1]
            found = lookup(part[left:right], HUGE if title else 0, codes=not title)
            if found:
                return [_Name(*found, start + left, start + right)]
    return [] if title else list(_among(part, telling, start))


def _trimmed(part: str, words: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """`words`, then without one noise word after another: from the end, then the beginning."""
    yield words
    for end in (-1, 0):
        while words and _is_noise(part[slice(*words[end])]):
            words = words[:-1] if end else words[1:]
            yield words


def _is_noise(word: str) -> bool:
    return place_key(word) in noise()


def _among(part: str, words: list[tuple[int, int]], start: int) -> Iterator[_Name]:
    """The places among other words ("Mapbox US"), the longest first at each word."""
    at = 0
    while at < len(words):
        found, size = None, 1
        if part[slice(*words[at])].casefold() in vocabulary()["but"]["words"]:
            yield _Name({}, "several", start, start)
            return
        for size in range(min(4, len(words) - at), 0, -1):
            left, right = words[at][0], words[at + size - 1][1]
            found = lookup(part[left:right], LARGE, codes=False)
            if found:
                yield _Name(*found, start + left, start + right)
                break
        at += size if found else 1


def _pieces(border: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """The stretches between matches of `border`, each with where it starts."""
    start = 0
    for found in border.finditer(text):
        yield start, text[start : found.start()]
        start = found.end()
    yield start, text[start:]
