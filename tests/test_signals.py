"""Signals: what else postings name, and the size of the requirements."""

from __future__ import annotations

import polars as pl
import pytest

from rolediff.annotate.signal_words import read_signal_words, signal_concepts, signal_words
from rolediff.annotate.skills import mentions
from rolediff.annotate.vocabulary import bundled
from rolediff.annotate.work import Work
from rolediff.errors import DataError


def told(text: str) -> pl.DataFrame:
    work, posting = Work(bundled().trie), pl.DataFrame({"title": ["Kaggle fan"], "text": [text]})
    mentions(posting, shown=work.read)
    return work.told(posting["text"])


def signals(heading: str, line: str) -> set[tuple[str, str]]:
    text = f"{heading}\n- {line}"
    spans = told(text)["signals"][0].to_list()
    for span in spans:
        assert text[span["start"] : span["end"]] == span["text"]
    return {(span["concept"], span["section"]) for span in spans}


@pytest.mark.parametrize(
    ("heading", "line", "concept", "section"),
    [
        ("Requirements", "Publications at NeurIPS or ICML", "publications", "requirements"),
        ("Nice to have", "Open-source contributions", "open source", "preferred"),
        ("Requirements", "Link to your portfolio", "portfolio", "requirements"),
        ("Benefits", "Yearly learning budget", "learning budget", "benefits"),
        ("Benefits", "Learning & development stipend", "learning budget", "benefits"),
        ("Nice to have", "Kaggle medals", "Kaggle", "preferred"),
        ("Requirements", "Internship experience", "internship", "requirements"),
        ("Nice to have", "Won a hackathon", "hackathons", "preferred"),
        ("Nice to have", "Side projects", "personal projects", "preferred"),
        ("Requirements", "Knowledge of responsible AI", "AI ethics", "requirements"),
        ("Requirements", "Deep learning", "deep learning", "requirements"),
        ("Requirements", "Deep reinforcement learning", "reinforcement learning", "requirements"),
        ("Responsibilities", "Reduce costs for clients", "cost reduction", "duties"),
        ("Responsibilities", "Grow revenue", "revenue", "duties"),
        ("Responsibilities", "Support decision-making", "decision making", "duties"),
        ("Responsibilities", "Stay up-to-date with the field", "continuous learning", "duties"),
    ],
)
def test_what_is_told(heading: str, line: str, concept: str, section: str) -> None:
    assert (concept, section) in signals(heading, line)


def test_what_counts_in_some_sections_only() -> None:
    assert signals("About us", "We grew our revenue by 10") == set()
    assert signals("Equal opportunity", "Fairness") == set()


def test_titles_are_not_looked_at() -> None:
    assert told("We sell tea.")["signals"][0].to_list() == []


def test_once_for_each_section() -> None:
    text = "Requirements\n- Kaggle, Kaggle\n\nNice to have\n- Kaggle"
    sections = [span["section"] for span in told(text)["signals"][0]]
    assert sections == ["requirements", "preferred"]


def test_words_of_requirements() -> None:
    text = "About us\nWe sell tea.\n\nRequirements\n- Python and SQL\n\nNice to have\n- Rust"
    assert told(text)["requirement_words"].to_list() == [8]  # with the two headings
    assert told("About us\nWe sell tea.")["requirement_words"].to_list() == [None]


def test_every_concept_has_a_group_and_some_section() -> None:
    assert signal_concepts()["concept"].is_unique().all()
    assert signal_concepts()["group"].null_count() == 0
    assert signal_words().within.any(axis=1).all()


def test_a_section_that_there_is_not() -> None:
    with pytest.raises(DataError, match="attic"):
        read_signal_words({"g": {"x": {"forms": ["x"], "within": ["attic"]}}})
