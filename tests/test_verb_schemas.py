"""What skills, work, where, trend, path and brief print with --json keeps to its schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from dated import posting_rows, postings_market
from jsonschema import Draft202012Validator
from made_windows import Watching, watched
from referencing import Registry, Resource

import rolediff
from rolediff.compare.demand import source_demand
from rolediff.market import bundled
from rolediff.market.compress import counted
from rolediff.market.store import save
from rolediff.report.json import envelope

HERE = files("rolediff") / "data" / "schemas"
VERBS = ("skills", "work", "where", "trend", "path", "brief")
SCHEMAS = {
    name: json.loads((HERE / f"{name}.v1.json").read_text("utf-8")) for name in ("parts", *VERBS)
}
KNOWN = Registry().with_resource(
    SCHEMAS["parts"]["$id"], Resource.from_contents(SCHEMAS["parts"])
)  # fmt: skip
CHECKS = {name: Draft202012Validator(SCHEMAS[name], registry=KNOWN) for name in VERBS}
PAIRS = (PAIR, ("Data Scientist", "Data Engineer"), ("Software Engineer", "Product Manager"))
Answered = Callable[..., Any]


def words(verb: str, a: str, b: str) -> tuple[str, ...]:
    """The question as the verb takes it."""
    return (verb, "--to", a, "--from", b) if verb == "path" else (verb, a, b)


@pytest.fixture
def answered(capsys: pytest.CaptureFixture[str]) -> Answered:
    """What the command prints, which must keep to the schema of its verb."""

    def answer(*argv: object) -> Any:
        said = ask(capsys, *argv, "--json")
        assert said.code == 0, said.err
        found = json.loads(said.out)
        CHECKS[str(argv[0])].validate(found)
        return found

    return answer


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled market with its postings dealt out to two sources by employer."""
    whole, folder = bundled(), tmp_path_factory.mktemp("two") / "market"
    second = (pl.col("source") == "ashby") & (pl.col("employer").fill_null("0") < "8")
    lines = whole.everything().with_columns(
        source=pl.when(second).then(pl.lit("second")).otherwise("source")
    )
    ashby = next(s for s in whole.sources if s.name == "ashby")
    return save(counted(lines, [*whole.sources, replace(ashby, name="second")]), folder)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, list):
        for part in schema:
            yield from objects(part)
    elif isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_such_and_their_objects_are_closed_and_complete(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    found = list(objects(SCHEMAS[name]))
    assert len(found) >= 4
    for schema in found:
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_answers_about_pairs_keep_to_it(
    answered: Answered, verb: str, pair: tuple[str, str]
) -> None:
    assert answered(*words(verb, *pair))["result"]["sentence"]


@pytest.mark.parametrize("verb", VERBS)
def test_filters_readings_and_other_sources_keep_to_it(
    answered: Answered, verb: str, two: Path
) -> None:
    asked = words(verb, *PAIR)
    assert answered(*asked, "--reading", "broad")["result"]["reading"] == "broad"
    assert answered(*asked, "--reading", "broad", "--where", "country=US")["result"]["where"]
    found = answered(*asked, "--reading", "broad", "--data", two)["result"]
    if "other_sources" in found:
        assert found["other_sources"]


@pytest.mark.parametrize("have", ["Python,SQL,LangChain", "Fortran"])
def test_paths_of_a_person_and_without_a_start_keep_to_it(answered: Answered, have: str) -> None:
    assert answered("path", "--to", PAIR[0], "--have", have)["result"]["coverage"]
    assert answered("path", "--to", PAIR[0])["result"]["coverage"] is None


@pytest.mark.parametrize("employers", [False, True])
def test_records_without_postings_keep_to_it_and_say_what_fell_short(
    answered: Answered, tmp_path: Path, employers: bool
) -> None:
    columns = {"company": [f"c{i % 9}" for i in range(240)]} if employers else {}
    file = csv_file(tmp_path, jobs(**columns))
    sections = answered("brief", *PAIR, "--data", file)["result"]["sections"]
    assert any(s["not_enough_evidence"] for s in sections)
    where = answered("where", *PAIR, "--data", file)["result"]
    assert where["countries"]
    assert not where["industries"]
    assert answered("trend", *PAIR, "--data", file)["result"]["skills"]["missing"]


def test_few_postings_keep_to_it_and_say_what_fell_short(
    answered: Answered, tmp_path: Path
) -> None:
    save(postings_market({"board": posting_rows(24, "board")}), tmp_path / "few")
    skills = answered("skills", *PAIR, "--data", tmp_path / "few")["result"]
    assert {m["verdict"] for m in skills["missing"]} == {"not enough evidence"}
    for verb in ("work", "where", "trend", "path"):
        answered(*words(verb, *PAIR), "--data", tmp_path / "few")
    sections = answered("brief", *PAIR, "--data", tmp_path / "few")["result"]["sections"]
    silent = [s["not_enough_evidence"] for s in sections if s["not_enough_evidence"]]
    assert any("no factor has two categories" in reason for reason in silent)


def test_skills_between_two_dates_keep_to_it(answered: Answered, tmp_path: Path) -> None:
    late = {"python": 0.3, "pytorch": 0.9}
    market = postings_market(
        {"early": posting_rows(400, "early", date="2024-06"),
         "late": posting_rows(400, "late", date="2025-06", seed=2, skills=late)},
        {"early": "2024-06-30", "late": "2025-06-30"},
    )  # fmt: skip
    save(market, tmp_path / "dated")
    for verb in ("trend", "skills"):
        found = answered(verb, *PAIR, "--data", tmp_path / "dated")["result"]
        assert (found["skills"] if verb == "trend" else found["trend"])["moves"]


@pytest.mark.parametrize("months", [1, 8])
def test_demand_while_ads_were_watched_keeps_to_it(months: int) -> None:
    table = watched(np.random.default_rng(1), Watching(growth=0.1, months=months))
    answer = replace(rolediff.trend(*PAIR), watched=(source_demand(table, "made"),))
    said = {"sentence": "Demand grew.", **answer.to_dict()}
    found = json.loads(envelope("trend", 1, said, "0"))
    CHECKS["trend"].validate(found)
    (demand,) = found["result"]["watched"]
    assert bool(demand["a"]["missing"]) is (months == 1)


@pytest.mark.parametrize("verb", VERBS)
def test_answers_that_lack_something_or_are_strange_are_refused(
    answered: Answered, verb: str
) -> None:
    answer = answered(*words(verb, *PAIR))
    for name in answer["result"]:
        without, strange = copy.deepcopy(answer), copy.deepcopy(answer)
        del without["result"][name]
        strange["result"][name] = {"strange": 1}
        more = copy.deepcopy(answer)
        more["result"][f"{name} too"] = 1
        assert not CHECKS[verb].is_valid(without), name
        assert not CHECKS[verb].is_valid(strange), name
        assert not CHECKS[verb].is_valid(more), name


@pytest.mark.parametrize("verb", VERBS)
def test_an_estimate_that_is_no_number_is_refused(answered: Answered, verb: str) -> None:
    answer = answered(*words(verb, *PAIR))
    (found, *_) = estimates(answer["result"])
    found["value"] = "much"
    assert not CHECKS[verb].is_valid(answer)


def estimates(x: Any) -> list[dict[str, Any]]:
    if isinstance(x, list):
        return [e for part in x for e in estimates(part)]
    if not isinstance(x, dict):
        return []
    here = [x] if {"value", "low", "high", "n"} <= x.keys() and "method" in x else []
    return here + [e for part in x.values() for e in estimates(part)]
