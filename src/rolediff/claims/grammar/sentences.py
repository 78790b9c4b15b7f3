"""Blocks to sentences, and sentences to clauses that could each be a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rolediff.claims.grammar.words import pattern, phrase, words

LONGEST = 800
"""Characters of one sentence that are read; what goes on without a stop is cut there."""

MOST_BORDERS = 30
"""Commas, conjunctions and the like in one sentence that could part clauses."""

_STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9£$€])")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|vs|approx|ca|cf|dr|mr|mrs|ms|st|inc|ltd|u\.s|u\.k|ph\.d|b\.sc"
    r"|m\.sc|[A-Z])\.$",
    re.IGNORECASE,
)


_IT_IS = re.compile(r"^(?:(?:and|but) )?(?:it|that|this)\b.{0,12}$", re.IGNORECASE)
_BARE = re.compile(
    r"[£$€]?\s?\d[\w.,–-]*(?: respectively)?[.,]?(?: respectively)?\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\b(?:between|from|anywhere from)\s+\S+$", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:which|who|that|where)\b")
_REASON = re.compile(r"\breasons?\b.{0,25}$", re.IGNORECASE)
_THEY = re.compile(r"(?:they|it|both|these|those)\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"(?:now |also |still )?(?:have|has|are|is|was|were|do|does|can|will|may|must)\b"
)
_NOT_FOR = pattern("clause_not_for")
_ANSWERS = re.compile(r"(?:neither|both|yes|no|none|not really|hardly|rarely)", re.IGNORECASE)
_CONTRASTS = {"but", "while", "whereas", "whilst", "although", "though", "yet", "so"}
_BESIDES = {"against", "versus", "compared with", "compared to", "with"}


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of an article, and the connective that leads into them."""

    start: int
    end: int
    link: str = ""


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of `text[start:end]`, in order."""
    at = start
    for stop in _STOP.finditer(text, start, end):
        if _SHORT.search(text, max(at, stop.start() - 12), stop.start()):
            continue
        yield from _pieces(at, stop.start())
        at = stop.end()
    yield from _pieces(at, end)


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence: cut where what follows has a verb or a figure of its own."""
    cuts = _cuts(text, sentence)
    spans: list[Span] = []
    at, link = sentence.start, ""
    for found in cuts:
        if found.start() > at:
            spans.append(Span(at, found.start(), link))
        at, link = found.end(), found.group().strip(" ,").lower()
        if found.lastgroup == "why":
            at = found.start("why")
    told = pattern("asserting_told").search(text, at, sentence.end)
    stop = told.start() if told and told.start() > at else sentence.end
    while stop > at and text[stop - 1] in '.!?… "”':
        stop -= 1
    spans = [*spans, Span(at, stop, link)] if stop > at else spans
    return [_affirmed(text, span) for span in spans]


def _affirmed(text: str, span: Span) -> Span:
    """The clause without a ", not for millers" at its end, which sets others aside."""
    aside = _NOT_FOR.search(text, span.start, span.end)
    if aside is None or not _verb(text[span.start : aside.start()]):
        return span
    return Span(span.start, aside.start(), span.link)


def _cuts(text: str, sentence: Span) -> list[re.Match[str]]:
    borders = pattern("clause_border").finditer(text, sentence.start, sentence.end)
    found = list(islice(borders, MOST_BORDERS))
    kept: list[re.Match[str]] = []
    at = sentence.start
    for number, border in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else sentence.end
        left = text[at : border.start()]
        right, rest = text[border.end() : stop], text[border.end() : sentence.end]
        within = kept and kept[-1].lastgroup == "why" and border.lastgroup == "soft"
        if within and not (_figure(right) or _link(border) in _CONTRASTS):
            continue
        if _divides(border, left, right, rest):
            kept.append(border)
            at = border.end()
    return kept


def _divides(border: re.Match[str], left: str, right: str, rest: str) -> bool:
    """Whether a sentence is cut at `border`: `right` goes to the next one, `rest` to the end."""
    if border.lastgroup == "why":
        return not _IT_IS.search(left)
    if border.lastgroup == "hard":
        told = _verb(left) or _own_verb(right) or (_figure(right) and len(left.split()) > 2)
        whole = left.count("(") <= left.count(")") and not _REASON.search(left)
        return ":" not in border.group() or (told and whole)
    if _RELATIVE.match(right):
        return _sum(right) and _verb(left)
    if _ANSWERS.fullmatch(left.strip()) and _verb(right):
        return True
    if not (_verb(left) or _figure(left) or (_THEY.match(right) and _verb(right))):
        return False
    return _parts(_link(border), left, right, rest)


def _parts(link: str, left: str, right: str, rest: str) -> bool:
    """Whether "and", "but", "with" or a comma stands between two clauses."""
    if link in _CONTRASTS:
        return _figure(right) or _verb(rest) or _own_verb(right)
    both = _figure(right) and _figure(left)
    if link == "with" and _moves(right):
        return True
    if link in _BESIDES:
        shares = _fraction(right) and phrase(r"(?<!\w)(?:<fraction>)\s").search(left)
        return bool(shares or both) and not _BARE.fullmatch(right)
    if link == "and" and _figure(right) and _BETWEEN.search(left):
        return False
    listed = both and _named(right) and not _BARE.fullmatch(right)
    if _NO_SUBJECT.match(right) and not re.search(r"\d", right):
        return False
    own = _own_verb(right) or (_fraction(right) and _verb(right)) or _moves_again(left, right)
    return own or listed or _turns(left, right)


def _fraction(text: str) -> bool:
    """Whether a share begins here: "about one in three adverts"."""
    return (
        phrase(r"(?:<about>|<at_least>|<at_most>|only|\s)*(?:<fraction>)\s").match(text) is not None
    )


def _moves_again(left: str, right: str) -> bool:
    """Whether a second change in a year of its own follows: "and recovered in 2024"."""
    changes = ("rise", "fall", "steady")
    first = any(words(name).search(left) for name in changes)
    dated = re.search(r"\b(?:19|20)\d\d\b", left) and re.search(r"\b(?:19|20)\d\d\b", right)
    return bool(first and dated and any(words(name).match(right) for name in changes))


def _sum(text: str) -> bool:
    """Whether a sum of money is stated: "where pay of $300,000 is usual"."""
    return re.search(r"[£$€]\s?\d", text) is not None


def _moves(text: str) -> bool:
    return _figure(text) and (words("rise").search(text) or words("fall").search(text)) is not None


def _link(border: re.Match[str]) -> str:
    return border.group().strip(" ,").lower()


def _verb(text: str) -> bool:
    return words("finite").search(text) is not None


def _own_verb(text: str) -> bool:
    """Whether a clause of its own begins here: a subject of a few words and its verb."""
    return pattern("clause_own_verb").match(text) is not None


def _figure(text: str) -> bool:
    return (
        re.search(r"\d", text) is not None
        and re.search(r"[£$€%]|\d{2,}|\dk\b|per ?cent", text) is not None
    )


def _named(text: str) -> bool:
    return re.search(r"[A-Za-z]{4,}", text) is not None


def _turns(left: str, right: str) -> bool:
    """Whether a list of skills turns to a degree or a certificate."""
    for name in ("certificate", "degree"):
        if words(name).search(right) and not words(name).search(left):
            return words("ask_verb").search(left) is not None
    return False


def _pieces(start: int, end: int) -> Iterator[Span]:
    for at in range(start, end, LONGEST):
        yield Span(at, min(at + LONGEST, end))
