"""How much speaks for an amount being pay: its form, words of pay near it, words of other money.

The words are data (`data/pay.toml`); the weights stand here, in points of which `ENOUGH` suffice.
A word of other money counts against an amount only where no word of pay is nearer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rolediff.annotate.pay_amounts import Amount
from rolediff.annotate.pay_context import (
    FAR,
    Context,
    context_of,
    distance,
    line_around,
    nearest,
    words_of,
)
from rolediff.annotate.pay_words import pay_words

ENOUGH = 5.0
"""The points that make an amount pay."""

SHORT = 200
"""A text of up to so many characters is a pay field or a line of a posting, not a posting."""

_OPENING = re.compile(r"[\s(*•~≈-]*(?:(?:[fF]rom|[uU]p to|[sS]tarting|at|circa|c\.)\s*)*")
_BULLET = " \t-•*·(~–—:💰💸"
_ABOVE, _LINES_ABOVE = 260, 3
_HEADING, _OFFER = 12, 8


class Around(NamedTuple):
    """What the words around an amount say: `points` for its being pay; `basis` as in `Reading`.

    `near`: whether a word of pay stands in its clause; if not, the lines above are asked.
    """

    context: Context
    near: bool
    points: float
    basis: str


class Surroundings:
    """The surroundings of the amounts of one batch; those that are alike are read once."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], Around] = {}
        self._above: dict[str, float] = {}

    def of(self, text: str, amount: Amount) -> Around:
        """What the line says around an amount of `text`."""
        halves = line_around(text, amount)
        if halves not in self._lines:
            self._lines[halves] = _around(context_of(*halves))
        return self._lines[halves]

    def above(self, text: str, end: int) -> float:
        """The points of the lines above a clause that starts at `end`."""
        window = text[max(0, end - _ABOVE) : end]
        if window not in self._above:
            self._above[window] = _of_lines_above(window)
        return self._above[window]


def evidence(text: str, amount: Amount, around: Around, known: Surroundings) -> float:
    """Points for `amount` being pay; a period stated with it is not counted here."""
    start = amount.start - len(around.context.before)
    heading = 0.0 if around.near else known.above(text, start)
    return _of_form(text, amount) + around.points + heading


def _around(context: Context) -> Around:
    pay = distance(context.ahead, "pay", "total")
    points = _of_words(context, pay) - _doubt(context, pay)
    return Around(context, pay < FAR, points, _basis_of(context))


def _basis_of(context: Context) -> str:
    """ "base" or "total", whichever is named nearer to the amount, or "unknown"."""
    total = min(distance(context.ahead, "total"), distance(context.after, "total"))
    base = min(distance(context.ahead, "base"), distance(context.after, "base"))
    if total == base == FAR:
        return "unknown"
    return "total" if total <= base else "base"


def _of_form(text: str, amount: Amount) -> float:
    """A range, a sign, a number written as pay is, a line of its own, equity behind it."""
    score = 2.0 * amount.ranged + 1.0 * (amount.currency is not None) + 0.5 * amount.exact
    score -= 4.0 * amount.millions
    if len(text) <= SHORT:
        opens = _OPENING.fullmatch(text, 0, amount.start) is not None
        return score + (5.0 if opens else 3.5 if amount.currency else 0.0)
    first = text[max(0, amount.start - 12) : amount.start].rstrip(_BULLET).endswith("\n")
    behind = text[amount.end : amount.end + 40].lower()
    score += (1.0 + 0.5 * (amount.ranged and amount.exact)) * first
    return score + 1.0 * ("equity" in behind or "stock" in behind)


def _of_words(context: Context, pay: int) -> float:
    """Words of pay in the clause, the nearer the better, and right behind the amount."""
    score = 0.0
    if pay < FAR:
        score += 4.5 if pay <= 1 else 4.0 if pay <= 12 else 3.0
    elif "range" in context.ahead:
        score += 2.5 if context.ahead["range"] == 0 else 1.5
    if distance(context.after, "pay", "total") <= 4:
        return score + 3.0
    return score + 1.0 * (distance(context.after, "range") <= 3)


def _of_lines_above(window: str) -> float:
    """A word of pay in the last lines above the clause; a heading that is one counts most."""
    above = [line for line in window.split("\n") if line.strip()]
    for up, line in enumerate(above[: -_LINES_ABOVE - 1 : -1]):
        words = words_of(line)
        found = nearest(words)
        if "pay" in found or "total" in found:
            return 3.0 if up == 0 and len(words) < _HEADING else 2.0
        if "offer" in found and len(words) < _OFFER:
            return 1.0
    return 0.0


def _doubt(context: Context, pay: int) -> float:
    """Points against: words of other money, nearer to the amount than any word of pay."""
    doubt = 0.0
    other = _other_money(context)
    if other < pay or (pay == FAR and "veto" in context.purpose):
        doubt += 8.0 if pay == FAR or other <= 3 else 4.0
    behind = distance(context.after, "veto", "veto_behind")
    if behind < distance(context.after, "pay", "total"):
        doubt += 8.0 if behind <= 4 else 2.0
    return doubt


def _other_money(context: Context) -> int:
    """Words back to the nearest word of other money that nothing like "excluding" sets aside."""
    if distance(context.ahead, "veto", "veto_before") == FAR:
        return FAR
    words, vocabulary = context.words, pay_words()
    for at, word in enumerate(words):
        kinds = vocabulary.evidence.get(word, ())
        if "veto" in kinds or "veto_before" in kinds:
            aside = "extra" in kinds and vocabulary.aside.intersection(words[at + 1 : at + 4])
            if not aside:
                return at
    return FAR
