"""The words around an amount: its clause, what follows it, and the nearest word of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rolediff.annotate.pay_amounts import Amount
from rolediff.annotate.pay_words import pay_words

FAR = 99
"""Further away than any word of a clause."""

_BEFORE, _BEHIND, _WORDS_BEHIND = 220, 90, 8

_WORD = re.compile(r"[^\W\d_][\w&'’-]*|401")
_CLAUSE_ENDS = (". ", "; ", "? ", "! ", "• ", " | ", "· ")
_ABBREVIATED = re.compile(r"\b(ca|approx|c|max|min|est)\. ")
_AFTERTHOUGHT = re.compile(
    r"[\n+;•|·()]|[.?!](?:\s|$)|,\s|\s[-–—]\s"
    r"|\s(?:and|plus|with|depending|based|excluding|exclusive|excl|as well|in addition|including"
    r"|for|&)\s"
)
_PURPOSE = re.compile(r"[^\n.;]{0,12}\bfor ([^\n.;]{0,40})")
# "$90k+ OTE" and "$90k (OTE)" go on; any other plus or bracket begins an afterthought.
_GOES_ON = re.compile(r"^\+? ?\((?=OTE|ote\b|[bB]ase|[oO]n[- ][tT]arget)|^\+")


class Context(NamedTuple):
    """What stands around an amount.

    `before`: its clause up to it; `words`: the words of that, nearest first; `ahead`, `after`: kind
    of evidence (a key of [evidence] in `data/pay.toml`) to the number of words between; `purpose`:
    the kinds that stand behind a "for".
    """

    before: str
    words: list[str]
    ahead: dict[str, int]
    after: dict[str, int]
    purpose: dict[str, int]


def line_around(text: str, amount: Amount) -> tuple[str, str]:
    """What of the line stands before and behind an amount of `text`, as far as it counts."""
    before = text[max(0, amount.start - _BEFORE) : amount.start]
    behind = text[amount.end : amount.end + _BEHIND]
    end = behind.find("\n") + 1
    return before[before.rfind("\n") + 1 :], behind[:end] if end else behind


def context_of(line: str, rest: str) -> Context:
    """The context of an amount between the two halves of a line (see `line_around`)."""
    before = _clause(line)
    behind = _GOES_ON.sub("", rest, count=1)
    words = words_of(before)
    back = words_of(_AFTERTHOUGHT.split(behind, maxsplit=1)[0])[:_WORDS_BEHIND]
    purpose = _PURPOSE.match(behind)
    return Context(
        before=before,
        words=words[::-1],
        ahead=nearest(words),
        after=_located(back, reversed(range(len(back)))),
        purpose=nearest(words_of(purpose[1])) if purpose else {},
    )


def clause_before(text: str, start: int) -> str:
    """The clause in front of `start`, up to it."""
    window = text[max(0, start - _BEFORE) : start]
    return _clause(window[window.rfind("\n") + 1 :])


def _clause(line: str) -> str:
    """The end of a line from where its last clause begins."""
    plain = _ABBREVIATED.sub(r"\1  ", line) if ". " in line else line
    cut = 0
    for end in _CLAUSE_ENDS:
        found = plain.rfind(end)
        if found >= cut:
            cut = found + len(end)
    return line[cut:]


def words_of(clause: str) -> list[str]:
    """The words of a clause in lower case, numbers left out."""
    return _WORD.findall(clause.lower())


def nearest(words: list[str]) -> dict[str, int]:
    """Kind of evidence to how many words from the end the last word of that kind stands."""
    last = len(words) - 1
    return {kind: last - at for kind, at in _located(words, range(len(words))).items()}


def distance(kinds: dict[str, int], one: str, other: str = "") -> int:
    """Words to the nearest word of one kind or the other; `FAR` if there is none."""
    first, second = kinds.get(one, FAR), kinds.get(other, FAR)
    return first if first < second else second


def _located(words: list[str], order: Iterable[int]) -> dict[str, int]:
    """Kind of evidence to the place of a word of that kind, alone or with the word before it.

    Of several the one that comes last in `order`.
    """
    vocabulary = pay_words()
    evidence, second = vocabulary.evidence, vocabulary.second
    found: dict[str, int] = {}
    for at in order:
        word = words[at]
        if word in evidence:
            for kind in evidence[word]:
                found[kind] = at
        if word in second and at:
            for kind in evidence.get(f"{words[at - 1]} {word}", ()):
                found[kind] = at
    return found
