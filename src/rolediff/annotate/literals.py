"""The literals that a regex cannot do without, so that few texts have to meet it.

A set of literals of which every match holds one is worked out from the pattern itself, as regex
engines do for themselves; here it also holds for what the text was before words were taken out of
it, as no literal goes across a blank, comma, slash, hyphen or ampersand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Literals = frozenset[str]

_MOST = 400  # literals of one set, beyond which it is given up
_APART = re.compile(r"[ ,/&+|-]+")
_TOKEN = re.compile(
    r"(?P<nothing>\^|\$|\\b|\(\?-u:\\b\))|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<one>\\[^a-zA-Z0-9]|[^\\\[\](){}|^$.*+?])|(?P<some>\[[^\\\]^-]*-?\])"
    r"|(?P<any>\[(?:\\.|[^\\\]])*\]|\\[dDwWsS]|\.)",
    re.DOTALL,
)
_TIMES = re.compile(r"(?:[?*+]|\{[0-9,]+\})\??")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the matches of a part of a pattern.

    `whole` = all that it can match, null if too much; `needed` = sets, of each of which every match
    holds one.
    """

    whole: Literals | None
    needed: tuple[Literals, ...] = ()

    @property
    def sets(self) -> tuple[Literals, ...]:
        return self.needed if self.whole is None else (*self.needed, self.whole)


_EMPTY = _Known(frozenset([""]))
_ANYTHING = _Known(None)


def literals_of(patterns: Iterable[str]) -> tuple[str, ...] | None:
    """Literals of which every match of any of the Rust regexes `patterns` holds one.

    None where that cannot be told: a pattern that may match without any, or of a kind that is not
    read here. Of several that would do those are chosen that the patterns share least, as the
    words of a craft ("ai") tell more than those of every job ("engineer").
    """
    each = [_sets(pattern) for pattern in patterns if pattern]
    if any(sets is None for sets in each):
        return None
    alternatives = [sets for pattern in each if pattern for sets in pattern]
    shared = Counter(
        part for sets in alternatives for one in sets for word in one for part in {*_parts(word)}
    )
    found: set[str] = set()
    for sets in alternatives:
        best = _best(sets, lambda part: shared[part])
        if best is None:
            return None
        found |= best
    return tuple(sorted(one for one in found if not any(two in one for two in found - {one})))


def _sets(pattern: str) -> list[Sequence[Literals]] | None:
    """Of each alternative of a pattern the sets of which its matches hold a literal each."""
    branches, at = _branches(pattern, 0)
    known = branches is not None and at == len(pattern)
    return [branch.sets for branch in branches] if known and branches else None


def _best(sets: Sequence[Literals], cost: Callable[[str], int]) -> Literals | None:
    """Of each literal the stretch that costs least; of the sets that whose dearest costs least."""
    cut = [_stretches(one, cost) for one in sets]
    sound = [one for one in cut if one]
    return min(sound, key=lambda one: (max(map(cost, one)), sorted(one)), default=None)


def _stretches(literals: Literals, cost: Callable[[str], int]) -> Literals | None:
    """Of each literal the cheapest stretch without a separator; None if one has none."""
    parts = [_parts(literal) for literal in literals]
    return (
        frozenset(min(one, key=lambda part: (cost(part), part)) for one in parts if one)
        if all(parts)
        else None
    )


def _parts(literal: str) -> list[str]:
    return [part for part in _APART.split(literal) if part]


def _alternatives(pattern: str, at: int) -> tuple[_Known | None, int]:
    """What is known of the alternatives from `at` up to a closing bracket or the end."""
    branches, at = _branches(pattern, at)
    return (None if branches is None else _either(branches)), at


def _branches(pattern: str, at: int) -> tuple[list[_Known] | None, int]:
    """The same, of each alternative."""
    branches = []
    while True:
        branch, at = _sequence(pattern, at)
        if branch is None:
            return None, at
        branches.append(branch)
        if at == len(pattern) or pattern[at] != "|":
            return branches, at
        at += 1


def _either(branches: list[_Known]) -> _Known:
    if len(branches) == 1:
        return branches[0]
    wholes = [branch.whole for branch in branches]
    whole = _joined(one for one in wholes if one is not None) if None not in wholes else None
    if whole is not None:
        return _Known(whole)
    best = [_best(branch.sets, len) for branch in branches]
    some = _joined(one for one in best if one is not None) if None not in best else None
    return _Known(None, (some,) if some else ())


def _joined(sets: Iterable[Literals]) -> Literals | None:
    union: Literals = frozenset().union(*sets)
    return union if len(union) <= _MOST else None


def _sequence(pattern: str, at: int) -> tuple[_Known | None, int]:
    """What is known of the parts one after the other, up to "|", ")" or the end."""
    needed: list[Literals] = []
    whole, open_ended = _EMPTY.whole, False
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _part(pattern, at)
        if part is None:
            return None, at
        longer = _product(whole, part.whole)
        if longer is None:
            needed += [*([whole] if whole else []), *part.needed]
            open_ended = True
            whole = part.whole or _EMPTY.whole
        else:
            whole = longer
    if open_ended:
        return _Known(None, (*needed, *([whole] if whole else []))), at
    return _Known(whole), at


def _product(first: Literals | None, then: Literals | None) -> Literals | None:
    if first is None or then is None or len(first) * len(then) > _MOST:
        return None
    return frozenset(one + two for one in first for two in then)


def _part(pattern: str, at: int) -> tuple[_Known | None, int]:
    """What is known of one character, class or group and how often it comes."""
    token = _TOKEN.match(pattern, at)
    if token is None or token.lastgroup in ("close", "either"):
        return None, at
    known, at = _EMPTY, token.end()
    if token.lastgroup == "open":
        inner, at = _alternatives(pattern, at)
        if inner is None or not pattern.startswith(")", at):
            return None, at
        known, at = inner, at + 1
    elif token.lastgroup == "one":
        known = _Known(frozenset([token[0][-1]]))
    elif token.lastgroup == "some":
        known = _Known(frozenset(token[0][1:-1]))
    elif token.lastgroup == "any":
        known = _ANYTHING
    times = _TIMES.match(pattern, at)
    return (_repeated(known, times[0]), times.end()) if times else (known, at)


def _repeated(known: _Known, times: str) -> _Known:
    """A part that comes `times`; what may be absent is not needed."""
    if times[0] == "?":
        return _Known(known.whole | {""}) if known.whole is not None else _ANYTHING
    if times[0] == "*" or times.startswith(("{0", "{,")):
        return _ANYTHING
    return _Known(None, known.sets)
