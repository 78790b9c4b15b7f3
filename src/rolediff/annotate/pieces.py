"""Texts cut at their blank lines, and pieces that are alike held once.

Employers say the same of themselves, their benefits and the law in each of their postings: half
of what a job board holds stands there several times. No phrase or sentence goes beyond a blank
line, so what is found in a piece is found wherever it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Ints, Keys, between

_BLANK_LINE = "\n\n"


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of some texts: `distinct` = each once (m), `texts` = how many texts.

    Per place (n) at which a piece stands, in order of texts: `piece` = index into `distinct`,
    `text` = index of its text, `byte`, `char` = where in the text it starts.
    """

    distinct: pl.Series
    texts: int
    piece: Ints
    text: Ints
    byte: Ints
    char: Ints

    def everywhere(self, begins: Ints) -> tuple[Ints, Ints]:
        """Things in pieces, wherever they stand: index of each, and its place; in order of texts.

        `begins` = index of the first thing of each piece, and one more (m + 1).
        """
        first, stop = begins[self.piece], begins[self.piece + 1]
        return between(first, stop), np.repeat(np.arange(len(first)), stop - first)


@dataclass(frozen=True, slots=True)
class Cut:
    """Texts cut into pieces, of which any part can be had as `Pieces`.

    `distinct` = each piece once; `piece` = index into it of every piece, the first of text t at
    `begins[t]`; `byte`, `char` = where in its text it starts.
    """

    distinct: pl.Series
    piece: Ints
    begins: Ints
    byte: Ints
    char: Ints

    @classmethod
    def of(cls, texts: pl.Series) -> Cut:
        """All pieces of `texts`, none of which is null."""
        lists = texts.str.split(_BLANK_LINE)
        each = lists.explode(empty_as_null=True)
        counts = lists.list.len().to_numpy().astype(np.int64)
        begins = np.append(0, np.cumsum(counts))
        start = np.repeat(begins[:-1], counts)
        first, piece = numbered(each.hash().to_numpy())
        distinct = each.gather(first)
        return cls(
            distinct=distinct,
            piece=piece,
            begins=begins,
            byte=_ahead(distinct.str.len_bytes(), piece, start),
            char=_ahead(distinct.str.len_chars(), piece, start),
        )

    def pieces(self, *spans: tuple[int, int]) -> Pieces:
        """The pieces of the texts of each span, from the first up to the second of its numbers."""
        texts = np.concatenate([np.arange(*span) for span in spans])
        counts = self.begins[texts + 1] - self.begins[texts]
        at = between(self.begins[texts], self.begins[texts + 1])
        here, piece = _renumbered(self.piece[at], len(self.distinct))
        return Pieces(
            distinct=self.distinct.gather(here),
            texts=len(texts),
            piece=piece,
            text=np.repeat(np.arange(len(texts)), counts),
            byte=self.byte[at],
            char=self.char[at],
        )


def numbered(keys: Keys) -> tuple[Ints, Ints]:
    """Where each distinct key stands, and for each of `keys` which of those it is."""
    order = np.argsort(keys)
    ordered = keys[order]
    new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    number = np.empty(len(keys), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return order[new], number


def _renumbered(piece: Ints, pieces: int) -> tuple[Ints, Ints]:
    """The distinct numbers among `piece` (each below `pieces`), and which of those each is."""
    place = np.arange(len(piece))
    last = np.empty(pieces, dtype=np.int64)  # read only where it was written
    last[piece] = place
    owner = last[piece]
    is_last = owner == place
    number = np.cumsum(is_last) - 1
    return piece[is_last], number[owner]


def _ahead(sizes: pl.Series, piece: Ints, start: Ints) -> Ints:
    """Where in its text each piece starts; `start` = index of the first piece of that text."""
    size = sizes.to_numpy().astype(np.int64).take(piece) + len(_BLANK_LINE)
    ahead = np.cumsum(size) - size
    starts: Ints = ahead - ahead.take(start)
    return starts
