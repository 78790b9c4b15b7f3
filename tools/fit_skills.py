"""The weights by which mentions of skills are judged, fitted to postings whose skills are labelled.

python tools/fit_skills.py                 how well weights judge the postings of sets left out
python tools/fit_skills.py --write [FILE]  fit to all and write FILE, else data/skill_weights.csv

A mention is an example of a skill where its words are labelled in its posting; the mentions of the
same words in one posting count as one together. Only sets that were tuned on are read. They are
left out whole, a quarter of them at a time. The postings are read from `shared/data` beside the
repository.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.sparse import csr_array

from rolediff.annotate.candidates import Around, Candidates
from rolediff.annotate.finding import Reading
from rolediff.annotate.pieces import Cut
from rolediff.annotate.sections import SECTIONS, outlined
from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.skill_weights import (
    ALONE,
    ALWAYS,
    DOUBTFUL,
    UNLISTED,
    concept_traits,
    crowd_trait,
    form_traits,
    length_trait,
    near_traits,
    place_traits,
    sign_trait,
)
from rolediff.annotate.tokens import tokenise
from rolediff.annotate.vocabulary import bundled
from rolediff.read.postings import all_postings

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
DEVELOPMENT = DATA / "bench" / "postings_gold_dev.jsonl"
SNAPSHOT = DATA / "ashby" / "postings_2025-10.jsonl.zst"
TABLE = ROOT / "src" / "rolediff" / "data" / "skill_weights.csv"
TUNED_ON = {"labels_ashby_74": (1,), "labels_ashby_78": (1,), "labels_ashby_186": (1, 2, 3, 4, 6)}
"""Halves and parts of the files of labels that may be read."""
PENALTY = 1.0
"""Of the squared weights, in units of the log-likelihood of one example."""
FEWEST = 2
"""Mentions with a trait that has a weight."""
LEAST = -0.2
"""Log odds from which a mention is told as a skill; chosen on sets left out."""
PARTS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """The traits of a mention, whether its words are labelled, and whose they are."""

    traits: tuple[str, ...]
    labelled: bool
    words: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The mentions in a set that are not barred, and how many skills it has labels for."""

    examples: list[Example]
    labels: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """The traits that have weights, and these, with that of `ALWAYS` last."""

    traits: tuple[str, ...]
    weights: np.ndarray


def sets() -> Iterator[Labelled]:
    """Each set that was tuned on."""
    rows = lines(DEVELOPMENT)
    yield labelled(all_postings(DEVELOPMENT).postings, [row["labels"]["skills"] for row in rows])
    every = all_postings(SNAPSHOT).postings
    for name, parts in TUNED_ON.items():
        rows = lines(ROOT / "benchmarks" / f"{name}.jsonl")
        for part in parts:
            skills = {
                row["id"]: row["skills"] if "skills" in row else row["labels"]["skills"]
                for row in rows
                if row.get("half", row.get("part")) == part
            }
            postings = every.filter(pl.col("id").is_in(list(skills)))
            yield labelled(postings, [skills[i] for i in postings["id"]])


def lines(path: Path) -> list[dict]:
    """The objects of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def labelled(postings: pl.DataFrame, skills: Sequence[Sequence[str]]) -> Labelled:
    """The mentions in `postings` as examples; `skills` = the labels of each."""
    wanted = [{normal(skill) for skill in one} for one in skills]
    found = [
        Example(traits, words in wanted[posting], (posting, words))
        for posting, words, traits in mentioned(postings)
    ]
    return Labelled(found, sum(map(len, wanted)))


def normal(words: str) -> str:
    """As the scorer compares."""
    even = re.sub("[\u2010\u2011]", "-", words).replace("- ", "-")
    return re.sub(r"\s+", " ", even).strip().lower()


def mentioned(postings: pl.DataFrame) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Each mention that may be asked for: its posting, its words and its traits."""
    texts = [*postings["title"].fill_null(""), *postings["text"].fill_null("")]
    known, titles = bundled(), postings.height
    pieces = Cut.of(pl.Series(texts)).pieces((0, 2 * titles))
    read = Reading.of(tokenise(pieces.distinct), known)
    outline = outlined(read.tokens, read.words, known.trie, known.headings, pieces)
    sheet = Sheet(read.tokens, read.words, read.sentences, outline, titles, 0)
    found = Candidates.of(read, sheet)
    hits = found.hits
    spans = Spans.of(sheet, found.place, hits.first, hits.stop, hits.phrase, found.section)
    words_at = {int(key): n for n, key in enumerate(read.tokens.keys)}
    for at in np.flatnonzero(~found.barred):
        whole = texts[pieces.text[found.place[at]]].encode()
        words = whole[spans.byte[at] : spans.byte[at] + spans.size[at]].decode()
        posting = int(pieces.text[found.place[at]]) % titles
        own = bare(postings["employer"][posting] or "") == bare(words)
        if not own:
            yield posting, normal(words), tuple(traits_of(read, found, int(at), words_at))


