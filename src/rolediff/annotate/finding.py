"""Which forms of the vocabulary stand in a batch; ambiguous ones are judged by their company."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints, counted, looked_up
from rolediff.annotate.tokens import AMPERSAND, APOSTROPHE, BREAK, DOT, Tokens
from rolediff.annotate.trie import Hits, Words
from rolediff.annotate.vocabulary import Vocabulary

_NEAR = 2  # words that may stand between two skills of one list: "Go, Rust or even C"
_SIGNS = 4  # signs in a row that an address may hold: "://"
_ROUNDS = 3  # how far company carries along a list of ambiguous names


_FULL_STOPS: Flags = np.isin(np.arange(256), list(b".!?;"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of texts as the vocabulary sees it.

    `words` = the tokens as words of the trie; `forms` = hits of forms; `marks` =
    hits of the phrases of each list of contexts; `sentences` = index of the token with which
    each sentence begins, and `sentence` = which of them each token is in, from 1.
    """

    tokens: Tokens
    words: Words
    known: Vocabulary
    forms: Hits
    marks: dict[str, Hits]
    sentences: Ints
    sentence: Ints

    @classmethod
    def of(cls, tokens: Tokens, known: Vocabulary) -> Reading:
        """Look up every token, walk the trie and divide the texts into sentences."""
        words = known.trie.words_of(tokens)
        hits = known.trie.walk(words, "text")
        is_form = hits.phrase < known.forms
        others = hits.take(~is_form)
        marks = known.contexts.marks(Hits(others.first, others.stop, others.phrase - known.forms))
        sentences = _sentences(tokens)
        sentence = counted(sentences, len(tokens.starts))
        return cls(tokens, words, known, hits.take(is_form), marks, sentences, sentence)

    def after(self, hits: Hits) -> Bytes:
        """The code of what stands behind each hit."""
        return np.append(self.tokens.gaps, np.uint8(BREAK))[hits.stop]


def find(read: Reading) -> Hits:
    """Leftmost-longest forms with the right capitals; a hit's `phrase` is the index of a form.

    None is inside a phrase of other meaning or an address on the web.
    """
    hits = read.forms.take(_well_written(read, read.forms))
    others = read.marks["not_skills"]
    both = Hits(
        np.concatenate([others.first, hits.first]),
        np.concatenate([others.stop, hits.stop]),
        np.concatenate([np.full(len(others), -1), hits.phrase]),
    ).longest()
    return both.take((both.phrase >= 0) & ~_in_link(read)[both.first])


def _in_link(read: Reading) -> Flags:
    """Which tokens are part of an address on the web, up to the next blank."""
    tokens, plain = read.tokens, read.tokens.plain
    inside = np.zeros(len(tokens.starts) + 1, dtype=np.bool_)
    starts = np.append(tokens.starts, len(plain))
    here = read.marks["links"].first
    sign = plain[tokens.ends[here]]
    here = here[(sign == ord(":")) | (sign == ord("."))]
    while len(here):
        inside[here] = True
        end, here = tokens.ends[here], here + 1
        size, first = starts[here] - end, plain[end]
        solid = (size > 0) & (size < _SIGNS) & (first > ord(" ")) & (first < 0x80)
        here = here[solid & (plain[starts[here] - 1] > ord(" "))]
    return inside


def _well_written(read: Reading, hits: Hits) -> Flags:
    """In capitals where they matter, and not a part of a longer word ("Series-C", "R&D")."""
    known = read.known
    good = ~_inside_compound(read, hits)
    cased = np.flatnonzero(known.cased[hits.phrase] & good)
    size = hits.stop[cased] - hits.first[cased]
    for k in range(int(size.max(initial=0))):
        hit = cased[size > k]
        written = known.written[known.begins[hits.phrase[hit]] + k]
        good[hit] &= read.tokens.cased_keys(hits.first[hit] + k) == written
    return good


def _inside_compound(read: Reading, hits: Hits) -> Flags:
    """Short or ambiguous forms that a hyphen, dot, apostrophe or ampersand ties to a neighbour."""
    tokens, form = read.tokens, hits.phrase
    start, end = tokens.starts[hits.first], tokens.ends[hits.stop - 1]
    frail = np.flatnonzero((end - start <= 2) | read.known.frail[form])
    start, end = start[frail], end[frail]
    before, after = tokens.gaps[hits.first[frail]], read.after(hits)[frail]
    tied = (before == DOT) | (before == AMPERSAND) | (before == APOSTROPHE) | (after == AMPERSAND)
    tied |= (tokens.plain[end] == ord("-")) & (after != BREAK)
    tied |= (start > 0) & (tokens.plain[start - 1] == ord("-")) & (before != BREAK)
    inside = np.zeros(len(hits), dtype=np.bool_)
    inside[frail] = tied
    return inside


def clear(read: Reading, hits: Hits, place: Ints, listed: Flags, opening: Flags) -> Flags:
    """Which hits are skills: forms of one meaning, and ambiguous ones that keep good company.

    Good company is another skill close by in the line, a word like "with" before or "developer"
    behind; or to stand in a list of requirements (`listed`), unless it opens the sentence
    (`opening`) and runs on into it, as in "Excel at ...". `place` = where the piece of text that
    holds each hit stands.
    """
    doubtful = read.known.contextual[hits.phrase]
    before, after = read.tokens.gaps[hits.first] != BREAK, read.after(hits) != BREAK
    begin, ids = read.known.trie.begin, read.words.ids
    good = listed & ~(opening & after)
    good |= before & (begin["introduces"][ids[hits.first - 1]] >= 0)
    good |= after & (begin["completes"][ids[hits.stop]] >= 0)
    return _spread(read.tokens, hits, place, good | ~doubtful)


def _spread(tokens: Tokens, hits: Hits, place: Ints, good: Flags) -> Flags:
    """A hit beside a good one in its line is good too, a few steps along."""
    if len(hits) < 2 or good.all():
        return good
    line = tokens.line.take(hits.first)
    close: Flags = (line[1:] == line[:-1]) & (hits.first[1:] - hits.stop[:-1] <= _NEAR)
    close &= place[1:] == place[:-1]
    for _ in range(_ROUNDS):
        before = good
        good = before.copy()
        good[1:] |= close & before[:-1]
        good[:-1] |= close & before[1:]
    return good


def _sentences(tokens: Tokens) -> Ints:
    """Index of each token that begins a sentence, a line or a text; sorted.

    A line that goes on in lower case after a single line break is part of the sentence.
    """
    breaks = np.flatnonzero(tokens.gaps == BREAK)
    breaks = breaks[breaks > 0]
    end, plain = tokens.ends.take(breaks - 1), tokens.plain
    one, two = plain.take(end), plain.take(end + 1)
    stop = looked_up(_FULL_STOPS, one) & (two <= 32)
    late = np.flatnonzero(looked_up(_FULL_STOPS, two) & (one != ord(".")))
    stop[late] |= plain[end[late] + 2] <= 32
    lines = tokens.lines
    initial = tokens.raw[tokens.starts[lines]]
    soft = (tokens.gaps[lines] != BREAK) & (initial >= ord("a")) & (initial <= ord("z"))
    begins = np.sort(np.concatenate([breaks[stop], lines[~soft]]))
    return begins[np.append(True, begins[1:] != begins[:-1])] if len(begins) else begins
