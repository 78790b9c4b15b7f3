"""Two roles compared: the bundled pair, symmetry, filters, employers, money, overlaps."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from asking import PAIR, figures, gaps, jobs

import rolediff
from rolediff import Comparison, title_role
from rolediff.errors import NotEnoughEvidence, UsageError

EMPLOYERS = [f"c{i % 40}" for i in range(240)]


@pytest.fixture(scope="module")
def bundled() -> Comparison:
    return rolediff.diff(*PAIR)


# the bundled pair


def test_how_many_records_each_role_has(bundled: Comparison) -> None:
    assert (bundled.a.n, bundled.b.n) == (344, 2_965)
    assert (bundled.a.label, bundled.b.label) == PAIR
    assert bundled.a.coverage == 1


def test_the_gap_on_all_and_on_distinct_records(bundled: Comparison) -> None:
    assert bundled.gap.value == pytest.approx(-0.226, abs=0.001)
    assert bundled.gap_distinct.value == pytest.approx(-0.16, abs=0.005)
    assert bundled.a.distinct + bundled.b.distinct == bundled.gap_distinct.n < bundled.gap.n


def test_errors_are_clustered_on_identity(bundled: Comparison) -> None:
    assert bundled.gap.method == "HC2, clustered on identical records"
    assert bundled.gap.clusters == bundled.gap_distinct.n
    assert dict(bundled.caveats)["repeats"].startswith("3,309 records are 1,8")


def test_the_gap_shrinks_but_stays_as_more_is_held_equal(bundled: Comparison) -> None:
    held = [rung.held for rung in bundled.ladder]
    assert held[:4] == [(), ("country",), ("country", "level"), ("country", "level", "year")]
    assert all(rung.all.high is not None and rung.all.high < 0 for rung in bundled.ladder)
    assert not any(rung.flipped for rung in bundled.ladder)


def test_the_decomposition_is_of_the_same_gap(bundled: Comparison) -> None:
    assert bundled.why is not None
    assert bundled.why_distinct is not None
    assert bundled.why.gap.value == pytest.approx(bundled.gap.value, abs=1e-10)
    assert bundled.why_distinct.gap.value == pytest.approx(bundled.gap_distinct.value, abs=1e-10)


def test_the_other_reading_stands_beside(bundled: Comparison) -> None:
    broad = rolediff.diff(*PAIR, reading="broad")
    assert bundled.other_reading is not None
    assert broad.other_reading is not None
    assert bundled.other_reading.gap == broad.gap
    assert broad.other_reading.gap == bundled.gap
    assert (broad.a.n, broad.b.n) == (bundled.other_reading.n_a, bundled.other_reading.n_b)


def test_every_number_names_its_source(bundled: Comparison) -> None:
    assert all(e.source == "aijobs" and e.n > 0 for _, e in gaps(bundled))
    assert bundled.sources[0]["used"] == 344 + 2_965


# symmetry


@pytest.mark.parametrize("employer", [None, EMPLOYERS])
def test_swapping_the_roles_turns_every_gap(employer: Any) -> None:
    there, back = (rolediff.diff(*p, jobs(company=employer)) for p in (PAIR, PAIR[::-1]))
    for (name, e), (other, f) in zip(gaps(there), gaps(back), strict=True):
        assert name == other
        assert f.value == pytest.approx(-e.value, abs=1e-12), name
        assert (f.n, f.method) == (e.n, e.method)
        if e.low is not None and e.high is not None:
            assert (f.low, f.high) == pytest.approx((-e.high, -e.low), abs=1e-9), name


def test_swapping_the_roles_turns_the_decomposition() -> None:
    there, back = (rolediff.diff(*p, jobs()).why for p in (PAIR, PAIR[::-1]))
    assert there is not None
    assert back is not None
    assert back.gap.value == pytest.approx(-there.gap.value, abs=1e-10)
    assert back.explained.value == pytest.approx(-there.explained.value, abs=1e-10)
    swapped = {"A": "B", "B": "A"}
    for name, split in there.references.items():
        mirror = back.references[swapped.get(name, name)]
        assert mirror.explained.value == pytest.approx(-split.explained.value, abs=1e-10), name


def test_scaling_all_pay_moves_no_gap() -> None:
    twice = jobs().with_columns(pl.col("min_amount", "max_amount") * 2)
    for (name, e), (_, f) in zip(
        gaps(rolediff.diff(*PAIR, jobs())), gaps(rolediff.diff(*PAIR, twice)), strict=True
    ):
        assert f.value == pytest.approx(e.value, abs=1e-9), name


# filters


@pytest.mark.parametrize(
    ("where", "keep"),
    [
        ("country=US", pl.col("country") == "US"),
        ("year=2024", pl.col("year") == 2024),
        ("level=senior,year=..2023", (pl.col("level") == "senior") & (pl.col("year") <= 2023)),
        ("country=US|GB", pl.lit(True)),
    ],
)
def test_a_filter_is_the_same_as_reading_only_those_records(where: str, keep: pl.Expr) -> None:
    filtered = rolediff.diff(*PAIR, jobs(), where=where)
    assert figures(filtered) == figures(rolediff.diff(*PAIR, jobs().filter(keep)))
    assert filtered.where == where


def test_what_does_not_vary_is_not_held_equal() -> None:
    answer = rolediff.diff(*PAIR, jobs(), where="country=US,year=2024")
    assert [rung.held for rung in answer.ladder] == [(), ("level",)]
    assert answer.years == (2024, 2024)
    assert set(answer.within) == {"level"}


def test_with_nothing_recorded_there_is_a_gap_but_no_why() -> None:
    bare = rolediff.diff(*PAIR, jobs(country=None, level="mid", year=None))
    assert (bare.why, bare.years, dict(bare.within)) == (None, None, {})
    assert [rung.held for rung in bare.ladder] == [()]


# roles


def test_titles_that_fit_both_roles_are_left_out_and_counted() -> None:
    titles = ["ai engineer", "ai analyst", "data engineer", "data analyst"]
    frame = jobs(title=titles * 60)
    answer = rolediff.diff(title_role("ai"), title_role("engineer"), frame, reading="broad")
    assert answer.excluded == 60
    assert [t for t, _ in (*answer.a.titles, *answer.b.titles)] == ["ai analyst", "data engineer"]
    assert dict(answer.caveats)["both"] == "60 records fit both roles and are left out."


def test_a_role_and_itself_are_not_compared() -> None:
    with pytest.raises(UsageError, match="name two different ones"):
        rolediff.diff("AI Engineer", "Artificial Intelligence Engineer")


def test_too_few_records_say_which_roles_have_some() -> None:
    with pytest.raises(NotEnoughEvidence, match=r"most records have AI Engineer \(4\), Machine"):
        rolediff.diff(*PAIR, jobs(8))


def test_where_no_role_has_records_a_title_search_is_the_next_step() -> None:
    with pytest.raises(NotEnoughEvidence, match="search titles with --title"):
        rolediff.diff(*PAIR, jobs(title="gardener"))


def test_a_role_object_a_path_and_a_market_are_taken_too(tmp_path: Any) -> None:
    jobs().write_csv(tmp_path / "table.csv")
    a = rolediff.Catalogue.load().resolve(PAIR[0])
    market = rolediff.load(jobs()).market
    answers = [rolediff.diff(a, PAIR[1], data) for data in (tmp_path / "table.csv", market, jobs())]
    assert len({c.gap for c in answers}) == 1
