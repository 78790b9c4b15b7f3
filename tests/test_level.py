import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.level import level_of_titles
from rolediff.records import LEVELS

GOLD = Path(__file__).parents[2] / "shared/data/bench/postings_gold_dev.jsonl"

NAMED = {
    "Senior Machine Learning Engineer": "senior",
    "Sr. Data Scientist": "senior",
    "Senior Staff Software Engineer": "staff",
    "AI Platform Engineer (Senior/Staff)": "senior",
    "Senior / Lead Power Electronics Engineer": "senior",
    "Mid/Senior AI Video Editor": "mid",
    "Mid-Senior Backend Developer": "mid",
    "Senior Lead Data Analyst": "lead",
    "AI Research Engineer, Lead": "lead",
    "Tech Lead - Applied ML": "lead",
    "AI Strategist (Lead Level)": "lead",
    "Principal/Lead Product Designer": "principal",
    "Distinguished Engineer": "principal",
    "Staff Engineer": "staff",
    "AI Integrations Staff Software Engineer": "staff",
    "Data Engineer I": "junior",
    "Machine Learning Engineer II, Search": "mid",
    "Software Engineer 2 ( Golang ) ": "mid",
    "Technical Program Manager III": "senior",
    "Junior Data Engineer II": "junior",
    "Senior Machine Learning Engineer - 1": "senior",
    "Machine Learning Engineer, New Grad": "junior",
    "Entry-Level Data Analyst": "junior",
    "Intermediate iOS Developer": "mid",
    "Graduate Software Engineer": "junior",
    "Associate Product Manager": "junior",
    "Associate Director, Data": "director",
    "[2026] AI/ML Engineer Intern": "intern",
    "Machine Learning / NLP Engineer (Working Student)": "intern",
    "Engineering Manager": "manager",
    "Data Science Manager": "manager",
    "Manager, ML": "manager",
    "Senior Manager, Technical Recruiting": "manager",
    "Group Product Manager": "manager",
    "Senior Product Manager": "senior",
    "Lead Product Manager - AI Platform": "lead",
    "Head of AI": "director",
    "Senior Director of Implementation": "director",
    "VP, Developer & AI Engineering": "executive",
    "Chief Technology Officer (CTO)": "executive",
    "リードAIエンジニア (Lead AI Engineer) (Remote)": "lead",
}

UNNAMED = [
    "AI Engineer",
    "Founding AI Engineer",
    "AI Engineer (All Levels)",
    "Software Engineer, L4",
    "Member of Technical Staff",
    "Product Manager",
    "Project Manager",
    "Account Manager",
    "Customer Success Manager",
    "Account Executive",
    "Chief of Staff",
    "Staff Accountant",
    "Lead Generation Specialist",
    "Senior Living Advisor",
    "Mid-Market Sales Representative",
    "Internal Tools Engineer",
    "Executive Assistant to the CEO",
    "Research Associate",
    "Principal Investigator",
    "3D Artist",
    "Pharmacy Technician - Data Entry",
    "CRO Strategist",
    "",
]


@pytest.mark.parametrize(("title", "level"), NAMED.items())
def test_level_that_a_title_names(title: str, level: str) -> None:
    assert level_of_titles(pl.Series([title])).item() == level


@pytest.mark.parametrize("title", UNNAMED)
def test_title_that_names_no_level(title: str) -> None:
    assert level_of_titles(pl.Series([title])).item() is None


def test_shape_order_and_nulls_are_kept() -> None:
    titles = pl.Series("job", ["Senior Engineer", None, "Engineer", "Senior Engineer"])
    levels = level_of_titles(titles)
    assert levels.to_list() == ["senior", None, None, "senior"]
    assert levels.name == "job"
    assert level_of_titles(pl.Series([], dtype=pl.String)).to_list() == []
    assert level_of_titles(pl.Series([None, None])).to_list() == [None, None]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_a_known_level_or_none(titles: list[str]) -> None:
    levels = level_of_titles(pl.Series(titles, dtype=pl.String))
    assert len(levels) == len(titles)
    assert set(levels) <= {None, *LEVELS}


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not beside the project")
def test_agrees_with_readers_of_real_postings() -> None:
    gold = [json.loads(line) for line in GOLD.read_text().splitlines()]
    levels = level_of_titles(pl.Series([posting["title"] for posting in gold]))
    wanted = [posting["labels"]["level"] for posting in gold]
    right = sum(
        (level or "unspecified") == want for level, want in zip(levels, wanted, strict=True)
    )
    assert right >= 58  # the other two are stated in the text only
