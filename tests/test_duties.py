"""Duties: verbs where clauses begin, objects that they govern, each verb with each object."""

from __future__ import annotations

import copy
import tomllib
from importlib.resources import files
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import annotate
from rolediff.annotate.duty_words import duty_concepts, read_duty_words
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.skills import mentions
from rolediff.annotate.vocabulary import bundled
from rolediff.annotate.work import Work
from rolediff.errors import DataError

DUTIES, ROLE = "Responsibilities", "The role"
KNOWN = bundled()  # compiled here, so that no single example takes that long


def work(texts: list[str]) -> pl.DataFrame:
    """Duties, signals and requirement_words of the texts."""
    seen, series = Work(KNOWN.trie), pl.Series(texts, dtype=pl.String)
    mentions(series, shown=seen.read)
    return seen.told(series)


def told(*texts: str) -> pl.Series:
    return work(list(texts))["duties"]


def duties(line: str, heading: str = DUTIES) -> set[str]:
    text = f"{heading}\n- {line}\n\nRequirements\n- Python"
    spans = told(text)[0].to_list()
    for span in spans:
        assert text[span["start"] : span["end"]] == span["text"]
    return {span["concept"] for span in spans}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Design machine learning pipelines.", {"design machine learning pipelines"}),
        ("Train and fine-tune large language models", {"train", "fine-tune"}),
        ("Deploy models to production.", {"deploy models"}),
        ("You will build agents that answer questions", {"build AI agents"}),
        ("You'll also build agents", {"build AI agents"}),
        ("Responsible for building data pipelines", {"build data pipelines"}),
        ("Agents: build agents with care", {"build AI agents"}),
        ("Work closely with product managers", {"collaborate with product managers"}),
        ("Mentor junior engineers", {"mentor engineers"}),
        ("Conduct code reviews", {"conduct code reviews"}),
        ("Participate in code reviews", {"conduct code reviews"}),
        ("Run experiments", {"conduct experiments"}),
        ("Monitor model performance", {"monitor model performance"}),
        ("Write clear technical documentation", {"write documentation"}),
        ("Optimise latency and cost", {"optimise performance", "optimise costs"}),
        ("Optimize latency", {"optimise performance"}),
        ("Own the product roadmap", {"own roadmap"}),
        ("Help customers with onboarding", {"help customers"}),
        ("Assess vital signs; update medical records", {"evaluate", "maintain"}),
        ("Prepare month-end reconciliations and journal entries", {"write accounting"}),
        ("Lead a team of engineers", {"lead teams", "lead engineers"}),
        ("Improve the reliability of our services", {"optimise reliability", "optimise services"}),
    ],
)
def test_what_is_told(line: str, expected: set[str]) -> None:
    whole = {
        "train": "train language models",
        "fine-tune": "fine-tune language models",
        "evaluate": "evaluate patient care",
        "maintain": "maintain patient care",
    }
    assert duties(line) == {whole.get(name, name) for name in expected}


def test_each_verb_with_each_object() -> None:
    assert duties("Design, build and deploy models and data pipelines") == {
        f"{verb} {thing}"
        for verb in ("design", "build", "deploy")
        for thing in ("models", "data pipelines")
    }


def test_verbs_apart_have_their_own_objects() -> None:
    assert duties("Build models, review documents and mentor engineers") == {
        "build models",
        "review documentation",
        "mentor engineers",
    }


@pytest.mark.parametrize(
    "line",
    [
        "We build models",  # the employer
        "Models build themselves",
        "Great agents and tools",
        "Build",  # no object
        "Build for the sake of our models",  # behind a preposition
        "Build model trains",  # the head is another noun
        "Maintain a high-performance",
        "Build model-based",
        "Mentor pipelines",  # makes no sense
        "Automate engineers",
    ],
)
def test_what_is_no_duty(line: str) -> None:
    assert duties(line) == set()


@pytest.mark.parametrize(
    ("line", "not_told"),
    [
        ("Collaborate with product, design and research teams", "design teams"),
        ("Build agents, ensuring quality", "build quality"),
        ("Contribute to research initiatives", "research or follow initiatives"),
        ("Support our users and oversee the budget", "support budgets"),
        ("Build agents and service metrics", "maintain metrics"),
        ("Build agents and a go-to-market plan", "promote plans"),
        ("Understand the needs of teams, designing programs", "analyse initiatives"),
    ],
)
def test_words_that_are_also_nouns_or_belong_to_another_verb(line: str, not_told: str) -> None:
    found = duties(line)
    assert found
    assert not_told not in found


def test_a_noun_that_governs_is_a_verb() -> None:
    assert "monitor model performance" in duties("Build tools and monitor model performance")


@pytest.mark.parametrize("heading", ["Requirements", "Nice to have", "Benefits", "About us"])
def test_only_where_duties_stand(heading: str) -> None:
    assert duties("Build agents", heading) == set()


