"""Signals in a batch of postings: where each is named, in the sections in which it counts."""

from __future__ import annotations

import numpy as np

from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.signal_words import SIGNAL, SignalWords
from rolediff.annotate.trie import Hits, Trie


def find_signals(sheet: Sheet, trie: Trie, known: SignalWords) -> Spans:
    """Every signal on a sheet; a concept is an index into `known.concepts`.

    `trie` = the one of `sheet.words`. Titles are not looked at.
    """
    hits = trie.walk(sheet.words, SIGNAL)
    line = np.searchsorted(sheet.lines.first, hits.first, side="right") - 1
    counts = known.within[known.concept[hits.phrase], sheet.codes[line]]
    counts &= hits.first >= sheet.tokens.firsts[sheet.titles]
    hits = _longest_of_concept(hits.take(counts), known)
    return Spans.of(sheet, hits.first, hits.stop, known.concept[hits.phrase])


def _longest_of_concept(hits: Hits, known: SignalWords) -> Hits:
    """The hits without those that begin inside an earlier or longer one of the same concept."""
    concept = known.concept[hits.phrase]
    order = np.lexsort((-hits.stop, hits.first, concept))
    hits, concept = hits.take(order), concept[order]
    new = np.ones(len(hits), dtype=np.bool_)
    new[1:] = (concept[1:] != concept[:-1]) | (hits.first[1:] >= hits.stop[:-1])
    return hits.take(new)
