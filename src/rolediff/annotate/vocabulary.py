"""The vocabulary of skills: read from a table, its spellings worked out, compiled once.

A concept has a name, a kind, a family, parents and aliases; see `data/skills.tsv`. Of an alias
the engine makes the plural, and of several words the joined spelling; hyphen or space between
words makes no difference to the tokens.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints, Keys
from rolediff.annotate.compounds import Compound, compounds
from rolediff.annotate.contexts import Contexts, contexts
from rolediff.annotate.duty_words import duty_words
from rolediff.annotate.sections import Headings, headings
from rolediff.annotate.signal_words import SIGNAL, signal_words
from rolediff.annotate.skill_weights import Weights, skill_weights
from rolediff.annotate.spellings import numbers, variants
from rolediff.annotate.tokens import tokenise
from rolediff.annotate.trie import Trie, compile_trie
from rolediff.errors import DataError

COLUMNS = ("concept", "kind", "parents", "aliases", "rule", "family")
_SEVERAL_WORDS = re.compile(r"\w[ /.&-]+\w")
RULES = ("", "case", "context", "case+context", "beside", "between")
_NEIGHBOURS = {"beside": 1, "between": 2}


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of the table: a skill, under its canonical name."""

    name: str
    kind: str
    parents: tuple[str, ...]
    aliases: tuple[str, ...]
    rule: str
    family: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and the aliases; a name with a bracket ("Move (Sui)") is only a label."""
        names = () if "(" in self.name else (self.name,)
        return tuple(dict.fromkeys((*names, *self.aliases)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A compiled vocabulary; immutable, so it can be shared between batches and workers.

    Per form, that is a spelling of a concept: `spellings`, `concept` (index into `concepts`),
    `cased` (only with these capitals), `contextual` (only beside other skills), `frail` (either),
    `neighbours` (how many it needs in a list of skills: 0, 1 or 2),
    and its words as written, `written[begins[form] : begins[form + 1]]`. `table` = concept, kind
    and family by index. `letters` (per form) = number of its letters and digits alone, in `alike`.
    The trie's set "text" holds the forms and, after them, the phrases of
    `contexts`; "heading" those of `headings`; others those of duties and signals;
    the rest are words that stand beside a skill. `weights` = how mentions are judged; without them
    plain rules do.
    """

    concepts: tuple[Concept, ...]
    table: pl.DataFrame
    alike: Mapping[str, int]
    letters: Ints
    spellings: tuple[str, ...]
    concept: Ints
    cased: Flags
    contextual: Flags
    frail: Flags
    neighbours: Ints
    written: Keys
    begins: Ints
    trie: Trie
    headings: Headings
    contexts: Contexts
    weights: Weights | None

    @property
    def forms(self) -> int:
        """How many spellings are looked for."""
        return len(self.concept)


@cache
def bundled() -> Vocabulary:
    """The vocabulary that ships with the package, compiled on the first call."""
    text = files("rolediff").joinpath("data/skills.tsv").read_text(encoding="utf-8")
    listed = read_concepts(text, "data/skills.tsv")
    return compile_vocabulary(tuple(_compounded(listed, compounds())), skill_weights())


def _compounded(listed: tuple[Concept, ...], pairs: Iterable[Compound]) -> Iterator[Concept]:
    """`listed` and a concept for each pair that is no spelling, plural or singular of another.

    A pair that is brings its other spellings to that one.
    """
    known = {concept.name: concept for concept in listed}
    owner = {_even(form): concept.name for concept in listed for form in concept.spellings}
    for pair in pairs:
        forms = [form for way in pair.spellings for form in (way, *numbers(way, cased=False))]
        even = list(map(_even, forms))
        name = next((owner[form] for form in even if form in owner), pair.spellings[0])
        fresh = tuple(way for way in pair.spellings if _even(way) not in owner and way != name)
        if name in known:
            concept = known[name]
            known[name] = replace(concept, aliases=(*concept.aliases, *fresh))
        else:
            above = known[pair.under]
            known[name] = Concept(name, "method", (above.name,), fresh, "", above.family)
        owner |= {form: name for form in even if form not in owner}
    yield from known.values()


def _even(form: str) -> str:
    return form.lower().replace("-", " ")


def load(path: Path) -> Vocabulary:
    """The vocabulary in a table of one's own; `DataError` says which line is wrong."""
    return compile_vocabulary(read_concepts(path.read_text(encoding="utf-8"), str(path)))


