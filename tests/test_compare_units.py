"""What counts as independent, what as money: employers, repeats, currencies, coverage."""

from __future__ import annotations

import polars as pl
import pytest
from asking import PAIR, figures, gaps, jobs

import rolediff
from rolediff.errors import CurrencyError

EMPLOYERS = [f"c{i % 40}" for i in range(240)]


# employers


def test_known_employers_are_the_clusters() -> None:
    answer = rolediff.diff(*PAIR, jobs(company=EMPLOYERS))
    assert answer.gap.method == "CV3, clustered by employer"
    assert answer.gap.clusters == 40
    assert answer.why is not None
    assert "cluster" in answer.why.vcov


def test_the_value_of_the_gap_does_not_depend_on_the_employers() -> None:
    known, unknown = (rolediff.diff(*PAIR, jobs(company=c)) for c in (EMPLOYERS, None))
    assert known.gap.value == pytest.approx(unknown.gap.value, abs=1e-12)
    assert known.gap.se != unknown.gap.se


def test_records_without_employer_are_units_of_their_own() -> None:
    some = ["one", None, None, "two"] * 60
    assert rolediff.diff(*PAIR, jobs(company=some)).gap.clusters == pytest.approx(122, abs=2)


def test_an_employer_with_over_a_fifth_of_a_role_is_named() -> None:
    names = ["Big Corp" if i < 60 else name for i, name in enumerate(EMPLOYERS)]
    caveats = dict(rolediff.diff(*PAIR, jobs(company=names)).caveats)
    assert caveats["employer"] == "One employer, Big Corp, has 25 % of the records of ML engineers."
    assert "employer" not in dict(rolediff.diff(*PAIR, jobs(company=EMPLOYERS)).caveats)


@pytest.mark.parametrize("names", [["one"] * 240, ["one", "two"] * 120])
def test_a_role_of_one_employer_has_no_interval(names: list[str]) -> None:
    """Between employers its mean might vary by any amount: nothing in the data tells."""
    answer = rolediff.diff(*PAIR, jobs(company=names))
    for name, e in gaps(answer):
        assert (e.low, e.high) == (None, None), name
    assert answer.why is None
    assert answer.gap.method == "too few employers"


def test_a_role_of_one_record_many_times_is_not_enough() -> None:
    frame = jobs()
    one = frame.filter(pl.col("title") == PAIR[0])[:1]
    frame = pl.concat([*[one] * 8, frame.filter(pl.col("title") == PAIR[1])])
    with pytest.raises(rolediff.NotEnoughEvidence, match="1 of them distinct"):
        rolediff.diff(*PAIR, frame)


# money


def test_pay_in_a_currency_without_a_rate_is_counted_not_guessed() -> None:
    frame = jobs(currency=["VND"] * 20 + ["USD"] * 220)
    answer = rolediff.diff(*PAIR, frame)
    assert (answer.a.unconverted, answer.b.unconverted) == (10, 10)
    assert (answer.a.n, answer.a.records) == (110, 120)
    assert figures(answer)["gap"] == figures(rolediff.diff(*PAIR, frame[20:]))["gap"]
    codes = [code for code, _ in answer.caveats]
    assert codes.count("unconverted") == 2


def test_pay_without_a_currency_is_an_error_of_its_own() -> None:
    with pytest.raises(CurrencyError, match="--currency USD"):
        rolediff.diff(*PAIR, jobs().drop("currency"))


def test_coverage_is_the_share_of_records_that_state_pay() -> None:
    frame = jobs().with_columns(
        pl.when(pl.int_range(pl.len()) >= 60).then("min_amount").alias("min_amount"),
        pl.when(pl.int_range(pl.len()) >= 60).then("max_amount").alias("max_amount"),
    )
    answer = rolediff.diff(*PAIR, frame)
    assert answer.a.coverage == 0.75
    assert dict(answer.caveats)["coverage"].startswith("75 % of ")
