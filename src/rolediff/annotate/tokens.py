"""A batch of texts as tokens: one buffer of bytes, and numpy arrays of where its words stand.

Nothing is done token by token in Python. A word is a run of ASCII letters, digits and letters of
other alphabets; "C++", "F#" and ".NET" keep their signs, a Chinese or Japanese character is a
token of its own. What stands between two words is told by one small code, so that "fine-tuning",
"fine tuning" and a line broken at the hyphen are the same two tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Bytes, Flags, Ints, Keys, counted, looked_up
from rolediff.annotate.letters import FILLER, classes_of, words

SOFT, SLASH, AMPERSAND, DOT, APOSTROPHE, BREAK = range(6)
"""Codes of what stands between two tokens. SOFT: nothing, blanks, one line break, a hyphen."""

_PAD = 32  # zero bytes after the last text, so that eight bytes can be read from any place
_LOWER = bytes(range(256)).lower()
_LONGEST_GAP = 12  # bytes between two words beyond which they never belong together

_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)

_BLANK, _LINE, _HYPHEN = 1, 2, 4
_OF_SIGN = {SLASH: 8, AMPERSAND: 16, DOT: 32, APOSTROPHE: 64}
_OTHER = 128


def _gap_bits() -> Bytes:
    table = np.full(256, _OTHER, dtype=np.uint8)
    table[[9, 32]] = _BLANK
    table[[10, 13]] = _LINE
    table[ord("-")] = _HYPHEN
    for code, sign in zip(_OF_SIGN, b"/&.'", strict=True):
        table[sign] = _OF_SIGN[code]
    table[FILLER] = 0
    return table


_GAP_BITS = _gap_bits()


def _gap_codes() -> Bytes:
    table = np.full(256, BREAK, dtype=np.uint8)
    table[[0, _BLANK, _LINE, _LINE | _BLANK, _HYPHEN, _HYPHEN | _LINE]] = SOFT
    table[[_HYPHEN | _BLANK, _HYPHEN | _LINE | _BLANK]] = SOFT
    for code in (SLASH, AMPERSAND):
        table[[_OF_SIGN[code], _OF_SIGN[code] | _BLANK]] = code
    table[_OF_SIGN[DOT]] = DOT
    table[_OF_SIGN[APOSTROPHE]] = APOSTROPHE
    return table


_GAP_CODES = _gap_codes()
_SHORT_GAP_CODES = _GAP_CODES[_GAP_BITS]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of texts; offsets are bytes of `raw` and of `plain`, alike in length.

    `raw` = the texts in UTF-8, a zero byte after each; `plain` = the same in lower case, with
    hyphens, apostrophes and blanks of every kind put in ASCII; `bounds` = where each text starts,
    and one more (m + 1); `starts`, `ends` (n) of the tokens; `gaps` (n) = the code of what stands
    before the token; `keys` (n) = 64 bits that stand for the word in lower case; `lines` = index
    of the tokens that are the first of their line or text, and `line` (n) = which of those lines
    each token is in; `firsts` = index of the first token of each text, and one more (m + 1);
    `continuations` = sorted offsets of bytes that do not begin a character, and `before` = how
    many of them stand before each of `bounds`.
    """

    raw: Bytes
    plain: Bytes
    bounds: Ints
    starts: Ints
    ends: Ints
    gaps: Bytes
    keys: Keys
    lines: Ints
    line: Ints
    firsts: Ints
    continuations: Ints
    before: Ints

    def text_of(self, offsets: Ints) -> Ints:
        """Index of the text in which each byte offset lies."""
        return np.searchsorted(self.bounds, offsets, side="right") - 1

    def characters(self, offsets: Ints, texts: Ints) -> Ints:
        """Byte offsets as character offsets from the start of their text (`texts` = its index)."""
        places: Ints = offsets - self.bounds.take(texts)
        ahead = self.before.take(texts)
        wide = np.flatnonzero(self.before.take(texts + 1) > ahead)
        of_wide = np.searchsorted(self.continuations, offsets[wide])
        places[wide] -= of_wide - ahead[wide]
        return places

    def cased_keys(self, which: Ints) -> Keys:
        """Like `keys`, but of the words as they are written, for the tokens `which`."""
        return word_keys(self.raw, self.starts[which], self.ends[which])


def as_texts(batch: Iterable[str | None] | pl.Series) -> pl.Series:
    """A batch as a series of strings in which null has become the empty text."""
    series = batch if isinstance(batch, pl.Series) else pl.Series(list(batch), dtype=pl.String)
    return series.cast(pl.String).fill_null("")


