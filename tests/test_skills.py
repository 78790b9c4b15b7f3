from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.asking import REQUIRED
from rolediff.annotate.compounds import compounds
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.skills import MENTIONS, mentions, posting_skills
from rolediff.annotate.spellings import variants
from rolediff.annotate.vocabulary import (
    Vocabulary,
    bundled,
    compile_vocabulary,
    load,
    read_concepts,
)
from rolediff.errors import DataError

ROWS = """\
concept\tkind\tparents\taliases\trule\tfamily
Python\tlanguage\t\t\t\tlanguages
C\tlanguage\t\t\tcase+context\tlanguages
C++\tlanguage\t\t\t\tlanguages
C#\tlanguage\t\t\t\tlanguages
F#\tlanguage\t\t\t\tlanguages
R\tlanguage\t\t\tcase+context\tlanguages
Go\tlanguage\t\tGolang|Go lang\tcase\tlanguages
.NET\tframework\t\t\t\tweb
Node.js\tframework\t\t\t\tweb
JavaScript\tlanguage\t\tJS\t\tlanguages
Node\tother\t\tnode\t\tother
scikit-learn\tlibrary\tmachine learning\tsklearn\t\tml-frameworks
PyTorch\tlibrary\tdeep learning\t\t\tml-frameworks
TensorFlow\tlibrary\tdeep learning\t\t\tml-frameworks
CI/CD\tpractice\t\t\t\tdevops
A/B testing\tmethod\t\t\t\tstatistics
TCP/IP\tprotocol\t\t\t\tother
machine learning\tfield\t\tML\t\tml-frameworks
deep learning\tfield\t\t\t\tml-frameworks
large language models\tmethod\t\tLLM|large language model\t\tllm
fine-tuning\tmethod\t\tfine-tune\t\tllm
LoRA\tmethod\tfine-tuning\t\t\tllm
QLoRA\tmethod\tfine-tuning\t\t\tllm
Retrieval-augmented generation\tmethod\t\tRAG\tcase\tllm
GPT-4\tmodel\t\t\t\tllm
Power BI\ttool\t\t\t\tdata
Excel\ttool\t\t\tcase+context\tdata
Make (tool)\ttool\t\tMake\tcase+context\tdevops
Snowflake\tdatabase\t\t\t\tdatabases
SQL\tlanguage\t\t\t\tlanguages
data pipelines\tmethod\t\t\t\tdata
microservice\tpractice\t\t\t\tpractices
Mathematics\tfield\t\t\t\tstatistics
backend\tpractice\t\t\t\tweb
机器学习\tfield\t\t\t\tml-frameworks
monitoring\tpractice\t\t\tbeside\tdevops
deployment\tmethod\t\t\tbetween\tml-frameworks
evaluation\tmethod\t\t\tbetween\tllm
"""


@cache
def small() -> Vocabulary:
    return compile_vocabulary(read_concepts(ROWS, "rows"))


@pytest.fixture
def known() -> Vocabulary:
    return small()


