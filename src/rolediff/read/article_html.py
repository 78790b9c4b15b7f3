"""A page of HTML to blocks: what a reader sees of it, in order; nothing is run or fetched.

A scan of tags in linear time that keeps a short stack; it needs no tree, so there is none to blow.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from rolediff.read.article_build import Builder
from rolediff.read.article_flow import Flow

DEEPEST = 200
"""Elements open at once that are told apart; those within are read as running text."""
MOST_SPAN = 20

_TOKEN = re.compile(
    r"<!--(?:.*?(?:-->|\Z))|<[!?][^>]*>?"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]{0,30})(?P<rest>(?:[^<>\"']+|\"[^\"]*\"|'[^']*')*)>?",
    re.DOTALL,
)
_UNSEEN = {
    "script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object", "select",
    "textarea", "nav", "footer", "form", "button", "audio", "video", "canvas", "datalist", "map",
}  # fmt: skip
_RAW = {"script", "style", "textarea", "title", "iframe", "noscript"}
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
_HIDDEN = re.compile(
    r"(?:^|\s)hidden(?:\s|=|/|$)|aria-hidden\s*=\s*[\"']?true"
    r"|style\s*=\s*[\"'][^\"']*(?:display\s*:\s*none|visibility\s*:\s*hidden)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"colspan\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
_CLOSES = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
}  # an element that ends those of the first set, unless one of the second stands between
_ENDS_P = {
    "p", "div", "ul", "ol", "dl", "table", "section", "article", "blockquote", "pre", "hr", "main",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "aside", "details", "figure", "address", "footer",
}  # fmt: skip


def read_html(html: str, builder: Builder, first_line: int = 1) -> None:
    """Give every block of the page `html` to `builder`; scripts and what is hidden are dropped."""
    Page(html, builder, first_line).read()


class Page:
    """The tags of a page and the elements that are open."""

    def __init__(self, html: str, builder: Builder, first_line: int) -> None:
        self.html = html
        self.builder = builder
        self.flow = Flow(builder)
        self._open: list[tuple[str, bool]] = []  # element, whether it is seen
        self._count: Counter[str] = Counter()
        self._line, self._counted = first_line, 0
        self._hid = False

    def read(self) -> None:
        """Read all tags, until the builder is full."""
        done = 0
        while not self.builder.full and (token := _TOKEN.search(self.html, done)):
            self._text(self.html[done : token.start()])
            self._lines_to(token.start())
            done = token.end()
            if token["name"]:
                done = self._tag(token, done)
        if not self.builder.full:
            self._text(self.html[done:])
        self.flow.close()
        if self._hid:
            self.builder.notes.append("text that the page hides was not read")

    def _tag(self, token: re.Match[str], done: int) -> int:
        """Open or close an element; where reading goes on."""
        name = token["name"].lower()
        if token["end"]:
            self._close(name)
            return done
        if name in _RAW:
            return self._raw(name, done)
        self._open_element(name, token["rest"])
        return done

    def _raw(self, name: str, done: int) -> int:
        """Skip to the end tag of an element that holds no tags; a page's title is kept."""
        end = re.compile(rf"</{name}\b[^>]*>?", re.IGNORECASE).search(self.html, done)
        if name == "title" and not self.builder.title and end and end.start() - done < 2000:
            self.builder.title = " ".join(unescape(self.html[done : end.start()]).split())
        return end.end() if end else len(self.html)

    def _open_element(self, name: str, attributes: str) -> None:
        self._close_before(name)
        if name in _VOID:
            self._void(name)
            return
        hidden = _HIDDEN.search(attributes) is not None
        self._hid = self._hid or hidden
        seen = self._seen and name not in _UNSEEN and not hidden
        if len(self._open) >= DEEPEST:
            return
        self._open.append((name, seen))
        self._count[name] += 1
        if seen:
            span = _SPAN.search(attributes) if name in ("td", "th") else None
            self.flow.open(name, self._line, min(int(span[1]), MOST_SPAN) if span else 1)

    def _void(self, name: str) -> None:
        if self._seen and name in ("br", "hr", "wbr"):
            self.flow.void(name, self._line)

    def _close_before(self, name: str) -> None:
        """Close what the start of `name` ends: an item before an item, or a paragraph."""
        ended, border = _CLOSES.get(name, (set(), set()))
        if name in _ENDS_P:
            ended, border = {"p"}, _ENDS_P - {"p"} | {"li", "td", "th"}
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 40), -1):
            if self._open[at][0] in border:
                return
            if self._open[at][0] in ended:
                self._close_from(at)
                if name != "tr":
                    return

    def _close(self, name: str) -> None:
        if name in ("p", "br"):
            self.flow.void("br" if name == "br" else "p", self._line)
        for at in range(len(self._open) - 1 if self._count[name] else -1, -1, -1):
            if self._open[at][0] == name:
                self._close_from(at)
                return

    def _close_from(self, at: int) -> None:
        while len(self._open) > at:
            name, seen = self._open.pop()
            self._count[name] -= 1
            if seen:
                self.flow.shut(name, self._line)

    @property
    def _seen(self) -> bool:
        return self._open[-1][1] if self._open else True

    def _text(self, text: str) -> None:
        if text and self._seen:
            self.flow.text(unescape(text) if "&" in text else text, self._line)

    def _lines_to(self, offset: int) -> None:
        self._line += self.html.count("\n", self._counted, offset)
        self._counted = offset
