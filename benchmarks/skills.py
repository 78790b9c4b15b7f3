"""Score the skills that `rolediff.annotate.skills` finds against labelled postings.

    python benchmarks/skills.py [GOLD.jsonl] [--misses 40] [--sections]

GOLD is by default the development set beside the repository; its scorer does the counting.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from rolediff.annotate.skills import mentions, posting_skills

BENCH = Path(__file__).resolve().parents[2] / "shared" / "data" / "bench"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("gold", type=Path, nargs="?", default=BENCH / "postings_gold_dev.jsonl")
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--sections", action="store_true", help="precision by section")
    chosen = parser.parse_args()
    scorer = BENCH / "score_postings.py"
    if not chosen.gold.is_file() or not scorer.is_file():
        print(f"skipped: {chosen.gold.name} or {scorer.name} is not at hand", file=sys.stderr)
        return 0
    postings = [json.loads(line) for line in chosen.gold.open(encoding="utf-8")]
    table = mentions(batch_of(postings))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for posting, skills in zip(
            postings, posting_skills(table, len(postings)).to_list(), strict=True
        ):
            print(json.dumps({"id": posting["id"], "skills": skills}), file=out)
        out.flush()
        command = [sys.executable, scorer, chosen.gold, out.name, "--misses", str(chosen.misses)]
        report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(
        "\n".join(
            line for line in report.splitlines() if line.startswith(("skills", "miss", "extra"))
        )
    )
    if chosen.sections:
        print(by_section(table, postings))
    return 0


def batch_of(postings: list[dict[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {key: [p.get(key) for p in postings] for key in ("title", "text", "company")}
    )


def by_section(
    table: pl.DataFrame, postings: list[dict[str, dict[str, list[str]]]]
) -> pl.DataFrame:
    """How many mentions each section holds, and the share of them that is labelled as a skill."""
    labels = [{skill.lower() for skill in p["labels"]["skills"]} for p in postings]
    pairs = table.select("posting", pl.col("surface").str.to_lowercase()).rows()
    labelled = pl.Series("labelled", [surface in labels[at] for at, surface in pairs])
    return (
        table.with_columns(labelled)
        .group_by("section", "asked")
        .agg(mentions=pl.len(), labelled=pl.col("labelled").mean().round(3))
        .sort("section", "asked")
    )


if __name__ == "__main__":
    sys.exit(main())
