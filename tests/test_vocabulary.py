"""The table of skills: well formed, without clashes, and not learnt from the labelled postings."""

import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from programs import program

ROOT = Path(__file__).parents[1]
ONET = ROOT.parent / "shared/data/onet_29_2/Technology Skills.txt"

# English words, names of people and places, and letters that are also names of skills.
AMBIGUOUS = """
    agents Amplitude Apex Asana Bolt Box Braze Bubble C Chef Clay Cursor
    Cypress Dart Descript Discord Elastic Electron Envoy Epic Expo Flask Framer Front Gem
    Go Gong Greenhouse Harness Heap Helm Hex Honeycomb Illustrator Intercom Iterable Julia
    Lattice Lean Less Lever Linear Liquid Lovable Make Maze Metal Modal Mural Ninja Nomad Notion
    Outreach Persona Presto Puppet R Ramp Ray Reason Relay Remix Render Replicate Room
    Ruby Rust Sage Sanity Segment Sentry Shell Sigma Sketch Slack Spring Stripe Swift Temporal
    Unity Whisper Windows Word Workday Zoom automation evaluation infrastructure monitoring
    optimization ranking recommendations retrieval search testing vision
"""


report = program(ROOT / "tools/skills_report.py")
ENTRIES = report.read()
BY_NAME = {entry.concept: entry for entry in ENTRIES}

needs_postings = pytest.mark.skipif(
    not (report.DATA / report.SNAPSHOT).exists(), reason="the postings are not at hand"
)


@pytest.fixture(scope="module")
def matches() -> pl.DataFrame:
    found = report.found(ENTRIES, report.postings())
    assert isinstance(found, pl.DataFrame)
    return found


def test_holds_at_least_2500_concepts() -> None:
    assert len(ENTRIES) >= 2500
    assert len(BY_NAME) == len(ENTRIES)


def test_kinds_families_and_rules_are_of_the_fixed_sets() -> None:
    assert {entry.kind for entry in ENTRIES} <= report.KINDS
    assert {entry.family for entry in ENTRIES} == report.FAMILIES
    assert {entry.rule for entry in ENTRIES} == report.RULES


def test_spellings_are_clean() -> None:
    for entry in ENTRIES:
        assert len(set(entry.spellings)) == len(entry.spellings), entry.concept
        for spelling in entry.spellings:
            assert spelling == " ".join(spelling.split()), spelling
            assert re.search(r"\w", spelling), spelling
            assert not re.search(r"[|\t\"<>;]|\bhttps?:", spelling), spelling


def test_no_spelling_is_of_two_concepts() -> None:
    assert report.duplicates(ENTRIES) == []


def test_parents_are_concepts_and_have_no_circle() -> None:
    assert report.unknown_parents(ENTRIES) == []
    assert report.circles(ENTRIES) == []


@pytest.mark.parametrize("name", AMBIGUOUS.split())
def test_ambiguous_words_carry_a_rule(name: str) -> None:
    entry = next(entry for entry in ENTRIES if name in entry.spellings)
    assert entry.rule


def test_single_letters_count_only_in_their_capitals_and_beside_other_skills() -> None:
    letters = [e for e in ENTRIES for s in e.spellings if len(s) == 1]
    assert {entry.concept for entry in letters} >= {"C", "R"}
    assert all(entry.rule == "case+context" for entry in letters)


def test_pytorch_is_deep_learning_is_machine_learning() -> None:
    assert "deep learning" in BY_NAME["PyTorch"].parents
    assert "machine learning" in BY_NAME["deep learning"].parents


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LLM", "large language models"),
        ("RAG", "retrieval-augmented generation"),
        ("sklearn", "scikit-learn"),
        ("k8s", "Kubernetes"),
        ("Golang", "Go"),
        ("机器学习", "machine learning"),
    ],
)
def test_other_names_of_the_same_skill_are_aliases(one: str, other: str) -> None:
    owner = {report.folded(s): e.concept for e in ENTRIES for s in e.spellings}
    assert owner[report.folded(one)] == owner[report.folded(other)]


def test_duplicates_and_circles_are_seen() -> None:
    entry = report.Entry
    table = [
        entry("A", "tool", ("B",), ("alpha-one",), "", "other", ()),
        entry("B", "tool", ("A", "C"), ("Alpha one",), "", "other", ()),
        entry("HELM", "tool", (), (), "case", "other", ()),
        entry("Helm", "tool", (), (), "case", "other", ()),
    ]
    assert report.duplicates(table) == [("alpha one", ["A", "B"])]
    assert report.unknown_parents(table) == [("B", "C")]
    assert report.circles(table) == ["A", "B"]


def test_found_is_whole_words_and_flags_what_only_labelled_postings_say() -> None:
    entry = report.Entry
    table = [
        entry("fine-tuning", "method", (), ("机器学习",), "", "llm", ()),
        entry("Go", "language", (), (), "case", "languages", ()),
        entry("C++", "language", (), (), "", "languages", ()),
    ]
    frame = pl.DataFrame(
        {
            "text": ["Fine\u2011tuning, C++.", "go to gopher; finetuning/Go", "熟悉机器学习。"],
            "labelled": [False, False, True],
        }
    )
    found = report.found(table, frame)
    assert set(found.select("concept", "posting").rows()) == {
        ("fine-tuning", 0),
        ("C++", 0),
        ("fine-tuning", 1),
        ("Go", 1),
        ("fine-tuning", 2),
    }
    assert report.by_heart(found) == [("fine-tuning", "机器学习")]


@pytest.mark.skipif(not ONET.exists(), reason="O*NET is not at hand")
def test_identifiers_are_commodity_codes_of_onet() -> None:
    onet = pl.read_csv(ONET, separator="\t", quote_char=None, infer_schema=False)
    codes = {f"onet:{code}" for code in onet["Commodity Code"].unique()}
    given = Counter(i for entry in ENTRIES for i in entry.ids)
    assert given
    assert set(given) <= codes


@needs_postings
def test_at_least_1200_concepts_stand_in_the_snapshot(matches: pl.DataFrame) -> None:
    assert matches["concept"].n_unique() >= 1200


@needs_postings
def test_nothing_is_learnt_by_heart(matches: pl.DataFrame) -> None:
    assert report.by_heart(matches) == []
