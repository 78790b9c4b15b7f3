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


def rows_to_read(texts: pl.Series, pieces: Pieces) -> tuple[Ints, Ints]:
    """Rows that may state pay: those with a sign only, and those where a sign may be lacking.

    `pieces` = those of `texts`, none of which is null.
    """
    figures = _Figures.of(pieces)
    marked, figure = figures.meeting("marked"), figures.meeting("figure")
    behind = figures.meeting("behind", figure)
    bare = [
        figures.meeting("coded"),
        figures.meeting("unsigned_marked", marked),
        figures.meeting("ahead", figure),
        figures.meeting("unsigned_behind", behind),
    ]
    unsure = (texts.str.len_chars() <= SHORT).to_numpy() | figures.rows(bare)
    signed = figures.rows([figures.meeting("signed")])
    return np.flatnonzero(signed & ~unsure), np.flatnonzero(unsure)


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

    def rows(self, found: list[Ints]) -> Flags:
        """For each text whether one of its pieces is among those found."""
        met = np.zeros(len(self.pieces.distinct), dtype=np.bool_)
        met[self.number[np.concatenate(found)]] = True
        rows = np.zeros(self.pieces.texts, dtype=np.bool_)
        rows[self.pieces.text[met[self.pieces.piece]]] = True
        return rows
