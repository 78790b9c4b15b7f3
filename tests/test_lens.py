"""Money: dollars, purchasing power, and prices of one year."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from asking import PAIR, csv_file, jobs

import rolediff
from rolediff.annotate.money import to_ppp
from rolediff.compare.lens import Lens
from rolediff.errors import DataError, UsageError

ROWS = pl.DataFrame(
    {
        "country": ["US", "GB", "IN", None, "AQ"],
        "year": pl.Series([2023, 2023, 2023, 2023, 2023], dtype=pl.Int32),
        "low": [100.0] * 5,
        "high": [200.0] * 5,
    }
)


def prices(folder: Path, **columns: list[object]) -> Path:
    return csv_file(folder, pl.DataFrame(columns), "cpi.csv")


def test_dollars_stay_as_they_are() -> None:
    assert Lens.parse().apply(ROWS) is ROWS
    assert Lens.parse(" USD ") == Lens()


def test_purchasing_power_divides_by_the_price_level() -> None:
    got = Lens.parse("ppp").apply(ROWS)
    level = to_ppp(ROWS["country"], ROWS["year"])
    assert level[0] == 1
    assert got["low"].to_list()[:3] == pytest.approx([100 / x for x in level[:3]])
    assert (got["high"] / got["low"]).drop_nulls().to_list() == pytest.approx([2.0] * 3)


def test_money_goes_further_where_prices_are_low() -> None:
    got = Lens.parse("ppp").apply(ROWS)["low"]
    assert got[2] > 2 * got[0]


def test_no_country_or_no_price_level_is_no_figure() -> None:
    assert Lens.parse("ppp").apply(ROWS)["low"].to_list()[3:] == [None, None]


def test_real_pay_is_in_prices_of_the_year(tmp_path: Path) -> None:
    cpi = prices(tmp_path, year=[2023, 2024], cpi=[100, 110])
    lens = Lens.parse("real-2024", cpi)
    assert lens.unit == "US$ of 2024 a year"
    assert lens.apply(ROWS)["low"].to_list() == pytest.approx([110.0] * 5)


def test_a_country_of_its_own_goes_before_the_rest(tmp_path: Path) -> None:
    table = {
        "year": [2023, 2024] * 2,
        "cpi": [100, 120, 100, 150],
        "country": [*["US"] * 2, *["GB"] * 2],
    }
    got = Lens.parse("real-2024", prices(tmp_path, **table)).apply(ROWS)["low"]
    assert got.to_list()[:2] == pytest.approx([120.0, 150.0])
    assert got[2] is None


def test_a_year_without_prices_is_no_figure(tmp_path: Path) -> None:
    lens = Lens.parse("real-2024", prices(tmp_path, year=[2024], cpi=[100]))
    assert lens.apply(ROWS)["low"].null_count() == 5


@pytest.mark.parametrize("text", ["", "euro", "real", "real-20", "real-two", "ppp-2020"])
def test_other_money_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="choose usd, ppp or real-YEAR"):
        Lens.parse(text)


def test_real_money_needs_prices_with_that_year(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--cpi FILE"):
        Lens.parse("real-2024")
    with pytest.raises(DataError, match="has no year 2030"):
        Lens.parse("real-2030", prices(tmp_path, year=[2024], cpi=[100])).apply(ROWS)


def test_a_lens_moves_the_gap_by_the_mix_of_countries_alone() -> None:
    """Where both roles are in one country and year, purchasing power cancels out."""
    frame = jobs(country="GB", year=2023)
    usd, ppp = (rolediff.diff(*PAIR, frame, money=m) for m in ("usd", "ppp"))
    assert ppp.gap.value == pytest.approx(usd.gap.value, abs=1e-12)
    assert ppp.money == "international $ a year (PPP)"
    level = to_ppp(pl.Series(["GB"]), pl.Series([2023])).item()
    median = [c.a.percentiles["mid"][50].value for c in (usd, ppp)]
    assert median[1] == pytest.approx(median[0] / level)


def test_records_lost_to_a_lens_are_counted() -> None:
    frame = jobs(country=["US"] * 200 + [None] * 40)
    answer = rolediff.diff(*PAIR, frame, money="ppp")
    assert answer.a.n + answer.b.n == 200
    said = dict(answer.caveats)
    assert said["no_money"].startswith("40 records have no factor for ppp")
    assert "purchasing power" in said["money"]
