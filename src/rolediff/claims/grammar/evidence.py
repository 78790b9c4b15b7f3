"""What speaks for a claim in a clause: named traits that are weighed against one another.

A trait is an object (a sum, a percentage, a place, an industry, a skill, a degree), a predicate
(the family of a word: of pay, of asking, of rising), a word, where the clause stands (a cell, under
a heading of pay, behind a claim of demand), which rule reads it, or what makes it no claim (advice,
a person).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import product

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.setting import topic_of
from rolediff.claims.grammar.words import families, pattern, words

OBJECTS = (
    "money", "percent", "years", "number", "place", "trade", "tool", "language", "skill",
    "schooling", "papers", "nothing",
)  # fmt: skip
"""What a clause can be about."""

PREDICATES = (
    "wanted", "hiring", "asks", "knows", "uses", "up", "down", "level", "ahead", "lately", "paid",
    "gap", "because", "share", "advertised", "employers", "applicants", "superlative",
)  # fmt: skip
"""What can be said of it, by the families of its words."""

_TOOLS = frozenset({"tool", "framework", "library", "platform", "database", "cloud"})
STEM = 6
"""Letters of a word that count."""

_WORD = re.compile(r"[a-z][a-z'’-]+|[£$€%+]|\d+")
_LENGTHS = (2, 4, 7, 11, 16, 24)
_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b", re.I)


def evidence(
    clause: Clause, found: str, labels: Sequence[str] = (), faults: Collection[str] = ()
) -> frozenset[str]:
    """The traits of `clause` under `labels`, nearest first, from which names of roles are taken.

    `found` = the kind its rule reads in it, `faults` those of its sentence.
    """
    said = set(_families(clause))
    objects = [name for name in OBJECTS if name in said] or ["nothing"]
    predicates = [name for name in PREDICATES if name in said]
    pairs = {f"{one} {other}" for one, other in product(objects, predicates)}
    return frozenset(
        {*said, *objects, *pairs, *_standing(clause, found), *_labels(labels), *faults}
    )


def _families(clause: Clause) -> Iterator[str]:
    """The families that a word of it belongs to, and what else stands in it."""
    for name, family in families():
        found = family.finditer(clause.article, clause.start, clause.end)
        if any(not clause.names(m.start()) for m in found):
            yield name
    yield from (f"word {word}" for word in _stems(clause.text))
    if clause.money:
        yield "money"
    if clause.percents:
        yield "percent"
    if clause.experience:
        yield "years"
    if _NUMBER.search(clause.text):
        yield "number"
    yield from _places(clause)
    yield from _skills(clause)
    for name in ("finite", "negation", "hedge", "degree", "certificate", "industry"):
        if clause.has(name):
            yield f"has {name}"


def _stems(text: str) -> Iterator[str]:
    """Its words cut to their first letters, with "#" for numbers."""
    for found in _WORD.finditer(text.lower()):
        yield "#" if found[0].isdigit() else found[0][:STEM]


def _places(clause: Clause) -> Iterator[str]:
    if clause.places:
        yield "place"
        yield "places" if len(clause.places) > 1 else "one place"
        if clause.places[0][0] - clause.start < 4:
            yield "place first"


def _skills(clause: Clause) -> Iterator[str]:
    skills = [s for s in clause.skills if not clause.names(s.start)]
    for skill in skills:
        yield (
            "tool" if skill.kind in _TOOLS else "language" if skill.kind == "language" else "skill"
        )
    if len(skills) > 1:
        yield "skills"
    if skills and 2 * sum(s.kind in _TOOLS for s in skills) > len(skills):
        yield "mostly tools"


def _standing(clause: Clause, found: str) -> Iterator[str]:
    """Where it stands, of whom it speaks, and which rule reads it."""
    where = clause.block
    yield f"in {where}"
    yield f"read as {found or 'nothing'}"
    if found:
        yield f"read in {where}"
    on = pattern("evidence_goes_on").match(clause.text)
    if on and clause.claimed:
        yield f"goes on after {clause.claimed[0]}"
    if clause.topic:
        yield f"under {clause.topic}"
        yield f"{where} under {clause.topic}"
        if found:
            yield f"read as {found} under {clause.topic}"
    asked = topic_of(clause.question) if clause.question else ""
    if asked:
        yield f"asked of {asked}"
    yield f"after {clause.claimed[0] if clause.claimed else 'nothing'}"
    yield f"by {clause.link or 'itself'}"
    if clause.before and clause.before.start >= clause.first:
        yield f"beside {clause.before.kind}"
    yield from _of_whom(clause)
    size = len(clause.text.split())
    yield f"words {sum(size > length for length in _LENGTHS)}"


def _labels(labels: Sequence[str]) -> Iterator[str]:
    """The families and topics of what it stands under, its own label or the nearest that tells."""
    for name, label in zip(("label", "above", "far above"), filter(None, labels), strict=False):
        topic = topic_of(label)
        if topic:
            yield f"{name} of {topic}"
        if name != "far above":
            yield from (f"{name} {family}" for family, found in families() if found.search(label))


def _of_whom(clause: Clause) -> Iterator[str]:
    named = {role for m in clause.mentions for role in m.roles}
    hows = {m.how for m in clause.mentions}
    yield from (f"said {how}" for how in hows)
    yield f"roles {min(2, len(named))}"
    if not named:
        yield "roles carried" if clause.carried else "no roles"
    if any(not role.known for role in named):
        yield "role unknown"
    if clause.mentions and clause.mentions[0].start - clause.start < 12:
        yield "role first"
    if not words("finite").search(clause.text):
        yield "no verb"
        yield f"no verb in {clause.block}"