def bare(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return re.sub(r"%20|[^\w+#]", "", name.lower())


def traits_of(read: Reading, found: Candidates, at: int, words_at: dict[int, int]) -> Iterator[str]:
    """The traits of a mention, as the annotator weighs them."""
    form = int(found.hits.phrase[at])
    concept = read.known.concepts[read.known.concept[form]]
    yield from concept_traits(concept.name, concept.kind)
    yield from form_traits(read.known.spellings[form])
    around, hit = found.around, int(found.hit[at])
    yield from near_traits(concept.name, int(around.neighbours[hit]))
    yield from sides(read, around, hit, words_at)
    yield crowd_trait(int(around.crowd[hit]))
    yield length_trait(int(around.length[hit]))
    by_rule = int(found.asked[at] and found.clear[at] and found.listed[at])
    yield from place_traits(SECTIONS[found.section[at]], concept.kind, by_rule)
    said = (around.alone[hit], ALONE), (~found.clear[at], DOUBTFUL), (~found.listed[at], UNLISTED)
    yield from (trait for true, trait in said if true)


def sides(read: Reading, around: Around, hit: int, words_at: dict[int, int]) -> Iterator[str]:
    """What stands on both sides of a mention."""
    tokens = read.tokens
    for side in ("before", "behind"):
        code = int(getattr(around, side)[hit])
        if code < 256:
            yield sign_trait(side, code)
        else:
            start, end = (int(a[words_at[code]]) for a in (tokens.starts, tokens.ends))
            yield f"word {side} {bytes(tokens.plain[start:end]).decode(errors='replace')}"


def fitted(data: Sequence[Example]) -> Fitted:
    """Weights with the highest penalised likelihood; same words of a posting are one example."""
    many = Counter(trait for one in data for trait in one.traits)
    traits = tuple(sorted(trait for trait, count in many.items() if count >= FEWEST))
    x = matrix(data, traits)
    y = np.array([one.labelled for one in data], dtype=float)
    same = Counter(one.words for one in data)
    share = np.array([1 / same[one.words] for one in data])
    penalty = np.full(len(traits) + 1, PENALTY)
    penalty[-1] = 0.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = x @ weights
        value = (share * (np.logaddexp(0, odds) - y * odds)).sum() + (
            penalty * weights**2
        ).sum() / 2
        gradient = x.T @ (share * (1 / (1 + np.exp(-odds)) - y)) + penalty * weights
        return float(value), gradient

    start = np.zeros(len(traits) + 1)
    return Fitted(traits, minimize(loss, start, jac=True, method="L-BFGS-B").x)


def matrix(data: Sequence[Example], traits: Sequence[str]) -> csr_array:
    """Which of `traits` each example has, and a last column of ones."""
    at = {trait: number for number, trait in enumerate(traits)}
    rows = [[*(at[t] for t in one.traits if t in at), len(traits)] for one in data]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.array(row) for row in rows])
    return csr_array((np.ones(len(columns)), columns, starts), shape=(len(data), len(traits) + 1))


def held_out(data: Sequence[Labelled]) -> Iterator[tuple[int, int, int]]:
    """Of each quarter of the sets: skills labelled, told and right, by weights of the others."""
    for part in range(PARTS):
        own = [one for n, one in enumerate(data) if n % PARTS == part]
        model = fitted(apart([one for n, one in enumerate(data) if n % PARTS != part]))
        for one in own:
            odds = matrix(one.examples, model.traits) @ model.weights
            told = {
                e.words: e.labelled for e, o in zip(one.examples, odds, strict=True) if o > LEAST
            }
            yield one.labels, len(told), sum(told.values())


def apart(data: Sequence[Labelled]) -> list[Example]:
    """The examples of several sets, with a number of its own for each posting."""
    return [
        Example(e.traits, e.labelled, (number * 1000 + e.words[0], e.words[1]))
        for number, one in enumerate(data)
        for e in one.examples
    ]


def write(model: Fitted, table: Path) -> None:
    """Write `table`, weights in thousandths, so that what is told has a sum above 0."""
    weights = np.round(1000 * model.weights).astype(int).tolist()
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["trait", "weight"])
        out.writerow([ALWAYS, weights[-1] - round(1000 * LEAST)])
        pairs = zip(model.traits, weights, strict=False)
        out.writerows((trait, weight) for trait, weight in pairs if weight)


def main(options: Sequence[str]) -> int:
    """Fit and write, or print precision, recall and F1 on sets left out; 3 without the sets."""
    if not DEVELOPMENT.is_file() or not SNAPSHOT.is_file():
        print(f"no labelled sets at {DATA}", file=sys.stderr)
        return 3
    data = list(sets())
    if "--write" in options:
        write(fitted(apart(data)), Path(options[1]) if len(options) > 1 else TABLE)
        return 0
    labels, told, right = (sum(counts) for counts in zip(*held_out(data), strict=True))
    p, r = right / told, right / labels
    print(f"{labels} labelled, precision {p:.3f}, recall {r:.3f}, F1 {2 * p * r / (p + r):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
