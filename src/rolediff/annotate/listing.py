"""Whether a skill stands in a list of others: "training, deployment and monitoring".

Many a word of work (deployment, evaluation, testing) is a skill in a list of skills and a duty
or a figure of speech anywhere else.
"""

from __future__ import annotations

import numpy as np

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.finding import Reading
from rolediff.annotate.tokens import AMPERSAND, BREAK, SLASH
from rolediff.annotate.trie import Hits

_PARTS: Flags = np.isin(np.arange(256), (BREAK, SLASH, AMPERSAND))


def in_list(read: Reading, hits: Hits, near: Ints) -> Flags:
    """Which hits have as many neighbours in a list (`near`) as their form asks for, of two.

    `hits` do not overlap and go from left to right. What has a line of its own needs no neighbour.
    """
    needed = read.known.neighbours[hits.phrase]
    enough: Flags = needed == 0
    few = np.flatnonzero(needed)
    if len(few):
        enough[few] = near[few] >= needed[few]
        enough[few] |= _alone(read, hits.take(few))
    return enough


def neighbours(read: Reading, hits: Hits) -> Ints:
    """How many neighbours each hit has in a list: none, one or two.

    A neighbour is another hit or one of `companions`, with nothing but a comma, a slash or a
    word like "and" between. `hits` do not overlap and go from left to right.
    """
    others = read.marks["companions"]
    place = np.argsort(np.concatenate([hits.first, others.first]), kind="stable")
    first = np.concatenate([hits.first, others.first])[place]
    stop = np.concatenate([hits.stop, others.stop])[place]
    joined = _joined(read, first, stop)
    count = np.zeros(len(place), dtype=np.int64)
    count[place[1:]] += joined
    count[place[:-1]] += joined
    return count[: len(hits)]


def _joined(read: Reading, first: Ints, stop: Ints) -> Flags:
    """Whether each span and the next are neighbours in a list of one sentence."""
    sentence = read.sentence.take(first)
    behind, between = stop[:-1], first[1:] - stop[:-1]
    gaps = np.append(read.tokens.gaps, np.uint8(BREAK))
    joins = read.known.trie.begin["joins"][read.words.ids[behind]] >= 0
    near: Flags = ((between == 0) & _PARTS[gaps[behind]]) | ((between == 1) & joins)
    near &= sentence[1:] == sentence[:-1]
    return near


def _alone(read: Reading, hits: Hits) -> Flags:
    """Whether each hit is all that its line holds."""
    lines = np.append(read.tokens.lines, len(read.tokens.starts))
    line = read.tokens.line.take(hits.first)
    whole: Flags = (lines[line] == hits.first) & (lines[line + 1] == hits.stop)
    return whole
