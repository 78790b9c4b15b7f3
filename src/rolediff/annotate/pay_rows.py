"""Which postings of a batch are worth reading for pay, by patterns of the Rust engine.

What is looked for stands within a line, so each distinct piece of text is looked at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.pay_evidence import SHORT
from rolediff.annotate.pay_words import worth_reading
from rolediff.annotate.pieces import Pieces

_DIGIT = "[0-9]"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that may state pay: those with a sign only, and those where a sign may be lacking.

    `digits` = of each row the pieces that hold a digit, as spans of characters.
    """

    signed: Ints
    unsure: Ints
    digits: dict[int, list[tuple[int, int]]]


def rows_to_read(texts: pl.Series, pieces: Pieces) -> Rows:
    """The rows worth reading; `pieces` = those of `texts`, none of which is null."""
    figures = _Figures.of(pieces)
    figure = figures.meeting("figure")
    behind = figures.meeting("behind", figure)
    bare = [
        figures.meeting("coded"),
        figures.meeting("ahead", figure),
        figures.meeting("unsigned_behind", behind),
    ]
    marked, unsigned = (
        figures.rows([figures.meeting(name)]) for name in ("marked", "unsigned_marked")
    )
    unsure = (texts.str.len_chars() <= SHORT).to_numpy() | figures.rows(bare)
    unsure |= marked & unsigned
    signed = figures.rows([figures.meeting("signed")])
    return Rows(np.flatnonzero(signed & ~unsure), np.flatnonzero(unsure), figures.spans(unsure))


@dataclass(frozen=True, slots=True)
class _Figures:
    """The distinct pieces with a digit: `number` of each, and its text with a line break behind."""

    pieces: Pieces
    number: Ints
    text: pl.Series

    @classmethod
    def of(cls, pieces: Pieces) -> _Figures:
        number = pieces.distinct.str.contains(_DIGIT).arg_true()
        text = pieces.distinct.gather(number) + "\n"
        return cls(pieces, number.to_numpy().astype(np.int64), text)

    def meeting(self, name: str, among: Ints | None = None) -> Ints:
        """Those (of `among`, indexes of `text`) that meet a pattern of that name."""
        text = self.text if among is None else self.text.gather(among)
        patterns = (pl.col("text").str.contains(pattern) for pattern in worth_reading()[name])
        met = text.alias("text").to_frame().select(pl.any_horizontal(patterns))
        at = np.flatnonzero(met.to_series().to_numpy())
        return at if among is None else among[at]

    def spans(self, which: Flags) -> dict[int, list[tuple[int, int]]]:
        """Of each text that is flagged and has a digit, where the pieces with one stand."""
        size = np.zeros(len(self.pieces.distinct), dtype=np.int64)
        size[self.number] = self.text.str.len_chars().to_numpy()
        of_place = size.take(self.pieces.piece)
        at = np.flatnonzero((of_place > 0) & which.take(self.pieces.text))
        start = self.pieces.char.take(at)
        stop = start + of_place.take(at) - 1  # without the line break
        found: dict[int, list[tuple[int, int]]] = {}
        rows = self.pieces.text.take(at).tolist()
        for row, span in zip(rows, zip(start.tolist(), stop.tolist(), strict=True), strict=True):
            found.setdefault(row, []).append(span)
        return found

    def rows(self, found: list[Ints]) -> Flags:
        """For each text whether one of its pieces is among those found."""
        met = np.zeros(len(self.pieces.distinct), dtype=np.bool_)
        met[self.number[np.concatenate(found)]] = True
        rows = np.zeros(self.pieces.texts, dtype=np.bool_)
        rows[self.pieces.text[met[self.pieces.piece]]] = True
        return rows
