"""An article put together piece by piece: its plain text, and the blocks that lie in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rolediff.read.article_text import cleaned
from rolediff.results.claims import Article, Block, BlockKind

MOST_CHARACTERS = 500_000
"""Characters of plain text in one article; what follows is not read."""
MOST_BLOCKS = 20_000
LONGEST_LABEL = 300
"""Characters of a heading, lead or label that blocks carry along."""

Rows = Sequence[Sequence[str]]
"""Cells of a table, row by row."""

_SPACES = re.compile(r"\s+")


class Builder:
    """Takes the pieces of an article in their order; `article` is the result.

    White space inside a piece is collapsed and unsafe characters are removed. Pieces past
    `MOST_CHARACTERS` or `MOST_BLOCKS` are dropped, and `full` says so.
    """

    def __init__(self) -> None:
        self.full = False
        self.notes: list[str] = []
        self.title = ""
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._headings: dict[int, str] = {}
        self._leads: list[str] = []
        self._before = ""  # the paragraph right before, which may introduce a list
        self._tables = 0

    @property
    def begun(self) -> bool:
        """Whether there is a piece already."""
        return bool(self._blocks)

    def heading(self, text: str, level: int, line: int) -> None:
        """A heading of `level` 1 to 6; it ends those of its level and below."""
        self._leads, self._before = [], ""
        self._headings = {at: said for at, said in self._headings.items() if at < level}
        said = self._add("heading", text, "\n\n", Block("heading", 0, 0, line, level))
        if said:
            self._headings[level] = said[:LONGEST_LABEL]
            self.title = self.title or said[:LONGEST_LABEL]

    def paragraph(self, text: str, line: int, kind: BlockKind = "paragraph") -> None:
        """A paragraph, quote or piece of code; one that ends in a colon introduces a list."""
        said = self._add(kind, text, "\n\n", Block(kind, 0, 0, line))
        if said:
            self._leads = []
            self._before = said[:LONGEST_LABEL] if said.endswith(":") else ""

    def item(self, text: str, level: int, line: int) -> None:
        """An item of a list at depth `level` from 1, introduced by the item or line above it."""
        if level == 1 and not self._leads:
            self._leads = [self._before]
        self._leads = self._leads[:level] + [""] * (level - len(self._leads))
        block = Block("item", 0, 0, line, level, lead=self._leads[level - 1])
        self._leads.append(self._add("item", text, "\n", block)[:LONGEST_LABEL])

    def table(self, rows: Rows, lines: Sequence[int], labels: Sequence[str]) -> None:
        """A table: `lines` are those its rows stand in; `labels` those of its columns, if any.

        With labels the first row is the one that holds them.
        """
        self._tables += 1
        short = [_even(label)[:LONGEST_LABEL] for label in labels]
        for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
            top = bool(labels) and number == 0
            self._row(row, line, [] if top else short, top)
        self._leads, self._before = [], ""

    def article(self, name: str) -> Article:
        """What was put together, under `name`."""
        if self.full:
            self.notes.append(
                f"only the first {self._length:,} characters and {len(self._blocks):,} pieces "
                "were read"
            )
        text = "".join(self._parts)
        return Article(name, text, tuple(self._blocks), self.title, tuple(self.notes))

    def _row(self, row: Sequence[str], line: int, labels: Sequence[str], top: bool) -> None:
        label = _even(row[0])[:LONGEST_LABEL] if row and not top else ""
        separator = "\n"
        for at, cell in enumerate(row):
            column = labels[at] if at < len(labels) else ""
            block = Block(
                "cell", 0, 0, line, row=label if at else "", column=column, table=self._tables
            )
            if self._add("cell", cell, separator, block):
                separator = "\t"

    def _add(self, kind: BlockKind, text: str, separator: str, block: Block) -> str:
        """Append a piece; the text as it was taken, empty if there is none."""
        said = _even(text)
        room = MOST_CHARACTERS - self._length - 2
        if said and (room < len(said) or len(self._blocks) >= MOST_BLOCKS):
            cut = 0 if self.full or len(self._blocks) >= MOST_BLOCKS else max(0, room)
            self.full, said = True, said[:cut].rstrip()
        if not said:
            return ""
        alike = self._blocks and self._blocks[-1].kind == kind
        between = separator if alike or separator == "\t" else "\n\n"
        start = self._length + len(between) if self._parts else 0
        self._parts += [between, said] if self._parts else [said]
        self._length = start + len(said)
        headings = tuple(self._headings[at] for at in sorted(self._headings))
        self._blocks.append(replace(block, start=start, end=self._length, headings=headings))
        return said


def _even(text: str) -> str:
    return _SPACES.sub(" ", cleaned(text)).strip()
