"""`why --json` keeps to its committed schema, whose `comparison` is that of the comparison's."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from jsonschema import Draft202012Validator
from postings import annotated
from referencing import Registry, Resource

from rolediff.market import compress_postings
from rolediff.market.store import save
from rolediff.records import Source

HERE = files("rolediff") / "data" / "schemas"
SCHEMA, COMPARISON = (
    json.loads((HERE / f"{name}.v1.json").read_text("utf-8")) for name in ("why", "comparison")
)
KNOWN = Registry().with_resource(COMPARISON["$id"], Resource.from_contents(COMPARISON))
CHECK = Draft202012Validator(SCHEMA, registry=KNOWN)
Answered = Callable[..., Any]
SECTIONS = ("waterfall", "methods", "ranges", "skills", "specification_curve", "hidden_factor")


@pytest.fixture
def answered(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """What `why --json` prints, which must keep to the schema."""

    def answer(*question: object) -> Any:
        said = ask(capsys, "why", *question, "--json")
        assert said.code == 0, said.err
        found = json.loads(said.out)
        CHECK.validate(found)
        return found

    return answer


def objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for part in schema for found in objects(part)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if "properties" in schema and schema.get("type") == "object" else []
    return here + [found for part in schema.values() for found in objects(part)]


def test_the_schema_is_one_and_its_objects_are_closed_and_complete() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = objects(SCHEMA)
    assert len(found) > 15
    for schema in found:
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])


def test_the_bundled_answer_keeps_to_it_with_every_section(answered: Answered) -> None:
    result = answered(*PAIR)["result"]
    assert all("not_enough_evidence" not in result[name] for name in SECTIONS)


@pytest.mark.parametrize(
    "question",
    [
        ("Data Scientist", "Data Engineer"),
        ("Prompt Engineer", "NLP Engineer", "--reading", "broad"),
        (*PAIR, "--where", "country=US,year=2024"),
    ],
    ids=" ".join,
)
def test_other_questions_keep_to_it(answered: Answered, question: tuple[str, ...]) -> None:
    assert answered(*question)["result"]["reasons"]


def test_records_without_postings_keep_to_it_and_say_what_fell_short(
    answered: Answered, tmp_path: Path
) -> None:
    for columns in ({}, {"company": [f"c{i % 9}" for i in range(240)]}):
        answer = answered(*PAIR, "--data", csv_file(tmp_path, jobs(**columns)))
        assert "not_enough_evidence" in answer["result"]["skills"]


def test_postings_with_skills_keep_to_it(answered: Answered, tmp_path: Path) -> None:
    who = pl.format("{} {}", "employer", pl.int_range(pl.len()) % 97)
    frame = annotated(900, 3).with_columns(ad=pl.lit(None, pl.String), employer=who)
    market = compress_postings(frame, [Source("board", unit="posting", kind="advertised")])
    save(market, tmp_path / "board")
    answer = answered(*PAIR, "--data", tmp_path / "board")
    assert answer["result"]["skills"]["mix"]["families"]


def test_answers_that_lack_something_or_are_strange_are_refused(answered: Answered) -> None:
    answer = answered(*PAIR)
    for section in (*SECTIONS, "sentence", "statistics", "reasons", "comparison"):
        without = copy.deepcopy(answer)
        del without["result"][section]
        assert not CHECK.is_valid(without), section
        strange = copy.deepcopy(answer)
        strange["result"][section] = {"strange": 1}
        assert not CHECK.is_valid(strange), section


def test_a_comparison_that_breaks_its_own_schema_is_refused(answered: Answered) -> None:
    broken = answered(*PAIR)
    broken["result"]["comparison"]["gap"]["value"] = "much"
    assert not CHECK.is_valid(broken)
