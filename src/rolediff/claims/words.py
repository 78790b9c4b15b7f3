"""Words of a claim matched to what can be measured; the words are `data/judging.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from rolediff.results import Article, Claim


@cache
def table() -> dict[str, Any]:
    """The parsed `data/judging.toml`."""
    text = files("rolediff").joinpath("data/judging.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def names_any(text: str, words: Iterable[str]) -> bool:
    """Whether `text` has any of `words`, each as a whole word or phrase, whatever its case."""
    return any(_found(word, text) for word in words)


def said(text: str, manner: str) -> bool:
    """Whether `text` says a thing in this manner, a key of `[said]`."""
    return names_any(text, table()["said"][manner])


def keys_named(text: str, of: str) -> tuple[str, ...]:
    """The keys of the table `of` any of whose words `text` has, in the table's order."""
    return tuple(key for key, words in table()[of].items() if names_any(text, words))


def around(claim: Claim, article: Article | None, *, heading: bool = False) -> str:
    """A claim's own text, the labels and the lead it stands in, and with `heading` its heading."""
    if article is None or claim.by_hand:
        return claim.text
    block = next((b for b in article.blocks if b.start <= claim.start < b.end), None)
    if block is None:
        return claim.text
    labels = [block.row, block.column, block.lead, *(block.headings[-1:] if heading else ())]
    return " | ".join((claim.text, *filter(None, labels)))


def _found(word: str, text: str) -> bool:
    return _pattern(word).search(_even(text)) is not None


@cache
def _pattern(word: str) -> re.Pattern[str]:
    escaped = r"\s+".join(map(re.escape, _even(word).split()))
    return re.compile(rf"(?<!\w){escaped}(?!\w)")


def _even(text: str) -> str:
    return text.casefold().replace("’", "'").replace("‑", "-")
