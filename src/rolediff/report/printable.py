"""Text from data, made safe for a screen: nothing in it can move the cursor or change colours."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line and paragraph separators, marks that turn the direction of text, and
lone surrogates, which no encoding holds."""


def printable(text: str) -> str:
    """`text` on one line, with a space for whatever a terminal would obey rather than show."""
    return _UNSEEN.sub(" ", text)


def escaped(json_text: str) -> str:
    """JSON text with such characters, which can only stand in its strings, as `\\u` escapes."""
    return _UNSEEN.sub(lambda m: m[0] if m[0] == "\n" else f"\\u{ord(m[0]):04x}", json_text)
