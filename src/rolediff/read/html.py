"""Bodies of postings, HTML or plain, to plain text that keeps its lists and headings.

The work is the library's (resiliparse); this module decides what is HTML, refuses what was
built to exhaust a parser, and never follows or evaluates anything in it.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from rolediff.read.extras import library

LONGEST_HTML = 1_000_000
"""Characters of HTML in one body; more is refused."""
DEEPEST = 1_000
"""Elements open at once; more is refused (a parser takes quadratic time over them)."""
LONGEST_TAG = 10_000
"""Characters of one tag without its quoted values; more is refused."""

_BLOCKS = "p|br|div|ul|ol|li|h[1-6]|strong|b|em|i|u|span|table|tr|td|a|section|html|body|script"
_TAG = re.compile(rf"<(?:/?(?:{_BLOCKS})\b[^<>]*|!doctype[^<>]*)>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_BLOCKS})\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{LONGEST_TAG},}}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BULLET = re.compile(r"\n( *)• ")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_UNCLOSED = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"),
    *("p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup"),
    *("track", "colgroup", "html", "head", "body"),
}  # elements without an end tag, or whose end tag may be left out


class HtmlBomb(ValueError):
    """HTML that is refused; the message is the reason, short enough for a quarantine."""


def as_text(body: str) -> str:
    """`body` as plain text, whether it is HTML, escaped HTML, or plain already.

    Lists become lines that start with "- ", headings and paragraphs lines of their own. Scripts,
    styles and links are dropped. Plain text is returned as it is. Raises `HtmlBomb`.
    """
    if "<" in body and _TAG.search(body):
        return html_text(body)
    if "&" not in body:
        return body
    if _ESCAPED_TAG.search(body):
        return html_text(unescape(body))
    return unescape(body) if _ENTITY.search(body) else body


def html_text(html: str) -> str:
    """Plain text of an HTML document or fragment; see `as_text`. Raises `HtmlBomb`."""
    extract = library("resiliparse.extract.html2text", "reading HTML")
    refuse_bomb(html, LONGEST_HTML)
    text: str = extract.extract_plain_text(
        well_formed(html), preserve_formatting=True, list_bullets=True, alt_texts=False, links=False
    )
    return _BLANK_LINES.sub("\n\n", _BULLET.sub(r"\n\1- ", f"\n{text}")).strip()


def scripts(html: str, kind: str, longest: int) -> list[str]:
    """Contents of the `<script>` elements of type `kind` in a page of at most `longest`
    characters, in their order. Raises `HtmlBomb`.
    """
    parse = library("resiliparse.parse.html", "reading HTML")
    refuse_bomb(html, longest)
    document = parse.HTMLTree.parse(well_formed(html)).document
    found = document.get_elements_by_tag_name("script") if document else []
    wanted = [x for x in found if (x.getattr("type") or "").strip().casefold() == kind]
    return [script.text or "" for script in wanted]


def refuse_bomb(html: str, longest: int) -> None:
    """Raise `HtmlBomb` for HTML that is too long, too deep, or has a tag too long."""
    if len(html) > longest:
        raise HtmlBomb(f"HTML of more than {longest:,} characters")
    if any(len(_QUOTED.sub("", tag[0])) > LONGEST_TAG for tag in _LONG_TAG.finditer(html)):
        raise HtmlBomb(f"HTML with a tag of more than {LONGEST_TAG:,} characters")
    if html.count("<") > DEEPEST and _depth(html) > DEEPEST:
        raise HtmlBomb(f"HTML nested more than {DEEPEST:,} deep")


def well_formed(text: str) -> str:
    """`text` without the lone surrogates that JSON can smuggle in, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _depth(html: str) -> int:
    """Most elements open at once, those whose end tag is optional aside."""
    open_now: Counter[str] = Counter()
    depth = deepest = 0
    for end, tag in _OPENING.findall(html):
        name = tag.casefold()
        if name in _UNCLOSED or (end and not open_now[name]):
            continue
        step = -1 if end else 1
        open_now[name] += step
        depth += step
        deepest = max(deepest, depth)
    return deepest