def found(text: str, known: Vocabulary) -> list[str]:
    return mentions([text], known)["surface"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use C++, C#, F# and .NET.", ["C++", "C#", "F#", ".NET"]),
        ("C++17 and C++/C#", ["C++", "C++", "C#"]),
        ("on the net, a safety net.", []),
        ("ASP.NET is not known here, (.NET) is", [".NET"]),
        ("Node.js and nodejs, NodeJS, Node JS", ["Node.js", "nodejs", "NodeJS", "Node JS"]),
        ("a node of JS", ["node", "JS"]),
        ("Vitamin C. And more", []),
        ("C, Python", ["C", "Python"]),
        ("written in C", ["C"]),
        ("C developers", ["C"]),
        ("R&D in Python", ["Python"]),
        ("R & D", []),
        ("Python/R", ["Python", "R"]),
        ("Python, SQL, R and C", ["Python", "SQL", "R", "C"]),
        ("Series C, C-level, Hepatitis C", []),
        ("our go-to-market, Go-to-market and go to market", []),
        ("Go, Golang", ["Go", "Golang"]),
        ("go and GO", []),
        ("GOLANG, golang", ["GOLANG", "golang"]),
        ("go lang, GO LANG", ["go lang", "GO LANG"]),
        ("scikit-learn, scikit learn, sklearn", ["scikit-learn", "scikit learn", "sklearn"]),
        ("CI/CD, CI / CD, CI-CD", ["CI/CD", "CI / CD", "CI-CD"]),
        ("A/B testing", ["A/B testing"]),
        ("TCP/IP", ["TCP/IP"]),
        ("AI/ML engineer", ["ML"]),
        ("LoRA/QLoRA", ["LoRA", "QLoRA"]),
        ("PyTorch/TensorFlow", ["PyTorch", "TensorFlow"]),
        ("GPT-4 and GPT‑4", ["GPT-4", "GPT‑4"]),
        ("Power  BI", ["Power  BI"]),
        ("Power\nBI, machine\nlearning", ["Power\nBI", "machine\nlearning"]),
        ("fine-\ntuning", ["fine-\ntuning"]),
        ("fine‑tuning, fine tuning, finetuning", ["fine‑tuning", "fine tuning", "finetuning"]),
        ("large language models (LLMs), an LLM", ["large language models", "LLMs", "LLM"]),
        ("Python’s and Python's typing", ["Python", "Python"]),
        ("a data pipeline, data pipelines", ["data pipeline", "data pipelines"]),
        ("microservices", ["microservices"]),
        ("RAG, not a rag", ["RAG"]),
        ("machine, learning", []),
        ("machine\n\nlearning", []),
        ("深度机器学习Python", ["机器学习", "Python"]),
        ("see https://c.org/python/sql?R and Python", ["Python"]),
        ("pythonic, mypython", []),
        ("AI alone", []),
        ("Excel at what you do", []),
        ("work in Excel", ["Excel"]),
        ("Make it so. Make sure.", []),
    ],
)
def test_surfaces(text: str, expected: list[str], known: Vocabulary) -> None:
    assert found(text, known) == expected


def test_ambiguous_names_in_a_list_of_requirements(known: Vocabulary) -> None:
    text = "Requirements\n - Excel\n - Excel at your work\n - Good knowledge (R)\n"
    assert found(text, known) == ["Excel", "R"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("our deployment and its monitoring", []),
        ("Python and deployment", ["Python"]),
        ("Python, deployment and monitoring", ["Python", "deployment", "monitoring"]),
        ("training, evaluation, and deployment", ["evaluation"]),
        ("training/evaluation/deployment", ["evaluation"]),
        ("SQL & monitoring", ["SQL", "monitoring"]),
        ("SQL with monitoring", ["SQL"]),
        ("We know SQL. Monitoring too", ["SQL"]),
        ("We know SQL,\n - monitoring", ["SQL", "monitoring"]),
        ("Skills\n - SQL\n - Deployment\n - Python", ["SQL", "Deployment", "Python"]),
    ],
)
def test_words_of_work_are_skills_in_a_list_of_them(
    text: str, expected: list[str], known: Vocabulary
) -> None:
    assert found(text, known) == expected


def test_a_word_of_work_in_a_title_needs_no_list(known: Vocabulary) -> None:
    batch = pl.DataFrame({"title": ["Head of Deployment"], "text": ["Deployment is fun."]})
    assert mentions(batch, known).select("surface", "section").rows() == [("Deployment", "title")]


def test_who_is_wanted_is_told_under_any_heading_but_the_law(known: Vocabulary) -> None:
    text = (
        "About Acme\nWe sell SQL. We are looking for an engineer who knows Python.\n\n"
        "Benefits\nC# lessons. You will write C++ all day.\n\n"
        "Equal opportunity\nYou will be judged by F# alone.\n"
    )
    table = mentions([text], known)
    assert table.filter("asked")["surface"].to_list() == ["Python", "C++"]
    assert table.filter(~pl.col("asked"))["surface"].to_list() == ["SQL", "C#", "F#"]


def test_a_mention_in_full(known: Vocabulary) -> None:
    batch = pl.DataFrame({"title": ["é ML Engineer"], "text": ["Requirements\n• “PyTorch” a must"]})
    table = mentions(batch, known)
    assert table.schema == MENTIONS
    assert table.rows() == [
        (0, "ML", 2, 4, "machine learning", "field", "ml-frameworks", "title", "unclear", True),
        (
            *(0, "PyTorch", 16, 23, "PyTorch", "library", "ml-frameworks"),
            *("requirements", "required", True),
        ),
    ]


