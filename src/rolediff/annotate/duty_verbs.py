"""Verbs of duties: which begin a clause on what the worker does, and which follow them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints, in_order
from rolediff.annotate.duty_clauses import CLAUSE, COMMA, NONE, Clauses
from rolediff.annotate.duty_words import (
    ADJECTIVE,
    ADVERB,
    CONJUNCTION,
    DETERMINER,
    GERUND,
    MODAL,
    OBJECT,
    OF,
    PLAIN,
    STOP,
    SUBJECT,
    VERB,
    DutyWords,
)
from rolediff.annotate.trie import Hits

_STEPS = 2  # adverbs before a verb
_BEFORE_VERB = CONJUNCTION | ADVERB | PLAIN | MODAL | GERUND


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verbs of duties in order, the run side by side of each, and other verbs.

    `turns` = words that begin a phrase of another kind behind a comma ("..., ensuring quality").
    """

    hits: Hits
    run: Ints
    turns: Ints


def verbs_in(clauses: Clauses, known: DutyWords) -> Verbs:
    """The verbs that begin a clause, or go on with one."""
    hits, sure = _candidates(clauses, known)
    goes_on = _goes_on(clauses, known, hits, sure)
    turns = known.gerund[hits.phrase] & ~goes_on & (clauses.lead[hits.first] == COMMA)
    kept = hits.take(goes_on)
    return Verbs(kept, np.cumsum(~_beside(clauses, kept)) - 1, hits.first[turns])


def _candidates(clauses: Clauses, known: DutyWords) -> tuple[Hits, Flags]:
    """Verb forms where a verb may stand, the longest at each place, and which are sure."""
    may = (clauses.lead == COMMA) | (clauses.lead == CLAUSE)
    may[1:] |= clauses.bits[:-1] & _BEFORE_VERB > 0
    hits = clauses.walk(VERB, np.flatnonzero(may))
    size = hits.stop - hits.first
    order = in_order(hits.first, size.max(initial=0) - size)
    hits = hits.take(order[np.diff(hits.first[order], prepend=-1) != 0])
    before, lead = _before(clauses, hits.first)
    sure = _opens(clauses, known.gerund[hits.phrase], before, lead, hits.first)
    beside = lead == NONE
    joins = (lead == COMMA) | (beside & clauses.is_a(before, CONJUNCTION | PLAIN))
    kept = (sure | joins) & ~clauses.hyphen_before(hits.first)
    kept &= ~_inside(hits, before, beside & ~known.gerund[hits.phrase])
    return hits.take(kept), sure[kept]


def _inside(hits: Hits, before: Ints, plain: Flags) -> Flags:
    """Which verbs stand in the phrase of an earlier one, or rest on its last word.

    So does "research" in "contribute to research"; `plain` = which may.
    """
    inside = np.zeros(len(hits), dtype=np.bool_)
    ahead = np.maximum.accumulate(hits.stop)[:-1]
    inside[1:] = (hits.first[1:] < ahead) | (plain[1:] & (before[1:] < ahead))
    return inside


def _before(clauses: Clauses, first: Ints) -> tuple[Ints, Bytes]:
    """The word before each verb, adverbs passed over, and what stands behind that word."""
    before = first - 1
    lead = clauses.lead[first]
    for _ in range(_STEPS):
        adverb = (lead == NONE) & clauses.is_a(before, ADVERB)
        lead = np.where(adverb, clauses.lead[before], lead)
        before = before - adverb
    return before, lead


def _opens(clauses: Clauses, gerund: Flags, before: Ints, lead: Bytes, first: Ints) -> Flags:
    """Which verbs begin a clause on what the worker does, by what stands before them."""
    sure, beside = clauses.sure[first], lead == NONE
    opening = (lead == CLAUSE) & (sure | clauses.bullet[np.maximum(before + 1, 0)])
    told = beside & clauses.is_a(before, MODAL)
    told &= clauses.joined(before) & clauses.is_a(before - 1, SUBJECT)
    plain = beside & sure & clauses.is_a(before, PLAIN)
    going = beside & sure & clauses.is_a(before, GERUND)
    opens: Flags = opening | np.where(gerund, going, told | plain)
    return opens


def _goes_on(clauses: Clauses, known: DutyWords, hits: Hits, sure: Flags) -> Flags:
    """Which verbs are sure, or follow in the form of a sure one in the same sentence.

    A word that is as often a noun has to stand right behind another verb, or to govern something.
    """
    if not len(hits):
        return sure
    last = np.maximum.accumulate(np.where(sure, np.arange(len(sure)), -1))
    sentence, gerund = clauses.sentence[hits.first], known.gerund[hits.phrase]
    follows = (last >= 0) & (sentence[last] == sentence) & (gerund[last] == gerund)
    doubtful = follows & ~sure & known.noun[hits.phrase]
    doubtful &= ~_beside(clauses, hits)
    of_people = known.only_people[known.verb[hits.phrase[last]]]
    noun = ~clauses.is_a(hits.stop, STOP | CONJUNCTION | OF)
    governs = noun & ~of_people & ~known.mostly[hits.phrase]
    governs &= ~_covered(clauses, hits, doubtful)
    governs |= clauses.is_a(hits.stop, DETERMINER | ADJECTIVE)
    governs &= clauses.joined(hits.stop)
    good: Flags = sure | (follows & (~doubtful | governs))
    return good


def _covered(clauses: Clauses, hits: Hits, which: Flags) -> Flags:
    """Which of the verbs flagged begin an object of several words: "design reviews"."""
    places = np.flatnonzero(which)
    phrases = clauses.walk(OBJECT, hits.first[places])
    longer = np.zeros(len(clauses) + 1, dtype=np.int64)
    np.maximum.at(longer, phrases.first, phrases.stop)
    covered = np.zeros(len(hits), dtype=np.bool_)
    covered[places] = longer[hits.first[places]] > hits.stop[places]
    return covered


def _beside(clauses: Clauses, hits: Hits) -> Flags:
    """Which hits follow the one before at once, or after a comma, "and" or an adverb."""
    beside = np.zeros(len(hits), dtype=np.bool_)
    end, begin = hits.stop[:-1], hits.first[1:]
    link = clauses.is_a(end, CONJUNCTION | ADVERB)
    second = clauses.is_a(begin - 1, CONJUNCTION | ADVERB)
    beside[1:] = (begin == end) & (clauses.lead[begin] == COMMA)
    beside[1:] |= (begin == end + 1) & link
    beside[1:] |= (begin == end + 2) & link & second
    for at in (end, np.maximum(end, begin - 1), begin):
        beside[1:] &= clauses.lead[at] < CLAUSE
    return beside
