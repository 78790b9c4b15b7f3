"""Claims are found in articles of any style: which kind, which words, of which roles, how much."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.read.article import read_article
from rolediff.results.claims import Amount, Article, Claim

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import claims as benchmark

ARTICLES = Path(__file__).with_name("articles")
CATALOGUE = Catalogue.load()


def found(text: str) -> tuple[Claim, ...]:
    return find_claims(read_article(text), CATALOGUE)


def said(text: str) -> list[tuple[str, str]]:
    return [(claim.kind, claim.text) for claim in found(text)]


def check(article: Article, claims: tuple[Claim, ...]) -> None:
    """What holds of the claims of any article."""
    done = 0
    for claim in claims:
        assert done <= claim.start < claim.end <= len(article.text)
        assert claim.text == " ".join(article.text[claim.start : claim.end].split())
        assert claim.line >= 1
        assert not claim.by_hand
        assert all(CATALOGUE.resolve(role).label == role for role in claim.roles)
        json.dumps(claim.to_dict())
        done = claim.end


GIVEN = """
demand|AI and ML engineers are both in high demand
gap|AI engineers typically earn more
reason|due to the broader application of artificial intelligence technologies across various industries
skill|Proficiency in programming languages like Python and Java
tool|Understanding of AI frameworks and tools (e.g., TensorFlow, PyTorch)
skill|Knowledge of data structures and algorithms
skill|Experience with natural language processing (NLP) and computer vision
skill|Strong foundation in statistics and mathematics
tool|Expertise in machine learning frameworks (e.g., Scikit-learn, Keras)
skill|Skills in data analysis and model training
tool|Familiarity with big data technologies (e.g., Hadoop, Spark)
pay|$120,000 – $160,000
pay|$110,000 – $140,000
industry|Technology, Healthcare
industry|Finance, Technology
growth|22% (2020-2030)
growth|21% (2020-2030)
reason|Broader Application: AI technologies are used in a wider range of industries, from healthcare to finance, increasing demand for AI engineers
reason|Higher Complexity: AI projects often involve more complex problem-solving and integration of various technologies, justifying higher salaries
reason|Strategic Impact: AI solutions can transform business operations and strategies, adding significant value to organizations
education|Bachelor’s or Master’s in Computer Science, AI, or related field
certification|Certifications in AI technologies (e.g., IBM AI Engineering)
education|Bachelor’s or Master’s in Data Science, Statistics, or related field
certification|Certifications in machine learning (e.g., Google ML Engineer)
industry|AI and ML engineers are hired across various industries, including technology, healthcare, finance, automotive, and retail
unread|Their skills in developing intelligent systems are crucial for innovation and efficiency improvements
country|Countries like the United States, Canada, and Germany offer some of the best salaries for AI and ML engineers
reason|due to their advanced tech industries and high demand for AI solutions
trend|The future of AI and ML engineering includes advancements in deep learning, reinforcement learning, and AI ethics
trend|Increased integration of AI in daily life and business operations is expected to continue
unread|AI and ML engineers contribute by developing intelligent systems that automate tasks, enhance customer experiences, and provide data-driven insights
unread|Their work supports strategic decision-making and operational efficiency
gap|AI engineers generally earn more than ML engineers
reason|due to the broader scope and complexity of their work
unread|Both roles are critical in advancing technology and innovation across industries
"""  # noqa: E501


@pytest.fixture(scope="module")
def given_article(shared: Path) -> tuple[Article, tuple[Claim, ...]]:
    article = read_article(shared / "article/ai-vs-ml-engineer.md")
    return article, find_claims(article, CATALOGUE)


def test_every_claim_of_the_given_article(
    given_article: tuple[Article, tuple[Claim, ...]],
) -> None:
    article, claims = given_article
    check(article, claims)
    assert [f"{claim.kind}|{claim.text.rstrip('.')}" for claim in claims] == GIVEN.split("\n")[1:-1]


def test_the_claims_of_the_given_article_say_what_it_says(
    given_article: tuple[Article, tuple[Claim, ...]],
) -> None:
    _, claims = given_article
    both = ("AI Engineer", "Machine Learning Engineer")
    by_text = {claim.text: claim for claim in claims}
    pay = by_text["$110,000 – $140,000"]
    assert pay.roles == both[1:]
    assert pay.amount == Amount(110_000, 140_000, "USD", "year")
    assert (pay.statistic, pay.line) == ("average", 22)
    assert by_text["22% (2020-2030)"].period == (2020, 2030)
    assert by_text["22% (2020-2030)"].amount == Amount(22, 22, "percent")
    assert by_text["Finance, Technology"].items == ("Finance", "Technology")
    gap = by_text["AI engineers generally earn more than ML engineers"]
    assert (gap.roles, gap.sense, gap.hedged) == (both, "more", True)
    assert by_text["due to the broader scope and complexity of their work"].roles == both
    industries = next(
        claim for claim in claims if claim.text.startswith("AI and ML engineers are h")
    )
    assert industries.items == ("technology", "healthcare", "finance", "automotive", "retail")
    countries = next(claim for claim in claims if claim.kind == "country")
    assert countries.items == ("United States", "Canada", "Germany")
    assert all(claim.roles for claim in claims)


def scored(*folders: str) -> tuple[int, dict[str, list[int]]]:
    """How many articles there are in `folders`, and what was marked, found and matched in them."""
    golds = [gold for folder in folders for gold in sorted(ARTICLES.glob(f"{folder}/*.json"))]
    return len(golds), benchmark.counts([benchmark.score(gold, CATALOGUE) for gold in golds])


def recall_and_precision(counts: list[int]) -> tuple[float, float]:
    marked, found, matched = counts[:3]
    return matched / marked, matched / found


@pytest.mark.parametrize("gold", sorted(ARTICLES.glob("tuning/*.json")), ids=lambda path: path.stem)
def test_tuning_articles(gold: Path) -> None:
    score = benchmark.score(gold, CATALOGUE)
    assert score.recall >= 0.9
    assert score.precision >= 0.9
    (source,) = [p for p in gold.parent.glob(f"{gold.stem}.*") if p.suffix != ".json"]
    article = read_article(source)
    check(article, find_claims(article, CATALOGUE))


FLOORS = [  # a little below what is reached: kinds and spans, recall and precision of each
    ("unseen tuning2 tuning3 tuning4", 38, (0.86, 0.89), (0.88, 0.92)),
    ("tuning7 tuning9 tuning10 tuning11", 60, (0.83, 0.88), (0.86, 0.91)),
    ("tuning5 tuning6 tuning8 tuning12", 49, (0.60, 0.75), (0.68, 0.87)),
    ("unseen5", 10, (0.69, 0.74), (0.84, 0.90)),
    ("unseen4", 7, (0.60, 0.73), (0.73, 0.88)),
]


@pytest.mark.parametrize(("folders", "articles", "kinds", "spans"), FLOORS, ids=str)
def test_articles(
    folders: str, articles: int, kinds: tuple[float, float], spans: tuple[float, float]
) -> None:
    """Those that weights were fitted to, those of writers far off, and those that stay shut."""
    several, counts = scored(*folders.split())
    assert several == articles
    for got, least in zip(recall_and_precision(counts["all"]), kinds, strict=True):
        assert got >= least
    for got, least in zip(recall_and_precision(counts["spans"]), spans, strict=True):
        assert got >= least


def test_an_article_of_two_thousand_words_takes_a_moment() -> None:
    text = (ARTICLES / "tuning/devops-sre.txt").read_text() * 13
    article = read_article(text)
    assert len(text.split()) > 1_900
    find_claims(article, CATALOGUE)
    began = time.process_time()
    find_claims(article, CATALOGUE)
    assert time.process_time() - began < 0.6  # 0.15 s on a free machine


BITS = st.sampled_from([
    "AI engineers ", "ML engineers", "earn ", "more ", "than ", "less ", "$120,000 ", "20% ", ", ",
    " and ", ". ", "; ", ": ", "because ", "due to ", "Both roles ", "they ", "the former ", "%",
    "in Germany ", "is expected to grow ", "by 2030", "Python ", "a PhD", "most ", "postings ",
    "in demand", "\n\n", "- ", "# ", "| a | b |\n|---|---|\n", "| Salary | ", "wizards ", "£",
    "finance ", "needs ", "half ", "Why?", "1 in 0 ", "0 ", "€5k–", "respectively", "(", ")",
    "certified ", "years of experience ", "the gap ", "twice ", "six figures ", "vs ", "SREs ",
    "1,", "years ", "99999999999999999999 ",
])  # fmt: skip


@given(st.lists(BITS | st.text(max_size=6), max_size=50))
@settings(max_examples=200)
def test_any_text_is_searched(parts: list[str]) -> None:
    article = read_article("Bakers. " + "".join(parts) + " a")
    check(article, find_claims(article, CATALOGUE))


LONG = (
    "a ", "AI engineers earn more, ", "$1 and ", "1,", "because ", "ML and ", "the role is ", "A-",
    "Data Engineer", "% ", "more than ", "(", "most of the ",
)  # fmt: skip


@pytest.mark.parametrize("bit", LONG)
def test_a_long_line_takes_bounded_time(bit: str) -> None:
    article = read_article("AI engineers earn more than bakers " + bit * (100_000 // len(bit)))
    began = time.process_time()
    check(article, find_claims(article, CATALOGUE))
    assert time.process_time() - began < 15
