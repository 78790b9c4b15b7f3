"""Filters: read, said and applied."""

from __future__ import annotations

import polars as pl
import pytest
from asking import jobs

from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, Where, load
from rolediff.market.where import FILTERS


@pytest.fixture(scope="module")
def market() -> Market:
    return load(jobs()).market


def years_of(text: str) -> tuple[int | None, int | None] | None:
    return Where.parse(text).years


def test_years_are_one_a_span_or_open() -> None:
    assert years_of("year=2024") == (2024, 2024)
    assert years_of("year=2023..2024") == (2023, 2024)
    assert years_of("year=2024..") == (2024, None)
    assert years_of("year=..2023") == (None, 2023)


def test_values_are_alternatives() -> None:
    assert Where.parse("country=US|GB").values == {"country": ("US", "GB")}


def test_keys_have_short_names() -> None:
    assert Where.parse("size=large,type=contract").values == {
        "company_size": ("large",),
        "employment_type": ("contract",),
    }


@pytest.mark.parametrize("text", ["country=US,year=2024..", "level=senior", "year=..2023", ""])
def test_a_filter_is_written_as_it_is_read(text: str) -> None:
    assert str(Where.parse(text)) == text
    assert Where.parse(str(Where.parse(text))) == Where.parse(text)


def test_it_is_said_in_words() -> None:
    where = Where.parse("country=US|GB,company_size=large,year=2023..2024")
    assert where.words == "country US or GB, company size large, 2023 to 2024"


def test_nothing_asked_is_no_filter(market: Market) -> None:
    for text in (None, "", " , "):
        assert not Where.parse(text)
        assert Where.parse(text).apply(market.cells).equals(market.cells)


@pytest.mark.parametrize(
    "text",
    ["US", "country", "country=", "country=|", "town=Paris", "year=x", "year=..", "year=2024..2023",
     "year=0", "year=99999", "country=US,country=GB", "year=2023,year=2024"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Where.parse(text)


def test_case_does_not_matter(market: Market) -> None:
    assert set(market.rows(where=Where.parse("country=us"))["country"]) == {"US"}


def test_every_condition_must_hold(market: Market) -> None:
    rows = market.rows(where=Where.parse("country=US,level=senior,year=2024.."))
    assert rows.select("country", "level", "year").unique().rows() == [("US", "senior", 2024)]


def test_parts_of_a_filter_add_up(market: Market) -> None:
    n = [market.rows(where=Where.parse(f"country={c}"))["n"].sum() for c in ("US", "GB", "US|GB")]
    assert n[0] + n[1] == n[2] == 240


def test_a_value_nobody_has_is_named_with_near_ones(market: Market) -> None:
    with pytest.raises(NotEnoughEvidence, match="level=seniour: there are senior"):
        market.rows(where=Where.parse("level=seniour"))
    with pytest.raises(NotEnoughEvidence, match="year 1999: there is 2023 to 2024"):
        market.rows(where=Where.parse("year=1999"))
    with pytest.raises(NotEnoughEvidence, match="no record here states it"):
        market.rows(where=Where.parse("industry=banking"))


def test_a_value_that_only_other_titles_have_is_no_error(market: Market) -> None:
    assert market.rows(["no such title"], Where.parse("country=GB")).is_empty()


def test_unknown_values_do_not_pass_a_filter() -> None:
    frame = jobs(country=["US", None] * 120)
    rows = load(frame).market.rows(where=Where.parse("country=US"))
    assert rows["n"].sum() == 120


def test_only_is_the_market_of_those_records(market: Market) -> None:
    part = market.only(Where.parse("country=GB"))
    assert len(part) == market.rows(where=Where.parse("country=GB"))["n"].sum()
    assert set(part.cells["country"]) == {"GB"}


def test_every_key_but_title_can_be_filtered() -> None:
    cells = load(jobs(company_size="large", industry="banking", education="bachelor")).market.cells
    assert set(FILTERS) == set(cells.columns) - {"cell", "title"}
    assert cells.filter(pl.col("industry").is_null()).is_empty()
