"""Words around a skill that decide whether it is one and how it is asked for, from a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from rolediff.annotate.arrays import Bytes
from rolediff.annotate.trie import Hits

NEIGHBOURS = ("introduces", "completes", "joins")
"""Lists of single words that are only looked for right beside a skill."""


@dataclass(frozen=True, slots=True)
class Contexts:
    """The lists of `data/skill_contexts.toml`.

    `phrases` = those of every list that is looked for everywhere, one list after the other;
    `owner` = index into `names` of the list that each is from; `neighbours` = the other lists.
    """

    names: tuple[str, ...]
    phrases: tuple[str, ...]
    owner: Bytes
    neighbours: Mapping[str, tuple[str, ...]]

    def marks(self, hits: Hits) -> dict[str, Hits]:
        """Hits of `phrases` by the list they are from."""
        owner = self.owner.take(hits.phrase)
        order = np.argsort(owner, kind="stable")
        hits = hits.take(order)
        at = np.searchsorted(owner[order], np.arange(len(self.names) + 1)).tolist()
        return {name: hits.part(at[n], at[n + 1]) for n, name in enumerate(self.names)}


@cache
def contexts() -> Contexts:
    """The lists that ship with the package."""
    text = files("rolediff").joinpath("data/skill_contexts.toml").read_text(encoding="utf-8")
    lists = {name: tuple(listed) for name, listed in tomllib.loads(text).items()}
    names = tuple(name for name in lists if name not in NEIGHBOURS)
    owner = [number for number, name in enumerate(names) for _ in lists[name]]
    return Contexts(
        names=names,
        phrases=tuple(phrase for name in names for phrase in lists[name]),
        owner=np.array(owner, dtype=np.uint8),
        neighbours={name: lists[name] for name in NEIGHBOURS},
    )
