"""Markdown and plain text to blocks, a line at a time, also where blank lines were lost.

Text copied from web pages keeps neither `#` nor blank lines, so a short line without a full stop is
a heading, and lines are joined to paragraphs only where the text is wrapped at a width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from rolediff.read.article_build import Builder
from rolediff.read.article_html import read_html
from rolediff.read.article_inline import all_strong, plain
from rolediff.read.article_tables import table_at

WIDEST = 120
"""Characters of the longest line of a text that is wrapped."""
LONGEST_HEADING = 14
"""Words of a line that can be a heading without being marked as one."""

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={2,}|-{3,})[ \t]*")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"([ \t]*)(?:[-*+•‣▪●◦○■–·]|\d{1,3}[.)]|\([a-z0-9]{1,2}\))[ \t]+(\S.*)")
_EMPTY_ITEM = re.compile(r"[ \t]*[-*+•‣▪●◦]")
_QUOTE = re.compile(r" {0,3}>[> \t]*(.*)")
_ENDS = re.compile(r"[.!?:;)\"”’…]$")
_NO_HEADING = re.compile(r"[.,;:!…]$|(?<!\bvs)(?<!\bv)[.!?]\s")
_QUESTION = re.compile(r"^(?:Q\d{0,2}|Question)[.:]\s+")
_HTML_TABLE = re.compile(r"[ \t]*<table\b", re.IGNORECASE)
_FRONT = re.compile(r"title\s*:\s*[\"']?(.*?)[\"']?\s*")


def read_lines(text: str, builder: Builder) -> None:
    """Give every block of `text` (breaks are "\\n") to `builder`."""
    Lines(text, builder).read()


class Lines:
    """The lines of a text and how far they are read; a pass over them, each line once."""

    def __init__(self, text: str, builder: Builder) -> None:
        self.lines = [line.rstrip() for line in text.split("\n")]
        self.builder = builder
        self.at = 0
        self._indents: list[int] = []
        self._marked = any(_ATX.fullmatch(line) for line in self.lines)
        self._wrapped = _is_wrapped(self.lines)

    def read(self) -> None:
        """Read all lines, until the builder is full."""
        self._front_matter()
        while self.at < len(self.lines) and not self.builder.full:
            line = self.lines[self.at]
            if not line or _EMPTY_ITEM.fullmatch(line) or _RULE.fullmatch(line):
                self.at += 1
            else:
                self._block(line)

    def _block(self, line: str) -> None:
        if fence := _FENCE.match(line):
            self._code(fence[1])
        elif marked := _ATX.fullmatch(line):
            self.builder.heading(plain(marked[2] or ""), len(marked[1]), self.at + 1)
            self.at += 1
        elif _HTML_TABLE.match(line):
            self._html_table()
        elif table := table_at(self.lines, self.at):
            lines = [number + 1 for number in table.lines]
            cells = [[plain(cell) for cell in row] for row in table.rows]
            self.builder.table(cells, lines, cells[0])
            self.at = table.stop
        elif item := _ITEM.fullmatch(line):
            self._item(item)
        else:
            self._paragraph()

    def _front_matter(self) -> None:
        """Skip the lines between two `---` at the start of a file; a title in them is kept."""
        if self.lines[0] != "---" or "---" not in self.lines[1:60]:
            return
        self.at = self.lines.index("---", 1) + 1
        titles = (_FRONT.fullmatch(line) for line in self.lines[1 : self.at])
        self.builder.title = next((found[1] for found in titles if found), "")

    def _code(self, fence: str) -> None:
        first = self.at + 1
        inside = list(
            takewhile(lambda line: not line.lstrip().startswith(fence), self._from(first))
        )
        self.builder.paragraph("\n".join(inside), first, "code")
        self.at = first + len(inside) + 1

    def _html_table(self) -> None:
        inside = list(takewhile(lambda line: "</table" not in line.lower(), self._from(self.at)))
        stop = self.at + len(inside) + 1
        read_html("\n".join(self.lines[self.at : stop]), self.builder, first_line=self.at + 1)
        self.at = stop

    def _item(self, item: re.Match[str]) -> None:
        """An item, and the lines that go on with it: indented, or in the middle of a sentence."""
        indent = len(item[1].expandtabs(4))
        if not self._goes_on_from_item():
            self._indents = []
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or indent > self._indents[-1] + 1:
            self._indents.append(indent)
        first, said = self.at, [item[2]]
        self.at += 1
        while self.at < len(self.lines) and self._continues(self.lines[self.at], said[-1]):
            said.append(self.lines[self.at])
            self.at += 1
        self.builder.item(plain("\n".join(said)), min(len(self._indents), 9), first + 1)

    def _goes_on_from_item(self) -> bool:
        """Whether the last line that says something belongs to an item."""
        before = self.at - 1
        while before >= 0 and not self.lines[before] and self.at - before < 4:
            before -= 1
        line = self.lines[before] if before >= 0 else ""
        return _ITEM.fullmatch(line) is not None or line.startswith(("  ", "\t"))

    def _continues(self, line: str, before: str) -> bool:
        """Whether `line` goes on with the item whose last line is `before`."""
        if not line or self._starts_other(line):
            return False
        return line.startswith(("  ", "\t")) or (line[0].islower() and not _ENDS.search(before))

    def _paragraph(self) -> None:
        first = self.at
        quoted = _QUOTE.fullmatch(self.lines[first])
        said = [quoted[1] if quoted else self.lines[first]]
        self.at += 1
        while self.at < len(self.lines) and not self._underlined(said, quoted is not None):
            line = self.lines[self.at]
            found = _QUOTE.fullmatch(line)
            if not line or (found is None) != (quoted is None):
                break
            line = found[1] if found else line
            if self._starts_other(line) or not (quoted or self._joined(said[-1], line)):
                break
            said.append(line)
            self.at += 1
        self._give(said, first, quoted is not None)

    def _underlined(self, said: list[str], quoted: bool) -> bool:
        one = len(said) == 1 and not quoted
        return one and _UNDERLINE.fullmatch(self.lines[self.at]) is not None

    def _give(self, said: list[str], first: int, quoted: bool) -> None:
        text = plain("\n".join(said))
        under = self.lines[self.at] if self.at < len(self.lines) else ""
        if quoted:
            self.builder.paragraph(text, first + 1, "quote")
        elif len(said) == 1 and _UNDERLINE.fullmatch(under):
            self.builder.heading(text, 1 if "=" in under else 2, first + 1)
            self.at += 1
        elif len(said) == 1 and (all_strong(said[0]) or _is_heading(text)):
            level = 6 if self._marked else 2 if self.builder.begun else 1
            self.builder.heading(_QUESTION.sub("", text), level, first + 1)
        else:
            self.builder.paragraph(text, first + 1)

    def _joined(self, before: str, line: str) -> bool:
        """Whether `line` goes on with the paragraph in which `before` is the last line."""
        if not self._wrapped or len(before) > WIDEST or all_strong(before):
            return False
        if _is_heading(plain(before).strip()):
            return False
        return not (_ENDS.search(before) and len(before) < 0.7 * len(line)) and len(before) > 30

    def _starts_other(self, line: str) -> bool:
        return any(
            found is not None
            for found in (
                _ATX.fullmatch(line),
                _FENCE.match(line),
                _ITEM.fullmatch(line),
                _EMPTY_ITEM.fullmatch(line),
                _RULE.fullmatch(line),
                _HTML_TABLE.match(line),
                table_at(self.lines, self.at),
            )
        )

    def _from(self, first: int) -> Iterator[str]:
        return (self.lines[number] for number in range(first, len(self.lines)))


def _is_wrapped(lines: list[str]) -> bool:
    """Whether hardly a line of running text is longer than `WIDEST`."""
    running = [line for line in lines if line and "|" not in line]
    return sum(len(line) > WIDEST for line in running) <= 0.05 * len(running)


def _is_heading(text: str) -> bool:
    """Whether a line on its own reads as a heading: short, and no sentence but a question."""
    if not 0 < len(text.split()) <= LONGEST_HEADING:
        return False
    opens = text[0].isupper() or text[0].isdigit() or text[0] in "\"“'‘¿"
    return opens and not _NO_HEADING.search(text)
