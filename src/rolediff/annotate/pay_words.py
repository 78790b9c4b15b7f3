"""The vocabulary of pay, compiled once: patterns and look-ups out of `data/pay.toml`."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_AT_ONCE = 24  # literals that the Rust engine still looks for together
COMMON_SIGNS = "$£€₹"
"""Currency signs that most amounts begin with."""

_RARE = "₩₪₱₫₦₺₴฿¥"
SIGNS = COMMON_SIGNS + _RARE
"""All signs that an amount may begin with."""

_SPACE = "[ \\t\u00a0\u202f\u2009]"
_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,2})?"
    r"|[0-9]{1,2}(?:,[0-9]{2}){1,4},[0-9]{3}"
    "|[0-9]{1,3}(?:[ '’\u00a0\u202f\u2009][0-9]{3}){1,4}(?:[.,][0-9]{1,2})?"
    "|[0-9]{1,3}, 000"
    r"|[0-9]{1,9}(?:[.,][0-9]{1,2})?)(?![0-9]|[.,][0-9]|%)"
)
_TO = (
    r"(?:[-–—‐‑‒−~_]{1,3}|to\b|and\b|up to\b|bis\b|und\b|à\b"
    r"|a\b(?= ?[€£$]? ?[0-9]{1,3}[.,][0-9]{3}))"
)
LINKS = (*"-–—‐‑‒−~_", "to", "and", "bis", "und", "à", "a")
"""Ends of whatever stands between the two figures of a range."""

_UNIT = r"(?:hour|hr|year|yr|annum|month|mo|day|week)"


@dataclass(frozen=True, slots=True)
class PayWords:
    """Look-ups, and the patterns made of them.

    `currency`: sign, word or code to ISO 4217; `dollar`: country to its dollar; `plausible`: code
    to (highest an hour, lowest a month, lowest a year, highest a year); `multiple`: suffix to
    factor; `behind`, `ahead`: spelling to period; `evidence`: a word, or two words, to the kinds of
    evidence they are; `second`: the last words of the pairs; `aside`: words that set an extra
    ("bonus") aside.

    `bare`: where the number of an amount without a sign begins; `mark`: what stands in front of
    it; `amount`: an amount or range from its mark on; `low_end`: a bare low end in front of a sign
    ("100 to $120K"); `period`: a period right behind an amount; `which_dollar`: the code that
    says, a few words from a "$", which dollar it is.
    """

    currency: dict[str, str]
    dollar: dict[str, str]
    plausible: dict[str, tuple[float, float, float, float]]
    multiple: dict[str, float]
    behind: dict[str, str]
    ahead: dict[str, str]
    evidence: dict[str, frozenset[str]]
    second: frozenset[str]
    aside: frozenset[str]
    bare: re.Pattern[str]
    mark: re.Pattern[str]
    amount: re.Pattern[str]
    low_end: re.Pattern[str]
    period: re.Pattern[str]
    which_dollar: re.Pattern[str]


@cache
def pay_words() -> PayWords:
    """`data/pay.toml`, read and compiled."""
    table = _table()
    words = table["word"] | {code: code for code in table["plausible"]}
    multiple = {word: float(by) for by, spelled in table["multiple"].items() for word in spelled}
    evidence = _kinds(table["evidence"])
    signs, codes = _any([*table["sign"], "$"]), _any(words)
    return PayWords(
        currency=words | table["sign"],
        dollar=table["dollar"],
        plausible={code: tuple(bounds) for code, bounds in table["plausible"].items()},
        multiple=multiple,
        behind=_inverted(table["period_behind"]),
        ahead=_inverted(table["period_before"]),
        evidence=evidence,
        second=frozenset(pair.split()[1] for pair in evidence if " " in pair),
        aside=frozenset(table["aside"]["words"]),
        bare=_bare(codes),
        mark=re.compile(rf"(?<![A-Za-z]){_mark(signs, codes)}{_SPACE}{{0,2}}$"),
        amount=_amount(signs, codes, _any(multiple)),
        low_end=_low_end(),
        period=_period(_any(_inverted(table["period_behind"]))),
        which_dollar=_which_dollar({"USD", *table["dollar"].values()}),
    )


@cache
def worth_reading() -> dict[str, tuple[str, ...]]:
    """Rust patterns for whole texts: by name, alternatives of which one must be met.

    `signed`: an amount with a common sign, millions apart; `marked`: a currency behind a number;
    `coded`: one in front of it, a rare sign, a range in thousands, an amount in lakhs; `figure`: a
    number of the size of pay; `ahead`, `behind`: such a number near a word of pay; `unsigned_...`:
    what is found by the quicker pattern, without a sign in front.

    They are many and small because the engine looks for a few short literals many bytes at a
    time, and one byte at a time for anything more.
    """
    codes = sorted([*_table()["word"], *_table()["plausible"]])
    some = [codes[at : at + _AT_ONCE] for at in range(0, len(codes), _AT_ONCE)]
    # No "million", "bn" or "T" behind it, spelled out: the engine knows no look-ahead.
    capital = "M[a-hj-zA-Z]|B[a-hj-mo-zA-Z]|T[a-qs-zA-Z]"
    word = rf" (?:[^mbtMBT0-9]|m(?:[^inm]|in)|b[^in]|t[^r]|{capital})"
    ends = rf"(?:[kK]|[^0-9.,kKmMbBtT ]|[.,]?$|[.,][^0-9]|{word})"
    number = r"[0-9]{2,3}(?:[,.]?[0-9]{3}|[kK])"
    unsigned = rf"(?:^|[^0-9,.{COMMON_SIGNS}])"
    before = (
        r"(?:alary|ALARY|nsation|NSATION|OTE|ange|base|Base|BASE|pay|Pay|[rR]ate|[wW]age|ehalt"
        r"|gütung|alaire)"
    )
    behind = r"(?:alary|ALARY|base|Base|OTE|per|a year|annual|gross|p\.?a|brutto)"
    return {
        "signed": (rf"[{COMMON_SIGNS}][ \x{{a0}}]{{0,2}}[0-9][0-9.,]*{ends}",),
        "marked": (
            rf"[0-9][kK]?[ \x{{a0}}]?(?:{_any(codes)})",
            r"[0-9](?:€|£)|[0-9] (?:€|£)|[kK]€|[kK] €",
        ),
        "unsigned_marked": (rf"{unsigned}[0-9][0-9.,]*[kK]?[ \x{{a0}}]?(?:{_any(codes)}|€|£)",),
        "coded": (
            *(rf"(?:{_any(part)})[.: \x{{a0}}]{{0,2}}[0-9]" for part in some),
            rf"[{_RARE}][ \x{{a0}}]?[0-9]",
            r"[0-9][kK] ?(?:-|–|—|to) ?[0-9]",
            r"[0-9] ?(?:-|–|—|to) ?[0-9]{2,3}[kK]",
            r"[0-9] ?(?:LPA|lpa|Lpa|[lL]akh|[lL]ac|C[rR][^a-z]|[cC]rore)",
        ),
        "figure": (number,),
        "ahead": (rf"{before}[^0-9\n{COMMON_SIGNS}]{{0,30}}{number}",),
        "behind": (rf"{number}[^0-9\n]{{0,20}}{behind}",),
        "unsigned_behind": (rf"{unsigned}{number}[^0-9\n]{{0,20}}{behind}",),
    }


@cache
def legal_tender() -> dict[str, str]:
    """Country (ISO 3166-1 alpha-2) to its currency (ISO 4217), the latest where it changed."""
    text = files("rolediff").joinpath("data/country_currencies.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["since"])
    return {row["country"]: row["currency"] for row in rows}


@cache
def _table() -> dict[str, Any]:
    text = files("rolediff").joinpath("data/pay.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _inverted(table: dict[str, list[str]]) -> dict[str, str]:
    return {spelled: name for name, listed in table.items() for spelled in listed}


def _kinds(table: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, words in table.items():
        for word in words:
            kinds.setdefault(word, set()).add(kind)
    return {word: frozenset(found) for word, found in kinds.items()}


def _any(words: Iterable[str]) -> str:
    """Alternatives, longest first, so that "CAD$" is not read as "D$"."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def _mark(signs: str, codes: str) -> str:
    return (
        rf"(?:(?:{codes})[.:]?{_SPACE}?(?:{signs})|(?:{signs}){_SPACE}?(?:{codes})?"
        rf"|(?:{codes})[.:]?)"
    )


