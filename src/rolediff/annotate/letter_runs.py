"""A batch of texts as runs of letters of any alphabet, found in one buffer of bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.arrays import Bytes, Flags, Ints

PAD = 32
"""Zero bytes after the last text, so that eight bytes can be read from any place."""

_LETTER, _MARK = 1, 2
_ASCII = bytes(_LETTER if chr(byte).isascii() and chr(byte).isalpha() else 0 for byte in range(256))
_LOWER = bytes(range(256)).lower()
_ALONE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"


@dataclass(frozen=True, slots=True)
class Runs:
    r"""Runs of letters, each with the marks after it: `\p{L}[\p{L}\p{M}]*`, as long as can be.

    `data` = the texts in lower case and UTF-8, a zero byte after each; `bounds` = where each text
    starts, and one more (m + 1); `inside` = which bytes are of a run; `starts`, `ends` (n) of
    the runs.
    """

    data: Bytes
    bounds: Ints
    inside: Bytes
    starts: Ints
    ends: Ints


def letter_runs(texts: pl.Series) -> Runs:
    """The runs of letters of texts (String, without null), in lower case.

    Chinese, Japanese and Thai are taken character by character.
    """
    data, bounds = _joined(texts)
    wide = _Wide.of(data)
    if wide.special.any():
        rows = np.searchsorted(bounds, wide.leads[wide.special], side="right") - 1
        data, bounds = _joined(_spelled(texts, np.unique(rows)))
        wide = _Wide.of(data)
    content = data.data
    kinds = np.frombuffer(bytearray(bytes(content).translate(_ASCII)), dtype=np.uint8)
    wide.mark(data, kinds)
    lower = np.frombuffer(bytes(content).translate(_LOWER), dtype=np.uint8)
    turns = np.flatnonzero(np.diff(kinds != 0, prepend=False))
    return Runs(lower, bounds, kinds.view(np.bool_), turns[0::2], turns[1::2])


def _joined(texts: pl.Series) -> tuple[Bytes, Ints]:
    """The texts in UTF-8 with a zero byte after each, and where they begin."""
    plain = texts.cast(pl.Binary)
    data = b"\0".join([*plain.to_list(), bytes(PAD)])
    sizes = plain.bin.size("b").to_numpy().astype(np.int64)
    return np.frombuffer(data, dtype=np.uint8), np.concatenate([[0], np.cumsum(sizes + 1)])


def _spelled(texts: pl.Series, rows: Ints) -> pl.Series:
    """`texts`, those of `rows` in lower case and with blanks about characters that are words."""
    own = texts.gather(rows).str.to_lowercase().str.replace_all(rf"({_ALONE})", " ${1} ")
    return texts.scatter(rows, own)


@dataclass(frozen=True, slots=True)
class _Wide:
    """Characters beyond ASCII: where each begins and its `sizes` in bytes; what it is (`_LETTER`,
    `_MARK` or 0), and whether it is `special`: it has a lower case, or is a word of its own."""

    leads: Ints
    sizes: Ints
    kinds: Bytes
    special: Flags

    @classmethod
    def of(cls, data: Bytes) -> _Wide:
        """Those in `data`."""
        leads = np.flatnonzero(data >= 0xC0)
        sizes = 2 + (data[leads] >= 0xE0).astype(np.int64) + (data[leads] >= 0xF0)
        distinct, which = np.unique(_code_points(data, leads, sizes), return_inverse=True)
        signs = pl.Series([chr(code) for code in distinct], dtype=pl.String)
        kinds = signs.str.contains(r"^\p{L}").to_numpy() * np.uint8(_LETTER)
        kinds += signs.str.contains(r"^\p{M}").to_numpy() * np.uint8(_MARK)
        special = signs.str.contains(_ALONE) | (signs != signs.str.to_lowercase())
        return cls(leads, sizes, kinds[which], special.to_numpy()[which])

    def mark(self, data: Bytes, kinds: Bytes) -> None:
        """Set the bytes of those that are of a run in `kinds`; a mark is where it follows one."""
        mine = self.kinds.copy()
        for place in np.flatnonzero(mine == _MARK).tolist():  # those before it are settled
            before = int(self.leads[place]) - 1
            of_ascii = before >= 0 and data[before] < 0x80
            follows = kinds[before] if of_ascii else place and mine[place - 1]
            mine[place] = _LETTER if follows else 0
        for step in range(4):
            here = self.sizes > step
            kinds[self.leads[here] + step] = mine[here]


def _code_points(data: Bytes, leads: Ints, sizes: Ints) -> npt.NDArray[np.uint32]:
    """The number in Unicode of the character that begins at each of `leads`."""
    first = np.array([0, 0, 0x1F, 0x0F, 0x07], dtype=np.uint32)[sizes]
    codes = data[leads] & first
    for step in range(1, 4):
        here = np.flatnonzero(sizes > step)
        codes[here] = codes[here] << 6 | (data[leads[here] + step] & 0x3F)
    return codes
