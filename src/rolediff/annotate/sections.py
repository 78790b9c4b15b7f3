"""The sections of a posting: which lines are headings, and what stands under each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.arrays import Flags, Ints, in_order
from rolediff.annotate.pieces import Cut, Pieces
from rolediff.annotate.tokens import Tokens, as_texts, tokenise
from rolediff.annotate.trie import Hits, Trie, Words, compile_trie

SECTIONS: tuple[str, ...] = (
    "intro",
    "requirements",
    "preferred",
    "duties",
    "role",
    "company",
    "team",
    "benefits",
    "process",
    "legal",
    "other",
    "title",
)
"""Names of sections; `title` is the title, `intro` what stands before the first heading.

In a posting without any heading of duties or requirements that beginning is called `role`.
"""

_INTRO, _ROLE = SECTIONS.index("intro"), SECTIONS.index("role")
_TELLS = np.isin(SECTIONS, ("requirements", "preferred", "duties"))

_WHOLE, _START, _ANYWHERE = range(3)
_MODES = ("whole", "start", "anywhere")
_SHORT, _BRIEF, _LEAD_IN = 14, 9, 34  # tokens in a line: "start", "anywhere", before a colon
_COLON_WITHIN = 4  # bytes after a word in which its colon stands: "**Requirements** :"

_PROSE = np.isin(np.arange(256), list(b".;,!"))  # after these a line is no heading

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Headings:
    """The phrases of `data/headings.toml`, with the section and the mode of each."""

    phrases: tuple[str, ...]
    sections: Ints
    modes: Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a batch that hold words: first token, one past the last, and their shape."""

    first: Ints
    stop: Ints
    bullet: Flags
    colon: Flags
    sentence: Flags

    def take(self, which: Ints) -> Lines:
        """The lines at these places."""
        return Lines(*(getattr(self, name)[which] for name in Lines.__slots__))


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of texts in order, wherever their pieces stand, and the section of each (n).

    `place` = the place in `pieces` of each; `shift` = of each place, how much further a line
    stands here than among the distinct lines `tokens.lines`.
    """

    tokens: Tokens
    pieces: Pieces
    lines: Lines
    codes: Codes
    place: Ints
    shift: Ints

    def section_of(self, first: Ints, place: Ints) -> Ints:
        """The section in which each token stands, at its place."""
        line = self.tokens.line.take(first)
        line += self.shift.take(place)
        return self.codes.take(line).astype(np.int64)

    @property
    def text(self) -> Ints:
        """Whose line each is."""
        return self.pieces.text[self.place]


@cache
def headings() -> Headings:
    """The headings that ship with the package."""
    text = files("rolediff").joinpath("data/headings.toml").read_text(encoding="utf-8")
    rows = [
        (phrase, SECTIONS.index(section), mode)
        for section, listed in tomllib.loads(text).items()
        for mode, name in enumerate(_MODES)
        for phrase in listed[name]
    ]
    phrases, sections, modes = zip(*rows, strict=True)
    return Headings(phrases, np.array(sections), np.array(modes))


def split(batch: pl.Series | list[str | None]) -> pl.DataFrame:
    """The sections of each posting: `posting` (its index), `section`, `start`, `end`.

    Offsets are characters; the spans of a posting follow one another from 0 to its length, and a
    heading belongs to the section that it opens. A posting without text has no row.
    """
    known = as_texts(batch)
    pieces = Cut.of(known).pieces((0, len(known)))
    tokens, trie = tokenise(pieces.distinct), _headings_trie()
    outline = outlined(tokens, trie.words_of(tokens), trie, headings(), pieces)
    texts, codes, place = outline.text, outline.codes, outline.place
    opens = _changes(texts, codes)
    starts = tokens.starts[outline.lines.first[opens]]
    frame = pl.DataFrame(
        {
            "posting": texts[opens],
            "section": np.array(SECTIONS)[codes[opens]],
            "start": pieces.char[place[opens]]
            + tokens.characters(starts, pieces.piece[place[opens]]),
        },
        schema={"posting": pl.Int64, "section": pl.String, "start": pl.Int64},
    )
    return _closed(frame, known.str.len_chars().cast(pl.Int64))


def _closed(frame: pl.DataFrame, lengths: pl.Series) -> pl.DataFrame:
    """Spans that begin at 0 and end where the next begins, or the posting ends."""
    previous, following = pl.col("posting").shift(1), pl.col("posting").shift(-1)
    whole = lengths.gather(frame["posting"])
    return frame.with_columns(
        start=pl.when(previous.eq_missing(pl.col("posting"))).then("start").otherwise(0)
    ).with_columns(
        end=pl.when(following.eq_missing(pl.col("posting")))
        .then(pl.col("start").shift(-1))
        .otherwise(whole)
    )


@cache
def _headings_trie() -> Trie:
    return compile_trie({"heading": headings().phrases})


def outlined(tokens: Tokens, words: Words, trie: Trie, known: Headings, pieces: Pieces) -> Outline:
    """The lines of texts, and the section of each as an index into `SECTIONS`.

    `tokens` = those of the distinct `pieces`; `words` = the same as words of `trie`, whose set
    "heading" holds those of `known`.
    """
    lines = _lines(tokens)
    own = np.append(tokens.line, len(lines.first)).take(tokens.firsts)
    which, place = pieces.everywhere(own)
    opened = _opened(tokens, words, trie, known, lines)[which]
    codes = _codes(opened, pieces.text[place], pieces.texts)
    counts = np.diff(own).take(pieces.piece)
    shift = np.cumsum(counts) - counts - own.take(pieces.piece)
    return Outline(tokens, pieces, lines.take(which), codes, place, shift)


def _codes(opened: Ints, text: Ints, texts: int) -> Codes:
    """The section of each line; `opened` = what it opens, or -1; `text` = whose it is."""
    new_text = _changes(text)
    opened[new_text] = np.maximum(opened[new_text], _INTRO)
    last = np.maximum.accumulate(np.where(opened >= 0, np.arange(len(opened)), 0))
    codes = opened[last].astype(np.int8)
    told = np.zeros(texts, dtype=np.bool_)
    told[text[_TELLS[codes]]] = True
    codes[(codes == _INTRO) & ~told[text]] = _ROLE
    return codes


def _changes(*columns: npt.NDArray[np.integer]) -> Ints:
    """Where a row differs from the one before, the first row included."""
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    differs = np.ones(len(columns[0]), dtype=np.bool_)
    differs[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.flatnonzero(differs)


def _lines(tokens: Tokens) -> Lines:
    first, plain = tokens.lines, tokens.plain
    stop = np.append(first[1:], len(tokens.starts))[: len(first)]
    start, end = tokens.starts[first], tokens.ends[stop - 1]
    colon = np.zeros(len(first), dtype=np.bool_)
    same_line = ~colon
    for k in range(_COLON_WITHIN):
        sign = plain[end + k]
        same_line &= (sign != 0) & (sign != ord("\n"))
        colon |= same_line & (sign == ord(":"))
    return Lines(
        first=first,
        stop=stop,
        bullet=_bulleted(tokens, start),
        colon=colon | (plain[end] == "…".encode()[0]),
        sentence=_PROSE[plain[end]],
    )


def _bulleted(tokens: Tokens, start: Ints) -> Flags:
    """Whether a bullet stands before a line: "- ", "* ", or a round or square one."""
    blank = (start > 1) & (tokens.plain[start - 1] == ord(" "))
    sign = tokens.plain[start - 2]
    lead, second = tokens.plain[start - 4], tokens.plain[start - 3]
    round_ = (second == 0x80) | (second == 0x96) | (second == 0x97)
    wide = (lead == 0xE2) & round_ & (start > 3)
    bulleted: Flags = blank & ((sign == ord("-")) | (sign == ord("*")) | wide | (sign == 0xB7))
    return bulleted


def _opened(tokens: Tokens, words: Words, trie: Trie, known: Headings, lines: Lines) -> Ints:
    """The section that each line opens, or -1."""
    size = lines.stop - lines.first
    near = ((size <= _BRIEF) & ~lines.sentence | lines.colon & (size <= _LEAD_IN)) & ~lines.bullet
    looked_at = np.repeat(near, size)
    looked_at[lines.first] = True
    hits = trie.walk(words, "heading", np.flatnonzero(looked_at))
    line = tokens.line.take(hits.first)
    rank = _ranks(tokens, lines, known, hits, line)
    fit = np.flatnonzero(rank <= _ANYWHERE)
    hits, rank, line = hits.take(fit), rank[fit], line[fit]
    length = hits.stop - hits.first
    order = in_order(line, rank, length.max(initial=0) - length, hits.first)
    best = order[_changes(line[order])]
    opened = np.full(len(size), -1, dtype=np.int64)
    opened[line[best]] = known.sections[hits.phrase[best]]
    return opened


def _ranks(tokens: Tokens, lines: Lines, known: Headings, hits: Hits, line: Ints) -> Ints:
    """How well each hit fits its line: whole, start or anywhere; more than that is no heading."""
    size, mode = (lines.stop - lines.first)[line], known.modes[hits.phrase]
    at_start = hits.first == lines.first[line]
    ends_line = hits.stop == lines.stop[line]
    colon = tokens.plain[tokens.ends[hits.stop - 1]] == ord(":")
    bullet, prose = lines.bullet[line], lines.sentence[line]
    whole = at_start & ((ends_line & ~(bullet & prose)) | colon)
    short = at_start & (size <= _SHORT) & ~prose & ~bullet
    lead_in = lines.colon[line] & (size <= _LEAD_IN)
    near = ((size <= _BRIEF) & ~prose | lead_in) & ~bullet
    ranks = np.full(len(hits), _ANYWHERE + 1)
    ranks[near & (mode == _ANYWHERE)] = _ANYWHERE
    ranks[(short | (at_start & lead_in & ~bullet)) & (mode == _START)] = _START
    ranks[whole & (mode <= _START)] = _WHOLE
    return ranks
