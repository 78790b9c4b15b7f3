"""Mentions of skills are judged by weights, within plain rules that no weight can break."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import program

from rolediff.annotate.skill_weights import ALWAYS, skill_weights
from rolediff.annotate.skills import mentions, posting_skills

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "fit_skills.py"
POSTING = """Acme builds agents on Kubernetes for banks.

What you'll do
 - Train models in PyTorch, and work with the backend team
 - Own training, deployment and monitoring of LLM services

Requirements
 - BSc in Mathematics or Computer Science
 - Python, SQL and experience with AWS (Go is a plus)

Benefits
 - Free Python lessons and a Figma licence

About Acme
We use Terraform and React.

Equal opportunity
You will be judged by your Rust alone.
"""


def asked(**columns: str) -> set[str]:
    """What one posting asks for."""
    table = mentions(pl.DataFrame({name: [cell] for name, cell in columns.items()}))
    return set(table.filter("asked")["surface"])


def test_what_is_asked_for() -> None:
    found = asked(title="Machine Learning Engineer", text=POSTING, company="AWS")
    assert found >= {"Machine Learning", "PyTorch", "LLM", "Python", "SQL", "Go"}


@pytest.mark.parametrize(
    "never",
    ["Terraform", "React", "Figma", "Rust", "Mathematics", "Computer Science", "backend", "AWS"],
)
def test_no_weight_makes_asked_for_what_plain_rules_bar(never: str) -> None:
    """Company, benefits, the law, the subject of a degree, colleagues, the employer's own name."""
    assert never not in asked(title="Engineer", text=POSTING, company="AWS")


def test_a_word_of_work_counts_in_a_list_and_not_in_passing() -> None:
    listed = asked(text="Requirements\n - Python, deployment, monitoring and testing\n")
    assert listed == {"Python", "deployment", "monitoring", "testing"}
    assert asked(text="The role\nYou will see our deployment and what testing it needs.") == set()


def test_what_is_told_has_a_sum_of_weights_above_zero() -> None:
    """The arrays of the annotator weigh what the names of the traits say."""
    postings = pl.DataFrame({"title": ["ML Engineer"], "text": [POSTING], "employer": ["AWS"]})
    weights = skill_weights()
    told: dict[str, int] = {}
    for _, words, traits in program(TOOL).mentioned(postings):
        total = weights[ALWAYS] + sum(weights.get(trait, 0) for trait in traits)
        told[words] = max(told.get(words, total), total)
    batch = postings.rename({"employer": "company"})
    found = {skill["text"].lower() for skill in posting_skills(mentions(batch), 1)[0]}
    assert found == {words for words, total in told.items() if total > 0}
    assert len(told) > len(found) > 5


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)), cut=st.integers(1, 5))
def test_neither_order_nor_batches_change_what_is_asked(order: list[int], cut: int) -> None:
    parts = [part + "\n\n" + POSTING[100 * n :] for n, part in enumerate(POSTING.split("\n\n")[:6])]
    frame = pl.DataFrame({"title": ["Engineer"] * len(parts), "text": parts})[order]
    whole = posting_skills(mentions(frame), len(parts)).to_list()
    pieces = [frame[:cut], frame[cut:]]
    split = [one for f in pieces for one in posting_skills(mentions(f), f.height).to_list()]
    assert whole == split


def test_weights_are_whole_and_every_trait_is_given_once() -> None:
    table = ROOT / "src" / "rolediff" / "data" / "skill_weights.csv"
    _, *rows = csv.reader(table.read_text("utf-8").splitlines())
    assert len({trait for trait, _ in rows}) == len(rows) == len(skill_weights())
    assert ALWAYS in skill_weights()


@pytest.mark.slow
def test_the_weights_are_those_of_the_fit(tmp_path: Path) -> None:
    """Nearly: what a trait is depends a little on vocabularies that grow after the fit."""
    if not (ROOT.parent / "shared" / "data").is_dir():
        pytest.skip("the labelled postings are not at hand")
    table = tmp_path / "weights.csv"
    subprocess.run([sys.executable, str(TOOL), "--write", str(table)], check=True)
    _, *rows = csv.reader(table.read_text("utf-8").splitlines())
    again, shipped = {trait: int(weight) for trait, weight in rows}, skill_weights()
    assert len(again.keys() ^ shipped.keys()) < 0.05 * len(shipped)
    apart = [abs(again[trait] - shipped[trait]) for trait in again.keys() & shipped.keys()]
    assert np.mean(apart) < 20
