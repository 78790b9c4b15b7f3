"""Which bytes of a text belong to words: letters and digits, and some signs beside them."""

from __future__ import annotations

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints

FILLER = 1
"""Byte that stands for the rest of a character whose first byte was put in plain ASCII."""

_WORD, _SIGN, _WIDE = 1, 2, 3


def _classes() -> bytes:
    table = bytearray(256)
    for byte in b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        table[byte] = _WORD
    for byte in b"+#._":
        table[byte] = _SIGN
    table[0x80:] = bytes([_WIDE]) * 128
    return bytes(table)


_CLASSES = _classes()
_NO_WORD_AFTER = np.isin(np.arange(256), list(b".+#_)]"))  # no ".word" begins after these


def classes_of(data: bytes) -> Bytes:
    """The class of each byte of `data`, in an array of its own."""
    return np.frombuffer(bytearray(data.translate(_CLASSES)), dtype=np.uint8)


def words(plain: Bytes, classes: Bytes) -> tuple[Ints, Ints, Ints]:
    """Starts and ends of words, and the bytes that do not begin a character; all sorted.

    `plain` = texts in lower case, `classes` = `classes_of` them. Both are written to: blanks,
    hyphens and apostrophes of every kind become ASCII in `plain`, followed by `FILLER`.
    """
    special = np.flatnonzero(classes > _WORD)
    wide = special[classes[special] == _WIDE]
    signs = special[classes[special] == _SIGN]
    continuations = wide[plain[wide] < 0xC0]
    splits = [_widen(plain, classes, wide), _keep_signs(plain, classes, signs)]
    word = classes == _WORD
    turns = word.copy()
    np.not_equal(word[1:], word[:-1], out=turns[1:])
    edges = np.flatnonzero(turns)
    cuts = np.concatenate(splits)
    cuts = np.unique(cuts[(cuts > 0) & word[cuts] & word[cuts - 1]])
    starts, ends = edges[0::2], edges[1::2]
    # The word that a cut divides ends there, and the next begins.
    divided = np.searchsorted(ends, cuts, side="right")
    return np.insert(starts, divided + 1, cuts), np.insert(ends, divided, cuts), continuations


def _widen(plain: Bytes, classes: Bytes, wide: Ints) -> Ints:
    """Class the bytes of non-ASCII characters; returns where a token has to be split."""
    leads = wide[plain[wide] >= 0xC0]
    lead, second, third = plain[leads], plain[leads + 1], plain[leads + 2]
    ideograph = ((lead >= 0xE4) & (lead <= 0xED)) | ((lead == 0xE3) & (second > 0x80))
    sign = (lead == 0xC2) | (lead == 0xE2) | (lead >= 0xEE) | ((lead == 0xE3) & (second == 0x80))
    sizes = 2 + (lead >= 0xE0).astype(np.int64) + (lead >= 0xF0)
    classes[wide] = _WORD
    for k in range(4):
        classes[(leads + k)[sign & (sizes > k)]] = 0
    _put_plain(plain, leads, lead, second, third)
    alone = leads[ideograph]
    return np.concatenate([alone, alone + 3])


def _put_plain(plain: Bytes, leads: Ints, lead: Bytes, second: Bytes, third: Bytes) -> None:
    """Write the ASCII sign for hyphens, apostrophes and blanks that have their own character."""
    general = (lead == 0xE2) & (second == 0x80)
    kinds: tuple[tuple[int, Flags], ...] = (
        (ord("-"), general & ((third == 0x90) | (third == 0x91))),
        (ord("'"), general & ((third == 0x98) | (third == 0x99))),
        (ord(" "), general & ((third <= 0x8A) | (third == 0xAF))),
        (FILLER, general & (third >= 0x8B) & (third <= 0x8D)),
        (FILLER, (lead == 0xEF) & ((second == 0xB8) | (second == 0xBB))),
    )
    for sign, where in kinds:
        at = leads[where]
        plain[at], plain[at + 1], plain[at + 2] = sign, FILLER, FILLER
    narrow = leads[(lead == 0xC2) & (second == 0xA0)]
    plain[narrow], plain[narrow + 1] = ord(" "), FILLER
    middle = leads[(lead == 0xC2) & (second == 0xB7)]
    plain[middle], plain[middle + 1] = ord("."), FILLER
    soft = leads[(lead == 0xC2) & (second == 0xAD)]
    plain[soft], plain[soft + 1] = FILLER, FILLER


def _keep_signs(plain: Bytes, classes: Bytes, signs: Ints) -> Ints:
    """Let signs belong to words: "C++", "C#", ".NET", snake_case; returns where to split."""
    classes[signs] = 0
    byte, after = plain[signs], classes[signs + 1] == _WORD
    before = (signs > 0) & (classes[signs - 1] == _WORD)
    classes[signs[(byte == ord("_")) & before & after]] = _WORD
    previous = np.where(signs > 0, plain[signs - 1], 0)
    lone = ~before & ~_NO_WORD_AFTER[previous]
    letter = (plain[signs + 1] >= ord("a")) & (plain[signs + 1] <= ord("z"))
    classes[signs[(byte == ord(".")) & lone & letter]] = _WORD
    plus = (byte == ord("+")) | (byte == ord("#"))
    first = plus & before
    second = plus & (signs > 1) & (previous == byte) & (classes[signs - 2] == _WORD)
    double = np.append(second[1:] & (signs[1:] == signs[:-1] + 1), False)
    ends = (first & (double | ~letter)) | (second & ~letter)
    classes[signs[ends]] = _WORD
    splits: Ints = signs[ends & after] + 1
    return splits
