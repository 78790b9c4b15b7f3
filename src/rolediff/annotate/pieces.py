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

    `each` = every piece, the first of text t at `begins[t]`; `keys` = 64 bits that stand for it;
    `byte`, `char` = where in its text it starts.
    """

    each: pl.Series
    begins: Ints
    keys: Keys
    byte: Ints
    char: Ints

    @classmethod
    def of(cls, texts: pl.Series) -> Cut:
        """All pieces of `texts`, none of which is null."""
        lists = texts.str.split(_BLANK_LINE)
        each = lists.explode(empty_as_null=True)
        counts = lists.list.len().to_numpy().astype(np.int64)
        begins = np.append(0, np.cumsum(counts))
        first = np.repeat(begins[:-1], counts)
        return cls(
            each=each,
            begins=begins,
            keys=each.hash().to_numpy(),
            byte=_ahead(each.str.len_bytes(), first),
            char=_ahead(each.str.len_chars(), first),
        )

    def pieces(self, *spans: tuple[int, int]) -> Pieces:
        """The pieces of the texts of each span, from the first up to the second of its numbers."""
        texts = np.concatenate([np.arange(*span) for span in spans])
        at = between(self.begins[texts], self.begins[texts + 1])
        _, first, piece = np.unique(self.keys[at], return_index=True, return_inverse=True)
        counts = self.begins[texts + 1] - self.begins[texts]
        return Pieces(
            distinct=self.each.gather(at[first]),
            texts=len(texts),
            piece=piece,
            text=np.repeat(np.arange(len(texts)), counts),
            byte=self.byte[at],
            char=self.char[at],
        )


def _ahead(sizes: pl.Series, first: Ints) -> Ints:
    """Where in its text each piece starts; `first` = index of the first piece of that text."""
    size = sizes.to_numpy().astype(np.int64) + len(_BLANK_LINE)
    ahead = np.cumsum(size) - size
    starts: Ints = ahead - ahead[first]
    return starts
