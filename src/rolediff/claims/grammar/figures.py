"""Figures in a clause: money, percentages, multiples, years of experience, and calendar years."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rolediff.annotate.pay_amounts import amounts
from rolediff.claims.grammar.words import pattern, phrase
from rolediff.results.claims import Amount

MOST = 8
"""Sums, and percentages, of one clause that are read."""

_PERIODS = {
    "hour": r"(?:an|per|/|each|the) ?(?:hour|hr)\b|\bhourly",
    "day": r"(?:a|per|/|each) ?day\b|\bdaily|\bday rates?",
    "week": r"(?:a|per|/|each) ?week\b|\bweekly",
    "month": r"(?:a|per|/|each) ?month\b|\bmonthly|\bpcm\b",
    "year": r"(?:a|per|/|each) ?(?:year|yr|annum)\b|\bp\.?a\.?\b|\bannual(?:ly)?|\byearly",
}
_PERCENT = pattern("figures_percent")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VALUES = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_VALUES |= {"a dozen": 12, "twelve": 12, "fifteen": 15, "twenty": 20}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[- ]({'|'.join(_NUMBERS[:9])}))?|({'|'.join(_NUMBERS)}))"
    r" ?per ?cent\b",
    re.IGNORECASE,
)
_YEARS = pattern("figures_years")
_TIMES = (
    (
        re.compile(r"\bhalf as (?:high|much|many) again\b|\bhalf again\b", re.IGNORECASE),
        50.0,
        "percent",
    ),
    (re.compile(r"\b(?:twice|double|two times)\b", re.IGNORECASE), 2.0, "times"),
    (re.compile(r"\bdoubl(?:e|ed|es|ing)\b", re.IGNORECASE), 2.0, "times"),
    (
        re.compile(r"\b(?:three times|triple[sd]?|tripling|treble[sd]?)\b", re.IGNORECASE),
        3.0,
        "times",
    ),
    (
        re.compile(
            r"\bhalf (?:as much|that|of what|what|the)\b|\bby half\b|\bhalved\b", re.IGNORECASE
        ),
        0.5,
        "times",
    ),
    (re.compile(r"\b(?:a|another|a further) quarter\b", re.IGNORECASE), 25.0, "percent"),
    (re.compile(r"\b(?:a|another|a further) third\b", re.IGNORECASE), 100 / 3, "percent"),
    (re.compile(r"\b(?:a|another|a further) fifth\b", re.IGNORECASE), 20.0, "percent"),
    (re.compile(r"\ba tenth\b", re.IGNORECASE), 10.0, "percent"),
    (re.compile(r"\bthree quarters\b", re.IGNORECASE), 75.0, "percent"),
    (re.compile(r"\btwo[- ]thirds\b", re.IGNORECASE), 200 / 3, "percent"),
    (re.compile(r"\bhalf\b", re.IGNORECASE), 50.0, "percent"),
)
_MULTIPLE = re.compile(r"\b(\d{1,2}(?:\.\d+)?)\s?(?:x|times)\b", re.IGNORECASE)
_ONE_IN = pattern("figures_one_in")
_IN = pattern("figures_in")
_SIX = re.compile(r"\b(?:(low|mid|high)[- ])?(six|five|seven)[- ]figures?\b", re.IGNORECASE)
_SPAN = re.compile(r"\b((?:19|20)\d\d)\s?(?:[-–—/]|to|and|until|through)\s?((?:19|20)\d\d|\d\d)\b")
_BY = re.compile(r"\b(?:by|before|until|through)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|than in|than)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_IN_YEAR = re.compile(r"\b(?:in|during|of)\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_OTHER_MONEY = pattern("figures_other_money")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount and the characters of the article that state it."""

    start: int
    end: int
    amount: Amount
    kind: str  # "money", "percent", "times", "years"


def money(text: str, start: int, end: int) -> list[Figure]:
    """Sums of money in `text[start:end]`, the first `MOST`, with their bounds and periods."""
    piece = text[start:end]
    found = [
        Figure(start + a.start, start + a.end, Amount(a.low, a.high, _code(a.currency)), "money")
        for a in amounts(piece, bare=True)
        if _is_money(piece, a.end, a.currency, a.high, a.exact)
    ]
    found += [_figures_of_money(m, start) for m in _SIX.finditer(piece)]
    found += [_strange_money(m, start) for m in _OTHER_MONEY.finditer(piece)]
    found = _apart(found)[:MOST]
    return [_bounded(text, start, end, figure) for figure in found]


