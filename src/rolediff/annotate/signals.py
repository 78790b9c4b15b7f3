"""Signals in a batch of postings: where each is named, in the sections in which it counts."""

from __future__ import annotations

import numpy as np

from rolediff.annotate.arrays import Ints, in_order
from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.signal_words import SIGNAL, SignalWords
from rolediff.annotate.trie import Hits, Trie


def find_signals(sheet: Sheet, trie: Trie, known: SignalWords) -> Spans:
    """Every signal on a sheet; a concept is an index into `known.concepts`.

    `trie` = the one of `sheet.words`. Titles are not looked at.
    """
    hits = trie.walk(sheet.words, SIGNAL)
    hits = hits.take(in_order(hits.first))
    which, place = sheet.everywhere(hits.first)
    hits, outline = hits.take(which), sheet.outline
    section = outline.section_of(hits.first, place)
    counts = known.within[known.concept[hits.phrase], section]
    counts &= outline.pieces.text[place] >= sheet.titles
    hits, place, section = hits.take(counts), place[counts], section[counts]
    kept = _longest_of_concept(hits, place, known)
    hits, concept = hits.take(kept), known.concept[hits.phrase[kept]]
    return Spans.of(sheet, place[kept], hits.first, hits.stop, concept, section[kept])


def _longest_of_concept(hits: Hits, place: Ints, known: SignalWords) -> Ints:
    """The hits without those that begin inside an earlier or longer one of the same concept."""
    concept = known.concept[hits.phrase]
    size = hits.stop - hits.first
    order = in_order(concept, place, hits.first, size.max(initial=0) - size)
    first, stop, place, concept = hits.first[order], hits.stop[order], place[order], concept[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (concept[1:] != concept[:-1]) | (place[1:] != place[:-1]) | (first[1:] >= stop[:-1])
    kept: Ints = order[new]
    return kept
