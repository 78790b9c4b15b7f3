"""Sources side by side: one answers, the others agree or not, and naming them pools them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from asking import PAIR, ask, jobs
from postings import annotated

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.compare.found import Question, answering, find
from rolediff.compare.sources import agreement
from rolediff.market import Market, Where, compress_postings, load, merge
from rolediff.records import Source
from rolediff.report.markdown import markdown
from rolediff.results import Estimate

Capture = pytest.CaptureFixture[str]


def named(frame: pl.DataFrame, name: str) -> Market:
    """A market of one source with this name."""
    from rolediff.market import ReadOptions

    return load(frame, ReadOptions(source=name)).market


def reversed_pay(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with the titles of the pair exchanged."""
    return frame.with_columns(pl.col("title").replace({PAIR[0]: PAIR[1], PAIR[1]: PAIR[0]}))


BOTH = merge(named(jobs(240), "large"), named(jobs(120, 2), "small"))


def test_the_source_with_most_pay_for_the_scarcer_role_answers() -> None:
    answer = rolediff.diff(*PAIR, BOTH)
    assert [s["name"] for s in answer.sources] == ["large"]
    assert [(s.name, s.answers) for s in answer.by_source] == [("large", True), ("small", False)]
    lopsided = pl.concat([jobs(400).filter(pl.col("title") == PAIR[0]), jobs(40)])
    scarce = merge(named(lopsided, "lopsided"), named(jobs(120, 2), "even"))
    assert rolediff.diff(*PAIR, scarce).by_source[0].name == "even"


def test_the_answer_is_that_of_its_source_alone() -> None:
    answer, alone = rolediff.diff(*PAIR, BOTH), rolediff.diff(*PAIR, named(jobs(240), "large"))
    assert (answer.gap, answer.ladder, answer.why) == (alone.gap, alone.ladder, alone.why)
    assert (answer.by_source[0].gap, answer.where) == (alone.gap, "")
    other = rolediff.diff(*PAIR, named(jobs(120, 2), "small"))
    assert answer.by_source[1].gap == other.gap
    assert alone.by_source == ()


def test_naming_sources_chooses_or_pools_them() -> None:
    small = rolediff.diff(*PAIR, BOTH, where="source=small")
    assert small.a.n + small.b.n == 120
    assert small.by_source == ()
    pooled = rolediff.diff(*PAIR, BOTH, where="source=small|large")
    assert pooled.a.n + pooled.b.n == 360
    assert pooled.ladder[1].held[0] == "source"
    assert [s.answers for s in pooled.by_source] == [False, False]


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [((0.1, 0.3), (0.2, 0.4), "yes"), ((0.1, 0.3), (-0.4, -0.2), "no"),
     ((0.1, 0.3), (-0.1, 0.2), "unclear"), ((None, None), (0.1, 0.2), "unclear")],
)  # fmt: skip
def test_agreement_is_of_clear_gaps(
    a: tuple[float | None, ...], b: tuple[float | None, ...], verdict: str
) -> None:
    gaps = [Estimate(0.2 if e[0] is None else sum(e) / 2, *e, n=9) for e in (a, b)]  # type: ignore[arg-type]
    assert agreement(*gaps) == agreement(*gaps[::-1]) == verdict
    assert agreement(gaps[0], None) == "unclear"


def test_a_source_that_shows_the_opposite_is_told() -> None:
    against = merge(named(jobs(240), "large"), named(reversed_pay(jobs(200, 2)), "against"))
    answer = rolediff.diff(*PAIR, against)
    assert answer.by_source[1].agrees == "no"
    assert dict(answer.caveats)["sources"] == "The source against shows the opposite."
    assert "shows the opposite" in markdown(answer)


def test_a_source_with_too_few_has_no_gap(capsys: Capture) -> None:
    few = merge(named(jobs(240), "large"), named(jobs(6, 2), "few"))
    answer = rolediff.diff(*PAIR, few)
    assert answer.by_source[1].gap is None
    assert "too few" in markdown(answer)
    assert "By source" in ask(capsys, *PAIR).out


def test_an_ad_counts_once_a_role_and_country_and_its_copies_are_kept() -> None:
    told = annotated(200)
    market = compress_postings(told, [Source("board", unit="posting", kind="advertised")])
    answer = rolediff.diff(*PAIR, market)
    mine = told.filter(pl.col("title") == PAIR[0])
    shared = mine.drop_nulls("ad").select("ad", "country").n_unique()
    assert answer.a.copies == mine.height
    assert answer.a.records == mine["ad"].null_count() + shared < mine.height
    assert answer.a.distinct == answer.a.n
    assert "reposts" in dict(answer.caveats)


def test_employers_weighing_the_same_is_the_mean_of_their_means() -> None:
    frame = jobs(company=["Big"] * 120 + [f"c{i % 8}" for i in range(120)])
    answer, rows = rolediff.diff(*PAIR, frame), load(frame).market.rows()
    logs = rows.with_columns(y=((pl.col("low") + pl.col("high")) / 2).log())
    means = logs.group_by("title", "employer").agg(
        y=(pl.col("y") * pl.col("n")).sum() / pl.col("n").sum()
    )
    by_role = dict(means.group_by("title").agg(pl.col("y").mean()).iter_rows())
    assert answer.gap_employers is not None
    expected = by_role["ai engineer"] - by_role["ml engineer"]
    assert answer.gap_employers.value == pytest.approx(expected, abs=1e-12)
    assert answer.gap_employers.n == means.height
    assert rolediff.diff(*PAIR, jobs()).gap_employers is None


def test_the_bundled_pair_is_answered_from_pay_records_and_ashby_beside() -> None:
    answer = rolediff.diff(*PAIR)
    assert [s.name for s in answer.by_source] == ["aijobs", "ashby"]
    assert (answer.a.n, answer.b.n) == (344, 2965)
    ashby = answer.by_source[1]
    assert ashby.gap is not None
    assert "clustered by employer" in ashby.gap.method or "employers" in ashby.gap.method


def test_a_bundled_role_with_one_large_employer_says_so() -> None:
    answer = rolediff.diff(*PAIR, where="source=ashby")
    said = dict(answer.caveats)["employer"]
    assert said.startswith("One employer has ")
    assert said.endswith(" % of the records of AI engineers.")
    assert answer.by_source == ()


def test_a_question_is_narrowed_before_it_is_analysed() -> None:
    catalogue = Catalogue.load()
    q = Question(*(catalogue.resolve(name) for name in PAIR))
    whole = find(BOTH, q)
    narrow = answering(whole, q)
    assert narrow == replace(q, where=Where().of_source("large"))
    assert answering(find(BOTH, narrow), narrow) is narrow
