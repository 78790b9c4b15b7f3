from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.sections import SECTIONS, headings, split

LINES = st.sampled_from(
    ["Requirements", "Perks:", "- Python", "About us", "You will:", "", "We build.", "🚀", "日本"]
)
POSTINGS = st.lists(LINES, max_size=8).map("\n".join) | st.text(max_size=80)


def sections(text: str) -> list[str]:
    return split([text])["section"].to_list()


def section_of(text: str, word: str) -> str:
    at = text.index(word)
    spans = split([text]).filter((pl.col("start") <= at) & (at < pl.col("end")))
    return str(spans["section"].item())


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Requirements", "requirements"),
        ("REQUIREMENTS:", "requirements"),
        ("**Qualifications**", "requirements"),
        ("## What we're looking for", "requirements"),
        ("What we’re looking for:", "requirements"),
        ("🔎 Who you are", "requirements"),
        ("You have", "requirements"),
        ("You might be a great fit if you have", "requirements"),
        ("任职要求", "requirements"),
        ("Our backend stack", "requirements"),
        ("Team responsibilities", "duties"),
        ("Our machine learning engineers:", "duties"),
        ("Nice-to-haves", "preferred"),
        ("Bonus points", "preferred"),
        ("Preferred qualifications (not required)", "preferred"),
        ("What'll set you apart", "preferred"),
        ("What you'll do", "duties"),
        ("In this role, you will:", "duties"),
        ("Key Responsibilities", "duties"),
        ("As a senior engineer at Acme, you will:", "duties"),
        ("About the role", "role"),
        ("Who we are", "company"),
        ("About Acme", "company"),
        ("About the team", "team"),
        ("Perks", "benefits"),
        ("✨ Benefits & Perks ✨", "benefits"),
        ("Why Acme?", "benefits"),
        ("Our interview process", "process"),
        ("Equal Opportunity Employer", "legal"),
        ("Acme is an equal opportunity employer", "legal"),
        ("Location: Berlin", "other"),
    ],
)
def test_heading(heading: str, expected: str) -> None:
    text = f"Acme makes anvils.\n\n{heading}\n\n - ANVIL of many kinds\n"
    assert section_of(text, "ANVIL") == expected


@pytest.mark.parametrize(
    "line",
    [
        "- You have a strong sense of ownership.",
        "Our requirements have changed over the years, and so have we.",
        "We pay for benefits.",
        "We run Python, Go and SQL in production systems of some size and age",
    ],
)
def test_no_heading(line: str) -> None:
    text = f"What you'll do\n\n{line}\n - ANVIL\n"
    assert section_of(text, "ANVIL") == "duties"


def test_text_behind_a_heading_on_its_line() -> None:
    text = "Acme.\n\nRequirements: PYTHON and SQL.\nBenefits: lunch"
    assert section_of(text, "PYTHON") == "requirements"
    assert section_of(text, "lunch") == "benefits"


def test_the_beginning_is_intro_or_role() -> None:
    assert sections("We are Acme.\n\nRequirements\n - SQL") == ["intro", "requirements"]
    assert sections("We are Acme, and need SQL.") == ["role"]


def test_null_and_empty_have_no_row() -> None:
    assert split([None, "", " \n"]).is_empty()
    assert split([]).columns == ["posting", "section", "start", "end"]


def test_every_listed_section_is_known() -> None:
    known = headings()
    assert {SECTIONS[number] for number in known.sections} <= set(SECTIONS)
    assert len(known.phrases) == len(known.sections) == len(known.modes)


@given(st.lists(POSTINGS, max_size=5))
def test_spans_cover_each_posting_and_do_not_depend_on_the_batch(batch: list[str]) -> None:
    together = split(batch)
    for number, text in enumerate(batch):
        mine = together.filter(pl.col("posting") == number).drop("posting")
        assert mine.equals(split([text]).drop("posting"))
        if mine.height:
            assert mine["start"].to_list() == [0, *mine["end"].to_list()[:-1]]
            assert mine["end"][-1] == len(text)


def test_a_colon_of_the_next_line_or_posting_makes_no_heading() -> None:
    assert section_of("Responsible for tea,\n: a lot", "tea") == "role"
    assert split(["Responsible for tea,", ":"])["section"].to_list()[:1] == ["role"]
