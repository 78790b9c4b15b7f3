"""What the worker will do: verb and object phrases in the sections on duties, as concepts.

A verb counts where a clause begins ("- Design and ship models", "You will train models",
"responsible for training models"), an object where it is the last noun of a phrase that the verb
governs; verbs and objects side by side are each paired with each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints
from rolediff.annotate.duty_words import (
    ADJECTIVE,
    ADVERB,
    CONJUNCTION,
    DETERMINER,
    GERUND,
    MEASURE,
    MODAL,
    OBJECT,
    OF,
    PLAIN,
    STOP,
    SUBJECT,
    VERB,
    Bits,
    DutyWords,
)
from rolediff.annotate.sheet import Sheet, Spans, those
from rolediff.annotate.tokens import AMPERSAND, BREAK, SLASH, Tokens
from rolediff.annotate.trie import Hits, Trie, Words

DUTIES = those("duties")
ALMOST = those("role")
"""Sections in which only what is said to the reader ("you will ...") or in a list is a duty."""

_NONE, _COMMA, _CLAUSE, _OTHER = range(4)
_SIGNS = 4  # bytes after a word in which a colon may stand: "**Lead** :"
_FAR = 24  # words after its verb in which an object may stand
_STEPS = 2  # adverbs before a verb
_BEFORE_VERB = CONJUNCTION | ADVERB | PLAIN | MODAL | SUBJECT | GERUND


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The words of the lines that may state duties, one after the other (n each).

    `at` = index of the token; `bits` = what the word is; `lead` = what stands before it;
    `sentence` = number of its sentence; `sure` = whether its section is one of duties; `bullet` =
    whether it is the first word of a list item; `trie`, `words` = for phrases.
    """

    at: Ints
    bits: Bits
    lead: Bytes
    sentence: Ints
    sure: Flags
    bullet: Flags
    trie: Trie
    words: Words


def find_duties(sheet: Sheet, trie: Trie, known: DutyWords, bits: Bits) -> Spans:
    """Every duty on a sheet; a concept is a row of `known.concepts`.

    `trie` = the one of `sheet.words`; `bits` = `known.bits` of it.
    """
    clauses = _clauses(sheet, trie, bits)
    verbs = _verbs(clauses, known)
    run = _runs(clauses, verbs)
    begin, end = _zones(clauses, verbs, run)
    things = trie.walk(clauses.words, OBJECT, _between(begin, end))
    owner = np.searchsorted(begin, things.first, side="right") - 1
    inside = np.flatnonzero((things.stop <= end[owner]) & _ends_phrase(clauses, things))
    things, owner = things.take(inside), owner[inside]
    heads = _longest(things)
    verb, thing = _pairs(run, owner[heads])
    return _told(sheet, clauses, known, verbs.take(verb), things.take(heads[thing]))


def _told(sheet: Sheet, clauses: _Clauses, known: DutyWords, verbs: Hits, things: Hits) -> Spans:
    """The pairs that make sense, as spans from the verb to the object."""
    verb, thing = known.verb[verbs.phrase], known.object[things.phrase]
    concept = known.pair[verb, thing]
    odd = known.beside_people[things.phrase] & ~known.only_people[verb]
    kept = np.flatnonzero((concept >= 0) & ~odd)
    first, last = clauses.at[verbs.first[kept]], clauses.at[things.stop[kept] - 1]
    return Spans.of(sheet, first, last + 1, concept[kept])


def _clauses(sheet: Sheet, trie: Trie, bits: Bits) -> _Clauses:
    tokens, lines = sheet.tokens, sheet.lines
    which = sheet.lines_in(DUTIES | ALMOST)
    size = lines.stop[which] - lines.first[which]
    owner = np.repeat(which, size)
    begins = np.cumsum(size) - size
    at = _between(lines.first[which], lines.stop[which])
    bullet = np.zeros(len(at), dtype=np.bool_)
    bullet[begins] = lines.bullet[which]
    starts = np.zeros(len(tokens.starts), dtype=np.bool_)
    starts[sheet.sentences] = True
    start = starts[at]
    rows = np.append(at, len(sheet.words.ids) - 1)
    words = Words(sheet.words.ids[rows], sheet.words.codes[rows])
    return _Clauses(
        at=at,
        bits=bits[words.ids[:-1]],
        lead=_leads(tokens, at, start),
        sentence=np.cumsum(start),
        sure=DUTIES[sheet.codes[owner]],
        bullet=bullet,
        trie=trie,
        words=words,
    )