def percents(text: str, start: int, end: int) -> list[Figure]:
    """Percentages, fractions and multiples in `text[start:end]`."""
    found = []
    for m in _PERCENT.finditer(text, start, end):
        low, high = (m[1], m[2]) if m[1] else (m[3], m[3])
        points = "points" if "point" in m[0].lower() else "percent"
        found.append(
            Figure(m.start(), m.end(), Amount(_value(low), _value(high), points), "percent")
        )
    found += [
        Figure(m.start(), m.end(), Amount(float(m[1]), float(m[1]), "times"), "times")
        for m in _MULTIPLE.finditer(text, start, end)
    ]
    for m in _SPELLED.finditer(text, start, end):
        tens = 10 * (_TENS.index(m[1].lower()) + 2) if m[1] else 0
        value = float(tens + _VALUES.get((m[2] or m[3] or "").lower(), 0))
        found.append(Figure(m.start(), m.end(), Amount(value, value, "percent"), "percent"))
    for m in _IN.finditer(text, start, end):
        share = 100 * _worded(m[1]) / max(1.0, _worded(m[2]))
        found.append(Figure(m.start(), m.end(), Amount(share, share, "percent"), "percent"))
    for m in _ONE_IN.finditer(text, start, end):
        share = 100 / _worded(m[1])
        found.append(Figure(m.start(), m.end(), Amount(share, share, "percent"), "percent"))
    for words, value, unit in _TIMES:
        for m in words.finditer(text, start, end):
            kind = "percent" if unit == "percent" else "times"
            found.append(Figure(m.start(), m.end(), Amount(value, value, unit), kind))
    return [_bounded(text, start, end, figure) for figure in _apart(found)[:MOST]]


def experience(text: str, start: int, end: int) -> list[Figure]:
    """Years of experience in `text[start:end]`."""
    found = []
    for m in _YEARS.finditer(text, start, end):
        low, high = _worded(m["low"]), _worded(m["high"] or m["low"])
        amount = Amount(low, None if m["plus"] else high, "years")
        found.append(_bounded(text, start, end, Figure(m.start(), m.end(), amount, "years")))
    return found


def period(text: str) -> tuple[int, int] | None:
    """The calendar years that `text` speaks of, from and to."""
    if m := _SPAN.search(text):
        last = int(m[2]) if len(m[2]) == 4 else int(m[1][:2] + m[2])
        return (int(m[1]), last) if int(m[1]) <= last else None
    since, by, within = _SINCE.search(text), _BY.search(text), _IN_YEAR.search(text)
    if by:
        return (int(since[1]) if since else int(by[1]), int(by[1]))
    if since:
        return (int(since[1]), int(since[1]))
    return (int(within[1]), int(within[1])) if within else None


def _is_money(piece: str, end: int, currency: str | None, high: float, exact: bool) -> bool:
    """A sum has a sign or code; without one only a number written as pay is, near a word of pay."""
    if currency is not None:
        return high > 0
    if re.match(r"\s?(?:%|per ?cent|percent|years?|yrs?|x\b|times|\+? ?years)", piece[end:]):
        return False
    if not exact or not 10_000 <= high <= 5_000_000:
        return False
    return not re.match(
        r"\s+(?:\w+\s+){0,2}(?:jobs|postings|openings|vacancies|ads|adverts|roles|people|positions|engineers|workers|listings|records)",
        piece[end:],
    )


def _code(currency: str | None) -> str:
    return {"$": "USD", None: ""}.get(currency, currency or "")


def _figures_of_money(m: re.Match[str], start: int) -> Figure:
    digits = {"five": 10_000.0, "six": 100_000.0, "seven": 1_000_000.0}[m[2].lower()]
    low, high = {None: (1, None), "low": (1, 3), "mid": (4, 6), "high": (7, 10)}[
        m[1].lower() if m[1] else None
    ]
    amount = Amount(digits * low, None if high is None else digits * high)
    return Figure(start + m.start(), start + m.end(), amount, "money")


def _strange_money(m: re.Match[str], start: int) -> Figure:
    value = _value(m[1].replace(",", ""))
    return Figure(start + m.start(), start + m.end(), Amount(value, value), "money")


def _bounded(text: str, start: int, end: int, figure: Figure) -> Figure:
    """The figure with "over", "up to" and "about" in front of it, and its period, taken in."""
    before, after = (
        text[max(start, figure.start - 40) : figure.start],
        text[figure.end : min(end, figure.end + 25)],
    )
    amount, at = figure.amount, figure.start
    for name in ("about", "at_most", "at_least"):
        m = phrase(rf"(?<!\w)(?:<{name}>)\s*(?:a |the |an |some )?$").search(before)
        if m is None:
            continue
        at = min(at, figure.start - len(before) + m.start())
        if name == "about":
            amount = replace(amount, about=True)
        elif amount.low == amount.high:
            bound = {"low": None} if name == "at_most" else {"high": None}
            amount = replace(amount, **bound)  # type: ignore[arg-type]
            break
    more = re.match(r"\s?(?:\+|or more\b|and (?:above|up|more)\b|plus\b)", after)
    if more:
        amount = replace(amount, high=None)
    if figure.kind == "money":
        amount = replace(amount, period=_period_of(after, before, amount))
    return Figure(at, figure.end + (more.end() if more else 0), amount, figure.kind)


def _period_of(after: str, before: str, amount: Amount) -> str:
    for name, words in _PERIODS.items():
        ahead = re.search(words, before, re.IGNORECASE)
        if ahead or re.search(words, after[:20], re.IGNORECASE):
            return name
    most = amount.high or amount.low or 0
    return "year" if most >= 10_000 else ""


def _apart(found: list[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in found:
        if all(figure.end <= other.start or figure.start >= other.end for other in kept):
            kept.append(figure)
    return sorted(kept, key=lambda figure: figure.start)


def _value(digits: str) -> float:
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return float(re.sub(r"\D", "", digits) or 0)


def _worded(word: str) -> float:
    return (
        float(_VALUES.get(word.lower(), 0) or word)
        if word.lower() in _VALUES or word.isdigit()
        else 1.0
    )
