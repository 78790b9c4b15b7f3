"""How well the fields of postings are read: accuracy on labelled postings, and the cost of each.

    python benchmarks/fields.py GOLD.jsonl [--misses]
    python benchmarks/fields.py GOLD.jsonl --speed POSTINGS.parquet

GOLD has a posting and its labels on each line (id, title, location, text, labels). POSTINGS has
the columns title, location and text; the time is that of one core.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from rolediff.annotate.lines import Lines
from rolediff.annotate.place import country
from rolediff.annotate.posting_level import level
from rolediff.annotate.posting_role import role
from rolediff.annotate.requirements import certifications, education, years
from rolediff.annotate.workplace import employment_type, remote, visa

SCORED = ("role", "level", "education", "years", "remote", "country")
BATCH = 8192


def fields(lines: Lines, postings: pl.DataFrame) -> dict[str, Callable[[], pl.DataFrame]]:
    """Each field's reader, ready to be called on a batch."""
    title, location, text = (postings[name] for name in ("title", "location", "text"))
    return {
        "role": lambda: role(lines, title, text),
        "level": lambda: level(lines, title),
        "education": lambda: education(lines),
        "years": lambda: years(lines),
        "remote": lambda: remote(lines, title, location),
        "country": lambda: country(text, title, location),
        "certifications": lambda: certifications(lines),
        "employment_type": lambda: employment_type(lines, title),
        "visa": lambda: visa(lines),
    }


def predictions(postings: pl.DataFrame) -> pl.DataFrame:
    """All fields of `postings` side by side."""
    read = fields(Lines.of(postings["text"]), postings)
    return pl.concat([reader() for reader in read.values()], how="horizontal")


def score(gold: list[dict], misses: bool) -> None:
    """Print the accuracy of each scored field, and with `misses` what was missed."""
    postings = pl.DataFrame([{key: g[key] for key in ("title", "location", "text")} for g in gold])
    found = predictions(postings)
    for name in SCORED:
        wanted = [g["labels"][name] for g in gold]
        got = [
            value or "unspecified" if isinstance(value or "", str) else value
            for value in found[name]
        ]
        if name in ("years", "country"):
            got = found[name].to_list()
        wrong = [at for at, pair in enumerate(zip(wanted, got, strict=True)) if pair[0] != pair[1]]
        print(f"{name:10} {1 - len(wrong) / len(gold):.3f}  ({len(gold) - len(wrong)}/{len(gold)})")
        for at in wrong if misses else []:
            print(f"    {gold[at]['title']!r}: wanted {wanted[at]}, got {got[at]}")


def speed(path: Path) -> None:
    """Print microseconds of one core a posting, for each field."""
    postings = pl.read_parquet(path).with_columns(pl.col("title", "location", "text").fill_null(""))
    batches = [postings[at : at + BATCH] for at in range(0, postings.height, BATCH)]
    spent: dict[str, float] = {}
    for batch in batches:
        start = time.process_time()
        lines = Lines.of(batch["text"])
        spent["sentences"] = spent.get("sentences", 0) + time.process_time() - start
        for name, reader in fields(lines, batch).items():
            start = time.process_time()
            reader()
            spent[name] = spent.get(name, 0) + time.process_time() - start
    for name, seconds in {**spent, "all": sum(spent.values())}.items():
        print(f"{name:16} {seconds / postings.height * 1e6:6.1f} µs a posting")


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--speed", type=Path)
    given = parser.parse_args()
    score([json.loads(line) for line in given.gold.open(encoding="utf-8")], given.misses)
    if given.speed:
        speed(given.speed)


if __name__ == "__main__":
    main()
