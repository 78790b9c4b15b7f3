"""Check the vocabulary of skills, and say how much of it the postings at hand use.

Counts by kind and family; duplicate spellings, unknown parents, circles of parents; how many
concepts are spelled out in the Ashby snapshot; and which spellings stand there only in the 60
labelled postings, where they would be learnt by heart (there must be none).

A spelling is searched as whole words, with hyphens as blanks, in any case unless its rule says
`case`; the `context` of ambiguous words is the engine's business, so such a word counts here
wherever it is written.

    python tools/skills_report.py [--top 40] [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src/rolediff/data/skills.tsv"
DATA = ROOT.parent / "shared/data"
SNAPSHOT = Path("ashby/postings_2025-10.jsonl.zst")
LABELLED = Path("bench/postings_gold_dev.jsonl")
COLUMNS = ("concept", "kind", "parents", "aliases", "rule", "family", "ids")
KINDS = frozenset(
    (
        *("language", "library", "framework", "platform", "database", "cloud", "tool", "method"),
        *("field", "practice", "protocol", "standard", "certification", "hardware", "format"),
        "model",
    )
)
FAMILIES = frozenset(
    (
        *("languages", "ml-frameworks", "llm", "nlp-vision", "statistics", "data", "cloud"),
        *("devops", "web", "databases", "security", "hardware", "practices", "other"),
    )
)
RULES = frozenset(("", "case", "context", "case+context", "beside", "between"))

_GAPS = r"[-\u00ad\u2010-\u2015\s]+"
_OTHER = r"[^\p{L}\p{N}+#.&/' ]+"
_WIDE = r"([\p{Han}\p{Hiragana}\p{Katakana}])"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    concept: str
    kind: str
    parents: tuple[str, ...]
    aliases: tuple[str, ...]
    rule: str
    family: str
    ids: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.concept, *self.aliases)

    @property
    def cased(self) -> bool:
        """Whether its spellings count only in their own capitals."""
        return self.rule.startswith("case")


def read(path: Path = TABLE) -> list[Entry]:
    """The lines of the table; `ValueError` names a line that is no line of it."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != COLUMNS:
        raise ValueError(f"{path}: the columns must be {', '.join(COLUMNS)}")
    return [_entry(number, line) for number, line in enumerate(lines, start=2)]


def _entry(number: int, line: str) -> Entry:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise ValueError(f"line {number} has {len(cells)} cells, not {len(COLUMNS)}")
    concept, kind, parents, aliases, rule, family, ids = cells
    return Entry(concept, kind, _listed(parents), _listed(aliases), rule, family, _listed(ids))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def folded(spelling: str) -> str:
    """The spelling as it is compared: lower case, hyphens and runs of blanks as one blank."""
    return re.sub(_GAPS, " ", spelling.lower()).strip()


def duplicates(entries: Iterable[Entry]) -> list[tuple[str, list[str]]]:
    """Spellings of more than one concept, with the concepts.

    Two spellings whose capitals matter may differ in them alone (HELM, Helm).
    """
    owners: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries:
        for spelling in entry.spellings:
            owners.setdefault(folded(spelling), {}).setdefault(entry.concept, []).append(entry)
    return [
        (spelling, list(concepts))
        for spelling, concepts in owners.items()
        if len(concepts) > 1 and not _told_apart(spelling, concepts)
    ]


def _told_apart(spelling: str, concepts: dict[str, list[Entry]]) -> bool:
    written = [
        {s for s in entries[0].spellings if folded(s) == spelling} for entries in concepts.values()
    ]
    distinct = sum(map(len, written)) == len(set[str]().union(*written))
    return distinct and all(entries[0].cased for entries in concepts.values())


