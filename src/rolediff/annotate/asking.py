"""Whether a mention of a skill is asked of the applicant, and how strongly."""

from __future__ import annotations

import numpy as np

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.finding import Reading
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.trie import Hits

REQUIRED: tuple[str, ...] = ("required", "preferred", "unclear")
"""What `demand` returns indexes of."""

_REACH = 3  # words between a skill and the people who have it: "frontend and product teams"
_REQUIRED, _PREFERRED, _UNCLEAR = range(3)


def _those(*names: str) -> Flags:
    return np.array([name in names for name in SECTIONS], dtype=np.bool_)


_ALWAYS = _those("requirements", "preferred", "duties", "title")
_MOSTLY = _those("role")
_PERHAPS = _those("intro", "team", "other")
_SELDOM = _those("company", "benefits", "process")


def demand(read: Reading, section: Ints, sentence: Ints) -> Ints:
    """How strongly each mention is asked for, as an index into `REQUIRED`.

    The words of its sentence go before the section it stands in. `section` and `sentence` =
    index of each mention's section in `SECTIONS`, and of its sentence, counted from 1.
    """
    strength = np.full(len(section), _UNCLEAR)
    required = _cued(read, "required")[sentence]
    strength[required | (section == SECTIONS.index("requirements"))] = _REQUIRED
    preferred = _cued(read, "preferred")[sentence]
    strength[preferred | (section == SECTIONS.index("preferred"))] = _PREFERRED
    return strength


def asked(read: Reading, section: Ints, sentence: Ints, told: Flags) -> Flags:
    """Whether each mention is asked of the applicant.

    Under headings of requirements and duties always, of the law never, of the company, benefits
    and process when its sentence says who is wanted; elsewhere when it speaks of the applicant or
    the work. Nowhere what is only `told` (`barred`).
    """
    addressed = _cued(read, "addresses")[sentence]
    employer = _cued(read, "employer")[sentence]
    here = _ALWAYS[section] | (~employer & (_MOSTLY[section] | (_PERHAPS[section] & addressed)))
    return (here | _SELDOM[section]) & ~told


def barred(read: Reading, hits: Hits, section: Ints, sentence: Ints) -> Flags:
    """Whether each mention is certainly not asked of the applicant.

    So is the law, what is said of the company, the benefits and the process where its sentence
    does not say who is wanted, what only colleagues do, and the subject of a degree.
    """
    told = _SELDOM[section] & ~_cued(read, "seeks")[sentence]
    told |= section == SECTIONS.index("legal")
    told |= _of_others(read, hits, sentence) | _of_a_degree(read, hits, sentence)
    return told


def _cued(read: Reading, name: str) -> Flags:
    """Whether each sentence holds a phrase of the list `name`; counted from 1."""
    flags = np.zeros(len(read.sentences) + 1, dtype=np.bool_)
    flags[read.sentence.take(read.marks[name].first)] = True
    return flags


def _of_others(read: Reading, hits: Hits, sentence: Ints) -> Flags:
    """Whether each mention only says who else is there: "work with the backend team"."""
    far = len(read.tokens.starts)
    people = np.append(np.sort(read.marks["colleagues"].first), far)
    behind = people[np.searchsorted(people, np.minimum(hits.stop, far))]
    end = np.append(read.sentences, far)[sentence]
    theirs = (behind < hits.stop + _REACH) & (behind < end)
    return _and_preceded(theirs, read, "collaborates", hits, sentence)


def _of_a_degree(read: Reading, hits: Hits, sentence: Ints) -> Flags:
    """Whether each mention is only the subject of a degree: "BSc in Mathematics"."""
    subjects, size = read.marks["subjects"], len(read.tokens.starts) + 1
    spans = np.append(np.sort(subjects.first * size + subjects.stop), -1)
    wanted = hits.first * size + hits.stop
    same: Flags = spans[np.searchsorted(spans[:-1], wanted)] == wanted
    return _and_preceded(same, read, "degrees", hits, sentence)


def _and_preceded(which: Flags, read: Reading, name: str, hits: Hits, sentence: Ints) -> Flags:
    """Which of the hits flagged have a phrase of the list `name` before them in their sentence."""
    found = np.zeros(len(hits), dtype=np.bool_)
    places, at = np.sort(read.marks[name].first), np.flatnonzero(which)
    if len(places):
        last = np.searchsorted(places, hits.first[at]) - 1
        found[at] = (last >= 0) & (places[last] >= read.sentences[sentence[at] - 1])
    return found
