import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rolediff.annotate.lines import Lines
from rolediff.annotate.posting_level import level
from rolediff.annotate.posting_role import role

GOLD = Path(__file__).parents[2] / "shared/data/bench/postings_gold_dev.jsonl"

ABOUT_AGENTS = "You build LLM agents: prompts, RAG over embeddings, evals and guardrails."

ROLES = {  # (title, text): (role, strict, the words it rests on)
    ("AI Engineer", ""): ("ai_engineer", "ai-engineer", "AI Engineer"),
    ("Senior Machine Learning Engineer, Search", ""): (
        "ml_engineer",
        "ml-engineer",
        "Machine Learning Engineer",
    ),
    ("AI/ML Engineer (Remote)", ""): ("ai_ml_engineer", "ai-ml-engineer", "AI/ML Engineer"),
    ("Software Engineer, AI", ""): ("ai_engineer", None, "Engineer, AI"),
    ("MLOps Engineer", ""): ("ml_engineer", None, "MLOps Engineer"),
    ("Member of Technical Staff - ML Inference", ""): (
        "ml_engineer",
        None,
        "Technical Staff - ML Inference",
    ),
    ("Member of Technical Staff, Agents", ""): ("ai_engineer", None, "Technical Staff, Agents"),
    ("Member of Technical Staff, Product Design", ""): ("other", None, None),
    ("Backend Engineer", "As an AI Engineer, you will ship."): ("ai_engineer", None, "AI Engineer"),
    ("Founding Engineer", "We are looking for a Machine Learning Engineer."): (
        "ml_engineer",
        None,
        "Machine Learning Engineer",
    ),
    ("Backend Engineer", "You work with AI engineers and a machine learning engineer."): (
        "other",
        None,
        None,
    ),
    ("Backend Engineer", ABOUT_AGENTS): ("other", None, None),
    ("Software Engineer, Video Agent", ABOUT_AGENTS): (
        "ai_engineer",
        None,
        "Engineer, Video Agent",
    ),
    ("Software Engineer, Video Agent", "You install cameras."): ("other", None, None),
    ("AI Sales Manager", ABOUT_AGENTS): ("other", None, None),
    ("Security Engineer, AI", "As an AI engineer, you will ship."): ("other", None, None),
    ("Florist", ""): ("other", None, None),
    (None, None): ("other", None, None),
}

LEVELS = {  # (title, text): (level, the words it rests on)
    ("Senior Chef", "We seek a junior designer."): ("senior", "Senior"),
    ("Sr. Data Engineer", ""): ("senior", "Sr"),
    ("Data Engineer II", "We are looking for a Senior Data Engineer."): ("mid", "II"),
    ("Data Engineer", "We are looking for a Senior Data Engineer."): (
        "senior",
        "Senior Data Engineer",
    ),
    ("Data Engineer", "As a Senior Data Engineer, you will ship."): (
        "senior",
        "Senior Data Engineer",
    ),
    ("Data Engineer", "This is a junior role."): ("junior", "junior role"),
    ("Data Engineer", "You are early in your career and curious."): (
        "junior",
        "early in your career",
    ),
    ("Data Engineer", "You mentor junior engineers, and work with a senior engineer."): (
        None,
        None,
    ),
    ("Data Engineer", "Whether you are early in your career or not"): (None, None),
    ("Data Engineer", "10+ years of experience"): (None, None),
    ("Data Engineer (All Levels)", "We are hiring a Senior Data Engineer."): (None, None),
    (None, None): (None, None),
}


def one(value: str | None) -> pl.Series:
    return pl.Series([value], dtype=pl.String)


@pytest.mark.parametrize(("posting", "wanted"), ROLES.items())
def test_role(
    posting: tuple[str | None, str | None], wanted: tuple[str, str | None, str | None]
) -> None:
    title, text = posting
    found = role(Lines.of(one(text)), one(title), one(text)).row(0, named=True)
    said = {"title": title, "text": text}.get(found["role_in"] or "")
    words = said and said[found["role_start"] : found["role_end"]]
    assert (found["role"], found["role_strict"], words or None) == wanted


@pytest.mark.parametrize(("posting", "wanted"), LEVELS.items())
def test_level(
    posting: tuple[str | None, str | None], wanted: tuple[str | None, str | None]
) -> None:
    title, text = posting
    found = level(Lines.of(one(text)), one(title)).row(0, named=True)
    said = {"title": title, "text": text}.get(found["level_in"] or "")
    words = said and said[found["level_start"] : found["level_end"]]
    assert (found["level"], words or None) == wanted


def test_a_posting_does_not_affect_another() -> None:
    titles, texts = (pl.Series(column) for column in zip(*ROLES, *LEVELS, strict=True))
    whole = _both(titles, texts)
    alone = [_both(titles[at : at + 1], texts[at : at + 1]) for at in range(len(titles))]
    assert_frame_equal(whole, pl.concat(alone))
    assert_frame_equal(whole, _both(titles.reverse(), texts.reverse()).reverse())


def _both(titles: pl.Series, texts: pl.Series) -> pl.DataFrame:
    lines = Lines.of(texts)
    return pl.concat([role(lines, titles, texts), level(lines, titles)], how="horizontal")


PIECES = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from([part or "" for key in (*ROLES, *LEVELS) for part in key]),
    ),
    max_size=6,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(postings=st.lists(st.tuples(PIECES, PIECES), max_size=4))
def test_any_posting_is_read(postings: list[tuple[str, str]]) -> None:
    titles, texts = (pl.Series([p[at] for p in postings], dtype=pl.String) for at in range(2))
    found = _both(titles, texts)
    assert found.height == len(postings)
    for (title, text), row in zip(postings, found.iter_rows(named=True), strict=True):
        for name in ("role", "level"):
            if row[f"{name}_in"]:
                said = {"title": title, "text": text}[row[f"{name}_in"]]
                assert 0 <= row[f"{name}_start"] < row[f"{name}_end"] <= len(said)


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not at hand")
def test_the_labelled_postings() -> None:
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    found = _both(pl.Series([g["title"] for g in gold]), pl.Series([g["text"] for g in gold]))
    for name in ("role", "level"):
        wanted = pl.Series([g["labels"][name] for g in gold])
        assert (found[name].fill_null("unspecified") == wanted).mean() >= 0.95
