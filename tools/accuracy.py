"""How right the annotations are: the figures of docs/accuracy.md, from the labelled sets.

    python tools/accuracy.py            print the tables
    python tools/accuracy.py --write    put them into docs/accuracy.md

The labelled sets are not part of the project; they are read from `shared/data` beside it. No
title and no text of a posting is printed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.batch import annotate
from rolediff.annotate.skills import mentions
from rolediff.annotate.vocabulary import bundled
from rolediff.read.postings import all_postings

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
BENCH = DATA / "bench"
SNAPSHOT = DATA / "ashby" / "postings_2025-10.jsonl.zst"
PAGE = ROOT / "docs" / "accuracy.md"
FIGURES = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)
FIELDS = ("role", "level", "education", "years", "remote", "country")
LABELLED = ("id", "employer", "title", "location", "text")
SETS = (
    "60 development",
    "37 tuned on",
    "39 tuned on",
    "37 only scored",
    "39 only scored",
    "30 others",
)
SKILLS_ALONE = {"157 fitted to": (1, 2, 3, 4, 6), "29 only scored": (5,)}
"""Sets that hold labels of skills alone, by the parts of `labels_ashby_186.jsonl`."""

Gold = dict[str, dict[str, Any]]
Rows = list[dict[str, Any]]
Table = Iterator[str]


def tables() -> Iterator[str]:
    """The page's tables as lines of Markdown."""
    every = all_postings(SNAPSHOT).postings
    sets = list(labelled(every))
    told = [annotate(postings) for _, postings in sets]
    yield from scores([score(rows, one) for (rows, _), one in zip(sets, told, strict=True)])
    yield from scores_of_skills(every)
    golds = [{row["id"]: row["labels"] for row in rows} for rows, _ in sets]
    pairs = list(zip(golds, told, strict=True))
    yield from wrong_fields(pairs)
    yield from wrong_skills(pairs, [postings for _, postings in sets])
    yield from pay()
    yield from skillspan()
    yield from industry()
    yield from coverage(annotate(every))


def labelled(every: pl.DataFrame) -> Iterator[tuple[Rows, pl.DataFrame]]:
    """The labels and the postings of each of `SETS`, both in one order."""
    dev = BENCH / "postings_gold_dev.jsonl"
    yield lines(dev), all_postings(dev).postings
    drawn = [lines(ROOT / "benchmarks" / f"labels_ashby_{size}.jsonl") for size in (74, 78)]
    halves = [[row for row in rows if row["half"] == half] for half in (1, 2) for rows in drawn]
    for rows in (*halves, lines(ROOT / "benchmarks" / "labels_ashby_30.jsonl")):
        ids = [row["id"] for row in rows]
        # As in the development set: what the labels rest on, without the fields of the board.
        yield rows, every.filter(pl.col("id").is_in(ids)).select(LABELLED)


def lines(path: Path) -> Rows:
    """The objects of a file of JSON Lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def score(rows: Rows, told: pl.DataFrame) -> dict[str, Any]:
    """What the sets' own scorer says."""
    with tempfile.TemporaryDirectory() as folder:
        gold, answer = (Path(folder, name) for name in ("gold.jsonl", "told.jsonl"))
        gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        told.write_ndjson(answer)
        said: dict[str, Any] = json.loads(ran(BENCH / "score_postings.py", gold, answer, "--json"))
    return said


def ran(*command: object) -> str:
    """What a program of Python prints."""
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True
    )
    return done.stdout


