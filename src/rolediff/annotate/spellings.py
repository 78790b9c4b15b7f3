"""Further forms of a spelling: plural and singular, joined words, slash and dot loosened."""

from __future__ import annotations

import re
from collections.abc import Iterator


def variants(spelling: str, cased: bool = False) -> Iterator[str]:
    """The other forms of a spelling: plural or singular, joined words, slash and dot loosened.

    Only a common noun ("data pipeline") or an initialism ("LLM") has a plural; a proper name
    ("Spark") has none, and in a form whose capitals matter only the initialism does.
    """
    for form in (spelling, *_loosened(spelling, cased)):
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
