"""Further forms of a spelling: numbers, joined words, slash and dot loosened, British spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRITISH = (
    (re.compile(r"\b([a-z]{4,})iz(ations?|ers?|ing|ed|es?)\b"), r"\1is\2"),
    (re.compile(r"\b([a-z]{3,})yz(ers?|ing|ed|es?)\b"), r"\1ys\2"),
    (re.compile(r"\b(model|label|channel|signal)(ing|ed|ers?)\b"), r"\1l\2"),
    (re.compile(r"\b(behavi|col|lab)or(s|al)?\b"), r"\1our\2"),
    (re.compile(r"\b(catalog)(s?)\b"), r"\1ue\2"),
    (re.compile(r"\b(cent|fib)er(s?)\b"), r"\1re\2"),
    (re.compile(r"\b(def|off)ense\b"), r"\1ence"),
)
_AMERICAN = (
    (re.compile(r"\b([a-z]{4,})is(ations?|ing)\b"), r"\1iz\2"),
    (re.compile(r"\b(model|label|channel|signal)l(ing|ed|ers?)\b"), r"\1\2"),
    (re.compile(r"\b(behavi|col|lab)our(s|al)?\b"), r"\1or\2"),
)


def variants(spelling: str, cased: bool = False) -> Iterator[str]:
    """The other forms of a spelling: plural or singular, joined words, slash and dot loosened, and
    each of these in British spelling or, of a British one, American.

    Only a common noun ("data pipeline") or an initialism ("LLM") has a plural; a proper name
    ("Spark") has none, and in a form whose capitals matter only the initialism does.
    """
    forms = [spelling, *_loosened(spelling, cased)]
    for form in dict.fromkeys(way for one in forms for way in _across(one)):
        if form != spelling:
            yield form
        yield from numbers(form, cased)


def _loosened(spelling: str, cased: bool) -> Iterator[str]:
    if cased:
        return
    if re.search(r"\w/\w", spelling):
        yield spelling.replace("/", " ")
    if re.search(r"\w ?& ?\w", spelling):
        yield re.sub(r" ?& ?", " and ", spelling)
    words = re.split(r"[ -]", spelling)
    if len(words) == 2 and all(re.fullmatch(r"\w{2,}", word) for word in words):
        yield "".join(words)
    if re.search(r"\w\.js$", spelling, re.IGNORECASE):
        yield spelling[:-3] + "js"
        yield spelling[:-3] + " js"


def _across(form: str) -> Iterator[str]:
    """A form and how it is spelled on the other side of the Atlantic."""
    yield form
    for ways in (_BRITISH, _AMERICAN):
        written = form
        for american, british in ways:
            written = american.sub(british, written)
        if written != form:
            yield written


def numbers(form: str, cased: bool) -> Iterator[str]:
    """The plural of a singular and, of several words, the singular of a plural."""
    last = re.split(r"[ /-]", form)[-1]
    if not re.fullmatch(r"[A-Z0-9]{2,}|[a-z]{3,}", last) or (cased and last.islower()):
        return
    if last.isupper():
        yield form + "s"
    elif re.search(r"[^aeiou]y$", last):
        yield form[:-1] + "ies"
    elif re.search(r"(?:x|z|ch|sh)$", last):
        yield form + "es"
    elif not last.endswith("s"):
        yield form + "s"
    elif len(form) > len(last) and not re.search(r"(?:ss|us|is|ics|ys|series)$", last):
        # Of several words the plural may be what is listed: "data structures".
        yield re.sub(r"ies$", "y", form) if form.endswith("ies") else form[:-1]
