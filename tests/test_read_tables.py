"""General tables: formats, names of columns, values, quarantine, and every structural error."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rolediff.errors import ColumnError, UnreadableError, UsageError
from rolediff.read import read, read_table
from rolediff.records import QUARANTINE, RECORDS, Reading

ROWS: dict[str, list[Any]] = {
    "job_title": ["AI Engineer", "ML Engineer", "Analyst"],
    "salary": [120_000, 150_000, None],
    "currency": ["USD", "EUR", None],
}
DAY = "2025-01-19"


def one(**cells: Any) -> Reading:
    """The reading of a single row, with a title unless one is given."""
    return read_table(pl.DataFrame({"title": ["AI Engineer"]} | {k: [v] for k, v in cells.items()}))


def record(**cells: Any) -> dict[str, Any]:
    reading = one(**cells)
    assert reading.quarantine.is_empty(), reading.quarantine.rows()
    return reading.records.row(0, named=True)


def text_file(tmp_path: Path, content: str | bytes, name: str = "jobs.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return file


# formats


def written(tmp_path: Path, kind: str) -> Path:
    frame = pl.DataFrame(ROWS)
    file = tmp_path / f"jobs.{kind}"
    match kind:
        case "csv":
            frame.write_csv(file)
        case "tsv":
            frame.write_csv(file, separator="\t")
        case "parquet":
            frame.write_parquet(file)
        case "jsonl" | "ndjson":
            frame.write_ndjson(file)
        case "json":
            frame.write_json(file)
        case "csv.gz":
            file.write_bytes(gzip.compress(frame.write_csv().encode()))
        case "jsonl.gz":
            file.write_bytes(gzip.compress(frame.write_ndjson().encode()))
        case "json.gz":
            file.write_bytes(gzip.compress(frame.write_json().encode()))
        case "csv.zst":
            file.write_bytes(pa.compress(frame.write_csv().encode(), "zstd", asbytes=True))
    return file


@pytest.mark.parametrize(
    "kind",
    [
        *("csv", "tsv", "parquet", "jsonl", "ndjson", "json"),
        *("csv.gz", "jsonl.gz", "json.gz", "csv.zst"),
    ],
)
def test_formats_agree(tmp_path: Path, kind: str) -> None:
    reading = read(written(tmp_path, kind), name="jobs")
    assert_frame_equal(reading.records, read_table(pl.DataFrame(ROWS), name="jobs").records)
    assert reading.records.schema == RECORDS
    assert reading.quarantine.schema == QUARANTINE
    assert len(reading.source.sha256) == 64
    assert reading.source.rows == reading.source.records == 3


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(ROWS),
        pl.LazyFrame(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS).astype({"job_title": "category"}),
        pa.table(ROWS),
        pa.RecordBatch.from_pydict(ROWS),
    ],
    ids=["polars", "lazy", "pandas", "categorical", "pyarrow", "batch"],
)
def test_frames_agree(frame: Any) -> None:
    reading = read_table(frame)
    assert reading.records["pay_low"].to_list() == [120_000.0, 150_000.0, None]
    assert reading.records["title"].to_list() == ROWS["job_title"]
    assert reading.records["source"].to_list() == ["table"] * 3


def test_pandas_dates() -> None:
    frame = pd.DataFrame(ROWS).assign(date_posted=pd.to_datetime(["2024-05-01", None, None]))
    assert read_table(frame).records["posted"].to_list() == [date(2024, 5, 1), None, None]


def test_semicolons_and_byte_order_mark(tmp_path: Path) -> None:
    file = text_file(tmp_path, "\ufefftitle;salary;currency\nAnalyst;50.000,50;EUR\n")
    assert read(file).records["pay_low"].to_list() == [50_000.5]


def test_retrieved_is_the_day_of_the_file_unless_given(tmp_path: Path) -> None:
    file = written(tmp_path, "csv")
    assert read(file).source.retrieved == date.fromtimestamp(file.stat().st_mtime).isoformat()
    assert read(file, retrieved=DAY).source.retrieved == DAY


# names of columns


def test_jobspy_columns(tmp_path: Path) -> None:
    header = (
        "site,job_url,title,company,location,date_posted,job_type,salary_source,interval,"
        "min_amount,max_amount,currency,is_remote,job_level,company_industry"
    )
    line = (
        'indeed,https://example.org/1,AI Engineer,Acme,"Austin, TX, US",2024-06-03,fulltime,'
        "direct_data,hourly,50.0,60.0,USD,True,mid-senior level,Software"
    )
    found = read(text_file(tmp_path, f"{header}\n{line}\n")).records.row(0, named=True)
    assert found["employer"] == "Acme"
    assert found["country"] == "US"
    assert found["posted"] == date(2024, 6, 3)
    assert (found["pay_low"], found["pay_high"], found["pay_interval"]) == (50.0, 60.0, "hour")
    assert (found["pay_currency"], found["remote"], found["level"]) == ("USD", "remote", "senior")
    assert (found["employment_type"], found["industry"]) == ("full-time", "Software")


def test_applicant_tracking_columns() -> None:
    found = record(
        company_name="Acme",
        salary_min=60_000.0,
        salary_max=75_000.0,
        salary_currency="GBP",
        salary_period="YEAR",
        country_iso="GB",
        posted_at="2025-10-10T21:10:27.371+00:00",
        seniority="Lead",
        employment_type="FULL_TIME",
        is_remote=False,
    )
    assert (found["pay_low"], found["pay_high"], found["pay_currency"]) == (60e3, 75e3, "GBP")
    assert (found["country"], found["posted"], found["year"]) == ("GB", date(2025, 10, 10), 2025)
    assert (found["level"], found["remote"], found["employment_type"]) == (
        "lead",
        None,
        "full-time",
    )


@pytest.mark.parametrize("name", ["Job Title", "job_title", "JOBTITLE", "Position", "role"])
def test_titles_are_recognised(name: str) -> None:
    assert read_table(pl.DataFrame({name: ["Analyst"], "Pay": [5e4]})).records.height == 1


@pytest.mark.parametrize(
    ("column", "currency"),
    [
        ("salary_usd", "USD"),
        ("salary_in_usd", "USD"),
        ("Salary (EUR)", "EUR"),
        ("salary_gbp", "GBP"),
        ("salary", None),
        ("base_salary", None),
    ],
)
def test_a_currency_only_where_it_is_stated(column: str, currency: str | None) -> None:
    reading = one(**{column: 90_000})
    assert reading.records["pay_currency"].to_list() == [currency]
    assert reading.source.notes.get("currency_unknown", 0) == (currency is None)


def test_the_dollar_figure_of_the_source_stands_beside_its_pay() -> None:
    found = record(salary=80_000, salary_currency="EUR", salary_in_usd=86_000)
    assert (found["pay_low"], found["pay_currency"], found["pay_usd_low"]) == (8e4, "EUR", 86e3)


def test_a_mapped_dollar_column_is_not_read_in_the_local_currency() -> None:
    frame = pl.DataFrame(
        {"job": ["X"], "salary": [9e6], "salary_currency": ["JPY"], "salary_in_usd": [6e4]}
    )
    found = read_table(frame, mapping={"pay": "salary_in_usd"}).records.row(0, named=True)
    assert (found["pay_low"], found["pay_currency"]) == (6e4, "USD")


def test_mapping_goes_first() -> None:
    frame = pl.DataFrame({"title": ["no"], "what": ["Analyst"], "gross": [5e4], "salary": [1.0]})
    found = read_table(frame, mapping={"role": "what", "pay": "gross"}).records
    assert found.select("title", "pay_low").rows() == [("Analyst", 5e4)]


def test_mapping_of_both_ends() -> None:
    frame = pl.DataFrame({"title": ["A"], "from": [5e4], "to": [6e4], "cur": ["eur"]})
    mapping = {"min": "from", "max": "to", "currency": "cur"}
    found = read_table(frame, mapping=mapping).records
    assert found.select("pay_low", "pay_high", "pay_currency").rows() == [(5e4, 6e4, "EUR")]


def test_a_mapped_column_that_is_not_there() -> None:
    frame = pl.DataFrame({"title": ["A"], "base_salary": [1.0], "town": ["x"]})
    with pytest.raises(ColumnError, match=r'no column "base_salry" for pay; closest: base_salary'):
        read_table(frame, mapping={"pay": "base_salry"})
    with pytest.raises(ColumnError, match="the columns are: title, base_salary, town"):
        read_table(frame, mapping={"pay": "zzz"})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["salary", "town"], r"no job title column among: salary, town; .*--map role=COLUMN"),
        (["title", "town"], r"no pay column among: title, town; .*--map pay=COLUMN"),
    ],
)
def test_needed_columns(columns: list[str], message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        read_table(pl.DataFrame({name: ["1"] for name in columns}))


def test_usage_errors() -> None:
    frame = pl.DataFrame(ROWS)
    with pytest.raises(UsageError, match='"colour" is not a field; use one of: '):
        read_table(frame, mapping={"colour": "salary"})
    with pytest.raises(UsageError, match="not an ISO 4217"):
        read_table(frame, currency="DOLLAR!")
    with pytest.raises(UsageError, match="use one of: year, month, week, day, hour"):
        read_table(frame, interval="fortnight")
    with pytest.raises(UsageError, match="write it YYYY-MM-DD"):
        read_table(frame, retrieved="yesterday")


def test_nested_columns_are_refused() -> None:
    with pytest.raises(ColumnError, match='column "title" holds'):
        read_table(pl.DataFrame({"title": [["A"]], "salary": [5e4]}), mapping={"role": "title"})


def test_nested_columns_are_passed_over() -> None:
    assert record(salary=5e4, location={"city": "Leeds"}, country=["GB"])["country"] is None


# values


@pytest.mark.parametrize(
    ("pay", "low", "high", "currency", "interval"),
    [
        ("120,000", 120e3, 120e3, None, "year"),
        ("120000.00", 120e3, 120e3, None, "year"),
        (" $120,000 ", 120e3, 120e3, None, "year"),
        ("120k", 120e3, 120e3, None, "year"),
        ("€55.000,50", 55_000.5, 55_000.5, "EUR", "year"),
        ("£60K - £75K", 60e3, 75e3, "GBP", "year"),
        ("100000-150000", 100e3, 150e3, None, "year"),
        ("100k – 150k", 100e3, 150e3, None, "year"),
        ("100-150k", 100e3, 150e3, None, "year"),
        ("US$100k to US$120k a year", 100e3, 120e3, "USD", "year"),
        ("$25.50/hr", 25.5, 25.5, None, "hour"),
        ("CHF 8'500 per month", 8500.0, 8500.0, "CHF", "month"),
        ("12,00,000 INR p.a.", 1.2e6, 1.2e6, "INR", "year"),
        ("50 000 kr", 5e4, 5e4, None, "year"),
    ],
)
def test_pay_as_people_write_it(
    pay: str, low: float, high: float, currency: str | None, interval: str
) -> None:
    found = record(salary=pay)
    assert (found["pay_low"], found["pay_high"]) == (low, high)
    assert (found["pay_currency"], found["pay_interval"]) == (currency, interval)


@pytest.mark.parametrize("absent", ["", "NA", "n/a", "null", "None", "-", "nan", "  ", None])
def test_a_record_without_pay_is_kept(absent: str | None) -> None:
    found = record(salary=absent, currency="EUR")
    assert (found["pay_low"], found["pay_high"], found["pay_source"]) == (None, None, None)


def test_missing_numbers_in_typed_columns() -> None:
    assert record(salary=float("nan"))["pay_low"] is None


@pytest.mark.parametrize("text", ["Competitive", "Negotiable", "depends on experience", "DOE"])
def test_words_in_place_of_a_figure_state_no_pay(text: str) -> None:
    assert record(salary=text)["pay_low"] is None


def test_free_text_beside_a_range() -> None:
    found = record(salary="see below", salary_min=5e4, salary_max=6e4)
    assert (found["pay_low"], found["pay_high"]) == (5e4, 6e4)
    assert one(salary="see below", salary_min=None).quarantine["value"].to_list() == ["see below"]


def test_one_end_stands_for_both_and_is_counted() -> None:
    reading = one(salary_min=None, salary_max=90_000)
    assert reading.records.select("pay_low", "pay_high").rows() == [(9e4, 9e4)]
    assert reading.source.notes["one_sided_ranges"] == 1


@pytest.mark.parametrize(
    ("word", "interval"),
    [
        ("yearly", "year"),
        ("ANNUAL", "year"),
        ("per year", "year"),
        ("monthly", "month"),
        ("Week", "week"),
        ("daily", "day"),
        ("hourly", "hour"),
        ("1 hour", "hour"),
        (None, "year"),
    ],
)
def test_intervals(word: str | None, interval: str) -> None:
    assert record(salary=2_000, interval=word)["pay_interval"] == interval


def test_what_the_user_states_fills_what_rows_do_not() -> None:
    frame = pl.DataFrame({"title": ["A", "B"], "pay": ["20", "£30"], "period": [None, "day"]})
    found = read_table(frame, currency="eur", interval="hourly").records
    assert found["pay_currency"].to_list() == ["EUR", "GBP"]
    assert found["pay_interval"].to_list() == ["hour", "day"]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        *[("EN", "junior"), ("Entry level", "junior"), ("Mid-Senior level", "senior")],
        *[("MI", "mid"), ("intern", "intern"), ("Staff", "staff"), ("Principal", "principal")],
        *[("manager", "manager"), ("Director", "director"), ("EX", "executive"), ("wizard", None)],
    ],
)
def test_levels(word: str, level: str | None) -> None:
    assert record(salary=5e4, level=word)["level"] == level


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *[("us", "US"), ("USA", "US"), ("United States", "US"), ("U.S.", "US"), ("UK", "GB")],
        *[("Germany", "DE"), ("DEU", "DE"), ("Côte d’Ivoire", "CI"), ("Georgia", "GE")],
        *[("Korea, Republic of", "KR"), ("Türkiye", "TR"), ("Atlantis", None)],
    ],
)
def test_countries(word: str, code: str | None) -> None:
    assert record(salary=5e4, country=word)["country"] == code


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Leeds, England, United Kingdom", "GB"),
        ("Toronto, ON, CA", "CA"),
        ("Atlanta, GA, US", "US"),
        ("Atlanta, GA", None),
        ("Savannah, Georgia", None),
        ("Germany", "DE"),
        ("Remote", None),
    ],
)
def test_places(place: str, code: str | None) -> None:
    assert record(salary=5e4, location=place)["country"] == code


@pytest.mark.parametrize(
    ("written", "posted", "year"),
    [
        ("2024-05-01", date(2024, 5, 1), 2024),
        ("2024-05-01T23:59:00Z", date(2024, 5, 1), 2024),
        ("May 1, 2024", date(2024, 5, 1), 2024),
        ("1714521600000", date(2024, 5, 1), 2024),
        (date(2024, 5, 1), date(2024, 5, 1), 2024),
        ("2024-05", None, 2024),
        (None, None, None),
    ],
)
def test_dates(written: Any, posted: date | None, year: int | None) -> None:
    found = record(salary=5e4, date_posted=written)
    assert (found["posted"], found["year"]) == (posted, year)


def test_country_table_is_complete() -> None:
    data = Path(__file__).parents[1] / "src" / "rolediff" / "data"
    table = pl.read_csv(data / "countries.csv", infer_schema=False)
    assert table.height == 249
    assert table["code2"].n_unique() == table["code3"].n_unique() == 249
    codes = pl.read_csv(data / "currencies.csv", infer_schema=False)["code"]
    assert codes.is_duplicated().sum() == 0


# quarantine


@pytest.mark.parametrize(
    ("cells", "reason", "value"),
    [
        ({"title": " "}, "no title", None),
        ({"salary": "a lot"}, "pay is not a number", "a lot"),
        ({"salary": "€120.000"}, "pay is not a number", "€120.000"),
        ({"salary": "inf"}, "pay is not a number", "inf"),
        ({"salary": "-50000"}, "pay is negative", "-50000"),
        ({"salary": "0"}, "pay is zero", "0"),
        ({"salary": "90000-80000"}, "minimum pay above maximum", "90000-80000"),
        ({"currency": "QQQ"}, "unknown currency code (ISO 4217)", "QQQ"),
        ({"interval": "per moon"}, "unknown pay interval", "per moon"),
        ({"posted": "2024-02-30"}, "impossible date", "2024-02-30"),
        ({"posted": "01/02/2024"}, "impossible date", "01/02/2024"),
        ({"posted": "1970-01-01"}, "impossible date", "1970-01-01"),
        ({"posted": "2026-01-20"}, "impossible date", "2026-01-20"),
        ({"year": "2027"}, "impossible date", "2027"),
        ({"year": "soon"}, "impossible date", "soon"),
        (
            {"salary": "45"},
            "under 1,000 a year: an hourly or monthly figure labelled yearly?",
            "45 EUR",
        ),
        (
            {"salary": "90000", "interval": "hour"},
            "over 10 million US$ a year: a yearly figure labelled hourly?",
            "90000 EUR per hour",
        ),
        ({"title": "", "salary": "junk"}, "no title", None),
    ],
)
def test_reasons(cells: dict[str, str], reason: str, value: str | None) -> None:
    good = {"title": "AI Engineer", "salary": "50000", "currency": "EUR", "interval": "year"}
    good |= {"posted": "2024-05-01", "year": "2024"}
    bad = good | cells
    frame = pl.DataFrame([good, bad, good])
    reading = read_table(frame, retrieved=DAY)
    assert reading.quarantine.rows() == [("table", 2, reason, value)]
    assert reading.records["row"].to_list() == [1, 3]
    source = reading.source
    assert (source.rows, source.records, source.quarantined) == (3, 2, 1)


@pytest.mark.parametrize("cells", [{"currency": "QQQ"}, {"interval": "per moon"}])
def test_odd_labels_of_no_pay_are_no_trouble(cells: dict[str, str]) -> None:
    assert record(salary=None, **cells)["pay_low"] is None


def test_min_above_max_in_two_columns() -> None:
    reading = one(salary_min=90_000, salary_max=80_000)
    assert reading.quarantine["value"].to_list() == ["90000 to 80000"]


def test_lines_with_too_many_fields(tmp_path: Path) -> None:
    file = text_file(tmp_path, "title,salary\nA,50000\nB, Jr,60000\nC,70000\n")
    reading = read(file)
    assert reading.quarantine.select("row", "reason", "value").rows() == [
        (2, "more fields than the header has", "3 fields for 2 columns")
    ]
    assert reading.records["row"].to_list() == [1, 3]


def test_every_row_may_be_quarantined() -> None:
    reading = one(salary="junk")
    assert reading.records.height == 0
    assert reading.records.schema == RECORDS


def test_short_lines_lack_pay(tmp_path: Path) -> None:
    assert read(text_file(tmp_path, "title,salary\nA\nB,50000\n")).records.height == 2


def test_duplicate_headers(tmp_path: Path) -> None:
    file = text_file(tmp_path, "title,salary,salary\nA,50000,60000\n")
    assert read(file).records["pay_low"].to_list() == [50_000.0]


# files that are not what they claim


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n", "is empty"),
        ("a.csv", b"title,salary\n", "has no rows"),
        ("a.csv", b"title,salary\nA,\x00\x01\n", "it holds NUL bytes; export it as UTF-8"),
        ("a.csv", "title,salary\nÉ,1\n".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
        ("a.csv", "title,salary\nA,1\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("a.csv", b"PAR1....", "is not CSV: it is Parquet"),
        ("a.csv", b"PK\x03\x04....", "an Excel workbook; save the sheet as CSV"),
        ("a.csv", b"\x1f\x8b....", "is compressed with gzip; name it .gz"),
        ("a.csv", b'title,salary\nA,"1\nB,2\n', "a quote that is never closed"),
        ("a.parquet", b"PAR1abc", "is not whole Parquet"),
        ("a.json", b'[{"title": "A"', "cannot be read as json"),
        ("a.json", b"[]", "has no rows"),
        ("a.csv.gz", gzip.compress(b"title,salary\nA,1\n" * 99)[:40], "cannot be read as csv"),
        ("a.json.gz", gzip.compress(b'[{"title": "A"}]')[:20], "cannot be read as json"),
        ("a.jsonl", b'{"title": "A"}\n{"tit', "cannot be read as jsonl"),
    ],
    ids=lambda value: "bytes" if isinstance(value, bytes) else None,
)
def test_unreadable(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = text_file(tmp_path, content, name)
    with pytest.raises(UnreadableError) as caught:
        read(file)
    assert message in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_truncated_parquet(tmp_path: Path) -> None:
    whole = written(tmp_path, "parquet").read_bytes()
    file = text_file(tmp_path, whole[: len(whole) // 2], "cut.parquet")
    with pytest.raises(UnreadableError, match="not whole Parquet"):
        read(file)


def test_absent_file_directory_and_format(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(UnreadableError, match="is a directory"):
        read(tmp_path)
    with pytest.raises(UsageError, match="unknown format"):
        read(written(tmp_path, "csv"), format="xml")


@pytest.mark.parametrize("thing", [42, {"title": ["A"]}, [1, 2], None])
def test_what_is_no_table(thing: Any) -> None:
    with pytest.raises(UnreadableError, match="is not a table"):
        read_table(thing)


def test_columns_of_mixed_types_are_refused() -> None:
    frame = pd.DataFrame({"title": ["A", "B"], "salary": ["50k", 60_000]})
    with pytest.raises(UnreadableError, match="give each column one type"):
        read_table(frame)


def test_empty_frame() -> None:
    with pytest.raises(UnreadableError, match="has no rows"):
        read_table(pl.DataFrame({"title": [], "salary": []}))


def test_json_lines_named_json(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"title": "A", "salary": pay}) for pay in (50_000, "60k"))
    assert read(text_file(tmp_path, lines, "a.json")).records["pay_low"].to_list() == [5e4, 6e4]


# the law: a table read in parts is the table read whole

cells = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["AI Engineer", " ", "ML Engineer", None]),
        "salary": st.sampled_from(
            ["50000", "60k-80k", "€45,000", "-1", "0", "junk", "12", "99999999", "nan", None]
        ),
        "currency": st.sampled_from(["USD", "eur", "$", "QQQ", "CLP", "", None]),
        "interval": st.sampled_from(["year", "hourly", "moon", None]),
        "posted": st.sampled_from(["2024-05-01", "2024", "1/2/2024", None]),
        "country": st.sampled_from(["US", "Germany", "Atlantis", None]),
        "level": st.sampled_from(["SE", "Entry level", "wizard", None]),
    }
)


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(cells, min_size=2, max_size=12), data=st.data())
def test_parts_make_the_whole(rows: list[dict[str, str | None]], data: st.DataObject) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    cut = data.draw(st.integers(1, len(rows) - 1))
    whole = read_table(frame, retrieved=DAY)
    first, second = (read_table(part, retrieved=DAY) for part in (frame[:cut], frame[cut:]))
    later = pl.col("row") + cut
    for name in ("records", "quarantine"):
        parts = [getattr(first, name), getattr(second, name).with_columns(later)]
        assert_frame_equal(pl.concat(parts), getattr(whole, name))
    assert whole.source.rows == whole.source.records + whole.source.quarantined
