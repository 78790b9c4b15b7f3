"""Mentions that may be skills asked for, wherever they stand, with what speaks for and against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Bytes, Flags, Ints, Keys
from rolediff.annotate.asking import asked, barred
from rolediff.annotate.finding import Reading, clear, find
from rolediff.annotate.listing import in_list, neighbours
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.sheet import Sheet
from rolediff.annotate.skill_lists import TITLE
from rolediff.annotate.skill_weights import CROWD, LENGTH, NEIGHBOURS, Weights
from rolediff.annotate.tokens import AMPERSAND, APOSTROPHE, BREAK, DOT, SLASH, SOFT
from rolediff.annotate.trie import Hits

LINE = ord("\n")
_LISTED = np.array([name in ("requirements", "preferred") for name in SECTIONS])
_SIGNS = np.zeros(BREAK + 1, dtype=np.uint64)
_SIGNS[[SLASH, AMPERSAND, DOT, APOSTROPHE]] = list(b"/&.'")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around each hit in its line (n each), the same wherever the line stands.

    `form` = index of its form; `before`, `behind` = key of the next word, or the sign between,
    `LINE` at an end of the line; `neighbours` in a list; `alone` in its line; `crowd` = hits in
    the line; `length` of the line in eights of words. A count ends where more says no more.
    """

    form: Ints
    before: Keys
    behind: Keys
    neighbours: Ints
    alone: Flags
    crowd: Ints
    length: Ints

    @classmethod
    def of(cls, read: Reading, hits: Hits, near: Ints) -> Around:
        """Look around; `near` = how many neighbours each hit has."""
        tokens = read.tokens
        line, lines = tokens.line.take(hits.first), np.append(tokens.lines, len(tokens.starts))
        first, stop = lines.take(line), lines.take(line + 1)
        starts, ends = hits.first == first, hits.stop == stop
        keys = np.append(tokens.keys, np.uint64(LINE))
        gap = tokens.gaps.take(hits.first)
        return cls(
            form=hits.phrase,
            before=_side(read, keys.take(hits.first - 1), gap, hits.first - 1, starts),
            behind=_side(read, keys.take(hits.stop), read.after(hits), hits.stop - 1, ends),
            neighbours=np.minimum(near, NEIGHBOURS - 1),
            alone=starts & ends,
            crowd=np.minimum(np.bincount(line, minlength=1).take(line), CROWD - 1),
            length=np.minimum((stop - first) // 8, LENGTH - 1),
        )

    def weigh(self, weights: Weights, concept: Ints) -> Ints:
        """The sum of what each hit and its line weigh; `concept` = that of each form."""
        total = weights.form.take(self.form)
        total += weights.near[concept.take(self.form), self.neighbours]
        total += weights.before.weigh(self.before) + weights.behind.weigh(self.behind)
        total += weights.alone * self.alone
        total += weights.crowd.take(self.crowd) + weights.length.take(self.length)
        return total


def _side(read: Reading, key: Keys, gap: Bytes, last: Ints, edge: Flags) -> Keys:
    """What stands on one side: a word or the sign behind the token `last`."""
    code = np.where(gap == SOFT, key, _SIGNS.take(gap))
    broken = np.flatnonzero(gap == BREAK)
    code[broken] = read.tokens.plain[read.tokens.ends[last[broken]]]
    code[edge] = LINE
    return code


@dataclass(frozen=True, slots=True)
class Candidates:
    """Forms found in a small batch, wherever they stand (n each), in order of texts.

    `hit` = index among `Around`; `place` = index of the piece's place; `sentence` from 1. By
    plain rules: `clear` of other meanings, `listed` with what it needs, `asked` for; `barred` =
    whatever else is said, it is not asked for.
    """

    hits: Hits
    hit: Ints
    place: Ints
    section: Ints
    sentence: Ints
    clear: Flags
    listed: Flags
    asked: Flags
    barred: Flags
    around: Around

    @classmethod
    def of(cls, read: Reading, sheet: Sheet) -> Candidates:
        """All that the vocabulary finds on a sheet."""
        found = find(read)
        near = neighbours(read, found)
        listed, sentence = in_list(read, found, near), read.sentence.take(found.first)
        hit, place = sheet.everywhere(found.first)
        hits, sentence = found.take(hit), sentence[hit]
        section = sheet.outline.section_of(hits.first, place)
        section[sheet.outline.pieces.text[place] < sheet.titles] = TITLE
        opening = read.sentences[sentence - 1] == hits.first
        told = barred(read, hits, section, sentence)
        return cls(
            hits=hits,
            hit=hit,
            place=place,
            section=section,
            sentence=sentence,
            clear=clear(read, hits, place, _LISTED[section], opening),
            listed=listed[hit] | (section == TITLE),
            asked=asked(read, section, sentence, told),
            barred=told,
            around=Around.of(read, found, near),
        )

    def judged(self, read: Reading) -> tuple[Flags, Flags]:
        """Which are skills, and which are asked for: by weights, or by the plain rules alone.

        Where a vocabulary has no weights the plain rules decide. What they take for a skill stays
        one if weights say that it is not asked for.
        """
        plain, weights = self.clear & self.listed, read.known.weights
        if weights is None:
            return plain, self.asked
        wanted = (self.weighed(read, weights) > 0) & ~self.barred
        return plain | wanted, wanted

    def weighed(self, read: Reading, weights: Weights) -> Ints:
        """The sum of the weights of each, in thousandths."""
        total = self.around.weigh(weights, read.known.concept).take(self.hit)
        by_rule = (self.asked & self.clear & self.listed).astype(np.int64)
        total += weights.place[weights.kind.take(self.hits.phrase), self.section, by_rule]
        total += weights.doubtful * ~self.clear + weights.unlisted * ~self.listed
        return total