def tokenise(batch: Iterable[str | None] | pl.Series) -> Tokens:
    """The tokens of a batch of texts; null is an empty text. A function of each text alone."""
    texts = as_texts(batch).cast(pl.Binary)
    data = b"\0".join([*texts.to_list(), bytes(_PAD)])
    sizes = texts.bin.size("b").to_numpy().astype(np.int64)
    bounds = np.concatenate([[0], np.cumsum(sizes + 1)])
    raw = np.frombuffer(data, dtype=np.uint8)
    plain = np.frombuffer(bytearray(data.translate(_LOWER)), dtype=np.uint8)
    starts, ends, continuations = words(plain, classes_of(data))
    gaps, lines = _gaps(plain, starts, ends)
    return Tokens(
        raw=raw,
        plain=plain,
        bounds=bounds,
        starts=starts,
        ends=ends,
        gaps=gaps,
        keys=word_keys(plain, starts, ends),
        lines=lines,
        line=counted(lines, len(starts)) - 1,
        firsts=np.searchsorted(starts, bounds),
        continuations=continuations,
        before=np.searchsorted(continuations, bounds),
    )


def _gaps(plain: Bytes, starts: Ints, ends: Ints) -> tuple[Bytes, Ints]:
    """The code of what stands before each token, and the tokens with a line break before them.

    The gap before the first of all is a break, and that token begins a line.
    """
    codes = np.full(len(starts), BREAK, dtype=np.uint8)
    if not len(starts):
        return codes, np.zeros(0, dtype=np.int64)
    sizes = starts[1:] - ends[:-1]
    sign = plain.take(ends[:-1])
    codes[1:] = looked_up(_SHORT_GAP_CODES, sign)
    broken = _ends_line(sign)
    where = np.flatnonzero(sizes != 1)
    size, at = sizes[where], ends[where]
    of_pair, ends_line = _pairs()
    pair = plain[at].astype(np.int64) << 8 | plain[at + 1]
    code, line = of_pair[pair], ends_line[pair]
    other = np.flatnonzero(size != 2)
    code[other], line[other] = _long_gaps(plain, at[other], size[other])
    codes[where + 1], broken[where] = code, line
    return codes, np.concatenate([[0], np.flatnonzero(broken) + 1])


@cache
def _pairs() -> tuple[Bytes, Flags]:
    """What `_long_gaps` says of every gap of two bytes, which most of the long ones are."""
    pairs = np.arange(1 << 16, dtype=">u2").view(np.uint8)
    return _long_gaps(pairs, np.arange(0, 1 << 17, 2), np.full(1 << 16, 2))


def _long_gaps(plain: Bytes, at: Ints, sizes: Ints) -> tuple[Bytes, Flags]:
    """Codes of gaps of none, two or more bytes, and which hold the end of a line or text.

    A blank line, or a dash between blanks, is a break.
    """
    bits = looked_up(_GAP_BITS, plain[at])
    lines = _ends_line(plain[at]).astype(np.uint8)
    solid = ~np.uint8(_BLANK | _LINE)
    twice = sizes > _LONGEST_GAP
    alive = np.arange(len(at))
    for k in range(1, _LONGEST_GAP):
        alive = alive[sizes[alive] > k]
        byte = plain[at[alive] + k]
        here = looked_up(_GAP_BITS, byte)
        lines[alive] += _ends_line(byte)
        # A hyphen has to follow its word; other signs may stand between blanks.
        twice[alive] |= ((here & solid & bits[alive]) | (here & _HYPHEN)) != 0
        bits[alive] |= here
    codes = looked_up(_GAP_CODES, bits)
    codes[twice | (lines > 1)] = BREAK
    codes[sizes == 0] = SOFT
    return codes, ((lines > 0) & (sizes > 0)) | (sizes > _LONGEST_GAP)


def _ends_line(byte: Bytes) -> Flags:
    ends: Flags = (byte == 10) | (byte == 0)
    return ends


def word_keys(data: Bytes, starts: Ints, ends: Ints) -> Keys:
    """64 bits for each word: itself, or a mix of its first 24 bytes, its last 8 and its length."""
    words = np.ndarray((len(data) - 8,), dtype="<u8", buffer=data, strides=(1,))
    sizes = ends - starts
    keys: Keys = words[starts] & _MASKS.take(sizes, mode="clip")
    for part in (1, 2):
        more = np.flatnonzero(sizes > 8 * part)
        rest = words[starts[more] + 8 * part]
        rest &= _MASKS.take(sizes[more] - 8 * part, mode="clip")
        begun = keys[more]
        keys[more] = (begun ^ (begun >> np.uint64(29)) ^ rest) * _MIX[part]
    long = np.flatnonzero(sizes > 24)
    tail = words[ends[long] - 8] ^ sizes[long].astype(np.uint64)
    keys[long] = (keys[long] ^ (keys[long] >> np.uint64(31)) ^ tail) * _MIX[0]
    return keys
