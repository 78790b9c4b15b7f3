"""An amount as pay: which money it is, for what period, on what basis, and on what evidence."""

from __future__ import annotations

import re
from typing import NamedTuple

from rolediff.annotate.pay_amounts import Amount
from rolediff.annotate.pay_evidence import Surroundings, evidence
from rolediff.annotate.pay_words import pay_words

_LEAST_BARE = 10_000  # a figure without a sign, a "k" or a period is too small for pay below it
_NOUNS = frozenset({"hour", "hr", "h", "day", "week", "wk", "month", "mo", "year", "yr"})
_REACH = 14  # words before an amount in which a period is looked for


class Reading(NamedTuple):
    """An amount as pay: `currency` (ISO 4217, null if unknown), `period` (a key of
    `records.PER_YEAR`), `basis` ("base", "total" or "unknown") and `score`, the points of evidence.
    """

    amount: Amount
    currency: str | None
    period: str
    basis: str
    score: float


def read(text: str, amount: Amount, dollar: str, known: Surroundings) -> Reading | None:
    """`amount` as pay, or None where its size rules that out; `dollar`: what a bare "$" is.

    `known`: the surroundings of the amounts of the batch.
    """
    named = _period_behind(text, amount)
    if amount.currency is None and not (amount.exact or named or amount.high >= _LEAST_BARE):
        return None
    if amount.high > _bounds(_or_dollar(amount, dollar))[3]:
        return None
    around = known.of(text, amount)
    context = around.context
    currency = _or_dollar(amount, _which_dollar(text, amount, context.before) or dollar)
    stated = named or _period_before(context.words, amount, currency)
    period = stated or inferred(amount, currency)
    if period is None or (named and not fits(amount, currency, named)):
        return None
    score = evidence(text, amount, around, known) + _of_period(amount, stated, named)
    return Reading(amount, currency, period, around.basis, score)


def fits(amount: Amount, currency: str | None, period: str) -> bool:
    """Whether the size of `amount` can be pay for `period`; `currency` null is taken as dollars."""
    hour, month, year, most = _bounds(currency)
    low, high = {
        "hour": (hour / 100, hour * 2),
        "day": (hour / 20, year * 0.8),
        "week": (hour / 4, year * 2),
        "month": (month / 5, year * 6),
        "year": (year / 5, most),
    }[period]
    return low <= amount.high <= high


def inferred(amount: Amount, currency: str | None) -> str | None:
    """The period that the size of `amount` speaks for, if it speaks for one."""
    hour, month, year, most = _bounds(currency)
    if year <= amount.high <= most:
        return "year"
    if month <= amount.high < year:
        return "month"
    # "$250 + equity" may as well be thousands: only what is small for an hour is taken for one.
    return "hour" if hour / 100 <= amount.high <= hour / 3 else None


def _bounds(currency: str | None) -> tuple[float, float, float, float]:
    plausible = pay_words().plausible
    return plausible.get(currency or "USD", plausible["USD"])


def _or_dollar(amount: Amount, dollar: str) -> str | None:
    return dollar if amount.currency == "$" else amount.currency


def _which_dollar(text: str, amount: Amount, before: str) -> str | None:
    """The dollar that a code a few words before or behind a "$" names."""
    if amount.currency != "$":
        return None
    search = pay_words().which_dollar.search
    behind = re.split(r"[\n.;0-9]", text[amount.end : amount.end + 26], maxsplit=1)[0]
    found = search(behind) or search(re.split("[0-9]", before[-40:])[-1])
    return found[1] if found else None


def _period_behind(text: str, amount: Amount) -> str | None:
    """The period named right behind the amount; one without a sign needs more than "48 hour"."""
    words = pay_words()
    found = words.period.match(text, amount.end)
    if found is None:
        return None
    bare = amount.currency is None and not amount.exact
    return None if bare and found[0].strip().lower() in _NOUNS else words.behind[found[1].lower()]


def _period_before(words: list[str], amount: Amount, currency: str | None) -> str | None:
    """The nearest period named before the amount, if its size allows it; `words` nearest first."""
    ahead = pay_words().ahead
    for at, word in enumerate(words[:_REACH]):
        pair = f"{words[at + 1]} {word}" if at + 1 < len(words) else ""
        period = ahead.get(pair) or ahead.get(word)
        if period:
            return period if fits(amount, currency, period) else None
    return None


def _of_period(amount: Amount, stated: str | None, named: str | None) -> float:
    """Points for a period; money by the hour is hardly ever anything but pay."""
    by_the_hour = named == "hour" and amount.currency is not None
    return 1.5 * (stated is not None) + 1.5 * by_the_hour
