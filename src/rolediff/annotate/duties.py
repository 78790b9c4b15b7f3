"""What the worker will do: verb and object phrases in the sections on duties, as concepts.

A verb counts where a clause begins ("- Design and ship models", "You will train models",
"responsible for training models"), an object where it is the last noun of a phrase that the verb
governs; verbs and objects side by side are each paired with each.
"""

from __future__ import annotations

import numpy as np

from rolediff.annotate.arrays import Flags, Ints, between, in_order
from rolediff.annotate.duty_clauses import CLAUSE, NONE, Clauses, clauses_of
from rolediff.annotate.duty_places import Places
from rolediff.annotate.duty_verbs import Verbs, verbs_in
from rolediff.annotate.duty_words import (
    ADVERB,
    CONJUNCTION,
    DETERMINER,
    MEASURE,
    OBJECT,
    OF,
    PLAIN,
    STOP,
    Bits,
    DutyWords,
)
from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.trie import Hits, Trie

_FAR = 24  # words after its verb in which an object may stand


def find_duties(sheet: Sheet, trie: Trie, known: DutyWords, bits: Bits) -> Spans:
    """Every duty on a sheet; a concept is a row of `known.concepts`.

    `trie` = the one of `sheet.words`; `bits` = `known.bits` of it.
    """
    places = Places.of(sheet)
    clauses = clauses_of(sheet, places.lines, trie, bits)
    verbs = verbs_in(clauses, known)
    begin, end = _zones(clauses, verbs)
    things = clauses.walk(OBJECT, between(begin, end))
    owner = np.searchsorted(begin, things.first, side="right") - 1
    inside = np.flatnonzero((things.stop <= end[owner]) & _ends_phrase(clauses, things))
    things, owner = things.take(inside), owner[inside]
    heads = _longest(things)
    verb, thing = _pairs(verbs.run, owner[heads])
    at, stop, concept, place = _told(
        clauses, known, verbs.hits.take(verb), things.take(heads[thing])
    )
    which, place = places.everywhere(place)
    at = at.take(which)
    section = sheet.outline.section_of(at, place)
    return Spans.of(sheet, place, at, stop.take(which), concept.take(which), section)


def _told(
    clauses: Clauses, known: DutyWords, verbs: Hits, things: Hits
) -> tuple[Ints, Ints, Ints, Ints]:
    """The pairs that make sense: first token, one past the last, concept and place of each."""
    verb, thing = known.verb[verbs.phrase], known.object[things.phrase]
    concept = known.pair[verb, thing]
    odd = known.beside_people[things.phrase] & ~known.only_people[verb]
    kept = np.flatnonzero((concept >= 0) & ~odd)
    first, last = verbs.first[kept], things.stop[kept] - 1
    return clauses.at[first], clauses.at[last] + 1, concept[kept], clauses.place[first]


def _zones(clauses: Clauses, verbs: Verbs) -> tuple[Ints, Ints]:
    """Where the objects of each run of verbs may stand: first word, and one past the last."""
    hits, run = verbs.hits, verbs.run
    begin = hits.stop[np.flatnonzero(np.diff(run, append=len(hits) + 1))]
    opens = hits.first[np.flatnonzero(np.diff(run, prepend=-1))]
    stops = np.append(np.flatnonzero(_ends_zone(clauses, verbs)), len(clauses))
    # An article is no end where the objects begin.
    article = clauses.joined(begin) & clauses.is_a(begin, DETERMINER)
    end = stops[np.searchsorted(stops, begin + article)]
    end = np.minimum(end, np.append(opens[1:], len(clauses))[: len(end)])
    return begin, np.minimum(end, begin + _FAR)


def _ends_zone(clauses: Clauses, verbs: Verbs) -> Flags:
    """Which words no object can stand at or beyond."""
    ends = (clauses.bits & STOP > 0) | (clauses.lead >= CLAUSE) | _in_phrase(clauses)
    ends[1:] |= (clauses.bits[1:] & OF > 0) & (clauses.bits[:-1] & MEASURE == 0)
    ends[verbs.turns] = True
    return ends


def _in_phrase(clauses: Clauses) -> Flags:
    """Which articles do not begin what "and", "of" or a comma joins: another verb is before."""
    article = clauses.bits & DETERMINER > 0
    links = clauses.bits & (CONJUNCTION | OF | DETERMINER) > 0
    article[1:] &= ~links[:-1] & (clauses.lead[1:] == NONE)
    return article


def _ends_phrase(clauses: Clauses, hits: Hits) -> Flags:
    """Which hits are the last noun of a phrase: "pipelines" in "data pipelines and tools"."""
    behind = STOP | CONJUNCTION | OF | ADVERB | PLAIN | DETERMINER
    ends: Flags = ~clauses.joined(hits.stop) | clauses.is_a(hits.stop, behind)
    return ends & ~clauses.hyphen_behind(hits.stop)


def _longest(hits: Hits) -> Ints:
    """Index of the hits that begin first of those that end at the same word, in order."""
    order = in_order(hits.stop, hits.first)
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
