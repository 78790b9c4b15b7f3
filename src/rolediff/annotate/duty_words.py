"""The vocabulary of duties: verb classes, object classes and the small words around them.

Read from `data/duties.toml`. A duty is a verb class with an object class, named in plain words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.inflection import noun_forms, verb_forms

VERB, OBJECT = "duty_verb", "duty_object"
"""Sets of phrases in the trie of a vocabulary."""

CONJUNCTION, OF, ADVERB, DETERMINER, ADJECTIVE, STOP, PLAIN, MODAL, SUBJECT, GERUND = (
    1 << bit for bit in range(10)
)
"""What a single word is to a duty, as bits; see `data/duties.toml` for each list."""

_LISTS = {
    "conjunctions": CONJUNCTION,
    "of": OF,
    "adverbs": ADVERB,
    "determiners": DETERMINER,
    "adjectives": ADJECTIVE,
    "stops": STOP,
    "before_plain": PLAIN,
    "modals": MODAL,
    "subjects": SUBJECT,
    "before_gerund": GERUND,
}

_PEOPLE = "people"

Bits = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class DutyWords:
    """The vocabulary of duties, by number of verb form, object form, verb and object class.

    `sets` = sets of phrases for a trie, of which `VERB` holds the verb forms and `OBJECT` the
    object forms; per verb form its class (`verb`), whether it is a `gerund` and as often a
    `noun`; per object form its class (`object`), and whether it `doubles` as a thing; per verb
    class whether it takes `only_people`; `takes[v, o]` = whether verb class v takes object class
    o; `verbs`, `objects` = names of the classes; `groups` = patterns "verb object" by group.
    """

    sets: Mapping[str, tuple[str, ...]]
    verb: Ints
    gerund: Flags
    noun: Flags
    object: Ints
    doubles: Flags
    only_people: Flags
    takes: npt.NDArray[np.bool_]
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    def names(self) -> pl.Series:
        """The name of each concept, `verb class * number of object classes + object class`."""
        return pl.Series([f"{verb} {thing}" for verb in self.verbs for thing in self.objects])

    def bits(self, begins: Mapping[str, npt.NDArray[np.int32]]) -> Bits:
        """For each word of a trie with `sets`, and one more that is in none, what it is."""
        size = len(begins[VERB])
        bits = np.zeros(size, dtype=np.int16)
        for name, bit in _LISTS.items():
            bits[begins[_set(name)] >= 0] |= bit
        return bits


def duty_concepts() -> pl.DataFrame:
    """Every duty that can be told: `concept`, `verb`, `object`, `groups` (a list of names).

    The groups are those of `data/duties.toml`: "leadership" and "outcomes".
    """
    known = duty_words()
    rows = [
        (f"{verb} {thing}", verb, thing, _groups_of(known.groups, verb, thing))
        for v, verb in enumerate(known.verbs)
        for o, thing in enumerate(known.objects)
        if known.takes[v, o]
    ]
    kinds = {"concept": pl.String, "verb": pl.String, "object": pl.String}
    return pl.DataFrame(rows, schema={**kinds, "groups": pl.List(pl.String)}, orient="row")


def _groups_of(groups: Mapping[str, tuple[str, ...]], verb: str, thing: str) -> list[str]:
    patterns = {f"{verb} {thing}", f"{verb} *", f"* {thing}"}
    return [name for name, listed in groups.items() if patterns & set(listed)]


@cache
def duty_words() -> DutyWords:
    """The vocabulary that ships with the package."""
    text = files("rolediff").joinpath("data/duties.toml").read_text(encoding="utf-8")
    return read_duty_words(tomllib.loads(text))


def read_duty_words(table: Mapping[str, Any]) -> DutyWords:
    """The vocabulary in a parsed table of the form of `data/duties.toml`.

    A form of two classes belongs to the first, but one of people may also be a thing.
    """
    verbs, nouns = table["verbs"], frozenset(table["also_nouns"])
    forms: dict[str, tuple[int, bool, bool]] = {}
    for number, entry in enumerate(verbs.values()):
        for phrase in entry["forms"]:
            for form, going in verb_forms(phrase, table["gerunds"]):
                forms.setdefault(form, (number, going, phrase in nouns and not going))
    kinds = [(name, kind) for kind, listed in table["objects"].items() for name in listed]
    things = _object_forms(table["objects"])
    verb, gerund, noun = (np.array(column) for column in zip(*forms.values(), strict=True))
    listed = {_set(name): tuple(table["words"][name]) for name in _LISTS}
    return DutyWords(
        sets={VERB: tuple(forms), OBJECT: tuple(form for form, _ in things), **listed},
        verb=verb.astype(np.int64),
        gerund=gerund.astype(np.bool_),
        noun=noun.astype(np.bool_),
        object=np.array([number for _, number in things], dtype=np.int64),
        doubles=_doubles(things, kinds),
        only_people=np.array([v.get("takes") == [_PEOPLE] for v in verbs.values()]),
        takes=np.array([[_takes(v, kind) for _, kind in kinds] for v in verbs.values()]),
        verbs=tuple(entry.get("label", name) for name, entry in verbs.items()),
        objects=tuple(name for name, _ in kinds),
        groups={name: tuple(listed) for name, listed in table["groups"].items()},
    )


def _set(name: str) -> str:
    return f"duty_{name}"


def _object_forms(objects: Mapping[str, Mapping[str, list[str]]]) -> list[tuple[str, int]]:
    """Every object form with the number of its class; once, or once as people and as a thing."""
    owners: dict[tuple[str, bool], int] = {}
    number = 0
    for kind, classes in objects.items():
        for listed in classes.values():
            for phrase in listed:
                for form in noun_forms(phrase):
                    owners.setdefault((form, kind == _PEOPLE), number)
            number += 1
    return [(form, number) for (form, _), number in owners.items()]


def _doubles(things: list[tuple[str, int]], kinds: list[tuple[str, str]]) -> Flags:
    """Which forms of people are also forms of things."""
    other = {form for form, number in things if kinds[number][1] != _PEOPLE}
    return np.array(
        [kinds[number][1] == _PEOPLE and form in other for form, number in things], dtype=np.bool_
    )


def _takes(verb: Mapping[str, Any], kind: str) -> bool:
    taken = verb.get("takes", ())
    if kind in verb.get("notkinds", ()):
        return False
    return "*" in taken or (kind in taken if taken else kind != _PEOPLE)
