"""Which lines of a posting stand under a heading of wishes ("Nice to have"), not of demands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.fact_words import any_of, heading_stems, words_of
from rolediff.annotate.pieces import Pieces

_LONGEST = 90  # bytes; a heading is shorter


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings among the lines of distinct pieces of text.

    `at` = index of the line of each heading, sorted; `wish` = whether it names wishes; `begins` =
    index of the first line of each piece, and one more (m + 1).
    """

    at: Ints
    wish: Flags
    begins: Ints

    @classmethod
    def of(cls, line: pl.Series, begins: Ints) -> Headings:
        """The headings among all lines of the pieces, the first of piece p being `begins[p]`."""
        words = words_of("wishes")
        size = line.str.len_bytes().to_numpy()
        short = np.flatnonzero((size > 2) & (size < _LONGEST))
        short = short[~line.gather(short).str.contains(words["item"]).to_numpy()]
        heading = short[any_of(line.gather(short), heading_stems()).to_numpy()]
        wish = line.gather(heading).str.contains(f"(?i:{words['wish']})").to_numpy()
        return cls(heading, wish, begins)

    def wished(self, lines: Ints, place: Ints, pieces: Pieces) -> Flags:
        """Whether each of `lines` is under a heading of wishes where it stands, at a `place`."""
        if not len(self.at):
            return np.zeros(len(lines), dtype=np.bool_)
        heading = np.searchsorted(self.at, lines, side="right") - 1
        piece = pieces.piece.take(place)
        inside = self._within(heading, piece)
        ruling = np.where(inside, heading, self._carried(pieces).take(place))
        wished: Flags = (ruling >= 0) & self.wish[ruling]
        return wished

    def _within(self, heading: Ints, piece: Ints) -> Flags:
        """Whether each heading, the last up to some line of a piece, stands in that piece."""
        within: Flags = (heading >= 0) & (self.at[heading] >= self.begins[piece])
        return within

    def _carried(self, pieces: Pieces) -> Ints:
        """The last heading before each place of the pieces in its text, or -1."""
        of_piece = np.searchsorted(self.at, self.begins[1:]) - 1
        within = self._within(of_piece, np.arange(len(of_piece)))
        last, own = of_piece.take(pieces.piece), within.take(pieces.piece)
        latest = np.maximum.accumulate(np.where(own, np.arange(len(own)), -1))
        before = np.append(-1, latest[:-1])[: len(own)]
        same = (before >= 0) & (pieces.text[before] == pieces.text)
        return np.where(same, last[before], -1)
