"""The aijobs.net reader: pairs of adjacent rows, on made-up rows and on the real file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from rolediff.errors import ColumnError
from rolediff.read import read, read_aijobs
from rolediff.records import QUARANTINE, RECORDS, Reading

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "aijobs" / "salaries_2025-01-19.csv"
HEADER = (
    "work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
    "employee_residence,remote_ratio,company_location,company_size"
)


def row(
    salary: object = 100000,
    title: str = "AI Engineer",
    location: str = "US",
    currency: str = "USD",
    usd: object = None,
) -> str:
    own = salary if usd is None else usd
    return f"2024,SE,FT,{title},{salary},{currency},{own},US,100,{location},M"


def write(path: Path, *rows: str) -> Path:
    file = path / "jobs.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return file


def ranges(reading: Reading) -> list[tuple[int, float, float]]:
    return reading.records.select("row", "pay_low", "pay_high").rows()


@pytest.fixture(scope="module")
def real() -> Reading:
    if not REAL.exists():
        pytest.skip("the aijobs.net file is not beside the repository (../shared/data)")
    return read(REAL)


def test_real_counts(real: Reading) -> None:
    source = real.source
    assert (source.rows, source.records, source.singles) == (74_301, 37_612, 923)
    assert source.quarantined == real.quarantine.height == 0
    assert real.records.height == source.records
    assert source.rows == 2 * (source.records - source.singles) + source.singles


@pytest.mark.parametrize(
    ("title", "n"), [("AI Engineer", 334), ("Machine Learning Engineer", 2_955)]
)
def test_real_titles(real: Reading, title: str, n: int) -> None:
    assert real.records.filter(pl.col("title") == title).height == n


def test_real_is_fully_coded(real: Reading) -> None:
    records = real.records
    for column in ("level", "employment_type", "remote", "company_size", "country", "year"):
        assert records.get_column(column).null_count() == 0
    assert real.source.notes == {}
    assert set(records["level"]) == {"junior", "mid", "senior", "executive"}
    assert records.schema == RECORDS
    assert (records["pay_low"] <= records["pay_high"]).all()


def test_real_source(real: Reading) -> None:
    source = real.source
    assert source.licence == "CC0-1.0"
    assert source.version == "2025-01-19"
    assert source.sha256.startswith("fce1318d")
    assert source.url == "https://github.com/foorilla/ai-jobs-net-salaries"


def test_every_real_row_is_in_one_record(real: Reading) -> None:
    """Records start where the one before ended: one row or two, none longer."""
    starts = [*real.records.get_column("row"), real.source.rows + 1]
    gaps = [after - before for before, after in pairwise(starts)]
    assert starts[0] == 1
    assert set(gaps) == {1, 2}
    assert gaps.count(1) == real.source.singles


def test_one_record(tmp_path: Path) -> None:
    line = "2023,EN,CT,Data Analyst,50000,EUR,54000,DE,50,AT,S"
    other = "2023,EN,CT,Data Analyst,40000,EUR,43000,DE,50,AT,S"
    reading = read_aijobs(write(tmp_path, line, other), retrieved="2025-01-19")
    found = reading.records.row(0, named=True)
    expected = {
        "source": "jobs",
        "row": 1,
        "title": "Data Analyst",
        "country": "DE",
        "level": "junior",
        "employment_type": "contract",
        "remote": "hybrid",
        "company_size": "small",
        "year": 2023,
        "pay_low": 40_000.0,
        "pay_high": 50_000.0,
        "pay_currency": "EUR",
        "pay_interval": "year",
        "pay_source": "field",
        "pay_basis": "unknown",
        "pay_usd_low": 43_000.0,
        "pay_usd_high": 54_000.0,
    }
    assert {name: value for name, value in found.items() if value is not None} == expected
    assert reading.source.retrieved == "2025-01-19"


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        ([9000], [(1, 9000, 9000)]),
        ([9000, 7000], [(1, 7000, 9000)]),
        ([7000, 7000], [(1, 7000, 7000)]),
        ([9000, 7000, 8000], [(1, 7000, 9000), (3, 8000, 8000)]),
        ([9000, 7000, 6000, 8000], [(1, 7000, 9000), (3, 6000, 8000)]),
        (
            [9000, 7000, 6000, 8000, 5000],
            [(1, 7000, 9000), (3, 6000, 8000), (5, 5000, 5000)],
        ),
    ],
)
def test_runs(tmp_path: Path, pay: list[int], expected: list[tuple[int, float, float]]) -> None:
    reading = read_aijobs(write(tmp_path, *(row(amount) for amount in pay)))
    assert ranges(reading) == expected
    assert reading.source.singles == len(pay) % 2


def test_only_neighbours_pair(tmp_path: Path) -> None:
    rows = [row(9000), row(5000, title="Data Analyst"), row(7000)]
    assert ranges(read_aijobs(write(tmp_path, *rows))) == [
        (1, 9000, 9000),
        (2, 5000, 5000),
        (3, 7000, 7000),
    ]


def test_rows_that_differ_in_company_location_do_not_pair(tmp_path: Path) -> None:
    reading = read_aijobs(write(tmp_path, row(9000), row(7000, location="CA")))
    assert reading.source.singles == 2


def test_a_quarantined_row_breaks_the_run(tmp_path: Path) -> None:
    reading = read_aijobs(write(tmp_path, row(9000), row(0), row(7000), row(6000)))
    assert ranges(reading) == [(1, 9000, 9000), (3, 6000, 7000)]
    assert reading.quarantine.rows() == [("jobs", 2, "pay is zero", "0")]
    assert (reading.source.rows, reading.source.quarantined, reading.source.singles) == (4, 1, 1)
    assert reading.quarantine.schema == QUARANTINE


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(title=""), "no title"),
        (row("lots"), "pay is not a number"),
        (row(usd="lots"), "pay is not a number"),
        (row(-5000), "pay is negative"),
        (row(0), "pay is zero"),
        (row(currency="XQZ"), "unknown currency code (ISO 4217)"),
        (row(45), "under 1,000 a year: an hourly or monthly figure labelled yearly?"),
        (row(20_000_000), "over 10 million US$ a year: a yearly figure labelled hourly?"),
        (row().replace("2024", "1024"), "impossible date"),
        (row() + ",extra", "more fields than the header has"),
    ],
)
def test_reasons(tmp_path: Path, line: str, reason: str) -> None:
    reading = read_aijobs(write(tmp_path, row(), line, row()))
    assert reading.quarantine.select("row", "reason").rows() == [(2, reason)]
    assert reading.records.height == 2


def test_yen_in_millions_are_no_absurdity(tmp_path: Path) -> None:
    reading = read_aijobs(write(tmp_path, row(12_000_000, currency="JPY", usd=80_000)))
    assert reading.source.quarantined == 0


def test_recognised_by_its_header(tmp_path: Path) -> None:
    file = write(tmp_path, row(9000), row(7000))
    assert read(file).records.height == 1
    assert read(file, format="csv").records.height == 2
    assert read(file, mapping={"pay": "salary_in_usd"}).records.height == 2


def test_another_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "jobs.csv"
    file.write_text("job_title,salary\nAI Engineer,90000\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="lacks company_location, company_size"):
        read_aijobs(file)
    assert read(file).records.height == 1


def test_unknown_codes_are_null_and_counted(tmp_path: Path) -> None:
    reading = read_aijobs(write(tmp_path, row().replace(",SE,", ",QQ,")))
    assert reading.records["level"].to_list() == [None]
    assert reading.source.notes == {"level_unknown": 1.0}
