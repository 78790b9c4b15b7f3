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
from rolediff.errors import DataError

VERB, OBJECT = "duty_verb", "duty_object"
"""Sets of phrases in the trie of a vocabulary."""

CONJUNCTION, OF, MEASURE, ADVERB, DETERMINER, ADJECTIVE, STOP, PLAIN, MODAL, SUBJECT, GERUND = (
    1 << bit for bit in range(11)
)
"""What a single word is to a duty, as bits; see `data/duties.toml` for each list."""

_LISTS = {
    "conjunctions": CONJUNCTION,
    "of": OF,
    "measures": MEASURE,
    "adverbs": ADVERB,
    "determiners": DETERMINER,
    "adjectives": ADJECTIVE,
    "stops": STOP,
    "before_plain": PLAIN,
    "modals": MODAL,
    "subjects": SUBJECT,
    "before_gerund": GERUND,
}

FUNCTION = "~"
"""Ends the name of a function in the data file: "design~" is people only beside people."""

_PEOPLE, _NOTHING = "people", "nothing"  # kinds of objects

Bits = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class DutyWords:
    """The vocabulary of duties, by number of verb form, object form, verb and object class.

    `sets` = sets of phrases for a trie, of which `VERB` holds the verb forms and `OBJECT` the
    object forms; per verb form its class (`verb`), whether it is a `gerund`, and as often a `noun`
    or `mostly` one; per object form its class (`object`), and whether it counts `beside_people`
    only, with a verb class that takes `only_people`; `pair[v, o]` = the concept that verb class v
    makes with object class o, -1 for none; `concepts` = a row for each, see `duty_concepts`.
    """

    sets: Mapping[str, tuple[str, ...]]
    verb: Ints
    gerund: Flags
    noun: Flags
    mostly: Flags
    object: Ints
    beside_people: Flags
    only_people: Flags
    pair: npt.NDArray[np.int64]
    concepts: pl.DataFrame

    def bits(self, begins: Mapping[str, Ints]) -> Bits:
        """For each word of a trie with `sets`, and one more that is in none, what it is."""
        bits = np.zeros(len(begins[VERB]), dtype=np.int16)
        for name, bit in _LISTS.items():
            bits[begins[_set(name)] >= 0] |= bit
        return bits


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb class: its name, its forms, and the objects that it goes with."""

    name: str
    forms: tuple[str, ...]
    takes: tuple[str, ...]
    kinds_not: tuple[str, ...]
    never: tuple[str, ...]

    def goes_with(self, thing: str, kind: str) -> bool:
        if kind == _NOTHING or kind in self.kinds_not or thing in self.never:
            return False
        return "*" in self.takes or (kind in self.takes if self.takes else kind != _PEOPLE)


@dataclass(frozen=True, slots=True)
class _Thing:
    """A form of an object, the number of its class, whether it is people, or a function."""

    form: str
    owner: int
    people: bool
    function: bool


def duty_concepts() -> pl.DataFrame:
    """Every duty that can be told: `concept`, `verb`, `object`, `groups` (a list of names).

    The groups are those of `data/duties.toml`: "leadership" and "outcomes".
    """
    return duty_words().concepts


@cache
def duty_words() -> DutyWords:
    """The vocabulary that ships with the package."""
    text = files("rolediff").joinpath("data/duties.toml").read_text(encoding="utf-8")
    return read_duty_words(tomllib.loads(text))


def read_duty_words(table: Mapping[str, Any]) -> DutyWords:
    """The vocabulary in a parsed table of the form of `data/duties.toml`.

    A form of two classes belongs to the first, but one of people may also be a thing. Raises
    `DataError` for a class or duty that is spoken of and not there.
    """
    verbs = [_verb(name, entry) for name, entry in table["verbs"].items()]
    kinds = {name: kind for kind, listed in table["objects"].items() for name in listed}
    pairs = {(v.name, o): f"{v.name} {o}" for v in verbs for o in kinds if v.goes_with(o, kinds[o])}
    _check(table, verbs, kinds, set(pairs.values()))
    pairs = {pair: table["same"].get(name, name) for pair, name in pairs.items()}
    concepts = _concepts(pairs, table["groups"])
    number = {name: at for at, name in enumerate(concepts["concept"])}
    forms = _verb_forms(verbs, table["gerunds"])
    things = _object_forms(table["objects"])
    owners, gerunds = zip(*forms.values(), strict=True)
    mostly = frozenset(table["mostly_nouns"])
    nouns = mostly | frozenset(table["also_nouns"])
    return DutyWords(
        sets={
            VERB: tuple(forms),
            OBJECT: tuple(thing.form for thing in things),
            **{_set(name): tuple(table["words"][name]) for name in _LISTS},
        },
        verb=np.array(owners, dtype=np.int64),
        gerund=np.array(gerunds, dtype=np.bool_),
        noun=np.array([form in nouns for form in forms]),
        mostly=np.array([form in mostly for form in forms]),
        object=np.array([thing.owner for thing in things], dtype=np.int64),
        beside_people=_beside_people(things),
        only_people=np.array([verb.takes == (_PEOPLE,) for verb in verbs]),
        pair=np.array([[number.get(pairs.get((v.name, o), ""), -1) for o in kinds] for v in verbs]),
        concepts=concepts,
    )


def _verb(name: str, entry: Mapping[str, Any]) -> _Verb:
    lists = (tuple(entry.get(key, ())) for key in ("forms", "takes", "kinds_not", "never"))
    return _Verb(entry.get("label", name), *lists)


def _set(name: str) -> str:
    return f"duty_{name}"


def _concepts(
    pairs: Mapping[tuple[str, str], str], groups: Mapping[str, list[str]]
) -> pl.DataFrame:
    """A row for each pair that goes by its own name."""
    own = [pair for pair, name in pairs.items() if name == " ".join(pair)]
    members = {name: frozenset(listed) for name, listed in groups.items()}
    rows = [(" ".join(pair), *pair, _groups_of(members, *pair)) for pair in own]
    kinds = {"concept": pl.String, "verb": pl.String, "object": pl.String}
    return pl.DataFrame(rows, schema={**kinds, "groups": pl.List(pl.String)}, orient="row")


def _groups_of(groups: Mapping[str, frozenset[str]], verb: str, thing: str) -> list[str]:
    patterns = (f"{verb} {thing}", f"{verb} *", f"* {thing}")
    return [name for name, members in groups.items() if not members.isdisjoint(patterns)]


def _check(
    table: Mapping[str, Any], verbs: list[_Verb], kinds: Mapping[str, str], duties: set[str]
) -> None:
    """Every class and duty that the table speaks of is there, and none has two other names."""
    same = table["same"]
    known = duties - same.keys()
    known |= {f"{verb.name} *" for verb in verbs} | {f"* {name}" for name in kinds}
    spoken = {*same.values(), *(duty for group in table["groups"].values() for duty in group)}
    never = {name for verb in verbs for name in verb.never}
    if wrong := sorted((spoken - known) | (same.keys() - duties) | (never - kinds.keys())):
        raise DataError(f"the vocabulary of duties has no {wrong[0]!r}: correct that name")


def _verb_forms(verbs: list[_Verb], gerunds: Mapping[str, str]) -> dict[str, tuple[int, bool]]:
    """Every verb form: its class, and whether it is a gerund."""
    forms: dict[str, tuple[int, bool]] = {}
    for number, verb in enumerate(verbs):
        for phrase in verb.forms:
            for form, gerund in verb_forms(phrase, gerunds):
                forms.setdefault(form, (number, gerund))
    return forms


def _object_forms(objects: Mapping[str, Mapping[str, list[str]]]) -> list[_Thing]:
    """Every object form once, or once as people and once as a thing."""
    found: dict[tuple[str, bool], _Thing] = {}
    classes = [(kind, listed) for kind, named in objects.items() for listed in named.values()]
    for number, (kind, listed) in enumerate(classes):
        for phrase in listed:
            bare = phrase.removesuffix(FUNCTION)
            for form in noun_forms(bare):
                people = kind == _PEOPLE
                found.setdefault((form, people), _Thing(form, number, people, bare != phrase))
    return list(found.values())


def _beside_people(things: list[_Thing]) -> Flags:
    """Which forms of people name a function ("design") or also a thing."""
    other = {thing.form for thing in things if not thing.people}
    both = [thing.people and (thing.function or thing.form in other) for thing in things]
    return np.array(both, dtype=np.bool_)