POSTING = """Acme runs on Snowflake.

What you'll do
 - Write Python with the backend team
 - Work with the backend team
 - Own data pipelines; C++ is a plus

Requirements
 - BSc in Mathematics or Machine Learning
 - SQL (Go preferred)
 - PyTorch is nice to have

Bonus points
 - TensorFlow, ideally

Benefits
 - SQL lessons

About Acme
We love C#.
"""


def test_what_is_asked_and_how(known: Vocabulary) -> None:
    table = mentions([POSTING], known)
    asked = table.filter("asked").select("surface", "required").rows()
    assert asked == [
        ("Python", "unclear"),
        ("backend", "unclear"),
        ("data pipelines", "unclear"),
        ("C++", "preferred"),
        ("SQL", "preferred"),
        ("Go", "preferred"),
        ("PyTorch", "preferred"),
        ("TensorFlow", "preferred"),
    ]
    told = table.filter(~pl.col("asked")).select("surface", "section").rows()
    assert told == [
        ("Snowflake", "intro"),
        ("backend", "duties"),
        ("Mathematics", "requirements"),
        ("Machine Learning", "requirements"),
        ("SQL", "benefits"),
        ("C#", "company"),
    ]


def test_the_employers_own_name_is_not_asked_for(known: Vocabulary) -> None:
    rows = {"text": ["Requirements\n - Snowflake"] * 2, "company": ["snowflake", "acme"]}
    assert mentions(pl.DataFrame(rows), known)["asked"].to_list() == [False, True]


def test_posting_skills(known: Vocabulary) -> None:
    rows = {
        "title": ["Python Engineer", None, "Nothing"],
        "text": ["Requirements\n - SQL, sql,\n - python\n - machine\nlearning", None, "Perks\nSQL"],
    }
    batch = pl.DataFrame(rows)
    skills = posting_skills(mentions(batch, known), 3).to_list()
    assert [skill["text"] for skill in skills[0]] == ["SQL", "python", "machine\nlearning"]
    assert skills[0][1] == {
        "text": "python",
        "start": 29,
        "end": 35,
        "concept": "Python",
        "section": "requirements",
    }
    assert skills[1:] == [[], []]


def test_a_skill_only_in_the_title_counts(known: Vocabulary) -> None:
    batch = pl.DataFrame({"title": ["ML Engineer"], "text": ["You will write."]})
    skills = posting_skills(mentions(batch, known), 1).to_list()[0]
    assert [(skill["text"], skill["section"]) for skill in skills] == [("ML", "title")]


def test_no_postings(known: Vocabulary) -> None:
    table = mentions([], known)
    assert table.is_empty()
    assert table.schema == MENTIONS
    assert posting_skills(table, 0).to_list() == []
    assert mentions([None, ""], known).schema == MENTIONS