def table(title: str, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> Table:
    """A heading and a table."""
    yield from (f"### {title}", "", f"| {' | '.join(heads)} |")
    yield f"|---{'|---:' * (len(heads) - 1)}|"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
    yield ""


def scores(found: list[dict[str, Any]]) -> Table:
    """What the scorer says of each set, side by side."""
    rows: list[tuple[object, ...]] = []
    for name in ("exact", "loose"):
        for at, what in enumerate(("precision", "recall", "F1")):
            figures = (f"{one[f'skills_{name}'][at]:.3f}" for one in found)
            rows.append((f"skills, {name}: {what}", *figures))
    rows += [(name, *(f"{one[name]:.3f}" for one in found)) for name in FIELDS]
    stated = (f"{one['pay'].get('same', 0)} of {one['pay']['gold']}" for one in found)
    alarms = (f"{one['pay'].get('false', 0)} of {one['pay']['none']}" for one in found)
    rows += [("pay, all four parts right", *stated), ("pay told where none is", *alarms)]
    yield from table("Labelled postings", ("", *SETS), rows)


def scores_of_skills(every: pl.DataFrame) -> Table:
    """Skills on the sets that are labelled for them alone."""
    drawn = lines(ROOT / "benchmarks" / "labels_ashby_186.jsonl")
    found = []
    for parts in SKILLS_ALONE.values():
        gold = [row for row in drawn if row["part"] in parts]
        ids = [row["id"] for row in gold]
        told = annotate(every.filter(pl.col("id").is_in(ids)).select(LABELLED))
        blank = {**dict.fromkeys(FIELDS), "pay": None}
        labels = [{"id": row["id"], "labels": {**blank, "skills": row["skills"]}} for row in gold]
        found.append(score(labels, told))
    figures: list[tuple[object, ...]] = [
        (f"{name}: {what}", *(f"{one[f'skills_{name}'][at]:.3f}" for one in found))
        for name in ("exact", "loose")
        for at, what in enumerate(("precision", "recall", "F1"))
    ]
    yield from table("Postings labelled for skills alone", ("", *SKILLS_ALONE), figures)


def wrong_fields(pairs: list[tuple[Gold, pl.DataFrame]]) -> Table:
    """Each wrong field as wanted and told, without saying of whom."""
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    for name, (gold, told) in zip(SETS, pairs, strict=True):
        for row in told.iter_rows(named=True):
            for field in FIELDS:
                label = gold[row["id"]][field]
                wanted = None if label == "unspecified" else label
                if wanted != row[field]:
                    wrong[name, field, str(wanted), str(row[field])] += 1
    rows = [(*key, n) for key, n in sorted(wrong.items())]
    yield from table("Fields told wrong", ("set", "field", "label", "told", "postings"), rows)


def wrong_skills(pairs: list[tuple[Gold, pl.DataFrame]], postings: list[pl.DataFrame]) -> Table:
    """The kinds of mistakes with skills, missed and too many."""
    kinds = [Counter(_mistakes(*pair, text)) for pair, text in zip(pairs, postings, strict=True)]
    names = sorted({name for counts in kinds for name in counts}, key=lambda n: (n[0], n))
    rows = [(name, *(counts[name] for counts in kinds)) for name in names]
    yield from table("Skills missed, and told too many, by kind", ("kind", *SETS), rows)


def _mistakes(gold: Gold, told: pl.DataFrame, postings: pl.DataFrame) -> Iterator[str]:
    known = {normal(spelling) for spelling in bundled().spellings}
    batch = postings.select("title", "text", company="employer")
    by_posting = mentions(batch).group_by("posting").agg("surface")
    named = {at: set(map(normal, words)) for at, words in by_posting.iter_rows()}
    for at, row in enumerate(told.iter_rows(named=True)):
        wanted = set(map(normal, gold[row["id"]]["skills"]))
        found = {normal(skill["text"]): skill["section"] for skill in row["skills"]}
        for skill in wanted - found.keys():
            yield f"missed: {_why(skill, found, named.get(at, set()), known)}"
        for skill in found.keys() - wanted:
            near = any(inside(skill, other) for other in wanted)
            yield f"too many: {'a label is longer or shorter' if near else f'in {found[skill]}'}"


def _why(skill: str, found: dict[str, str], named: set[str], known: set[str]) -> str:
    if any(inside(skill, other) for other in found):
        return "told longer or shorter"
    if skill in named:
        return "found, taken as not asked for"
    return "known, not taken as a skill there" if skill in known else "not in the vocabulary"


def normal(words: str) -> str:
    """As the scorer compares."""
    even = re.sub("[\u2010\u2011]", "-", words).replace("- ", "-")
    return re.sub(r"\s+", " ", even).strip().lower()


def inside(one: str, other: str) -> bool:
    """Whether one is a whole run of words of the other."""
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def pay() -> Table:
    """Pay on the sets that are labelled for it alone."""
    found = json.loads(ran(ROOT / "benchmarks" / "pay.py", "--json"))
    rows = [
        (name, ", ".join(f"{key} {value:.4g}" for key, value in figures.items()))
        for name, figures in found.items()
    ]
    yield from table("Pay alone", ("set", "figures"), rows)


def skillspan() -> Table:
    """SkillSpan dev, technical half: spans of knowledge, by its own measure."""
    gold = BENCH / "skillspan" / "dev.json"
    rows = [row for row in lines(gold) if row["source"] == "tech"]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("gold.json", "told.json")]
        for path, made in zip(paths, (rows, list(_tagged(rows))), strict=True):
            path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
        said = ran(BENCH / "eval_span.py", *paths)
    figures = [line.split(" ", 1) for line in said.splitlines() if " P " in line]
    rows_said: list[tuple[object, ...]] = [tuple(figure) for figure in figures]
    yield from table("SkillSpan dev, TECH knowledge", ("measure", "figures"), rows_said)