def _between(first: Ints, stop: Ints) -> Ints:
    """The numbers from each of `first` up to its `stop`, one after the other."""
    size = np.maximum(stop - first, 0)
    shift = np.repeat(first - np.cumsum(size) + size, size)
    shift += np.arange(len(shift))
    return shift


def _leads(tokens: Tokens, at: Ints, start: Flags) -> Bytes:
    """What stands before each token: nothing, a comma, the beginning of a clause, another sign."""
    gaps = tokens.gaps[at]
    lead = np.zeros(len(at), dtype=np.uint8)
    lead[(gaps == SLASH) | (gaps == AMPERSAND)] = _COMMA
    broken = np.flatnonzero((gaps == BREAK) & ~start)
    end, plain = tokens.ends[at[broken] - 1], tokens.plain
    signs = np.stack([plain[end + k] for k in range(_SIGNS)])
    dash = (signs[0] == ord(" ")) & ((signs[1] == ord("-")) | (signs[1] == 0xE2))
    clause = dash | ((signs == ord(":")) | (signs == ord(";"))).any(axis=0)
    lead[broken] = np.where(signs[0] == ord(","), _COMMA, np.where(clause, _CLAUSE, _OTHER))
    lead[start] = _CLAUSE
    return lead


def _verbs(clauses: _Clauses, known: DutyWords) -> Hits:
    """The verbs that begin a clause, or go on with one."""
    may = (clauses.lead == _COMMA) | (clauses.lead == _CLAUSE)
    may[1:] |= clauses.bits[:-1] & _BEFORE_VERB > 0
    hits = clauses.trie.walk(clauses.words, VERB, np.flatnonzero(may))
    gerund = known.gerund[hits.phrase]
    before, lead = _before(clauses, hits.first)
    sure = _opens(clauses, hits, before, lead, gerund)
    joins = (lead == _COMMA) | ((lead == _NONE) & (_bits(clauses, before) & CONJUNCTION > 0))
    joins |= (lead == _NONE) & (_bits(clauses, before) & PLAIN > 0) & ~gerund
    kept = np.flatnonzero(sure | joins)
    hits = hits.take(kept)
    order = np.lexsort((-hits.stop, hits.first))
    longest = order[np.diff(hits.first[order], prepend=-1) != 0]
    hits, sure, gerund = hits.take(longest), sure[kept[longest]], gerund[kept[longest]]
    return hits.take(_goes_on(clauses, known, hits, sure, gerund))


def _before(clauses: _Clauses, first: Ints) -> tuple[Ints, Bytes]:
    """The word before each verb, adverbs passed over, and what stands behind that word."""
    before = first - 1
    lead = clauses.lead[first]
    for _ in range(_STEPS):
        adverb = (lead == _NONE) & (_bits(clauses, before) & ADVERB > 0)
        lead = np.where(adverb, clauses.lead[before], lead)
        before = before - adverb
    return before, lead


def _bits(clauses: _Clauses, at: Ints) -> Bits:
    return clauses.bits[np.clip(at, 0, len(clauses.bits) - 1)]


def _opens(clauses: _Clauses, hits: Hits, before: Ints, lead: Bytes, gerund: Flags) -> Flags:
    """Which verbs begin a clause on what the worker does, by what stands before them."""
    sure, word = clauses.sure[hits.first], _bits(clauses, before)
    beside = lead == _NONE
    opening = (lead == _CLAUSE) & (
        sure | clauses.bullet[np.minimum(before + 1, len(clauses.at) - 1)]
    )
    told = beside & (word & MODAL > 0) & (_bits(clauses, before - 1) & SUBJECT > 0)
    plain = beside & sure & (word & (PLAIN | SUBJECT) > 0)
    going = beside & sure & (word & GERUND > 0)
    opens: Flags = opening | np.where(gerund, going, told | plain)
    return opens


def _goes_on(clauses: _Clauses, known: DutyWords, hits: Hits, sure: Flags, gerund: Flags) -> Flags:
    """Which verbs are sure, or follow in the form of a sure one in the same sentence.

    A word that is as often a noun has to stand right behind another verb or before an article.
    """
    if not len(hits):
        return sure
    last = np.maximum.accumulate(np.where(sure, np.arange(len(sure)), -1))
    sentence = clauses.sentence[hits.first]
    follows = (last >= 0) & (sentence[last] == sentence) & (gerund[last] == gerund)
    beside = _beside(clauses, hits)
    article = _bits(clauses, hits.stop) & (DETERMINER | ADJECTIVE) > 0
    good: Flags = sure | (follows & (~known.noun[hits.phrase] | beside | article))
    return good


