import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.titles import LONGEST, core_title, vocabulary

AIJOBS = Path(__file__).parents[2] / "shared/data/aijobs/salaries_2025-01-19.csv"

CORES = {
    "Sr. Machine Learning Engineer II (Remote)": "machine learning engineer",
    " Staff Machine\u00a0Learning  Engineer ": "machine learning engineer",
    "Machine Learning Engineer, Gen AI": "machine learning engineer, gen ai",
    "Machine Learning Engineer III, Search": "machine learning engineer, search",
    "AI Engineer \u2013 Product & Personalization": "ai engineer, product and personalization",
    "AI / ML Engineer": "ai/ml engineer",
    "[2026] AI/ML Engineer Intern": "ai/ml engineer",
    "(Senior) AI Software Engineer (f/m/d)": "ai software engineer",
    "Data Scientist (m/w/d) - Berlin": "data scientist",
    "Software Engineer (all genders)": "software engineer",
    "AI Engineer - Remote, US": "ai engineer",
    "AI Engineer [Hybrid]": "ai engineer",
    "Remote Sensing Scientist": "remote sensing scientist",
    "Data Analyst, req 12345": "data analyst",
    "Lead AI Engineer": "ai engineer",
    "Data Scientist Lead": "data scientist",
    "Data Lead": "data lead",
    "Tech Lead": "tech lead",
    "Lead Generation Specialist": "lead generation specialist",
    "Member of Technical Staff": "member of technical staff",
    "Chief of Staff": "chief of staff",
    "Staff Engineer": "engineer",
    "Engineering Manager": "engineering manager",
    "Director of Machine Learning": "director of machine learning",
    "Senior": "senior",
    "(Remote)": "remote",
    "Software Engineer, L5": "software engineer",
    ".NET Developer": ".net developer",
    "C++ Engineer": "c++ engineer",
    "Mid-Market Account Executive": "mid-market account executive",
    "AIエンジニア (AI Engineer) (Remote)": "ai engineer",
    "머신러닝 엔지니어 (LLM) Machine Learning Engineer (LLM)": "machine learning engineer, llm",
}


@pytest.fixture(scope="module")
def titles() -> pl.Series:
    """Core titles: the real ones where they are at hand."""
    listed = pl.Series([*CORES])
    if AIJOBS.exists():
        listed = listed.append(pl.read_csv(AIJOBS)["job_title"].unique())
    return core_title(listed).drop_nulls().unique().sort()


def core(title: str) -> str | None:
    cored: str | None = core_title(pl.Series([title], dtype=pl.String)).item()
    return cored


@pytest.mark.parametrize(("title", "wanted"), CORES.items())
def test_core_title(title: str, wanted: str) -> None:
    assert core(title) == wanted


def test_core_title_keeps_order_and_nulls() -> None:
    given_titles = pl.Series("job", ["Senior Engineer", None, "", "  ", "Engineer"])
    cored = core_title(given_titles)
    assert cored.to_list() == ["engineer", None, None, None, "engineer"]
    assert cored.name == "job"
    assert core_title(pl.Series([], dtype=pl.String)).to_list() == []


def test_core_title_is_bounded() -> None:
    assert len(core("data engineer " * 40) or "") <= LONGEST


RANKED = st.lists(
    st.sampled_from(
        [*CORES, "Senior", "Lead", "II", "(", ")", "-", ",", "Remote", "US", "/", "东京"]
    ),
    max_size=5,
).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=150), RANKED), max_size=20))
def test_core_title_is_idempotent(listed: list[str]) -> None:
    once = core_title(pl.Series(listed, dtype=pl.String))
    assert core_title(once).to_list() == once.to_list()


def test_core_title_of_real_titles_is_idempotent(titles: pl.Series) -> None:
    assert core_title(titles).to_list() == titles.to_list()


def test_core_title_of_one_does_not_depend_on_others(titles: pl.Series) -> None:
    some = titles.sample(10, seed=1)
    assert core_title(some).to_list() == [core(title) for title in some]


RULES = [rule for kind in ("strip", "level") for rule in vocabulary()[kind]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["find"][:40])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_a_rule_finds_has_one_of_its_stems(rule: dict[str, Any], data: st.DataObject) -> None:
    found = data.draw(st.from_regex(re.compile(rule["find"], re.ASCII)))
    assert any(stem in found for stem in rule["stems"])


def test_real_titles_that_a_rule_finds_have_one_of_its_stems(titles: pl.Series) -> None:
    for rule in RULES:
        found = titles.filter(titles.str.contains(rule["find"]))
        assert found.str.contains_any(rule["stems"]).all()
