"""Phrases that stand where a role would and are none that is known: wizards, quantum plumbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rolediff.claims.grammar.calling import key, runs_on, singular
from rolediff.claims.grammar.words import names, pattern

_VERSUS = re.compile(r"\b(?:vs?\.?|versus)\s", re.IGNORECASE)
_ASIDE = re.compile(r"\s*(\w[\w ]{2,30}?) \((\w[\w ]{2,30})\)\s*")
_PARTS = re.compile(r"[:?|–—]|\bin\b")


def invented_in_title(titles: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Names on either side of a "vs" or "or" in a title that are none of `known` (keys), by key."""
    found: dict[str, str] = {}
    for title in titles:
        for part in _PARTS.split(title):
            sides = _sides(part)
            unknown = [side for side in sides if not _is_known(side, sides, known)]
            if len(unknown) == 1 or _VERSUS.search(part):
                found |= {key(_one(side)): _one(side).lower() for side in unknown}
    return found


def professions_in(headings: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Names of jobs outside the catalogue that a heading has: "Accountant", "Scrum master"."""
    said = " ".join(headings).lower()
    found = {
        key(name): name
        for name in names("professions")
        if key(name) not in known and re.search(rf"(?<!\w){name}s?(?!\w)", said)
    }
    for shown, aside in (m.groups() for h in headings for m in [_ASIDE.fullmatch(h)] if m):
        if key(shown) in found:
            found[key(aside)] = shown.lower()
    return found


def called_like_a_job(
    text: str, tokens: list[tuple[int, int, str]], number: int, done: int
) -> tuple[int, str] | None:
    """Where a phrase such as "quantum engineers" begins that ends in word `number`, and its name.

    One or two words before the last that are no grammar and no judgement ("good").
    """
    if singular(tokens[number][2]) not in names("heads"):
        return None
    first = number
    while first > 0 and number - first < 2 and tokens[first - 1][0] >= done:
        word = tokens[first - 1][2]
        if word.lower() in names("vague") or not runs_on(text, tokens, first - 1, number):
            break
        if word.lower().endswith(("ly", "ing", "ed")) or not word[0].isalpha():
            break
        first -= 1
    if first == number:
        return None
    said = text[tokens[first][0] : tokens[number][0]] + singular(tokens[number][2])
    return tokens[first][0], " ".join(said.lower().split())


def _sides(part: str) -> list[str]:
    found = pattern("invented_versus").match(part.strip())
    sides = (
        [pattern("invented_aside").sub("", side.strip()) for side in found.groups()]
        if found
        else []
    )
    return sides if all(_is_name(side) for side in sides) else []


def _is_name(side: str) -> bool:
    short = 1 <= len(side.split()) <= 4 and side[0].isalpha()
    return short and not pattern("invented_no_name").search(side)


def _is_known(side: str, sides: list[str], known: Collection[str]) -> bool:
    words = side.split()
    windows = ((a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1))
    if any(key(" ".join(words[a:b])).removesuffix("s") in known for a, b in windows):
        return True
    return any(key(side) + singular(other.split()[-1]) in known for other in sides)


def _one(side: str) -> str:
    return side[:-1] if side.endswith("s") and not side.endswith("ss") else side