def _beside(clauses: _Clauses, hits: Hits) -> Flags:
    """Which hits follow the one before at once, or after a comma, "and" or an adverb."""
    beside = np.zeros(len(hits), dtype=np.bool_)
    end, begin = hits.stop[:-1], hits.first[1:]
    link = _bits(clauses, end) & (CONJUNCTION | ADVERB) > 0
    second = _bits(clauses, begin - 1) & (CONJUNCTION | ADVERB) > 0
    beside[1:] = (begin == end) & (clauses.lead[begin] == _COMMA)
    beside[1:] |= (begin == end + 1) & link
    beside[1:] |= (begin == end + 2) & link & second
    beside[1:] &= (clauses.lead[end] < _CLAUSE) & (clauses.lead[begin] < _CLAUSE)
    return beside


def _runs(clauses: _Clauses, verbs: Hits) -> Ints:
    """Number of the run of verbs side by side to which each verb belongs."""
    return np.cumsum(~_beside(clauses, verbs)) - 1


def _zones(clauses: _Clauses, verbs: Hits, run: Ints) -> tuple[Ints, Ints]:
    """Where the objects of each run of verbs may stand: first word, and one past the last."""
    n = len(clauses.bits)
    last = np.flatnonzero(np.diff(run, append=len(verbs) + 1))
    begin = verbs.stop[last]
    opens = np.append(verbs.first[np.flatnonzero(np.diff(run, prepend=-1))], n)
    ends = (clauses.bits & STOP > 0) | (clauses.lead >= _CLAUSE) | _in_phrase(clauses)
    of = clauses.bits & OF > 0
    ends[1:] |= of[1:] & (clauses.bits[:-1] & MEASURE == 0)
    stops = np.append(np.flatnonzero(ends), n)
    # An article is no end where the objects begin.
    article = (begin < n) & (_bits(clauses, begin) & DETERMINER > 0)
    article &= clauses.lead[np.minimum(begin, n - 1)] < _CLAUSE
    end = stops[np.searchsorted(stops, begin + article)]
    return begin, np.minimum(np.minimum(end, opens[1:]), begin + _FAR)


def _in_phrase(clauses: _Clauses) -> Flags:
    """Which articles do not begin what "and", "of" or a comma joins: another verb is before."""
    article = clauses.bits & DETERMINER > 0
    links = clauses.bits & (CONJUNCTION | OF | DETERMINER) > 0
    article[1:] &= ~links[:-1] & (clauses.lead[1:] == _NONE)
    return article


def _ends_phrase(clauses: _Clauses, hits: Hits) -> Flags:
    """Which hits are the last noun of a phrase: "pipelines" in "data pipelines and tools"."""
    bits = np.append(clauses.bits, np.int16(STOP))[hits.stop]
    lead = np.append(clauses.lead, np.uint8(_CLAUSE))[hits.stop]
    behind = STOP | CONJUNCTION | OF | ADVERB | PLAIN | DETERMINER
    ends: Flags = (lead != _NONE) | (bits & behind > 0)
    return ends


def _longest(hits: Hits) -> Ints:
    """Index of the hits that begin first of those that end at the same word, in order."""
    order = np.lexsort((hits.first, hits.stop))
    first, stop = hits.first[order], hits.stop[order]
    begins = np.maximum.accumulate(
        np.where(np.diff(stop, prepend=-1) != 0, np.arange(len(stop)), 0)
    )
    longest: Ints = order[first == first[begins]]
    return longest


def _pairs(run: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Index of the verb and of the object of each pair within a run."""
    runs = int(run[-1]) + 1 if len(run) else 0
    begin = np.searchsorted(run, np.arange(runs + 1))
    verbs = np.diff(begin)[owner] if runs else owner
    thing = np.repeat(np.arange(len(owner)), verbs)
    before = np.repeat(np.cumsum(verbs) - verbs, verbs)
    verb = begin[owner[thing]] + np.arange(len(thing)) - before if runs else thing
    return verb, thing
