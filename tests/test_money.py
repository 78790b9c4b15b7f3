"""Money: dated exchange rates against plain loops, price levels, real terms."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from currency_converter import CurrencyConverter
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate import money
from rolediff.errors import ColumnError, DataError, UnreadableError
from rolediff.read import read, read_table
from rolediff.read.rates import latest_full_year, usd_per_unit, yearly_rates
from rolediff.records import PER_YEAR, as_records

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def ecb() -> CurrencyConverter:
    return CurrencyConverter()


def paid(**cells: Any) -> pl.DataFrame:
    """One annualised record: 100 to 200 a year unless told otherwise."""
    basis = {"pay_low": 100.0, "pay_high": 200.0, "pay_currency": "EUR", "pay_interval": "year"}
    return money.annualise(as_records(pl.DataFrame({k: [v] for k, v in (basis | cells).items()})))


def mean_of_year(ecb: CurrencyConverter, currency: str, year: int) -> float:
    """US dollars per unit, the mean over the days of a year with a rate, in a plain loop."""
    found = []
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        try:
            found.append(ecb.convert(1, currency, "USD", date=date.fromordinal(ordinal)))
        except ValueError:
            raise
        except Exception:
            continue
    return sum(found) / len(found)


def test_known_rates() -> None:
    assert paid(posted=date(2024, 1, 2))["low"].item() == pytest.approx(109.56)
    assert paid(posted=date(1999, 1, 4))["low"].item() == pytest.approx(117.89)


@pytest.mark.parametrize("currency", ["GBP", "JPY", "INR", "EUR"])
@pytest.mark.parametrize("day", [date(2020, 3, 18), date(2024, 6, 28)])
def test_rate_of_the_day(ecb: CurrencyConverter, currency: str, day: date) -> None:
    found = paid(pay_currency=currency, posted=day)["high"].item()
    assert found == pytest.approx(ecb.convert(200, currency, "USD", date=day), rel=1e-12)


def test_weekend_takes_friday(ecb: CurrencyConverter) -> None:
    friday = ecb.convert(100, "GBP", "USD", date=date(2024, 6, 28))
    for day in (date(2024, 6, 29), date(2024, 6, 30)):
        assert paid(pay_currency="GBP", posted=day)["low"].item() == pytest.approx(friday)


@pytest.mark.parametrize(("currency", "year"), [("EUR", 2023), ("GBP", 2024), ("PLN", 2022)])
def test_a_year_alone_takes_its_mean(ecb: CurrencyConverter, currency: str, year: int) -> None:
    found = paid(pay_currency=currency, year=year)["low"].item()
    assert found == pytest.approx(100 * mean_of_year(ecb, currency, year), rel=1e-12)


def test_neither_date_nor_year_takes_the_latest_full_year(ecb: CurrencyConverter) -> None:
    records = paid()
    mean = mean_of_year(ecb, "EUR", latest_full_year())
    assert records["low"].item() == pytest.approx(100 * mean, rel=1e-12)
    assert money.undated(records) == {
        "fx_undated_n": 1.0,
        "fx_undated_year": float(latest_full_year()),
    }


def test_a_dollar_is_a_dollar() -> None:
    for when in ({"posted": date(1990, 1, 1)}, {"posted": date(2090, 1, 1)}, {"year": 1980}, {}):
        records = paid(pay_currency="USD", **when)
        assert records.select("low", "high").row(0) == (100.0, 200.0)
        assert money.undated(records) == {}


@pytest.mark.parametrize(
    "cells",
    [
        {"pay_currency": "CLP", "year": 2021},
        {"pay_currency": "CLP", "posted": date(2021, 5, 5)},
        {"pay_currency": "RUB", "year": 2022},
        {"pay_currency": "RUB", "posted": date(2022, 3, 12)},
        {"pay_currency": "HRK", "posted": date(2023, 2, 1)},
        {"pay_currency": "EUR", "posted": date(1998, 12, 31)},
        {"pay_currency": "EUR", "year": 2090},
    ],
)
def test_no_rate_is_unconverted(cells: dict[str, Any]) -> None:
    records = paid(**cells)
    assert records.select("low", "high").row(0) == (None, None)
    assert money.unconverted(records) == 1


def test_roubles_while_they_were_quoted() -> None:
    assert paid(pay_currency="RUB", posted=date(2022, 3, 4))["low"].item() is not None
    assert paid(pay_currency="RUB", year=2021)["low"].item() is not None


def test_an_unknown_currency_is_null_and_not_unconverted() -> None:
    records = paid(pay_currency=None, year=2024)
    assert records["low"].item() is None
    assert money.unconverted(records) == 0


@pytest.mark.parametrize("interval", PER_YEAR)
def test_intervals(interval: str) -> None:
    found = paid(pay_currency="USD", pay_interval=interval)
    assert found["low"].item() == 100 * PER_YEAR[interval]


def test_no_records() -> None:
    records = money.annualise(paid()[:0])
    assert records.height == 0
    assert money.own_figure_difference(records) == money.undated(records) == {}


def test_no_interval_no_annual_pay() -> None:
    assert paid(pay_interval=None, pay_currency="USD")["low"].item() is None


rows = st.fixed_dictionaries(
    {
        "pay_currency": st.sampled_from(["USD", "EUR", "GBP", "CLP", "RUB", None]),
        "posted": st.one_of(st.none(), st.dates(date(1998, 1, 1), date(2027, 1, 1))),
        "year": st.one_of(st.none(), st.integers(1995, 2027)),
    }
)


@settings(deadline=None, max_examples=40)
@given(records=st.lists(rows, min_size=1, max_size=8))
def test_a_batch_is_its_rows(records: list[dict[str, Any]]) -> None:
    schema = {"pay_currency": pl.String, "posted": pl.Date, "year": pl.Int32}
    together = usd_per_unit(pl.DataFrame(records, schema=schema)).to_list()
    alone = [usd_per_unit(pl.DataFrame([each], schema=schema)).item() for each in records]
    assert together == alone


def test_yearly_means_need_most_of_the_year() -> None:
    roubles = yearly_rates().filter(pl.col("currency") == "RUB")["year"]
    assert roubles.max() == 2021


def test_own_figure_difference() -> None:
    records = pl.concat(
        [
            paid(pay_currency="EUR", year=2024, pay_usd_low=108.0, pay_usd_high=216.0),
            paid(pay_currency="USD", year=2024, pay_usd_low=1.0, pay_usd_high=1.0),
            paid(pay_currency="CLP", year=2024, pay_usd_low=1.0, pay_usd_high=1.0),
        ]
    )
    found = money.own_figure_difference(records)
    ours = records["low"][0]
    assert found["own_usd_n"] == 1
    assert found["own_usd_median_difference"] == pytest.approx(abs(108 / ours - 1))
    assert money.own_figure_difference(records[1:]) == {}


def test_real_file() -> None:
    path = SHARED / "aijobs" / "salaries_2025-01-19.csv"
    if not path.exists():
        pytest.skip("the aijobs.net file is not beside the repository (../shared/data)")
    reading = money.annualise_reading(read(path))
    assert reading.source.unconverted == 1  # Chilean pesos: no ECB rate
    assert reading.source.notes["own_usd_n"] == 2123
    assert 0.015 < reading.source.notes["own_usd_median_difference"] < 0.03
    dollars = reading.records.filter(pl.col("pay_currency") == "USD")
    assert (dollars["low"] == dollars["pay_usd_low"]).all()


def test_annualise_reading_counts() -> None:
    frame = pl.DataFrame(
        {
            "title": ["A", "B"],
            "salary": [5e4, 9e6],
            "currency": ["EUR", "CLP"],
            "year": [2024, 2024],
        }
    )
    reading = money.annualise_reading(read_table(frame))
    assert reading.source.unconverted == 1
    assert reading.records["low"].null_count() == 1


# price levels


def test_price_levels() -> None:
    table = money.price_levels()
    assert table.filter(pl.col("country") == "US")["level"].unique().to_list() == [1.0]
    assert table["level"].is_between(0.1, 2).all()
    assert table.select("country", "year").is_duplicated().sum() == 0
    assert "CL" not in table["country"]
    latest = dict(table.filter(pl.col("year") == 2024).select("country", "level").rows())
    assert latest["IN"] < latest["PL"] < latest["DE"] < latest["US"] < latest["CH"]


def test_to_ppp() -> None:
    table = money.price_levels()
    last = table.filter(pl.col("country") == "DE").sort("year").row(-1, named=True)
    asked = [last["year"], last["year"] + 3, last["year"] + 4, None, 2000]
    found = money.to_ppp(pl.Series(["DE"] * 5), pl.Series(asked)).to_list()
    assert found == [last["level"], last["level"], None, last["level"], None]
    nowhere = money.to_ppp(pl.Series(["CL", None]), pl.Series([2020, 2020]))
    assert nowhere.to_list() == [None, None]


def test_price_levels_are_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    ppp = SHARED / "worldbank" / "ppp_pa_nus_ppp.csv"
    if not ppp.exists():
        pytest.skip("the World Bank file is not beside the repository (../shared/data)")
    data, out = ROOT / "src" / "rolediff" / "data", tmp_path / "out.csv"
    script = ROOT / "tools" / "build_price_levels.py"
    command = [
        sys.executable,
        str(script),
        str(ppp),
        str(data / "country_currencies.csv"),
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert out.read_bytes() == (data / "price_levels.csv").read_bytes()


# real terms


def cpi_file(tmp_path: Path, content: str) -> Path:
    file = tmp_path / "cpi.csv"
    file.write_text(content, encoding="utf-8")
    return file


def test_real_factors(tmp_path: Path) -> None:
    file = cpi_file(tmp_path, "Year,CPI\n2023,100\n2024,110\n")
    assert money.real_factors(file, 2024).rows() == [(2023, None, 1.1), (2024, None, 1.0)]


def test_real_factors_by_country(tmp_path: Path) -> None:
    file = cpi_file(tmp_path, "country,year,cpi\nUSA,2023,50\nGermany,2023,80\nUSA,2024,100\n")
    assert money.real_factors(file, 2023).rows() == [
        (2023, "DE", 1.0),
        (2023, "US", 1.0),
        (2024, "US", 0.5),
    ]
    with pytest.raises(DataError, match="no year 2024 for DE; choose among 2023, 2024"):
        money.real_factors(file, 2024)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("year,cpi\n2023,100\n", DataError, "no year 2024; choose among 2023"),
        ("year,index\n2023,100\n", ColumnError, "no column cpi; it has year, index"),
        ("year,cpi\n2024,high\n", UnreadableError, "row 1 of"),
        ("year,cpi\n2024,0\n", UnreadableError, "row 1 of"),
        ("year,cpi,country\n2024,10,Atlantis\n", UnreadableError, "row 1 of"),
        ("year,cpi\n2024,1\n2024,2\n", DataError, "2024 twice"),
        ("year,cpi\n", UnreadableError, "has no rows"),
    ],
)
def test_bad_price_indices(
    tmp_path: Path, content: str, error: type[DataError], message: str
) -> None:
    with pytest.raises(error) as caught:
        money.real_factors(cpi_file(tmp_path, content), 2024)
    assert message in str(caught.value)
