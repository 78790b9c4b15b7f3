"""Make `data/employer_industry.csv`, in two steps with a reader between them.

    python tools/employer_keys.py sheet POSTINGS.jsonl.zst > sheet.txt
    python tools/employer_keys.py write LABELS.psv src/rolediff/data/employer_industry.csv

`sheet` prints what each employer says of itself: the paragraphs that its postings share and that
speak of the company. A reader codes each employer from it: a line `slug|naics|serves|confidence`
with the NAICS 2022 code of what the employer is, and, if it sells to one industry, the code of
that. `write` puts keys in place of slugs. Neither the sheet nor the labels belong in the project.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl

from rolediff.annotate.industry import employer_key, sector_of

ABOUT = re.compile(
    r"\b(is an?|is the|is building|is on a mission|we build|we help|we provide|we're building|"
    r"our (?:mission|customers|platform|product)|platform|founded|mission|the company)\b",
    re.IGNORECASE,
)
NOT_ABOUT = re.compile(
    r"equal opportunity|accommodation|benefit|salary|401|discriminat|recruit|years of|"
    r"experience with|applicant|visa|interview|inclusive|belong|you will|looking for|seeking",
    re.IGNORECASE,
)
LENGTH = 660  # characters shown of one employer
CONFIDENCE = ("high", "medium", "low")


def about(texts: list[str]) -> str:
    """The paragraphs of one employer's postings that speak of the employer, best first."""
    shared: Counter[str] = Counter()
    earliest: dict[str, int] = {}
    for text in texts:
        lines = [re.sub(r"\s*\(?https?://\S+", "", line).strip() for line in text.split("\n")]
        for place, line in enumerate(line for line in lines if line):
            earliest[line] = min(place, earliest.get(line, place))
        shared.update({line for line in lines if len(line) >= 50})

    def worth(line: str) -> float:
        early = 0.3 * (earliest[line] < 6) - 0.5 * (line[0] in "-•*")
        speaks = 0.6 * bool(ABOUT.search(line)) - 0.9 * bool(NOT_ABOUT.search(line))
        return 0.7 * shared[line] / len(texts) + early + speaks

    ranked = sorted(shared, key=lambda line: (-worth(line), line))[:4]
    return " | ".join(line[: LENGTH // 2] for line in ranked)[:LENGTH]


def sheet(postings: Path) -> None:
    """Print every employer of an Ashby snapshot with what it says of itself."""
    frame = pl.read_ndjson(postings, infer_schema_length=None)
    texts = frame.group_by("board").agg(pl.col("descriptionPlain").fill_null("")).sort("board")
    for slug, of_one in texts.rows():
        print(f"[{slug}] ({len(of_one)}) {about(of_one)}")


def write(labels: Path, target: Path) -> None:
    """Write the table of employers from a reader's labels, sorted by key."""
    with labels.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="|") if row]
    for slug, naics, serves, confidence in rows:
        known = sector_of(naics) and (not serves or sector_of(serves))
        if not known or confidence not in CONFIDENCE:
            raise SystemExit(
                f"{slug}: no NAICS code or confidence in {naics}|{serves}|{confidence}"
            )
    keyed = sorted([employer_key(slug), *rest] for slug, *rest in rows)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("employer", "naics", "serves", "confidence"), *keyed])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("sheet").add_argument("postings", type=Path)
    writing = steps.add_parser("write")
    writing.add_argument("labels", type=Path)
    writing.add_argument("target", type=Path)
    asked = parser.parse_args()
    if asked.step == "sheet":
        sheet(asked.postings)
    else:
        write(asked.labels, asked.target)


if __name__ == "__main__":
    main()
