"""Running text of a page gathered into blocks as its elements open and shut."""

from __future__ import annotations

from collections import Counter

from rolediff.read.article_build import Builder

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu"}
_BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "aside", "figure", "figcaption", "body"),
    *("html", "address", "details", "center", "caption", "dl", "fieldset", "hgroup", "label"),
}
_BOLD = {"b", "strong"}
_TERMS = {"dt", "summary"}  # a question or term, as a heading of the lowest level
LONGEST_BOLD = 15
"""Words of a paragraph set in bold that is taken for a heading."""


class Flow:
    """Text so far, the block it is in, and the table that is being read."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._said: list[str] = []
        self._light = 0  # letters and digits that are not bold
        self._bold = 0  # how many elements of bold are open
        self._line = 0
        self._around: list[str] = []  # open elements that decide what a block is
        self._count: Counter[str] = Counter()  # how many of each
        self._tables: list[_Rows] = []

    def text(self, text: str, line: int) -> None:
        """Running text; the block that it begins stands in `line`."""
        if not text.strip():
            self._said.append(" ")
            return
        if not any(part.strip() for part in self._said):
            self._line = line + text[: len(text) - len(text.lstrip())].count("\n")
        self._light += 0 if self._bold else sum(c.isalnum() for c in text[:200])
        self._said.append(text)

    def void(self, name: str, line: int) -> None:
        """A break: within a cell or heading a blank, else the end of a block."""
        if name == "wbr":
            return
        if self._within("td", "th", "pre", *_HEADINGS):
            self._said.append(" ")
        else:
            self._flush()
        self._line = line

    def open(self, name: str, line: int, span: int = 1) -> None:
        """An element opens; `span` = columns of a cell."""
        if name in _BOLD:
            self._bold += 1
        elif name == "table":
            self._flush()
            self._tables.append(_Rows())
            self._push(name)
        elif name in ("tr", "td", "th"):
            self._open_in_table(name, line, span)
        elif name in {*_LISTS, *_HEADINGS, *_TERMS, *_BLOCKS, "li", "blockquote", "pre", "dd"}:
            self._break_block()
            self._push(name)
            self._line = line

    def shut(self, name: str, line: int) -> None:  # noqa: ARG002
        """An element shuts; what it held is given to the builder."""
        if name in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif name in ("td", "th") and self._tables:
            self._tables[-1].cell(self._taken())
            self._drop(name)
        elif name == "table" and self._tables:
            self._end_table()
        elif self._count[name]:
            self._break_block()
            self._drop(name)

    def close(self) -> None:
        """The page is over."""
        while self._tables:
            self._end_table()
        self._flush()

    def _open_in_table(self, name: str, line: int, span: int) -> None:
        if not self._tables:
            self._flush()
        elif name == "tr":
            self._said = []
            self._tables[-1].row(line)
        else:
            self._said = []
            self._tables[-1].open(name == "th", line, span)
            self._push(name)

    def _end_table(self) -> None:
        rows = self._tables.pop()
        if self._said and self._within("td", "th"):
            rows.cell(self._taken())
        self._drop("table")
        if self._tables:  # a table within a cell is read as the text of that cell
            self._said = [" ".join(" ".join(row) for row in rows.rows)]
        elif rows.rows:
            self.builder.table(rows.rows, rows.lines, rows.labels)

    def _break_block(self) -> None:
        if self._within("td", "th"):
            self._said.append(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        """Give what was said to the builder as the block that it is."""
        light, said, line = self._light, self._taken(), self._line
        if not said:
            return
        block = next((name for name in reversed(self._around) if name not in _BLOCKS), "p")
        if block in _HEADINGS or block in _TERMS:
            self.builder.heading(said, _HEADINGS.get(block, 6), line)
        elif block == "li":
            level = sum(name in _LISTS for name in self._around) or 1
            self.builder.item(said, min(level, 9), line)
        elif block in ("blockquote", "pre"):
            self.builder.paragraph(said, line, "quote" if block == "blockquote" else "code")
        elif not light and len(said.split()) <= LONGEST_BOLD:
            self.builder.heading(said, 6, line)
        else:
            self.builder.paragraph(said, line)

    def _taken(self) -> str:
        said = " ".join("".join(self._said).split())
        self._said, self._light = [], 0
        return said

    def _within(self, *names: str) -> bool:
        return any(self._count[name] for name in names)

    def _push(self, name: str) -> None:
        self._around.append(name)
        self._count[name] += 1

    def _drop(self, name: str) -> None:
        """Take the innermost `name` off the open elements, and what is left open in it."""
        while self._count[name]:
            last = self._around.pop()
            self._count[last] -= 1
            if last == name:
                return


class _Rows:
    """The rows of a table so far."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self._labels: list[str] = []
        self._heads: list[bool] = []  # of the first row: is the cell a heading
        self._span = 1

    @property
    def labels(self) -> list[str]:
        """Labels of the columns, a wide one repeated: the first row, if all its cells are headings
        or none is."""
        headed = len(self.rows) > 1 and (all(self._heads) or not any(self._heads))
        return self._labels if headed else []

    def row(self, line: int) -> None:
        self.rows.append([])
        self.lines.append(line)

    def open(self, head: bool, line: int, span: int) -> None:
        if not self.rows:
            self.row(line)
        if len(self.rows) == 1:
            self._heads.append(head)
        self._span = span

    def cell(self, text: str) -> None:
        if self.rows and len(self.rows[-1]) < 50:
            self.rows[-1] += [text] + [""] * (self._span - 1)
            if len(self.rows) == 1:
                self._labels += [text] * self._span
