"""How well claims are found in articles: recall and precision against spans marked by hand.

    python benchmarks/claims.py [FOLDER] [--show] [--json]

FOLDER (default tests/articles/tuning) holds articles and, for each, NAME.json with its claims. A
claim that was found matches a marked one of the same kind if the words of the two spans overlap by
half: words in both over words in either, as they stand in the article. Each claim matches one
other at most, the best overlap first. The last line counts spans whatever their kinds: writers who
mark differ in what "38 % of the vacancies are in Pune" is, a share or a place. Claims of kind
"unread" are counted apart: they are neither found nor wrong.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.read.article import read_article
from rolediff.results.claims import Article, Claim

ARTICLES = Path(__file__).parents[1] / "tests" / "articles"
LEAST = 0.5
_WORD = re.compile(r"\w+(?:[.,]\d+)*|[£$€%+#]")
_MARKUP = re.compile(r"\*\*|<[^<>]+>|`")


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim marked by hand: its kind and where it lies in the text of the article."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Score:
    """Claims marked, found, and matched, each a count by kind, and what was missed or wrong.

    `spans` = those matched whatever their kind.
    """

    marked: Counter[str]
    found: Counter[str]
    matched: Counter[str]
    spans: int
    unread: int
    missed: tuple[Marked, ...]
    wrong: tuple[Claim, ...]

    @property
    def recall(self) -> float:
        return self.matched.total() / max(1, self.marked.total())

    @property
    def precision(self) -> float:
        return self.matched.total() / max(1, self.found.total())


def score(path: Path, catalogue: Catalogue) -> Score:
    """The score of the article that the claims in `path`, a JSON file, belong to."""
    (source,) = [p for p in path.parent.glob(f"{path.stem}.*") if p.suffix != ".json"]
    article = read_article(source)
    marked = list(marked_in(article, json.loads(path.read_text(encoding="utf-8"))["claims"]))
    claims = find_claims(article, catalogue)
    found = [claim for claim in claims if claim.kind != "unread"]
    pairs = matches(article, marked, found)
    return Score(
        Counter(m.kind for m in marked),
        Counter(f.kind for f in found),
        Counter(marked[m].kind for m in pairs),
        len(matches(article, marked, found, kinds=False)),
        len(claims) - len(found),
        tuple(m for number, m in enumerate(marked) if number not in pairs),
        tuple(f for number, f in enumerate(found) if number not in pairs.values()),
    )


def marked_in(article: Article, claims: list[dict[str, str]]) -> Iterator[Marked]:
    """The marked spans, found again in the plain text of the article."""
    for claim in claims:
        plain = unescape(_MARKUP.sub("", claim["text"]))
        pattern = re.compile(r"\s+".join(map(re.escape, plain.split())))
        spans = [m.span() for m in pattern.finditer(article.text)]
        if not spans:
            raise ValueError(f"{article.name} does not hold {plain!r}")
        start, end = spans[min(int(claim.get("nth", 1)), len(spans)) - 1]
        yield Marked(claim["kind"], claim["text"], start, end)


def matches(
    article: Article, marked: list[Marked], found: list[Claim], *, kinds: bool = True
) -> dict[int, int]:
    """Which found claim each marked one matches, by their numbers; of the same kind if `kinds`."""
    words = words_of(article)
    overlaps = sorted(
        (
            (-overlap(words, (m.start, m.end), (f.start, f.end)), one, other)
            for one, m in enumerate(marked)
            for other, f in enumerate(found)
            if (m.kind == f.kind or not kinds) and m.start < f.end and f.start < m.end
        )
    )
    pairs: dict[int, int] = {}
    for less, one, other in overlaps:
        if -less >= LEAST and one not in pairs and other not in pairs.values():
            pairs[one] = other
    return pairs


def words_of(article: Article) -> list[tuple[int, int]]:
    """Where the words, signs of currency and the like of an article begin and end."""
    return [m.span() for m in _WORD.finditer(article.text)]


def overlap(words: list[tuple[int, int]], one: tuple[int, int], other: tuple[int, int]) -> float:
    """Words in both spans over words in either."""
    sides = [{w for w in words if span[0] <= w[0] and w[1] <= span[1]} for span in (one, other)]
    return len(sides[0] & sides[1]) / max(1, len(sides[0] | sides[1]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("folder", nargs="?", type=Path, default=ARTICLES / "tuning")
    options.add_argument("--show", action="store_true", help="list what is missed and wrong")
    options.add_argument("--json", action="store_true", help="print the counts by kind as JSON")
    asked = options.parse_args()
    catalogue = Catalogue.load()
    scores = {p.stem: score(p, catalogue) for p in sorted(asked.folder.glob("*.json"))}
    if asked.json:
        print(json.dumps(counts(scores.values())))
        return
    print(f"{'article':28}{'marked':>8}{'found':>8}{'recall':>8}{'precision':>11}{'unread':>8}")
    for name, one in scores.items():
        print(_row(name, one.marked.total(), one.found.total(), one.matched.total(), one.unread))
        if asked.show:
            _show(one)
    print()
    for kind, figures in counts(scores.values()).items():
        print(_row(kind, *figures))


def counts(scores: Iterable[Score]) -> dict[str, list[int]]:
    """Claims marked, found and matched by kind, of "all" kinds with those unread, and "spans"
    whatever their kind.
    """
    every = list(scores)
    parts = [
        sum((getattr(one, part) for one in every), Counter())
        for part in ("marked", "found", "matched")
    ]
    kinds = {kind: [part[kind] for part in parts] for kind in sorted(parts[0] | parts[1])}
    unread = sum(one.unread for one in every)
    marked, found, matched = (part.total() for part in parts)
    spans = [marked, found, sum(one.spans for one in every)]
    return {**kinds, "all": [marked, found, matched, unread], "spans": spans}


def _row(name: str, marked: int, found: int, matched: int, unread: int | None = None) -> str:
    recall = f"{matched / marked:.2f}" if marked else "-"
    precision = f"{matched / found:.2f}" if found else "-"
    rest = "" if unread is None else f"{unread:>8}"
    return f"{name:28}{marked:>8}{found:>8}{recall:>8}{precision:>11}{rest}"


def _show(one: Score) -> None:
    for missed in one.missed:
        print(f"    missed {missed.kind}: {missed.text}")
    for wrong in one.wrong:
        print(f"    wrong  {wrong.kind}: {wrong.text}")


if __name__ == "__main__":
    main()
