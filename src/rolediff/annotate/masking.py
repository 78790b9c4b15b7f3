"""The words of a posting without what differs between copies of one ad: places and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints, Keys, between
from rolediff.annotate.letter_runs import Runs, letter_runs
from rolediff.annotate.pieces import Cut, Pieces
from rolediff.annotate.word_numbers import Numbers, number_of, numbers_of
from rolediff.read import values

_ENDINGS = ("", "n", "an", "ese", "ian", "ish")  # Korea, Korean; Japan, Japanese


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked words of m texts: `joined` by single blanks, in UTF-8 (m); and n `numbers` of 64
    bits (`word_numbers.number_of`), those of the words of text i from `begins[i]` (m + 1)."""

    joined: list[bytes]
    numbers: Keys
    begins: Ints

    @classmethod
    def of(cls, words: pl.Series) -> Masked:
        """Lists of words as they are (List(String), without null)."""
        distinct = words.explode(empty_as_null=False).unique()
        told = pl.Series([number_of(word.encode()) for word in distinct], dtype=pl.UInt64)
        flat = words.explode(empty_as_null=False).replace_strict(distinct, told)
        begins = np.concatenate([[0], np.cumsum(words.list.len().to_numpy())]).astype(np.int64)
        return cls([text.encode() for text in words.list.join(" ")], flat.to_numpy(), begins)


def masked(postings: pl.DataFrame) -> Masked:
    """The words of each text in lower case, without countries, numbers and its own location.

    A word is a run of letters; Chinese, Japanese and Thai are taken character by character. Row by
    row: a text's words depend on it and its location alone. A piece of text that stands in several
    is read once.
    """
    pieces = Cut.of(_texts(postings["text"])).pieces((0, postings.height))
    words = _Words.of(pieces.distinct)
    which, begins = words.within(pieces)
    numbers = words.numbers.take(which)
    if "location" in postings.columns:
        kept = np.ones(len(which), dtype=np.bool_)
        kept[_own_places(_texts(postings["location"]), numbers, begins)] = False
        which, numbers = which[kept], numbers[kept]
        begins = np.append(0, np.cumsum(kept))[begins]
    return Masked(words.joined(which, begins), numbers, begins)


def masked_words(postings: pl.DataFrame) -> pl.Series:
    """The masked words of each text (List(String))."""
    told = [text.decode().split() for text in masked(postings).joined]
    return pl.Series("word", told, dtype=pl.List(pl.String))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of m distinct pieces of text, but for countries: n `numbers`, those of piece i from
    `begins[i]` (m + 1); `data` = all of them, a blank after each, that of word k from `at[k]`
    (n + 1)."""

    numbers: Keys
    begins: Ints
    data: bytes
    at: Ints

    @classmethod
    def of(cls, pieces: pl.Series) -> _Words:
        """Those of `pieces`."""
        runs = letter_runs(pieces)
        numbers, begins = numbers_of(runs), np.searchsorted(runs.starts, runs.bounds)
        kept = np.ones(len(numbers), dtype=np.bool_)
        kept[_countries().places(numbers)[0]] = False
        sizes = runs.ends[kept] - runs.starts[kept] + 1
        return cls(
            numbers=numbers[kept],
            begins=np.append(0, np.cumsum(kept))[begins],
            data=_joined(runs, kept),
            at=np.append(0, np.cumsum(sizes)),
        )

    def within(self, pieces: Pieces) -> tuple[Ints, Ints]:
        """Which words the texts that are cut into `pieces` have, and where in them each begins."""
        which, _ = pieces.everywhere(self.begins)
        sizes = np.diff(self.begins).take(pieces.piece)
        ahead = np.append(0, np.cumsum(sizes))
        return which, ahead[np.searchsorted(pieces.text, np.arange(pieces.texts + 1))]

    def joined(self, which: Ints, begins: Ints) -> list[bytes]:
        """Words `which` of each text, that of text i from `begins[i]`, joined by single blanks."""
        new = np.ones(len(which), dtype=np.bool_)
        np.not_equal(which[1:], which[:-1] + 1, out=new[1:])
        new[begins[:-1][begins[:-1] < len(which)]] = True
        first = np.flatnonzero(new)
        last = np.append(first, len(which))[1:] - 1
        starts, stops = self.at.take(which[first]).tolist(), self.at.take(which[last] + 1).tolist()
        runs = [self.data[a:b] for a, b in zip(starts, stops, strict=True)]
        of_text = np.searchsorted(first, begins).tolist()
        return [b"".join(runs[a:b])[:-1] for a, b in pairwise(of_text)]


def _joined(runs: Runs, kept: Flags) -> bytes:
    """The kept words, a blank after each."""
    out, inside = runs.data.copy(), runs.inside.copy()
    gone = np.flatnonzero(~kept)
    inside[between(runs.starts[gone], runs.ends[gone])] = False
    after = runs.ends[kept]
    out[after], inside[after] = ord(" "), True  # one byte at least is between two words
    content: bytes = out[inside].tobytes()
    return content


def _texts(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.String).fill_null("")


def _own_places(locations: pl.Series, numbers: Keys, begins: Ints) -> Ints:
    """Which words are in the location of their text too; those of one or two characters are not."""
    runs = letter_runs(locations)
    long = np.flatnonzero(_characters(runs) > 2)
    text = np.searchsorted(runs.bounds, runs.starts[long], side="right") - 1
    theirs = numbers_of(runs)[long]
    names = Numbers.of(theirs)
    here, which = names.places(numbers)
    mine = np.searchsorted(begins, here, side="right") - 1
    size = max(len(names), 1)
    own = text * size + names.places(theirs)[1]
    return here[np.isin(mine * size + which, own)]


def _characters(runs: Runs) -> Ints:
    """How many characters each run has."""
    first = np.cumsum((runs.data & 0xC0) != 0x80)
    sizes: Ints = first[runs.ends - 1] - first[runs.starts] + 1
    return sizes


@cache
def _countries() -> Numbers:
    """Words of the names of countries and, roughly, of their people."""
    names = [name.casefold() for name in _country_names()]
    words = {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name)}
    words -= {"and", "the", "new"}
    forms = {word + end for word in words if len(word) > 3 for end in _ENDINGS}
    numbers = [number_of(word.encode()) for word in words | forms]
    return Numbers.of(np.array(numbers, dtype=np.uint64))


def _country_names() -> list[str]:
    return [*values.country_names().values(), "Korea", "UK", "USA", "Holland", "England", "UAE"]
