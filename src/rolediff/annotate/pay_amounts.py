"""Amounts of money in a text: every figure or range that could be pay, read but not yet judged."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rolediff.annotate.pay_words import COMMON_SIGNS, LINKS, SIGNS, pay_words

WIDEST = 12.0
"""How many times its low end the high end of a range of pay can be."""

MOST = 1000
"""Numbers of one text that are looked at; a posting has some tens."""

_SIGNED = re.compile("[^0-9][ \\t\u00a0\u202f\u2009]{0,2}(?=[0-9])")
_NO_MARK = "\n(-–—~*>/"
_SPREAD = " '’\u00a0\u202f\u2009"
_GROUPED = rf"[0-9]{{1,3}}(?:,[0-9]{{3}}|\.[0-9]{{3}}|[{_SPREAD}][0-9]{{3}}|, 000)+"
_GROUPS = re.compile(rf"{_GROUPED}|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}}")
_SEPARATORS = re.compile(f"[,.{_SPREAD}]")
_BETWEEN = re.compile(r"(?:[bB]etween|[fF]rom|von|[zZ]wischen|entre)\s*$")
# "$93,000 - 140,0000" and "$100,0000 - $200,000": half of such a range is not the pay.
_BROKEN_BEHIND = re.compile(r"\s?[-–—]\s?[$£€₹]?\s?[0-9]+(?:[,.][0-9]+)+")
_BROKEN_BEFORE = re.compile(r"[0-9],[0-9]{4,9}\s?[-–—]\s?$|[0-9],[0-9]{3}\s?[-–—]\s?[0-9]$")
_RETIREMENT = 401_000  # "401k"
_UNREADABLE = -1.0


Spans = list[tuple[int, int]]
"""Parts of a text: the first character, and one past the last."""


class Amount(NamedTuple):
    """`low` <= `high`, in units of `currency` (ISO 4217; "$": some dollar; None: no sign).

    `start`, `end`: character offsets, sign and code included. `ranged`: both ends are stated.
    `exact`: written as pay is, with thousands in groups or a "k"; `millions`: as money is that
    nobody earns ("$2M").
    """

    low: float
    high: float
    currency: str | None
    start: int
    end: int
    ranged: bool
    exact: bool
    millions: bool


def amounts(text: str, *, bare: bool, within: Spans | None = None) -> list[Amount]:
    """Every amount of `text` with a common sign; if `bare`, with any sign, a code or nothing.

    `within` = parts of the text, each within a paragraph, beyond which there is no digit. In the
    order of the text; none overlaps another. Linear in the length of the text.
    """
    found: list[Amount] = []
    done = 0
    for number in _numbers(text, bare, within or [(0, len(text))])[:MOST]:
        if number < done:
            continue
        amount = _read(text, _marked_from(text, number, done), done)
        if amount is not None:
            done = amount.end
            found.append(amount)
    return [amount for amount in found if amount.high > 0 and amount.high != _RETIREMENT]


@lru_cache(maxsize=4096)
def value(digits: str) -> float:
    """Digits with separators to a number: 150,000 and 150.000 are whole, 24,50 and 24.5 are not."""
    if _GROUPS.fullmatch(digits):
        return float(_SEPARATORS.sub("", digits))
    whole, _, rest = digits.rpartition("." if digits.rfind(".") > digits.rfind(",") else ",")
    return float(f"{_SEPARATORS.sub('', whole)}.{rest}") if whole else float(rest)


def _numbers(text: str, bare: bool, within: Spans) -> list[int]:
    """Where a number begins that could be an amount, in the order of the text."""
    if not bare:
        return sorted(_signed(text, COMMON_SIGNS))
    look = pay_words().bare.finditer
    unsigned = {found.start() for span in within for found in look(text, *span)}
    return sorted(unsigned.union(_signed(text, SIGNS)))


def _signed(text: str, signs: str) -> list[int]:
    """Where the numbers begin that have a sign in front (a sign at a time is the fastest)."""
    found = []
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            number = _SIGNED.match(text, at)
            if number:
                found.append(number.end())
            at = text.find(sign, at + 1)
    return found


def _marked_from(text: str, number: int, done: int) -> int:
    """The start of the sign, or code, or both, in front of the number that starts at `number`."""
    if number - 2 >= done and text[number - 1] in SIGNS and text[number - 2] in _NO_MARK:
        return number - 1
    mark = pay_words().mark.search(text, max(done, number - 8), number)
    return mark.start() if mark else number


def _read(text: str, start: int, done: int) -> Amount | None:
    """The amount or range that starts at `start`; its low end may stand in front of it, bare."""
    parts = pay_words().amount.match(text, start)
    if parts is None:
        return None
    if parts["to"] and _joins(text, parts):
        return _range(parts)
    single = _single(parts)
    before = max(done, start - 20)
    if _BROKEN_BEHIND.match(text, single.end) or _BROKEN_BEFORE.search(text, before, start):
        return single._replace(high=_UNREADABLE)
    if not single.currency or not text[before:start].rstrip().endswith(LINKS):
        return single
    low = pay_words().low_end.search(text, before, start)
    return _with_low_end(single, low) if low else single


def _joins(text: str, parts: re.Match[str]) -> bool:
    """Whether both figures are the ends of one range: "and" asks for a "between"."""
    if parts["to"] not in ("and", "und"):
        return True
    return _BETWEEN.search(text, max(0, parts.start() - 12), parts.start()) is not None


def _single(parts: re.Match[str]) -> Amount:
    figure, times = _figure(parts, 1)
    return Amount(
        low=figure * times,
        high=figure * times,
        currency=_currency(parts["mark1"], parts["after1"]) or _indian(parts["times1"]),
        start=parts.start(),
        end=max(parts.end("number1"), parts.end("times1"), parts.end("after1")),
        ranged=False,
        exact=times > 1 or _GROUPS.fullmatch(parts["number1"]) is not None,
        millions=_is_millions(parts["times1"]),
    )


def _range(parts: re.Match[str]) -> Amount:
    (first, times), (last, times_last) = _figure(parts, 1), _figure(parts, 2)
    low, high = sorted(_ends(first, times, last, times_last))
    grouped = any(_GROUPS.fullmatch(parts[name]) for name in ("number1", "number2"))
    return Amount(
        low=low,
        high=high if low == 0 or high <= WIDEST * low else _UNREADABLE,
        currency=_currency(*(parts[f"{name}{at}"] for at in (1, 2) for name in ("mark", "after")))
        or _indian(parts["times2"]),
        start=parts.start(),
        end=parts.end(),
        ranged=True,
        exact=max(times, times_last) > 1 or grouped,
        millions=_is_millions(parts["times1"]) or _is_millions(parts["times2"]),
    )


def _with_low_end(amount: Amount, before: re.Match[str]) -> Amount:
    """The range of which `amount` is the high end: "100 to $120K"."""
    low = value(before[1])
    low *= 1000 if before[2] or (amount.high >= 10_000 and low < 1000) else 1
    if not amount.high / WIDEST <= low <= amount.high:
        return amount
    return amount._replace(low=low, start=before.start(), ranged=True)


def _ends(first: float, times: float, last: float, times_last: float) -> tuple[float, float]:
    """Both ends in full: of "130-180k" the k is meant for both, as in "150,00-220,000"."""
    if first < 1000 and times == 1 and last * times_last >= 10_000:
        times = times_last if times_last > 1 else 1000.0
    if last < 1000 and times_last == 1 and first * times >= 10_000:
        times_last = times if times > 1 else 1000.0
    return first * times, last * times_last


def _figure(parts: re.Match[str], at: int) -> tuple[float, float]:
    """A number and what it is multiplied by; 120,000k means 120,000."""
    figure = value(parts[f"number{at}"])
    suffix = parts[f"times{at}"]
    times = pay_words().multiple[suffix.strip()] if suffix else 1.0
    return figure, 1.0 if times == 1000 and figure >= 2000 else times


def _is_millions(suffix: str | None) -> bool:
    if suffix is None or suffix.strip()[0] in "cC":
        return False
    return pay_words().multiple[suffix.strip()] >= 1_000_000


def _indian(suffix: str | None) -> str | None:
    """Lakhs and crores are rupees."""
    return "INR" if suffix and suffix.strip()[0] in "lLcC" else None


@lru_cache(maxsize=4096)
def _currency(*marks: str | None) -> str | None:
    """The first currency that a mark names for sure, else "$" if one is a bare dollar sign."""
    codes = pay_words().currency
    stated = [mark.strip().rstrip(".:") for mark in marks if mark]
    for mark in stated:
        for part in (mark, mark.rstrip("$£€₹").rstrip(".: "), mark.lstrip("$").strip()):
            if part in codes:
                return codes[part]
    return "$" if stated else None
