"""The words of lines that may state duties, and where clauses begin and end among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints, between
from rolediff.annotate.duty_places import DUTIES
from rolediff.annotate.duty_words import Bits
from rolediff.annotate.sheet import Sheet
from rolediff.annotate.tokens import AMPERSAND, BREAK, SLASH, Tokens
from rolediff.annotate.trie import Hits, Trie, Words

NONE, COMMA, CLAUSE, OTHER = range(4)
"""Codes of what stands before a word: nothing, a comma, what begins a clause, another sign."""

_OF_GAP = np.zeros(BREAK + 1, dtype=np.uint8)
_OF_GAP[[SLASH, AMPERSAND]] = COMMA
_OF_GAP[BREAK] = OTHER

_SIGNS = 4  # bytes after a word in which a colon may stand: "**Lead** :"


@dataclass(frozen=True, slots=True)
class Clauses:
    """The words of the lines that may state duties, one after the other (n each).

    `at` = index of each in `tokens`; `place` = where its piece of text stands; `bits` = what the
    word is; `lead` = what stands before it; `sentence` = number of its sentence; `sure` = whether
    its section is one of duties; `bullet` = whether it is the first word of a list item; `trie`,
    `words` = for phrases.
    """

    tokens: Tokens
    at: Ints
    place: Ints
    bits: Bits
    lead: Bytes
    sentence: Ints
    sure: Flags
    bullet: Flags
    trie: Trie
    words: Words

    def __len__(self) -> int:
        return len(self.at)

    def is_a(self, at: Ints, kinds: int) -> Flags:
        """Whether the word at each place is of one of the kinds; outside, the nearest word."""
        if not len(self.bits):
            return np.zeros(len(at), dtype=np.bool_)
        found: Flags = self.bits[np.clip(at, 0, len(self.bits) - 1)] & kinds > 0
        return found

    def joined(self, at: Ints) -> Flags:
        """Whether nothing stands between the word at each place and the one before."""
        beside: Flags = np.append(self.lead, np.uint8(CLAUSE))[np.maximum(at, 0)] == NONE
        return beside

    def hyphen_before(self, first: Ints) -> Flags:
        """Whether each word is the end of a compound: "market" in "go-to-market"."""
        start, plain = self.tokens.starts[self.at[first]], self.tokens.plain
        tied: Flags = (start > 1) & (plain[start - 1] == ord("-")) & (plain[start - 2] > ord(" "))
        return tied

    def hyphen_behind(self, stop: Ints) -> Flags:
        """Whether the word before each is the beginning of one: "data" in "data-driven"."""
        end, plain = self.tokens.ends[self.at[stop - 1]], self.tokens.plain
        tied: Flags = (plain[end] == ord("-")) & (plain[end + 1] > ord(" "))
        return tied

    def walk(self, name: str, at: Ints) -> Hits:
        """Every phrase of the set `name` that begins at one of these words."""
        return self.trie.walk(self.words, name, at)


def clauses_of(sheet: Sheet, which: Ints, trie: Trie, bits: Bits) -> Clauses:
    """The words of those lines of a sheet; `bits` = what each word of `trie` is."""
    tokens, lines = sheet.tokens, sheet.outline.lines
    size = lines.stop[which] - lines.first[which]
    begins = np.cumsum(size) - size
    at = between(lines.first[which], lines.stop[which])
    bullet = np.zeros(len(at), dtype=np.bool_)
    bullet[begins] = lines.bullet[which]
    starts = np.zeros(len(tokens.starts), dtype=np.bool_)
    starts[sheet.sentences] = True
    start = starts[at]
    rows = np.append(at, len(sheet.words.ids) - 1)
    words = Words(sheet.words.ids[rows], sheet.words.codes[rows])
    jumps = np.flatnonzero(np.diff(at) != 1) + 1  # to another section or posting
    start[jumps] = True
    words.codes[jumps] = -1
    return Clauses(
        tokens=tokens,
        at=at,
        place=np.repeat(sheet.outline.place[which], size),
        bits=bits[words.ids[:-1]],
        lead=_leads(tokens, at, start),
        sentence=np.cumsum(start),
        sure=np.repeat(DUTIES[sheet.outline.codes[which]], size),
        bullet=bullet,
        trie=trie,
        words=words,
    )


def _leads(tokens: Tokens, at: Ints, start: Flags) -> Bytes:
    """What stands before each token: nothing, a comma, the beginning of a clause, another sign."""
    lead = _OF_GAP[tokens.gaps[at]]
    lead[start] = CLAUSE
    broken = np.flatnonzero(lead == OTHER)
    end = tokens.ends[at[broken] - 1]
    comma = tokens.plain[end] == ord(",")
    lead[broken[comma]] = COMMA
    broken, end = broken[~comma], end[~comma]
    lead[broken[_opens_clause(tokens, end, tokens.starts[at[broken]] - end)]] = CLAUSE
    return lead


def _opens_clause(tokens: Tokens, end: Ints, size: Ints) -> Flags:
    """Whether a colon, semicolon or dash is among the `size` signs from each of `end` on."""
    signs = np.stack([np.where(size > k, tokens.plain[end + k], 0) for k in range(_SIGNS)])
    dash = (signs[0] == ord(" ")) & ((signs[1] == ord("-")) | (signs[1] == 0xE2))
    opens: Flags = dash | ((signs == ord(":")) | (signs == ord(";"))).any(axis=0)
    return opens
