"""Many phrases found in many texts at once: a trie of words in hash tables, walked with numpy.

The walk is breadth first: all places of a batch take their next word together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Flags, Ints, Keys, looked_up
from rolediff.annotate.table import Table
from rolediff.annotate.tokens import BREAK, Tokens, tokenise

_NODE_BITS, _GAP_BITS = 24, 3
_OF_GAP = np.array([gap if gap != BREAK else -1 for gap in range(BREAK + 1)], dtype=np.int64)
_LONGEST = 63  # words of a phrase beyond which longer ones do not go before shorter ones


@dataclass(frozen=True, slots=True)
class Hits:
    """Phrases found: index of the first token, one past the last, and of the phrase (n each)."""

    first: Ints
    stop: Ints
    phrase: Ints

    def __len__(self) -> int:
        return len(self.first)

    def take(self, which: Ints | Flags) -> Hits:
        """The hits at these places, or where the flag is set."""
        at = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return Hits(self.first.take(at), self.stop.take(at), self.phrase.take(at))

    def part(self, begin: int, end: int) -> Hits:
        """The hits from place `begin` up to `end`, without a copy."""
        return Hits(*(column[begin:end] for column in (self.first, self.stop, self.phrase)))

    def longest(self) -> Hits:
        """Leftmost-longest hits that do not overlap; of equal spans the first phrase."""
        size = np.minimum(self.stop - self.first, _LONGEST)
        place = self.first * (_LONGEST + 1) + _LONGEST - size
        hits = self.take(np.argsort((place << _NODE_BITS) | (self.phrase + 1)))
        kept = [np.zeros(0, dtype=np.int64)]
        left = np.arange(len(hits))
        while len(left):
            before = np.maximum.accumulate(hits.stop[left])
            head = np.ones(len(left), dtype=np.bool_)
            head[1:] = hits.first[left[1:]] >= before[:-1]
            heads = left[head]
            kept.append(heads)
            # What begins inside the head of its cluster is gone.
            owner = heads[np.cumsum(head) - 1]
            left = left[~head & (hits.first[left] >= hits.stop[owner])]
        return hits.take(np.sort(np.concatenate(kept)))


@dataclass(frozen=True, slots=True)
class Words:
    """A batch of tokens as the words of a trie; one more entry at the end for "no token".

    `ids` = number of each word, -1 if it is in no phrase; `codes` = the word and the gap before
    it in one number, -1 if no phrase can go on with it.
    """

    ids: Ints
    codes: Ints


@dataclass(frozen=True, slots=True)
class Trie:
    """Sets of phrases, compiled: an immutable value that serves any number of batches.

    `words` = every word of a phrase; `begin[name][word]` = the node a phrase of that set begins
    with, or -1; `edges` = (node, gap, word) to `target` node; the phrases that end at a node are
    `phrases[ending[node] : ending[node + 1]]`; `ends`, `grows` = whether there are any, and any
    edges; `follows` = number of a word with place for a gap, -1 if no edge has the word.
    """

    words: Table
    begin: Mapping[str, Ints]
    edges: Table
    target: Ints
    ending: Ints
    phrases: Ints
    ends: Flags
    grows: Flags
    follows: Ints

    def words_of(self, tokens: Tokens) -> Words:
        """The words of a batch, to be walked any number of times."""
        ids: Ints = np.append(self.words.find(tokens.keys), np.int64(-1))
        gaps = np.append(tokens.gaps, np.uint8(BREAK))
        return Words(ids, looked_up(self.follows, ids) | looked_up(_OF_GAP, gaps))

    def walk(self, words: Words, name: str, at: Ints | None = None) -> Hits:
        """Every phrase of the set `name` that begins at a token (of `at`, or of all)."""
        nodes = looked_up(self.begin[name], words.ids if at is None else words.ids.take(at))
        live = np.flatnonzero(nodes >= 0)
        first = live if at is None else at[live]
        nodes, depth = nodes[live], 0
        found = []
        while len(first):
            depth += 1
            found.append(self._endings(first, nodes, depth))
            here = np.flatnonzero(self.grows.take(nodes))
            first, nodes = first.take(here), nodes.take(here)
            codes = words.codes.take(first + depth)
            here = np.flatnonzero(codes >= 0)
            first = first.take(here)
            edge = self.edges.find(_edge_keys(nodes.take(here), codes.take(here)))
            here = np.flatnonzero(edge >= 0)
            first, nodes = first.take(here), self.target.take(edge.take(here))
        return _joined(found)

    def _endings(self, first: Ints, nodes: Ints, depth: int) -> Hits:
        where = np.flatnonzero(self.ends.take(nodes))
        first, nodes = first.take(where), nodes.take(where)
        begin = self.ending.take(nodes)
        counts = self.ending.take(nodes + 1) - begin
        for _ in range(int(counts.max(initial=1)) - 1):
            # Few phrases are given twice: one more round for each further one.
            more = np.flatnonzero(counts > 1)
            first = np.concatenate([first, first[more]])
            counts = np.concatenate([np.minimum(counts, 1), counts[more] - 1])
            begin = np.concatenate([begin, begin[more] + 1])
        return Hits(first, first + depth, self.phrases.take(begin))


def _joined(found: Sequence[Hits]) -> Hits:
    empty = np.zeros(0, dtype=np.int64)
    columns = (
        np.concatenate([empty, *(getattr(hits, name) for hits in found)])
        for name in ("first", "stop", "phrase")
    )
    return Hits(*columns)


def _edge_keys(nodes: Ints, codes: Ints) -> Keys:
    return ((codes << _NODE_BITS) | nodes).view(np.uint64)


def compile_trie(sets: Mapping[str, Sequence[str]]) -> Trie:
    """The trie of several sets of phrases; a hit's `phrase` is the index within its set.

    A phrase is cut into words as texts are, and may be given twice. `ValueError` for one without
    a word, or with a break inside.
    """
    flat = [phrase for phrases in sets.values() for phrase in phrases]
    tokens = tokenise(flat)
    keys, ids = np.unique(tokens.keys, return_inverse=True)
    firsts = tokens.firsts
    builder = _Builder(len(keys))
    row = 0
    for name, phrases in sets.items():
        builder.open(name)
        for number, phrase in enumerate(phrases):
            span = slice(int(firsts[row]), int(firsts[row + 1]))
            gaps = tokens.gaps[span].tolist()
            if not gaps or BREAK in gaps[1:]:
                raise ValueError(f"{phrase!r} is no phrase that a text could hold")
            builder.add(ids[span].tolist(), gaps, number)
            row += 1
    return builder.close(keys)


class _Builder:
    """Nodes and edges while they are being made; one per call of `compile_trie`."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.begin: dict[str, Ints] = {}
        self.edges: dict[tuple[int, int, int], int] = {}
        self.ends: list[list[int]] = []

    def open(self, name: str) -> None:
        """Begin the set `name`; the last place serves words that are in no phrase."""
        self.current = np.full(self.words + 1, -1, dtype=np.int64)
        self.begin[name] = self.current

    def add(self, ids: Sequence[int], gaps: Sequence[int], number: int) -> None:
        """Add a phrase to the set that is open."""
        node = int(self.current[ids[0]])
        if node < 0:
            node = self.current[ids[0]] = self._node()
        for gap, word in zip(gaps[1:], ids[1:], strict=True):
            edge = (int(node), gap, word)
            if edge not in self.edges:
                self.edges[edge] = self._node()
            node = self.edges[edge]
        self.ends[node].append(number)

    def close(self, keys: Keys) -> Trie:
        """The finished trie over the words `keys`."""
        edges = np.array(list(self.edges), dtype=np.int64).reshape(-1, 3)
        counts = [len(numbers) for numbers in self.ends]
        grows = np.zeros(len(self.ends), dtype=np.bool_)
        grows[edges[:, 0]] = True
        follows = np.full(len(keys) + 1, -1, dtype=np.int64)
        follows[edges[:, 2]] = edges[:, 2] << _GAP_BITS
        codes = (edges[:, 2] << _GAP_BITS) | edges[:, 1]
        return Trie(
            words=Table.of(keys),
            begin=self.begin,
            edges=Table.of(_edge_keys(edges[:, 0], codes)),
            target=np.array(list(self.edges.values()), dtype=np.int64),
            ending=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64),
            phrases=np.array([n for numbers in self.ends for n in numbers], dtype=np.int64),
            ends=np.array(counts, dtype=np.int64) > 0,
            grows=grows,
            follows=follows,
        )

    def _node(self) -> int:
        self.ends.append([])
        return len(self.ends) - 1
