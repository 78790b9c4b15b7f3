"""Clauses are weighed: chances, what they decide, and that the weights are those of the fit."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.claims.grammar.weights import chances, weights
from rolediff.read.article import read_article

ROOT = Path(__file__).parents[1]
CATALOGUE = Catalogue.load()
TRAITS = sorted(weights()[1])


def kinds_in(text: str) -> list[str]:
    return [claim.kind for claim in find_claims(read_article(text), CATALOGUE)]


@given(st.frozensets(st.sampled_from(TRAITS) | st.text(max_size=4), max_size=200))
def test_the_chances_of_all_kinds_sum_to_one(traits: frozenset[str]) -> None:
    found = chances(traits)
    assert set(found) == set(weights()[0])
    assert sum(found.values()) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in found.values())


def test_an_unknown_trait_weighs_nothing() -> None:
    assert chances(frozenset({"money", "no such trait"})) == chances(frozenset({"money"}))


def test_the_weights_of_a_trait_favour_the_kind_that_it_marks() -> None:
    none = chances(frozenset())
    for trait, kind in (
        ("money", "pay"),
        ("has certificate", "certification"),
        ("place", "country"),
    ):
        assert chances(frozenset({trait}))[kind] > none[kind]


ABOUT = "# Data engineer vs DBA\n\n"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Data engineers are snapped up within a week.", "demand"),
        ("Data engineers are most wanted in Hamburg and Vienna.", "country"),
        ("Hospitals and insurers hire most of the DBAs.", "industry"),
        ("DBAs need a firm grasp of Linux and networking.", "skill"),
        ("Data engineers use Airflow and Spark every day.", "tool"),
        ("A degree is expected of both.", "education"),
    ],
)
def test_sentences_that_no_rule_was_written_for(said: str, kind: str) -> None:
    assert kinds_in(ABOUT + said) == [kind]


@pytest.mark.parametrize(
    "said",
    [
        "Which of them should you become?",
        "Good luck with your choice, and write to us.",
        "A data engineer builds the pipes that carry data.",
        "Last year my sister planted forty apple trees.",
    ],
)
def test_what_claims_nothing(said: str) -> None:
    assert kinds_in(ABOUT + said) == []


@pytest.mark.slow
def test_the_weights_are_those_of_the_fit(tmp_path: Path) -> None:
    """Nearly: what a trait is depends a little on vocabularies that grow after the fit."""
    table = tmp_path / "weights.csv"
    tool = ROOT / "tools" / "fit_claims.py"
    subprocess.run([sys.executable, str(tool), "--write", str(table)], check=True)
    shipped = ROOT / "src" / "rolediff" / "data" / "claim_weights.csv"
    one, other = (weights_in(path) for path in (shipped, table))
    assert len(one.keys() ^ other.keys()) < 0.05 * len(one)
    apart = [abs(a - b) for t in one.keys() & other for a, b in zip(one[t], other[t], strict=True)]
    assert sum(apart) / len(apart) < 0.02
    assert max(apart) < 0.3


def weights_in(path: Path) -> dict[str, list[float]]:
    """The weights of a table, by trait."""
    _, *rows = csv.reader(path.read_text("utf-8").splitlines())
    return {row[0]: [float(cell or 0) for cell in row[1:]] for row in rows}