PIECES = st.sampled_from(
    [
        *("Python", "R", "C", "Go", "machine learning", "fine-", "tuning", "SQL", "Excel", ".NET"),
        *(" ", ", ", "\n", "\n\n", "\n - ", "/", ". ", "’s ", "日本", "é", "🚀", "https://", "-"),
        *("Requirements\n", "Benefits:\n", "You will:", "a plus", "degree in ", "teams", "with "),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60) | st.none()


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_laws(batch: list[tuple[str | None, str | None]]) -> None:
    frame = pl.DataFrame(
        {"title": [title for title, _ in batch], "text": [text for _, text in batch]},
        schema={"title": pl.String, "text": pl.String},
    )
    known = small()
    table = mentions(frame, known)
    assert set(table["section"]) <= set(SECTIONS)
    assert set(table["required"]) <= set(REQUIRED)
    last: dict[tuple[int, bool], int] = {}
    for row in table.iter_rows(named=True):
        titled = row["section"] == "title"
        text = batch[row["posting"]][0 if titled else 1] or ""
        assert text[row["start"] : row["end"]] == row["surface"]
        assert row["start"] >= last.get((row["posting"], titled), 0)
        last[row["posting"], titled] = row["end"]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_a_posting_is_read_alike_in_any_batch(batch: list[tuple[str | None, str | None]]) -> None:
    known = small()
    frame = pl.DataFrame(
        {"title": [title for title, _ in batch], "text": [text for _, text in batch]},
        schema={"title": pl.String, "text": pl.String},
    )
    together = mentions(frame[::-1], known)
    for number in range(len(batch)):
        alone = mentions(frame[number], known).drop("posting")
        here = together.filter(pl.col("posting") == len(batch) - 1 - number).drop("posting")
        assert here.equals(alone)


def test_many_postings_are_read_in_parts(known: Vocabulary) -> None:
    table = mentions(["Python"] * 1_700, known)
    assert table["posting"].to_list() == list(range(1_700))


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("data pipeline", {"datapipeline", "data pipelines"}),
        ("data structures", {"datastructures", "data structure"}),
        ("LLM", {"LLMs"}),
        ("Spark", set()),
        ("pandas", set()),
        ("ontology", {"ontologies"}),
        ("CI/CD", {"CI CD", "CI/CDs", "CI CDs"}),
        ("Vue.js", {"Vuejs", "Vue js"}),
        ("statistics", set()),
        ("time series", {"timeseries"}),
    ],
)
def test_variants(spelling: str, expected: set[str]) -> None:
    assert set(variants(spelling)) >= expected
    assert set(variants(spelling)) - expected <= {
        "time serie",
        "datapipelines",
        "Vue jss",
        "data structures",
        "datastructure",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tokenization", "tokenisation"),
        ("query optimizer", "query optimisers"),
        ("financial modelling", "financial modeling"),
        ("behavioral cloning", "behavioural cloning"),
        ("data labeling", "data labelling"),
        ("data center", "data centres"),
    ],
)
def test_spelled_as_across_the_atlantic(one: str, other: str) -> None:
    assert other in set(variants(one))


@pytest.mark.parametrize("word", ["resizing", "advising", "noise", "Realization"])
def test_words_that_have_one_spelling(word: str) -> None:
    assert {form.removesuffix("s") for form in variants(word)} <= {word}


def test_variants_with_capitals() -> None:
    assert set(variants("RAG", cased=True)) == {"RAGs"}
    assert set(variants("Make", cased=True)) == set()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("concept\tkind\nPython\tlanguage\n", "has no column parents"),
        (ROWS + "Python\tlanguage\t\t\t\tlanguages\n", "line 40 of .*needs a new concept"),
        (ROWS + "Perl\tlanguage\t\t\tnever\tlanguages\n", "or no rule; it has"),
        (ROWS + "GNC\tmethod\t\tguidance, navigation\t\tother\n", "correct that alias"),
    ],
)
def test_a_bad_vocabulary_says_where(rows: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "skills.tsv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load(path)


def test_the_first_concept_keeps_a_spelling(tmp_path: Path) -> None:
    path = tmp_path / "skills.tsv"
    more = "Other\tlanguage\t\tPython\t\tlanguages\nGo game\tother\t\tgo|GO\tcase\tother\n"
    path.write_text(ROWS + more, encoding="utf-8")
    table = mentions(["Python, go, Go, GO"], load(path))
    assert table["concept"].to_list() == ["Python", "Go game", "Go", "Go game"]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Schema design for a warehouse", "schema design"),
        ("contract tests", "property-based testing"),
        ("we care for log analysis", "log analysis"),
        ("model fine-tuning", "fine-tuning"),
    ],
)
def test_skills_of_two_parts(text: str, concept: str) -> None:
    assert concept in mentions([text])["concept"].to_list()


def test_compounds_stand_under_concepts_that_stand_alone() -> None:
    pairs = list(compounds())
    known = {concept.name: concept for concept in bundled().concepts}
    assert len(pairs) > 1000
    assert {known[pair.under].rule for pair in pairs} == {""}
    assert all(way == " ".join(way.split()) for pair in pairs for way in pair.spellings)


def test_the_bundled_vocabulary_is_sound() -> None:
    known = bundled()
    names = {concept.name for concept in known.concepts}
    assert len(names) >= 2500
    assert {parent for c in known.concepts for parent in c.parents} <= names
    assert known.forms > 5000
