"""A small batch of postings, cut into words, sentences, lines and sections once for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints, in_order
from rolediff.annotate.sections import SECTIONS, Outline
from rolediff.annotate.tokens import Tokens
from rolediff.annotate.trie import Words

SPAN = pl.Struct(
    {
        "text": pl.String(),  # as it stands there
        "start": pl.Int64(),  # in the text, code points
        "end": pl.Int64(),
        "concept": pl.String(),
        "section": pl.String(),  # one of sections.SECTIONS
    }
)
"""Something that a text says, where it says it, and what it means."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Texts of postings, read as far as all that looks for phrases needs it.

    `tokens` = those of the distinct pieces of its texts; `words` = the same as words of the trie of
    the vocabulary; `sentences` = index of the token that begins each sentence; `outline` = the
    lines wherever they stand, and the section of each; `titles` = how many of the texts, the
    first ones, are titles; `at` = the place in the whole batch of the first posting.
    """

    tokens: Tokens
    words: Words
    sentences: Ints
    outline: Outline
    titles: int
    at: int

    def lines_in(self, which: Flags) -> Ints:
        """Lines of texts (not of titles) that stand in the sections of which the flag is set."""
        first = np.searchsorted(self.outline.text, self.titles)
        lines: Ints = first + np.flatnonzero(which[self.outline.codes[first:]])
        return lines

    def everywhere(self, first: Ints) -> tuple[Ints, Ints]:
        """What begins at the tokens `first` (sorted), wherever it stands: index, and place."""
        return self.outline.pieces.everywhere(np.searchsorted(first, self.tokens.firsts))

    def words_in(self, *sections: str) -> Ints:
        """How many words each posting has in these sections."""
        lines = self.lines_in(those(*sections))
        size = self.outline.lines.stop[lines] - self.outline.lines.first[lines]
        text = self.outline.text[lines] - self.titles
        counts = np.bincount(text, weights=size, minlength=self.postings)
        return counts.astype(np.int64)

    @property
    def postings(self) -> int:
        """How many postings it holds."""
        return self.outline.pieces.texts - self.titles


def those(*sections: str) -> Flags:
    """For each of `SECTIONS` whether it is one of these."""
    return np.array([name in sections for name in SECTIONS], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Spans:
    """What was found on a sheet: posting, concept and section of each, and its place.

    `byte`, `size` = where it starts in the text and how long it is, in bytes; `start`, `end` =
    the same in code points.
    """

    posting: Ints
    concept: Ints
    section: Ints
    byte: Ints
    size: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(
        cls, sheet: Sheet, place: Ints, first: Ints, stop: Ints, concept: Ints, section: Ints
    ) -> Spans:
        """The spans from the token `first` up to `stop` at a `place` (n each)."""
        tokens, pieces = sheet.tokens, sheet.outline.pieces
        start, end, piece = tokens.starts[first], tokens.ends[stop - 1], pieces.piece[place]
        return cls(
            posting=pieces.text[place] - sheet.titles + sheet.at,
            concept=concept,
            section=section,
            byte=pieces.byte[place] + start - tokens.bounds[piece],
            size=end - start,
            start=pieces.char[place] + tokens.characters(start, piece),
            end=pieces.char[place] + tokens.characters(end, piece),
        )

    def take(self, which: Ints | Flags) -> Spans:
        """The spans at these places, or where the flag is set."""
        return Spans(*(getattr(self, name)[which] for name in Spans.__slots__))


def listed(
    parts: list[Spans], texts: pl.Series, names: pl.Series, distinct: list[str]
) -> pl.Series:
    """For each of `texts` the list of its spans (`SPAN`), by place; empty where there is none.

    `names` = the name of each concept; of spans of a posting alike in `distinct` (columns of
    `SPAN`) the first is kept.
    """
    found = _table(parts, texts, names, distinct)
    fields = [field.name for field in SPAN.fields]
    found = found.with_columns(pl.col("posting").set_sorted())  # groups are slices then
    lists = found.group_by("posting", maintain_order=True).agg(pl.struct(fields).alias("spans"))
    every = pl.DataFrame({"posting": pl.int_range(len(texts), dtype=pl.Int64, eager=True)})
    joined = every.join(lists, on="posting", how="left", maintain_order="left")
    return joined["spans"].fill_null([]).cast(pl.List(SPAN))


def _table(
    parts: list[Spans], texts: pl.Series, names: pl.Series, distinct: list[str]
) -> pl.DataFrame:
    empty = np.zeros(0, dtype=np.int64)
    columns = {
        name: np.concatenate([empty, *(getattr(part, name) for part in parts)])
        for name in Spans.__slots__
    }
    order = in_order(columns["posting"], columns["start"], columns["end"])
    columns = {name: column.take(order) for name, column in columns.items()}
    sizes = {"concept": len(names), "section": len(SECTIONS)}
    key = columns["posting"]
    for name in distinct:
        key = key * sizes[name] + columns[name]
    found = pl.DataFrame(columns).filter(pl.Series(key).is_first_distinct())
    return found.with_columns(
        text=texts.cast(pl.Binary).gather(found["posting"]),
        concept=names.gather(found["concept"]),
        section=pl.Series(SECTIONS).gather(found["section"]),
    ).with_columns(text=pl.col("text").bin.slice("byte", "size").cast(pl.String))
