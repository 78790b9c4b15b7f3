"""What the library says for the command line, said for the pages, which have no flags."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (files("rolediff") / "data" / "page_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return tuple((re.compile(pattern), said) for pattern, said in rows)


def for_pages(text: str) -> str:
    """A message without the flags of the command, which a page has no use for."""
    for pattern, said in _table():
        text = pattern.sub(said, text)
    return text
