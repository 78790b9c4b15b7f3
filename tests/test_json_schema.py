"""`--json` keeps to the committed schema."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from asking import PAIR, ask, csv_file, jobs
from jsonschema import Draft202012Validator, ValidationError

Capture = pytest.CaptureFixture[str]
SCHEMA = json.loads(
    (files("rolediff") / "data" / "schemas" / "comparison.v1.json").read_text("utf-8")
)
CHECK = Draft202012Validator(SCHEMA)

QUESTIONS: dict[str, tuple[str, ...]] = {
    "the first pair": PAIR,
    "another pair": ("Data Scientist", "Data Engineer"),
    "few records": ("Prompt Engineer", "NLP Engineer", "--reading", "broad"),
    "broad": (*PAIR, "--reading", "broad"),
    "filtered": (*PAIR, "--where", "country=US,year=2024"),
    "one of everything": (*PAIR, "--where", "country=US,year=2024,level=senior,remote=onsite"),
    "purchasing power": (*PAIR, "--money", "ppp"),
    "another reference": (*PAIR, "--reference", "B"),
    "a title": ("AI Engineer", "--title", "data manager"),
}


def whole(capsys: Capture, *argv: object) -> Any:
    said = ask(capsys, *argv, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


@pytest.fixture(scope="module")
def answer() -> Any:
    import rolediff
    from rolediff.report.json import envelope

    return json.loads(
        envelope("comparison", 1, rolediff.diff(*PAIR).to_dict(), rolediff.__version__)
    )


def objects(schema: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield at, schema
        for key, part in schema.items():
            yield from objects(part, f"{at}/{key}")
    elif isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from objects(part, f"{at}/{i}")


def figures(x: Any) -> Iterator[float]:
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list):
        for part in x:
            yield from figures(part)
    elif isinstance(x, float):
        yield x


def estimates(x: Any) -> Iterator[dict[str, Any]]:
    if isinstance(x, dict):
        if {"value", "low", "high"} <= x.keys():
            yield x
        x = list(x.values())
    if isinstance(x, list):
        for part in x:
            yield from estimates(part)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_fixed_object_is_closed_and_complete() -> None:
    found = dict(objects(SCHEMA))
    assert len(found) > 10
    for place, schema in found.items():
        assert schema["additionalProperties"] is False, place
        assert set(schema["required"]) == set(schema["properties"]), place


@pytest.mark.parametrize("name", QUESTIONS)
def test_real_answers_keep_to_it(capsys: Capture, name: str) -> None:
    CHECK.validate(whole(capsys, *QUESTIONS[name]))


def test_answers_on_data_of_ones_own_keep_to_it(capsys: Capture, tmp_path: Path) -> None:
    employers = [f"c{i % 9}" for i in range(240)]
    for columns in ({}, {"company": employers}, {"level": None, "year": None, "country": None}):
        file = csv_file(tmp_path, jobs(**columns))
        CHECK.validate(whole(capsys, *PAIR, "--data", file))


@pytest.mark.parametrize("key", ["schema", "schema_version", "rolediff_version", "result"])
def test_the_envelope_must_be_whole(answer: Any, key: str) -> None:
    with pytest.raises(ValidationError, match="required"):
        CHECK.validate({k: v for k, v in answer.items() if k != key})


def test_no_key_of_the_result_can_go_missing(answer: Any) -> None:
    for key in answer["result"]:
        less = copy.deepcopy(answer)
        del less["result"][key]
        assert not CHECK.is_valid(less), key


def test_no_key_can_be_added(answer: Any) -> None:
    more = copy.deepcopy(answer)
    more["result"]["gap"]["p_value"] = 0.05
    assert not CHECK.is_valid(more)


def test_a_number_cannot_be_a_text_or_null(answer: Any) -> None:
    for wrong in ("0.2", None):
        other = copy.deepcopy(answer)
        other["result"]["gap"]["value"] = wrong
        assert not CHECK.is_valid(other)


def test_every_figure_is_finite_and_inside_its_interval(answer: Any) -> None:
    assert all(map(math.isfinite, figures(answer)))
    for e in estimates(answer):
        assert (e["low"] is None) == (e["high"] is None)
        if e["low"] is not None:
            assert e["low"] <= e["value"] + 1e-9
            assert e["value"] <= e["high"] + 1e-9


def test_every_estimate_has_a_count(answer: Any) -> None:
    assert all(e["n"] > 0 for e in estimates(answer))
