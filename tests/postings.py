"""Made-up postings, raw and annotated, for tests of the market."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.batch import annotate
from rolediff.records import Source

SOURCE = Source("board", unit="posting", kind="advertised")
TEXT = """About us
{employer} builds software for {what}.

What you will do
Work on {work} with the team in {place}. You will ship models and talk to customers about them.

Requirements
- {years}+ years of experience with {required}
- Bachelor's degree in Computer Science

Nice to have
- {preferred}

The base salary range is ${low},000 - ${high},000 a year.
"""
SKILLS = ("Python", "PyTorch", "Kubernetes", "SQL", "LangChain", "Rust", "Docker", "Spark")
PLACES = {"Berlin": "DE", "London": "GB", "Paris": "FR", "Madrid": "ES"}


def posting(draw: random.Random, number: int, **fields: Any) -> dict[str, Any]:
    """One made-up posting; `fields` replace what was drawn."""
    place = draw.choice([*PLACES])
    low = draw.randrange(90, 180)
    employer = f"employer-{draw.randrange(6)}"
    text = TEXT.format(
        employer=employer, what=draw.choice(["hospitals", "banks", "schools"]), place=place,
        work=draw.choice(["retrieval", "forecasting", "ranking"]), years=draw.randrange(1, 9),
        required=", ".join(draw.sample(SKILLS, 4)), preferred=", ".join(draw.sample(SKILLS, 3)),
        low=low, high=low + draw.randrange(10, 60),
    )  # fmt: skip
    whole = {
        "id": f"made:{number}",
        "title": draw.choice(["AI Engineer", "Senior ML Engineer", "Data Scientist"]),
        "employer": employer,
        "location": place,
        "posted": f"2025-{draw.randrange(1, 10):02d}-15",
        "text": text,
    }
    return whole | fields


def raw(n: int = 60, seed: int = 1) -> list[dict[str, Any]]:
    """n made-up postings."""
    draw = random.Random(seed)
    return [posting(draw, number) for number in range(n)]


def annotated(n: int = 60, seed: int = 1) -> pl.DataFrame:
    """Made-up postings, annotated, a third of them copies of another one's ad."""
    draw = random.Random(seed)
    frame = pl.DataFrame(raw(n, seed)).with_columns(pl.col("posted").str.to_date())
    ads = [draw.choice([None, None, "0123456789ab", "ba9876543210"]) for _ in range(n)]
    told = annotate(frame.with_columns(source=pl.lit("board")))
    return told.with_columns(ad=pl.Series(ads, dtype=pl.String))


def jsonl(folder: Path, postings: list[dict[str, Any]], name: str = "board.jsonl") -> Path:
    """A file of JSON Lines."""
    file = folder / name
    file.write_text("".join(f"{json.dumps(p)}\n" for p in postings), encoding="utf-8")
    return file
