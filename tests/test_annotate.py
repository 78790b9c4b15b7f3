"""The whole annotator: one row per posting, whatever the batch, with spans that hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rolediff.annotate.annotated import ANNOTATED, FACTS
from rolediff.annotate.batch import annotate
from rolediff.read.postings import POSTINGS, all_postings

AD = """About Acme

We make maps. We raised $40M last year, and pay our bills in Snowflake.

What you will bring
- 5+ years of experience with Python and PyTorch
- Bachelor's degree in Computer Science
- AWS Certified Machine Learning is welcome

Nice to have
- Rust

Pay: $150,000 - $200,000 a year. This is a hybrid role, two days a week in the office.
We cannot sponsor visas."""


def postings(**columns: Any) -> pl.DataFrame:
    """Some postings; `columns` give each its values, all else is null."""
    rows = max(len(values) for values in columns.values())
    base = {"id": [f"x:{n}" for n in range(rows)], "source": ["made-up"] * rows}
    base |= {"row": list(range(1, rows + 1))}
    given = pl.DataFrame(base | columns, strict=False)
    absent = [pl.lit(None).cast(k).alias(c) for c, k in POSTINGS.items() if c not in given.columns]
    return given.with_columns(absent).select(pl.col(c).cast(k) for c, k in POSTINGS.items())


VARIED = postings(
    title=["Senior ML Engineer", "AI Engineer, Agents", "Nurse", "Data Analyst II", "CTO", "x"],
    text=[
        AD,
        "We want an AI engineer with RAG and LangChain.\n€70.000–90.000 im Jahr. 100% remote.",
        "You care for people. \U0001f600 No degree needed. £15 an hour.",
        AD.replace("-", "\u2011").replace("Python", "Excel"),
        "Requirements\n- Master’s degree\n- ten years of experience\nLocation: Leeds",
        "",
    ],
    location=["Berlin", "Remote (US)", None, "London, UK", None, "Paris"],
    employer=["acme", None, "clinic", "acme", "snowflake", None],
    also_in=[None, None, None, ["Leeds, UK"], None, ["Madrid"]],
    pay_low=[100_000.0, None, None, 150_000.0, 90_000.0, None],
    pay_high=[120_000.0, None, None, 200_000.0, 95_000.0, None],
    pay_currency=["USD", None, None, "USD", "GBP", None],
    pay_interval=["year", None, None, "year", "year", None],
    pay_basis=["base", None, None, "unknown", "base", None],
)


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    return annotate(VARIED)


def fact(told: pl.DataFrame, name: str) -> list[Any]:
    return told[name].to_list()


def test_one_row_for_each_posting_with_the_whole_schema(told: pl.DataFrame) -> None:
    assert told.schema == ANNOTATED
    assert told["id"].equals(VARIED["id"])


def test_what_is_told(told: pl.DataFrame) -> None:
    assert fact(told, "role") == ["ml_engineer", "ai_engineer", *["other"] * 4]
    assert fact(told, "level")[:5] == ["senior", None, None, "mid", "executive"]
    assert fact(told, "education") == ["bachelor", None, "none", "bachelor", "master", None]
    assert fact(told, "years")[:1] == [5]
    assert fact(told, "remote")[:2] == ["hybrid", "remote"]
    assert fact(told, "visa")[0] == "not offered"
    first = told["skills"][0].to_list()
    assert {"Python", "PyTorch", "Rust"} <= {skill["concept"] for skill in first}
    assert {s["required"] for s in first if s["concept"] == "Rust"} == {"preferred"}
    assert "Snowflake" not in {skill["concept"] for skill in first}


@pytest.mark.parametrize("size", [1, 2, 5])
def test_splitting_changes_no_row(told: pl.DataFrame, size: int) -> None:
    parts = [annotate(VARIED[at : at + size]) for at in range(0, VARIED.height, size)]
    assert pl.concat(parts).equals(told)


def test_reordering_changes_no_row(told: pl.DataFrame) -> None:
    assert annotate(VARIED.reverse()).reverse().equals(told)


def test_no_postings() -> None:
    assert annotate(VARIED.clear()).schema == ANNOTATED


def test_absent_columns_count_as_null() -> None:
    told = annotate(pl.DataFrame({"title": ["ML Engineer"], "text": ["Python"]}))
    assert (told["role"][0], told["id"][0], told["country"][0]) == ("ml_engineer", None, None)


def test_spans_of_facts_stand_in_their_column(told: pl.DataFrame) -> None:
    for row, posting in zip(told.iter_rows(named=True), VARIED.iter_rows(named=True), strict=True):
        for name in FACTS:
            start, end = row[f"{name}_start"], row[f"{name}_end"]
            if start is None:
                assert row[f"{name}_in"] in (None, "field")
                continue
            words = posting[row[f"{name}_in"]][start:end]
            assert words == words.strip()
            assert words


def test_spans_of_skills_and_certificates_are_their_text(told: pl.DataFrame) -> None:
    for row, posting in zip(told.iter_rows(named=True), VARIED.iter_rows(named=True), strict=True):
        for skill in row["skills"]:
            column = "title" if skill["section"] == "title" else "text"
            assert posting[column][skill["start"] : skill["end"]] == skill["text"]
        for paper in row["certifications"] or ():
            start, end = paper["start"], paper["end"]
            plain = posting["text"][start:end].replace("\u2011", "-")
            assert plain == paper["text"]


# pay


def test_the_pay_of_the_text_counts_and_the_field_is_kept(told: pl.DataFrame) -> None:
    row = told.row(0, named=True)
    pay = row["pay"]
    assert (pay["min"], pay["max"], pay["currency"], pay["source"]) == (150e3, 200e3, "USD", "text")
    assert AD[pay["start"] : pay["end"]] == "$150,000 - $200,000"
    assert (row["pay_field"]["min"], row["pay_disagree"]) == (100_000, True)


def test_a_field_like_the_text_agrees(told: pl.DataFrame) -> None:
    assert fact(told, "pay_disagree")[3] is False


def test_a_field_alone_counts(told: pl.DataFrame) -> None:
    row = told.row(4, named=True)
    assert (row["pay"]["min"], row["pay"]["source"], row["pay"]["start"]) == (90_000, "field", None)
    assert (row["pay_text"], row["pay_disagree"]) == (None, None)


@pytest.mark.parametrize(
    ("low", "high", "interval", "currency", "disagree"),
    [
        (150_000, 200_000, "year", None, False),  # no two currencies
        (150_000, 200_000, "year", "CAD", True),
        (12_500, 16_666.67, "month", "USD", False),  # the same a year
        (120_000, 140_000, "year", "USD", False),  # one of two bands
        (120_000, 200_000, "year", "USD", False),  # both bands
        (120_000, 190_000, "year", "USD", True),
    ],
)
def test_when_field_and_text_disagree(
    low: float, high: float, interval: str, currency: str | None, disagree: bool
) -> None:
    one = "Salary: $150,000 - $200,000 a year."
    two = "Salary: New York $150,000 - $200,000 a year; Denver $120,000 - $140,000 a year."
    asked = postings(
        title=["Nurse"],
        text=[two if low == 120_000 else one],
        pay_low=[low],
        pay_high=[high],
        pay_currency=[currency],
        pay_interval=[interval],
    )
    assert fact(annotate(asked), "pay_disagree") == [disagree]


# what fields say


def test_fields_speak_where_the_text_is_silent() -> None:
    asked = postings(
        title=["Nurse", "Senior Nurse"],
        text=["You care.", "Requirements\n- PhD\n- 3+ years of experience"],
        level=["mid", "mid"],
        education=["Bachelor's degree", "Bachelor's degree"],
        experience=[4.5, 4.5],
        remote=["remote", None],
        country=["DE", None],
        industry=["Hospitals and Health Care", "62"],
    )
    told = annotate(asked)
    assert fact(told, "level") == ["mid", "senior"]
    assert fact(told, "education") == ["bachelor", "phd"]
    assert fact(told, "years") == [4, 3]
    assert fact(told, "remote")[0] == "remote"
    assert fact(told, "country") == ["DE", None]
    assert told.select("level_in", "education_in", "years_in").rows() == [
        ("field",) * 3,
        ("title", "text", "text"),
    ]
    assert fact(told, "industry")[1] == "62"


def test_a_job_offered_in_several_countries_has_none(told: pl.DataFrame) -> None:
    assert fact(told, "country")[3] == "GB"  # London and Leeds
    assert fact(told, "country")[5] is None  # Paris and Madrid


# the development set


def test_thresholds_on_the_labelled_postings(shared: Path, tmp_path: Path) -> None:
    bench = shared / "data/bench"
    gold = bench / "postings_gold_dev.jsonl"
    out = tmp_path / "told.jsonl"
    annotate(all_postings(gold).postings).write_ndjson(out)
    scorer = [sys.executable, bench / "score_postings.py", gold, out, "--json"]
    said = subprocess.run(scorer, capture_output=True, text=True, check=True)
    scores = json.loads(said.stdout)
    assert scores["missing"] == 0
    assert scores["skills_exact"][2] >= 0.85
    assert scores["skills_loose"][2] >= 0.90
    assert min(scores["role"], scores["level"], scores["country"]) >= 0.95
    assert min(scores["education"], scores["years"]) >= 0.90
    assert scores["remote"] >= 0.85
    assert scores["pay"]["same"] >= 0.9 * scores["pay"]["gold"]
    assert scores["pay"]["false"] == 0
