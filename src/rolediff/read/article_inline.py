"""Markup within a line of Markdown taken off; what is left is what a reader sees."""

from __future__ import annotations

import re
from html import unescape

_IMAGE = re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]+)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])")
_NOTE = re.compile(r"\[(?:\^[^\[\]\s]{1,30}|\d{1,3})\]")
_STRUCK = re.compile(r"~~[^~\n]+~~")
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>|<https?:[^<>\s]*>")
_STARS = re.compile(r"\*+(?=\S)|(?<=\S)\*+")
_BARS = re.compile(r"(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_BETWEEN = re.compile(r"(?<=\d)\*(?=\d)|(?<=\s)\*(?=\s)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).)+\1[:.?]?", re.DOTALL)


def plain(text: str) -> str:
    """`text` without emphasis, links' targets, images, tags, notes, escapes and struck words."""
    text = _STRUCK.sub("", _NOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text))))
    text = _TAG.sub("", _BREAK.sub(" ", text)).replace("`", "")
    if "*" in text or "_" in text:
        held = _ESCAPED.sub(lambda found: _hold(found[1]), text)
        held = _BARS.sub("", _STARS.sub("", _BETWEEN.sub("×", held)))
        text = _released(held)
    elif "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return unescape(text) if "&" in text else text


def all_strong(text: str) -> bool:
    """Whether a line is set in bold from end to end, as headings are that are none."""
    return _STRONG.fullmatch(text.strip()) is not None


def _hold(sign: str) -> str:
    """An escaped sign out of the way of markup: in the private use area."""
    return chr(0xE000 + ord(sign))


def _released(text: str) -> str:
    return re.sub("[\ue021-\ue07e]", lambda found: chr(ord(found[0]) - 0xE000), text)