def _tagged(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """`rows` (sentences) with the tags of our mentions; a posting is read with all its lines."""
    for _, group in groupby(rows, key=lambda row: row["idx"]):
        sentences = list(group)
        text = "\n".join(" ".join(row["tokens"]) for row in sentences)
        sizes = [len(token) + 1 for row in sentences for token in row["tokens"]]
        starts = np.cumsum([0, *sizes])
        tags = ["O"] * len(sizes)
        for start, end in mentions([text]).filter("asked").select("start", "end").iter_rows():
            first = int(np.searchsorted(starts, start, side="right")) - 1
            last = int(np.searchsorted(starts, end, side="left"))
            tags[first:last] = ["B", *"I" * (last - first - 1)]
        left = iter(tags)
        for row in sentences:
            yield {**row, "tags_knowledge": [next(left) for _ in row["tokens"]]}


def industry() -> Table:
    """Every employer by a model that has not seen it."""
    said = ran(ROOT / "benchmarks" / "industry.py", SNAPSHOT)
    rows: list[tuple[object, ...]] = []
    how = ""
    for line in said.splitlines():
        if found := re.match(r"(\w+) +right ([\d.]+) .*?([\d.]+)\), unknown ([\d.]+)", line):
            rows.append((f"{found[1]}, {how}", found[2], found[3], found[4]))
        elif line and not line.startswith(" "):
            how = line
    heads = ("what, and from what", "right", "always the commonest", "unknown")
    yield from table("Industry, leaving employers out", heads, rows)


def coverage(told: pl.DataFrame) -> Table:
    """How many postings of the snapshot state what, and how often field and text disagree."""
    names = (*FIELDS[1:], "employment_type", "visa", "certifications", "industry", "pay")
    names += ("pay_field", "pay_text")
    rows: list[tuple[object, ...]] = [(name, told[name].count()) for name in names]
    rows += [(name, int((told[name].list.len() > 0).sum())) for name in ("duties", "signals")]
    rows += [("requirement_words", told["requirement_words"].count())]
    both = told["pay_disagree"].count()
    rows += [("pay in both", both), ("of these, they disagree", told["pay_disagree"].sum())]
    title = f"What the {told.height:,} postings of the Ashby snapshot state"
    yield from table(title, ("fact", "postings"), rows)


def main(write: bool, make: Callable[[], Iterator[str]] = tables) -> int:
    """Print the tables, or put them into the page; 3 without the labelled sets."""
    if not BENCH.is_dir():
        print(f"no labelled sets at {BENCH}", file=sys.stderr)
        return 3
    made = "\n".join(make()).rstrip() + "\n"
    if not write:
        print(made, end="")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(FIGURES.sub(lambda m: f"{m[1]}\n{made}\n{m[2]}", page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
