"""Spellings of English verbs and nouns in a vocabulary: gerund, plural, "-ise" for "-ize"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

AS_IT_STANDS = "="
"""Ends a noun in a data file that has no other form: "pipeline=" is not "pipelines"."""


def verb_forms(phrase: str, gerunds: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """The phrase and its gerund, either with -ize and -ise; each with whether it is a gerund.

    The first word is the verb; `gerunds` = those that do not follow the rule.
    """
    verb, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    for spelling in spellings(verb):
        yield spelling + tail, False
        yield (gerunds.get(spelling) or gerund(spelling)) + tail, True


def spellings(word: str) -> Iterator[str]:
    """`word` and, of a verb in -ize or -yze, the British one."""
    yield word
    if re.search(r"[a-z]{3}(?:ize|yze)$", word):
        yield word[:-2] + "se"


def gerund(verb: str) -> str:
    """The form in -ing of a regular verb that doubles no letter."""
    if re.search(r"[^eoy]e$", verb):
        return verb[:-1] + "ing"
    return verb + "ing"


def noun_forms(phrase: str) -> Iterator[str]:
    """The phrase and its plural; alone if it is marked to stand as it is."""
    if phrase.endswith(AS_IT_STANDS):
        yield phrase.removesuffix(AS_IT_STANDS)
        return
    yield phrase
    yield plural(phrase)


def plural(noun: str) -> str:
    """The regular plural of the last word."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun + "s"