def test_in_the_text_on_the_role_only_what_is_said_to_the_reader_or_listed() -> None:
    assert duties("Build agents", ROLE) == {"build AI agents"}
    text = (
        f"{ROLE}\nYou will build agents. To deploy models is fun. Design systems.\n\nPerks\n- Tea"
    )
    assert [span["concept"] for span in told(text)[0]] == ["build AI agents"]


def test_a_duty_is_told_once_where_it_is_first_named() -> None:
    text = f"{DUTIES}\n- Build agents\n- Develop AI agents"
    assert [(span["concept"], span["text"]) for span in told(text)[0]] == [
        ("build AI agents", "Build agents")
    ]


def test_spans_count_code_points() -> None:
    text = f"🚀 日本\n\n{DUTIES}\n• Déployer – build the world’s agents"
    span = told(text)[0][0]
    assert text[span["start"] : span["end"]] == span["text"] == "build the world’s agents"


LINES = st.sampled_from(
    [
        DUTIES,
        ROLE,
        "Requirements",
        "- Build, test and ship models, pipelines and APIs",
        "- and",
        "You will lead a team of engineers",
        "- to to to build build, build/deploy & own",
        "models and agents",
        "",
        "日本 🚀",
        "responsibilities",
        "as you",
        "will build agents, design",
        "the models",
        "build models, ship agents",
        "Responsible for training models,",
        ":",
    ]
)
POSTINGS = st.lists(LINES, max_size=8).map("\n".join) | st.text(max_size=80)


@given(st.lists(POSTINGS, max_size=5), st.integers(0, 5))
def test_splitting_and_reordering_change_nothing(texts: list[str], at: int) -> None:
    whole = work(texts)
    assert whole.schema == {name: ANNOTATED[name] for name in whole.columns}
    assert pl.concat([work(texts[:at]), work(texts[at:])]).equals(whole)
    assert work(texts[::-1]).reverse().equals(whole)


def test_many_postings_in_order() -> None:
    texts = [f"{DUTIES}\n- Build {thing}" for thing in ("agents", "models", "tea")] * 90
    several = annotate(pl.DataFrame({"text": texts}))["duties"].to_list()
    assert [[span["concept"] for span in spans] for spans in several] == [
        ["build AI agents"],
        ["build models"],
        [],
    ] * 90


@given(POSTINGS)
def test_any_text_has_spans_that_hold(text: str) -> None:
    known = set(duty_concepts()["concept"])
    for span in told(text)[0]:
        assert text[span["start"] : span["end"]] == span["text"]
        assert span["concept"] in known
        assert span["section"] in SECTIONS


@pytest.mark.parametrize(
    "line",
    ["build " * 3_000, "build models, " * 3_000, "models and " * 3_000, "to " * 5_000, "," * 9_000],
)
def test_hostile_lines(line: str) -> None:
    assert duties(line) <= {"build models"}


def test_the_groups_of_duties() -> None:
    groups = {row["concept"]: row["groups"] for row in duty_concepts().iter_rows(named=True)}
    assert groups["mentor engineers"] == ["leadership"]
    assert groups["drive revenue"] == ["outcomes"]
    assert groups["build AI agents"] == []
    assert duty_concepts()["concept"].is_unique().all()


@pytest.fixture
def table() -> dict[str, Any]:
    text = files("rolediff").joinpath("data/duties.toml").read_text(encoding="utf-8")
    return copy.deepcopy(tomllib.loads(text))


def test_a_table_of_ones_own(table: dict[str, Any]) -> None:
    table |= {"same": {}, "groups": {"all": ["bake *"]}, "objects": {"thing": {"cakes": ["cake"]}}}
    table["verbs"] = {"bake": {"forms": ["bake"]}}
    known = read_duty_words(table)
    assert known.concepts.rows() == [("bake cakes", "bake", "cakes", ["all"])]
    assert known.sets["duty_verb"] == ("bake", "baking")
    assert known.sets["duty_object"] == ("cake", "cakes")


@pytest.mark.parametrize(
    ("where", "entry"),
    [("groups", {"leadership": ["mentor rocks"]}), ("same", {"build models": "bake models"})],
)
def test_a_table_with_a_wrong_name(table: dict[str, Any], where: str, entry: Any) -> None:
    table[where] = entry
    with pytest.raises(DataError, match=r"rocks|bake"):
        read_duty_words(table)


def test_no_verb_or_object_is_named_twice(table: dict[str, Any]) -> None:
    names = [name for listed in table["objects"].values() for name in listed]
    assert len(names) == len(set(names)) >= 150
    assert len(table["verbs"]) >= 40


PIECES = ("- Train models", "- Build agents\n- Deploy models.", "Requirements\n- Ship models", "x")
HEADINGS = ("Responsibilities", "About us", "The role\nYou will build agents", "Requirements")


@given(
    st.lists(
        st.lists(st.sampled_from([*PIECES, *HEADINGS]), min_size=1, max_size=6).map("\n\n".join),
        min_size=1,
        max_size=5,
    )
)
def test_pieces_alike_in_several_postings_are_read_as_in_one(texts: list[str]) -> None:
    together = work(texts)
    alone = pl.concat([work([text]) for text in texts])
    assert together.to_dicts() == alone.to_dicts()