def _bare(codes: str) -> re.Pattern[str]:
    """Numbers that could be pay without a sign; others ("7 years") cost no more than a look."""
    some = "[0-9.,]{0,6}+"  # possessive: a code is looked for once, not at every digit
    thousands = r"[kK]|[lL]ac|[lL]akh|[lL][pP][aA]|[cC]r"
    per = r"\+? ?(?:/|p/|per |an? |ph|[hH]ourly|[wW]eekly|[dD]aily|[mM]onthly)"
    to = "(?:-|–|—|to|bis|und)"
    return re.compile(
        rf"[0-9](?<![\w.,/#{SIGNS}-].)(?:(?=[0-9]{{4}}|[0-9]?,[0-9]{{2}},[0-9]{{3}}"
        rf"|[0-9]{{0,2}}[,.'’ \u00a0\u202f\u2009][0-9]{{3}}"
        rf"|{some} ?(?:{thousands}|€|£|{codes}|{per})"
        rf"|{some} ?{to} ?{some} ?(?:[kKlL€£]|/|per |an? |p|{codes}))"
        r"|(?<=(?:USD|EUR|GBP|CAD|INR|CHF).[0-9]))"
    )


def _amount(signs: str, codes: str, times: str) -> re.Pattern[str]:
    def end(at: int) -> str:
        mark = rf"(?P<mark{at}>{_mark(signs, codes)})?{_SPACE}{{0,2}}"
        factor = rf"(?P<times{at}>{_SPACE}?(?:{times})(?![\w&]))?"
        after = rf"(?P<after{at}>{_SPACE}?(?:(?:{codes})(?!\w)|[€£₹](?!{_SPACE}?[0-9])))?"
        return rf"{mark}(?P<number{at}>{_NUMBER}){factor}{after}"

    per = rf"{_SPACE}?(?:/{_SPACE}?|per{_SPACE}|an?{_SPACE}){_UNIT}\b"
    # A dash that opens the next line before a small bare number begins a list item: "- 5 years".
    item = r"(?!\s*\n\s*[-–—]\s+[0-9]{1,3}(?![0-9,.kK]))"
    gap = rf"(?:{per})?\+?{item}\s{{0,3}}(?P<to>{_TO})\s{{0,3}}(?:up to )?"
    return re.compile(rf"{end(1)}(?:{gap}{end(2)})?")


def _low_end() -> re.Pattern[str]:
    number = rf"(?<![\w.,{SIGNS}])({_NUMBER})({_SPACE}?[kK])?"
    return re.compile(rf"{number}{_SPACE}{{0,3}}{_TO}{_SPACE}{{0,3}}$")


def _period(behind: str) -> re.Pattern[str]:
    between = (
        r"\(?(?:[A-Z]{3}\b|dollars|gross|net|netto|base salary|base|brutto|salary|total|before tax"
        r"|pro[- ]rata)\)?,?"
    )
    return re.compile(
        rf"{_SPACE}?[+)]?{_SPACE}?(?:{between}{_SPACE}?){{0,2}}[/,(*]?{_SPACE}?"
        rf"({behind})\)?(?![a-z0-9])",
        re.IGNORECASE,
    )


def _which_dollar(dollars: set[str]) -> re.Pattern[str]:
    return re.compile(rf"\b({_any(dollars)})\b(?!{_SPACE}?\$?[0-9])")