def read_concepts(text: str, name: str) -> tuple[Concept, ...]:
    """The concepts of a tab-separated table; `name` is what messages call it.

    Raises `DataError` for an absent column, an unknown rule or a concept given twice.
    """
    rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    absent = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if absent:
        raise DataError(f"{name} has no column {absent[0]}; it needs {', '.join(COLUMNS)}")
    seen: dict[str, Concept] = {}
    for line, row in enumerate(rows, start=2):
        concept = _concept({column: (row[column] or "").strip() for column in COLUMNS})
        if not concept.name or concept.rule not in RULES or concept.name in seen:
            has = f"it has {concept.name!r} and {concept.rule!r}"
            rules = ", ".join(filter(None, RULES))
            raise DataError(f"line {line} of {name} needs a new concept, {rules} or no rule; {has}")
        seen[concept.name] = concept
    return tuple(seen.values())


def _concept(row: dict[str, str]) -> Concept:
    return Concept(
        name=row["concept"],
        kind=row["kind"],
        parents=_listed(row["parents"]),
        aliases=_listed(row["aliases"]),
        rule=row["rule"],
        family=row["family"],
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def compile_vocabulary(
    concepts: tuple[Concept, ...], weights: Mapping[str, int] | None = None
) -> Vocabulary:
    """Work out every form of the concepts and build the trie.

    `weights` = of traits of mentions, if these are to be judged by them.
    A form of two concepts belongs to the first; `DataError` for an alias without a word.
    """
    forms, owners, cased = _forms(concepts)
    words, heads = contexts(), headings()
    sets = {"text": [*forms, *words.phrases], "heading": heads.phrases, **words.neighbours}
    sets |= {**duty_words().sets, SIGNAL: signal_words().phrases}
    try:
        trie = compile_trie(sets)
    except ValueError as error:
        raise DataError(f"in the vocabulary: {error}; correct that alias") from error
    tokens = tokenise(forms)
    concept = np.array(owners, dtype=np.int64)
    capitals = np.array(cased, dtype=np.bool_)
    contextual = np.array(["context" in c.rule for c in concepts], dtype=np.bool_)[concept]
    company = np.array([_NEIGHBOURS.get(c.rule, 0) for c in concepts], dtype=np.int64)
    letters = bare_letters(pl.Series(forms, dtype=pl.String)).to_list()
    alike = {name: number for number, name in enumerate(dict.fromkeys(letters))}
    return Vocabulary(
        concepts=concepts,
        alike=alike,
        letters=np.array([alike[name] for name in letters], dtype=np.int64),
        table=pl.DataFrame(
            {
                "concept": [c.name for c in concepts],
                "kind": [c.kind for c in concepts],
                "family": [c.family for c in concepts],
            },
            schema={"concept": pl.String, "kind": pl.String, "family": pl.String},
        ),
        spellings=tuple(forms),
        concept=concept,
        cased=capitals,
        contextual=contextual,
        frail=capitals | contextual,
        neighbours=company[concept],
        written=tokens.cased_keys(np.arange(len(tokens.starts))),
        begins=tokens.firsts,
        trie=trie,
        headings=heads,
        contexts=words,
        weights=None
        if weights is None
        else Weights.of(weights, [(c.name, c.kind) for c in concepts], forms, concept),
    )


def bare_letters(names: pl.Series) -> pl.Series:
    """Names without case, blanks and punctuation, but for the signs of "C++" and "C#"."""
    return names.str.to_lowercase().str.replace_all(r"%20|[^\p{L}\p{N}+#]", "")


def _forms(concepts: tuple[Concept, ...]) -> tuple[list[str], list[int], list[bool]]:
    """Every form, the concept it belongs to, and whether its capitals matter.

    Of a concept whose capitals matter they do so in spellings of one word: Go, but not "go lang".
    What is listed comes before what is derived, so that a listed alias is never taken away.
    """
    owner: dict[tuple[str, bool], int] = {}
    spelled: dict[tuple[str, bool], str] = {}
    for derive in (_as_listed, variants):
        for number, concept in enumerate(concepts):
            for spelling in concept.spellings:
                cased = concept.rule.startswith("case") and not _SEVERAL_WORDS.search(spelling)
                for form in derive(spelling, cased):
                    key = (form if cased else form.lower(), cased)
                    owner.setdefault(key, number)
                    spelled.setdefault(key, form)
    return list(spelled.values()), list(owner.values()), [cased for _, cased in owner]


def _as_listed(spelling: str, cased: bool) -> Iterator[str]:  # noqa: ARG001
    yield spelling
