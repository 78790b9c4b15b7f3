"""Bytes of an article to characters that are safe to read and to show."""

from __future__ import annotations

import codecs
import re

from rolediff.errors import UnreadableError

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"  # unseen, or turning the text about
)
_LONE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SINGLE_BYTES = {"cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "mac-roman"}


def cleaned(text: str) -> str:
    """`text` without control characters, direction overrides, unseen and lone characters."""
    return _LONE.sub("\ufffd", _UNSAFE.sub("", text))


def decoded(data: bytes, name: str, *, cut: bool = False) -> str:
    """`data` by its mark, its `<meta charset>`, as UTF-8, else Windows-1252; breaks are "\\n".

    `cut`: the last character may be broken off. `UnreadableError` for bytes that are no text.
    """
    for mark, coding in _MARKS.items():
        if data.startswith(mark):
            return _BREAKS.sub("\n", _decoded(data, coding, cut, "replace"))
    if b"\0" in data:
        raise UnreadableError(f"{name} is no text: save it as Markdown, HTML, text or PDF")
    try:
        text = _decoded(data, "utf-8", cut)
    except UnicodeDecodeError:
        text = data.decode(_stated(data), errors="replace")
    return _BREAKS.sub("\n", text)


def _decoded(data: bytes, coding: str, cut: bool, errors: str = "strict") -> str:
    return codecs.getincrementaldecoder(coding)(errors).decode(data, final=not cut)


def _stated(data: bytes) -> str:
    """The coding that a page states, if it is one of a byte a character."""
    said = _CHARSET.search(data, 0, 4096)
    try:
        coding = codecs.lookup(said[1].decode("ascii")).name if said else "cp1252"
    except LookupError:
        return "cp1252"
    return coding if coding in _SINGLE_BYTES - {"iso8859-1"} else "cp1252"