def unknown_parents(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Concept and parent, where the parent is no concept of the table."""
    entries = list(entries)
    known = {entry.concept for entry in entries}
    return [(e.concept, parent) for e in entries for parent in e.parents if parent not in known]


def circles(entries: Iterable[Entry]) -> list[str]:
    """Concepts that are among their own ancestors."""
    parents = {entry.concept: entry.parents for entry in entries}
    return [concept for concept in parents if concept in set(_ancestors(concept, parents))]


def _ancestors(concept: str, parents: dict[str, tuple[str, ...]]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(parents.get(concept, ()))
    while waiting:
        parent = waiting.pop()
        if parent not in seen:
            seen.add(parent)
            yield parent
            waiting.extend(parents.get(parent, ()))


def postings(data: Path = DATA) -> pl.DataFrame:
    """The snapshot: `id`, `text` (title and body), `labelled` (one of the 60, or a copy)."""
    frame = pl.read_ndjson(
        data / SNAPSHOT,
        schema={"id": pl.String, "title": pl.String, "descriptionPlain": pl.String},
        ignore_errors=True,
    )
    lines = (data / LABELLED).read_text(encoding="utf-8").splitlines()
    labelled = [json.loads(line)["id"].removeprefix("ashby:") for line in lines if line.strip()]
    body = pl.col("descriptionPlain").fill_null("")
    bodies = frame.filter(pl.col("id").is_in(labelled)).select(body).to_series().to_list()
    return frame.select(
        "id",
        text=pl.col("title").fill_null("") + " \n " + body,
        labelled=pl.col("id").is_in(labelled) | body.is_in(bodies),
    )


def found(entries: Iterable[Entry], frame: pl.DataFrame) -> pl.DataFrame:
    """`concept`, `spelling`, `posting` (index), `labelled`: a spelling in a posting, once."""
    entries = list(entries)
    words = frame.select(text=_words(pl.col("text")))
    parts = [
        _matches([e for e in entries if e.cased is cased], words, cased) for cased in (False, True)
    ]
    flags = frame.select("labelled").with_row_index("posting")
    return pl.concat(parts).join(flags, on="posting")


def _matches(entries: list[Entry], words: pl.DataFrame, cased: bool) -> pl.DataFrame:
    text = pl.col("text") if cased else pl.col("text").str.to_lowercase()
    owner = {
        f" {form} ": (entry.concept, spelling)
        for entry in entries
        for spelling in reversed(entry.spellings)
        for form in _forms(spelling, cased)
    }
    known = pl.DataFrame(
        {
            "form": list(owner),
            "concept": [concept for concept, _ in owner.values()],
            "spelling": [spelling for _, spelling in owner.values()],
        }
    )
    return (
        words.lazy()
        .select(form=text.str.extract_many(list(owner), overlapping=True))
        .with_row_index("posting")
        .explode("form")
        .drop_nulls()
        .unique()
        .collect()
        .join(known, on="form")
        .select("concept", "spelling", "posting")
        .unique()
    )


def _forms(spelling: str, cased: bool) -> list[str]:
    """How a spelling may stand in the words of a text: as it is, plural, two words as one."""
    form: str = pl.select(_words(pl.lit(spelling))).item().strip()
    if cased:
        return [form]
    form = form.lower()
    words = form.split(" ")
    joined = ["".join(words)] if len(words) == 2 and form.isascii() else []
    return [f for base in (form, *joined) for f in (base, base + "s")]


def _words(text: pl.Expr) -> pl.Expr:
    spaced = (
        text.str.replace_all("[\u2018\u2019]", "'")
        .str.replace_all(_GAPS, " ")
        .str.replace_all(_OTHER, " ")
        .str.replace_all("/", " / ")
        .str.replace_all(r"\.+( |$)", " ")
        .str.replace_all(_WIDE, " $1 ")
        .str.replace_all(" +", " ")
    )
    return pl.lit(" ") + spaced.str.strip_chars() + pl.lit(" ")


def by_heart(matches: pl.DataFrame) -> list[tuple[str, str]]:
    """Concept and spelling that the snapshot holds only in the labelled postings."""
    only = (
        matches.group_by("concept", "spelling")
        .agg(pl.col("labelled").all())
        .filter("labelled")
        .sort("concept", "spelling")
    )
    return list(only.select("concept", "spelling").iter_rows())


def counts(matches: pl.DataFrame) -> pl.DataFrame:
    """`concept`, `postings`, most first."""
    return (
        matches.group_by("concept")
        .agg(postings=pl.col("posting").n_unique())
        .sort("postings", "concept", descending=[True, False])
    )


def main() -> int:
    """Print the report; 1 when something is wrong with the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--top", type=int, default=40, help="how many counts to print")
    arguments = parser.parse_args()
    entries = read()
    faults = [*_describe(entries), *_describe_use(entries, arguments.data, arguments.top)]
    for fault in faults:
        print("WRONG", fault)
    return 1 if faults else 0


def _describe(entries: list[Entry]) -> Iterator[str]:
    spellings = sum(len(entry.spellings) for entry in entries)
    print(f"{len(entries)} concepts, {spellings} spellings")
    for name, counted in (
        ("kind", Counter(entry.kind for entry in entries)),
        ("family", Counter(entry.family for entry in entries)),
        ("rule", Counter(entry.rule or "none" for entry in entries)),
    ):
        print(f"by {name}:", ", ".join(f"{key} {n}" for key, n in counted.most_common()))
    yield from (f"{spelling!r} is of {', '.join(of)}" for spelling, of in duplicates(entries))
    yield from (f"{parent!r}, parent of {of}, is none" for of, parent in unknown_parents(entries))
    yield from (f"{concept} is its own ancestor" for concept in circles(entries))


def _describe_use(entries: list[Entry], data: Path, top: int) -> Iterator[str]:
    if not (data / SNAPSHOT).exists():
        print(f"no postings at {data}: use in the snapshot not counted")
        return
    frame = postings(data)
    matches = found(entries, frame)
    used = counts(matches)
    print(f"found in {frame.height} postings: {used.height} concepts of {len(entries)}")
    families = {entry.concept: entry.family for entry in entries}
    print("found by family:", dict(Counter(families[c] for c in used["concept"]).most_common()))
    print("commonest:", ", ".join(f"{c} {n}" for c, n in used.head(top).iter_rows()))
    for concept, spelling in by_heart(matches):
        yield f"{spelling!r} of {concept} stands only in the labelled postings"


if __name__ == "__main__":
    sys.exit(main())
