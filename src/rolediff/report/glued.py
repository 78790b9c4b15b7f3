"""Figures that stay with their units at the end of a line."""

from __future__ import annotations

import re

from rich.text import Text

GLUE = "\ue000"
"""Stands for a space while lines are broken: one that breaks nowhere is a space to Rich too."""
_BOUND = re.compile(
    r"(?<=[\d,.]) (?=%|points?\b|years?\b|months?\b|US\$)|(?<=\bn) (?== \d)|(?<=\bn =) (?=\d)"
)


def glued(text: str, by: str = "\u00a0") -> str:
    """`text` with `by` for every space between a figure and its unit; by default one that holds."""
    return _BOUND.sub(by, text)


def bound(text: Text) -> Text:
    """A copy of `text` that is not broken there; `GLUE` is a space again once it is laid out."""
    kept = text.copy()
    kept.plain = glued(text.plain, GLUE)
    return kept
