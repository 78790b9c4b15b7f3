"""The weights by which claims are found, fitted to articles whose claims are marked.

python tools/fit_claims.py                 how well weights find claims of articles left out
python tools/fit_claims.py --write [FILE]  fit to all and write FILE, else data/claim_weights.csv

A clause, item or cell is an example of the kind of the marked claim that it overlaps most, by at
least two words in five, or of no claim. Articles are left out whole, a quarter of them at a time.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.claims.grammar.clause import Clause
from rolediff.read.article import read_article
from rolediff.results.claims import ClaimKind

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
import claims as benchmark  # noqa: E402

TABLE = ROOT / "src" / "rolediff" / "data" / "claim_weights.csv"
FOLDERS = {
    "tuning": 10, "unseen": 10, "tuning2": 5, "tuning3": 5, "tuning4": 5, "practice": 20,
    "tuning5": 2, "tuning6": 2, "tuning7": 5, "tuning8": 2, "tuning9": 5, "tuning10": 5,
    "tuning11": 5, "tuning12": 1,
}  # fmt: skip
"""Folders of articles and how often each of their examples counts: less where writers are far from
the plain statements that must be read right whatever else is."""
KINDS = (
    "", "pay", "gap", "reason", "growth", "demand", "industry", "country", "skill", "tool",
    "education", "certification", "trend", "share",
)  # fmt: skip
PENALTY = 15.0
"""Of the squared weights, in units of the log-likelihood of one example."""
FEWEST = 2
"""Examples with a trait that has a weight, each as often as it counts."""
OVERLAP = 0.4
PARTS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """The traits of a clause, and the kind of the claim that is marked in it, or ""."""

    traits: frozenset[str]
    kind: str


Weighed = tuple[list[Example], int]
"""The examples of an article, and how often each counts."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The traits that have weights, and these: a row each, with "always" last, by `KINDS`."""

    traits: tuple[str, ...]
    weights: np.ndarray


def examples(gold: Path, catalogue: Catalogue) -> list[Example]:
    """The examples in the article that the claims in `gold`, a JSON file, belong to."""
    (source,) = [p for p in gold.parent.glob(f"{gold.stem}.*") if p.suffix != ".json"]
    article = read_article(source)
    seen: list[tuple[Clause, frozenset[str]]] = []

    def by_rule(clause: Clause, traits: frozenset[str]) -> ClaimKind | None:
        seen.append((clause, traits))
        read = min((t for t in traits if t.startswith("read as ")), key=len)  # not under a topic
        return None if read == "read as nothing" else read.removeprefix("read as ")  # type: ignore[return-value]

    find_claims(article, catalogue, by_rule)
    marked = list(benchmark.marked_in(article, json.loads(gold.read_text("utf-8"))["claims"]))
    kinds = _kinds(benchmark.words_of(article), [clause for clause, _ in seen], marked)
    return [Example(traits, kind) for (_, traits), kind in zip(seen, kinds, strict=True)]


def _kinds(
    words: list[tuple[int, int]], clauses: list[Clause], marked: Sequence[benchmark.Marked]
) -> list[str]:
    """The kind of each clause: that of the marked claim it overlaps, the best overlap first."""
    pairs = []
    for one, clause in enumerate(clauses):
        for other, mark in enumerate(marked):
            if mark.start < clause.end and clause.start < mark.end:
                spans = (mark.start, mark.end), (clause.start, clause.end)
                within = mark.kind == "pay" and clause.start <= mark.start <= mark.end <= clause.end
                overlap = max(benchmark.overlap(words, *spans), OVERLAP * within)
                pairs.append((-overlap, one, other))
    kinds, taken = [""] * len(clauses), set()
    for overlap, one, other in sorted(pairs):
        if -overlap >= OVERLAP and not kinds[one] and other not in taken:
            kinds[one] = marked[other].kind
            taken.add(other)
    return kinds


def fitted(data: Sequence[Example]) -> Fitted:
    """Weights with the highest penalised likelihood."""
    many = Counter(trait for one in data for trait in one.traits)
    traits = tuple(sorted(trait for trait, count in many.items() if count >= FEWEST))
    at = {trait: number for number, trait in enumerate(traits)}
    rows = [[*(at[t] for t in one.traits if t in at), len(traits)] for one in data]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.array(row) for row in rows])
    x = csr_array((np.ones(len(columns)), columns, starts), shape=(len(data), len(traits) + 1))
    y = np.eye(len(KINDS))[[KINDS.index(one.kind) for one in data]]
    shape = (len(traits) + 1, len(KINDS))
    penalty = np.full((shape[0], 1), PENALTY)
    penalty[-1] = 0.0

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        sums = x @ weights
        sums -= sums.max(axis=1, keepdims=True)
        p = np.exp(sums)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log((p * y).sum(axis=1)).sum() + (penalty * weights**2).sum() / 2
        return float(value), (x.T @ (p - y) + penalty * weights).ravel()

    found = minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"ftol": 1e-10}
    )
    return Fitted(traits, found.x.reshape(shape))


def held_out(articles: Sequence[Weighed], no: float) -> Iterator[tuple[str, str]]:
    """For each example of `articles` its kind, and that found by weights of the other articles."""
    for part in range(PARTS):
        rest = [one for n, one in enumerate(articles) if n % PARTS != part]
        model = fitted(repeated(rest))
        at = {trait: number for number, trait in enumerate(model.traits)}
        for example in (e for n, (one, _) in enumerate(articles) if n % PARTS == part for e in one):
            sums = model.weights[-1] + sum(model.weights[at[t]] for t in example.traits if t in at)
            p = np.exp(sums - sums.max())
            p /= p.sum()
            yield example.kind, "" if p[0] >= no else KINDS[1 + int(p[1:].argmax())]


def repeated(articles: Sequence[Weighed]) -> list[Example]:
    """The examples of `articles`, each as often as it counts."""
    return [example for one, times in articles for example in one * times]


def write(model: Fitted, table: Path) -> None:
    """Write `table`, weights to two digits, without traits that have none to speak of."""
    rows = zip((*model.traits, "always"), np.round(model.weights, 2), strict=True)
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["trait", "none", *KINDS[1:]])
        for trait, weights in rows:
            if np.abs(weights).max() >= 0.05:
                out.writerow([trait, *(f"{w:g}" if w else "" for w in weights)])


def main(options: Sequence[str]) -> None:
    """Fit and write, or print recall and precision of the kinds of clauses left out."""
    catalogue = Catalogue.load()
    folders = {ROOT / "tests/articles" / name: times for name, times in FOLDERS.items()}
    articles = [
        (examples(gold, catalogue), times)
        for folder, times in folders.items()
        for gold in sorted(folder.glob("*.json"))
    ]
    if "--write" in options:
        table = Path(options[1]) if len(options) > 1 else TABLE
        write(fitted(repeated(articles)), table)
        return
    pairs = list(held_out(articles, 0.5))
    right = sum(marked == found != "" for marked, found in pairs)
    marked, found = (sum(bool(pair[side]) for pair in pairs) for side in (0, 1))
    print(f"{marked} marked, recall {right / marked:.3f}, precision {right / found:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
