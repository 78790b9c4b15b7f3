"""Postings from every container and board, and everything that can be wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.market import load
from rolediff.read import json_array, posting_files, stream
from rolediff.read.html import HtmlBomb, as_text, html_text
from rolediff.read.posting_shape import LONGEST_TEXT
from rolediff.read.postings import (
    FORMATS,
    POSTINGS,
    PostingBatch,
    all_postings,
    postings_in_frame,
    read_postings,
)
from rolediff.records import QUARANTINE

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
DAY = "2026-11-23"
AD = {"id": "a", "title": "AI Engineer", "company": "Acme", "text": "Build agents in Python."}


def json_lines(*rows: Any) -> bytes:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return "\n".join(lines).encode()


def file(tmp_path: Path, content: bytes, name: str = "jobs.jsonl") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def reading(
    tmp_path: Path, content: bytes, name: str = "jobs.jsonl", **options: Any
) -> PostingBatch:
    return all_postings(file(tmp_path, content, name), retrieved=DAY, **options)


def posting(tmp_path: Path, row: dict[str, Any], **options: Any) -> dict[str, Any]:
    batch = reading(tmp_path, json_lines(row), **options)
    assert batch.quarantine.is_empty(), batch.quarantine.rows()
    return batch.postings.row(0, named=True)


def reasons(batch: PostingBatch) -> list[tuple[int | None, str]]:
    return batch.quarantine.select("row", "reason").rows()


# containers


CONTAINERS = [(kind, c) for kind in ("jsonl", "json", "csv", "tsv") for c in ("", ".gz", ".zst")]


@pytest.mark.parametrize(("kind", "compression"), [*CONTAINERS, ("parquet", "")])
def test_every_container_gives_the_same_postings(
    tmp_path: Path, kind: str, compression: str
) -> None:
    frame = pl.DataFrame([AD, AD | {"id": "b", "text": 'Two\nlines, "quoted"; and more.'}])
    buffer = io.BytesIO()
    match kind:
        case "jsonl":
            frame.write_ndjson(buffer)
        case "json":
            frame.write_json(buffer)
        case "parquet":
            frame.write_parquet(buffer)
        case _:
            frame.write_csv(buffer, separator="\t" if kind == "tsv" else ",")
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}[compression]
    batch = reading(tmp_path, pack(buffer.getvalue()), f"jobs.{kind}{compression}")
    assert batch.postings.schema == POSTINGS
    assert batch.postings["source"].to_list() == ["jobs", "jobs"]
    assert batch.postings["row"].to_list() == [1, 2]
    assert batch.postings["text"].to_list() == frame["text"].to_list()
    assert batch.postings["employer"].to_list() == ["Acme", "Acme"]


@pytest.mark.parametrize("name", ["jobs", "jobs.dat", "jobs.json"])
def test_json_lines_are_known_by_content(tmp_path: Path, name: str) -> None:
    assert reading(tmp_path, json_lines(AD, AD), name).counts["postings"] == 2


def test_batches_are_bounded_and_in_order(tmp_path: Path) -> None:
    path = file(tmp_path, json_lines(*(AD | {"id": str(i)} for i in range(25))))
    batches = list(read_postings(path, batch=10))
    assert [b.postings.height for b in batches] == [10, 10, 5]
    assert pl.concat([b.postings for b in batches])["id"].to_list() == [str(i) for i in range(25)]


def test_csv_and_parquet_come_in_batches_too(tmp_path: Path) -> None:
    frame = pl.DataFrame([AD | {"id": str(i)} for i in range(25)])
    frame.write_csv(tmp_path / "jobs.csv")
    frame.write_parquet(tmp_path / "jobs.parquet")
    for name in ("jobs.csv", "jobs.parquet"):
        batches = list(read_postings(tmp_path / name, batch=10))
        assert all(batch.postings.height <= 10 for batch in batches)
        rows = pl.concat([batch.postings for batch in batches]).select("id", "row").rows()
        assert rows == [(str(i), i + 1) for i in range(25)]


def test_a_folder_is_read_through_in_order(tmp_path: Path) -> None:
    file(tmp_path, json_lines(AD), "b.jsonl")
    file(tmp_path, gzip.compress(json_lines(AD)), "a/jobs.jsonl.gz")
    file(tmp_path, json_lines(AD), ".hidden/c.jsonl")
    assert all_postings(tmp_path).postings["source"].to_list() == ["a/jobs", "b"]


def test_a_glob_is_sorted(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "c.txt"):
        file(tmp_path, json_lines(AD), name)
    assert all_postings(str(tmp_path / "*.jsonl")).postings["source"].to_list() == ["a", "b"]


def test_several_paths_are_read_in_the_order_named(tmp_path: Path) -> None:
    paths = [file(tmp_path, json_lines(AD), name) for name in ("b.jsonl", "a.jsonl")]
    assert all_postings(paths).postings["source"].to_list() == ["b", "a"]


# plain objects and tables


def test_the_plain_form(tmp_path: Path) -> None:
    row = posting(tmp_path, AD | {"location": "Toronto, ON, CA"})
    assert (row["id"], row["title"], row["country"]) == ("a", "AI Engineer", "CA")
    assert row["location"] == "Toronto, ON, CA"


def test_an_absent_id_is_the_place_in_the_file(tmp_path: Path) -> None:
    assert posting(tmp_path, {"title": "AI Engineer", "text": "x"})["id"] == "jobs:1"


def test_a_mapping_names_columns(tmp_path: Path) -> None:
    content = b"rolle,inhalt\nAI Engineer,Agenten bauen\n"
    mapping = {"role": "rolle", "text": "inhalt"}
    batch = reading(tmp_path, content, "jobs.csv", mapping=mapping)
    assert batch.postings.select("title", "text").row(0) == ("AI Engineer", "Agenten bauen")
    with pytest.raises(UnreadableError, match="no column"):
        reading(tmp_path, content, "jobs.csv", mapping={"role": "titel", "text": "inhalt"})
    with pytest.raises(UsageError, match="not a field"):
        reading(tmp_path, content, "jobs.csv", mapping={"colour": "inhalt"})


JOBSPY = {
    "id": "in-1f",
    "site": "indeed",
    "job_url": "https://www.indeed.com/viewjob?jk=1f",
    "title": "Machine Learning Engineer",
    "company": "Acme",
    "location": "Austin, TX, US",
    "date_posted": "2026-11-01",
    "job_type": "fulltime, contract",
    "interval": "yearly",
    "min_amount": 150_000.0,
    "max_amount": 190_000.0,
    "currency": "USD",
    "is_remote": True,
    "description": r"**About**\n* C\+\+ and scikit\-learn".replace("\\n", "\n"),
}


def test_jobspy(tmp_path: Path) -> None:
    frame = pl.DataFrame([JOBSPY])
    frame.write_csv(tmp_path / "jobs.csv")
    row = all_postings(tmp_path / "jobs.csv", retrieved=DAY).postings.row(0, named=True)
    assert row["text"] == "About\n* C++ and scikit-learn"
    assert (row["country"], row["board"], row["remote"]) == ("US", "indeed", "remote")
    assert (row["pay_low"], row["pay_high"], row["pay_currency"]) == (150_000, 190_000, "USD")
    assert (row["posted"], row["employment_type"]) == (date(2026, 11, 1), "full-time")


ATS = {
    "url": "https://jobs.lever.co/acme/1f",
    "title": "Senior AI Engineer",
    "company": "Acme",
    "ats_type": "lever",
    "ats_id": "1f",
    "location": "Berlin or Remote",
    "country_iso": "DE",
    "region": "Europe",
    "lat": None,
    "lon": None,
    "is_remote": True,
    "salary_currency": "EUR",
    "salary_period": "YEAR",
    "salary_summary": "€90K - €110K",
    "salary_min": 90_000.0,
    "salary_max": 110_000.0,
    "experience": 5,
    "employment_type": "FULL_TIME",
    "seniority": "senior",
    "department": None,
    "team": "Platform",
    "description": "Build agents.\nShip them.",
    "posted_at": "2026-10-01T09:00:00Z",
    "fetched_at": "2026-11-02T00:00:00Z",
    "first_seen_at": "2026-10-02T00:00:00Z",
    "last_seen_at": "2026-11-01T00:00:00Z",
    "application_deadline": "2026-12-31",
    "language": "en",
    "raw": '{"tags": []}',
}
ATS_WANTED = {
    "id": "lever:1f",
    "employer": "Acme",
    "country": "DE",
    "level": "senior",
    "remote": "remote",
    "employment_type": "full-time",
    "pay_low": 90_000.0,
    "pay_currency": "EUR",
    "pay_interval": "year",
    "department": "Platform",
    "experience": 5.0,
    "posted": date(2026, 10, 1),
    "first_seen": date(2026, 10, 2),
    "last_seen": date(2026, 11, 1),
    "expires": date(2026, 12, 31),
    "board": "lever",
    "text": "Build agents.\nShip them.",
}


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "polars", "pandas"])
def test_ats_scrapers(tmp_path: Path, form: str) -> None:
    frame = pl.DataFrame([ATS])
    match form:
        case "csv":
            frame.write_csv(tmp_path / "jobs.csv")
        case "parquet":
            dated = frame.with_columns(pl.col("posted_at").str.to_datetime(time_zone="UTC"))
            dated.write_parquet(tmp_path / "jobs.parquet")
        case "jsonl":
            frame.write_ndjson(tmp_path / "jobs.jsonl")
    if form == "polars":
        batch = postings_in_frame(frame, retrieved=DAY)
    elif form == "pandas":
        batch = postings_in_frame(pd.DataFrame([ATS]), retrieved=DAY)
    else:
        batch = all_postings(tmp_path, retrieved=DAY)
    row = batch.postings.row(0, named=True)
    assert {key: row[key] for key in ATS_WANTED} == ATS_WANTED


def test_ats_scrapers_of_later_versions_carry_their_own_id(tmp_path: Path) -> None:
    assert posting(tmp_path, ATS | {"global_id": "lever:own"})["id"] == "lever:own"
    assert posting(tmp_path, ATS | {"ats_id": "a\tb"})["id"] == "jobs:1"


# boards


def ashby_job(**changes: Any) -> dict[str, Any]:
    job = {
        "id": "1f",
        "title": "AI Engineer",
        "jobUrl": "https://jobs.ashbyhq.com/acme/1f",
        "isListed": True,
        "location": "Berlin",
        "descriptionPlain": "Build agents.",
        "address": {"postalAddress": {"addressCountry": "Germany"}},
    }
    return job | changes


def salary(low: float | None, high: float | None, currency: str = "EUR") -> dict[str, Any]:
    part = {"compensationType": "Salary", "interval": "1 YEAR", "currencyCode": currency}
    return part | {"minValue": low, "maxValue": high}


def test_ashby_pay_spans_the_bands_of_one_currency(tmp_path: Path) -> None:
    tiers = [{"components": [salary(90_000, 120_000), {"compensationType": "Bonus"}]}]
    tiers += [{"components": [salary(80_000, 100_000)]}, {"components": [salary(1, 2, "USD")]}]
    row = posting(tmp_path, ashby_job(compensation={"compensationTiers": tiers}))
    assert (row["pay_low"], row["pay_high"], row["pay_currency"]) == (80_000, 120_000, "EUR")
    assert (row["pay_source"], row["pay_basis"]) == ("field", "base")


def test_ashby_country_is_the_one_all_locations_share(tmp_path: Path) -> None:
    def elsewhere(country: str) -> dict[str, Any]:
        address = {"postalAddress": {"addressCountry": country}}
        return ashby_job(secondaryLocations=[{"location": "Elsewhere", "address": address}])

    assert posting(tmp_path, elsewhere("DE"))["country"] == "DE"
    several = posting(tmp_path, elsewhere("France"))
    assert (several["country"], several["also_in"]) == (None, ["Elsewhere"])


def test_unlisted_postings_are_counted_not_read(tmp_path: Path) -> None:
    content = json.dumps({"jobs": [ashby_job(), ashby_job(isListed=False)]}).encode()
    counts = reading(tmp_path, content, "acme.json").counts
    assert counts == {
        "rows": 2,
        "postings": 1,
        "quarantined": 0,
        "unlisted": 1,
        "text_cut": 0,
    }


def test_greenhouse_pay_is_in_cents(tmp_path: Path) -> None:
    row = posting(
        tmp_path,
        {
            "id": 7,
            "title": "AI Engineer",
            "absolute_url": "https://careers.acme.com/jobs?gh_jid=7",
            "content": "&lt;h2&gt;You&lt;/h2&gt;&lt;ul&gt;&lt;li&gt;C++&lt;/li&gt;&lt;/ul&gt;",
            "pay_input_ranges": [
                {"min_cents": 15_000_000, "max_cents": 20_000_000, "currency_type": "USD"}
            ],
        },
    )
    assert (row["pay_low"], row["pay_high"], row["pay_interval"]) == (150_000, 200_000, "year")
    assert (row["employer"], row["id"]) == ("careers.acme.com", "greenhouse:7")
    assert row["text"] == "You\n\n  - C++"


@pytest.mark.parametrize(
    ("stated", "interval", "low"),
    [("per-year-salary", "year", 4e4), ("per-hour-wage", "hour", 40), ("1 MONTH", "month", 4e3)],
)
def test_lever_intervals(tmp_path: Path, stated: str, interval: str, low: float) -> None:
    pay = {"min": low, "max": low * 2, "currency": "EUR", "interval": stated}
    job = {"id": "1f", "text": "AI Engineer", "hostedUrl": "https://jobs.lever.co/acme/1f"}
    row = posting(tmp_path, job | {"salaryRange": pay, "descriptionPlain": "Build."})
    assert (row["pay_interval"], row["employer"], row["title"]) == (interval, "acme", "AI Engineer")


def test_a_named_format_settles_whose_it_is(tmp_path: Path) -> None:
    row = posting(tmp_path, {"id": 1, "title": "AI Engineer", "content": "x"}, format="greenhouse")
    assert row["id"] == "greenhouse:1"
    with pytest.raises(UsageError, match="unknown format"):
        read_postings(tmp_path, format="workday")
    assert "ats-scrapers" in FORMATS


def fixtures(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared data are not beside this checkout")
    return path


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ashby", ("ashby:u-1", "Analytics Engineer", "GB", 60_000, 75_000, "GBP")),
        ("greenhouse", ("greenhouse:101", "Senior Data Analyst", "GB", None, None, None)),
        ("lever", ("lever:aaa-1", "Data Scientist", None, 50_000, 65_000, "GBP")),
    ],
)
def test_fixtures_of_boards(name: str, wanted: tuple[Any, ...]) -> None:
    batch = all_postings(fixtures(f"ats_fixtures/{name}.json"), retrieved=DAY)
    columns = ("id", "title", "country", "pay_low", "pay_high", "pay_currency")
    assert batch.postings.select(columns).rows() == [wanted]
    assert batch.postings["employer"].to_list() == ["acme"]


def test_the_snapshot_is_read_whole() -> None:
    path = fixtures("ashby/postings_2025-10.jsonl.zst")
    batches = list(read_postings(path, retrieved=DAY))
    postings = pl.concat([batch.postings for batch in batches])
    assert (postings.height, postings["employer"].n_unique()) == (8202, 407)
    assert sum(batch.quarantine.height for batch in batches) == 0
    assert postings["pay_low"].count() == 2734  # 9 of 2,743 fields cannot be believed
    assert sum(batch.remarks.height for batch in batches) == 9


# text


def test_html_keeps_lists_and_headings() -> None:
    html = "<h2>You</h2><p>know <b>C++</b>:</p><ul><li>SQL</li><li>R&amp;D</li></ul>"
    assert html_text(html) == "You\n\nknow C++:\n\n  - SQL\n  - R&D"


@pytest.mark.parametrize("text", ["List<String> & more", "a < b > c", "AT&T", "<3", "Vec<T>"])
def test_plain_text_is_left_alone(text: str) -> None:
    assert as_text(text) == text


def test_scripts_and_styles_are_dropped() -> None:
    html = "<p>Build</p><script>alert(1)</script><style>p{}</style><a href='x'>this</a>"
    assert html_text(html) == "Build\n\nthis"


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 100_000 + "x",
        "<b></i>" * 100_000,
        "<a><div>" * 60_000,
        "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x",
        "<p>" + "x" * 1_000_001,
    ],
)
def test_html_bombs_are_refused(tmp_path: Path, bomb: str) -> None:
    with pytest.raises(HtmlBomb):
        html_text(bomb)
    batch = reading(tmp_path, json_lines(AD | {"text": bomb}, AD))
    assert [row for row, reason in reasons(batch) if reason.startswith("HTML")] == [1]
    assert batch.counts["postings"] == 1


def test_a_picture_in_an_attribute_is_no_bomb() -> None:
    html = f'<p>Build<img src="data:image/png;base64,{"A" * 300_000}"></p>'
    assert html_text(html) == "Build"


def test_control_characters_are_removed(tmp_path: Path) -> None:
    row = posting(tmp_path, {"title": "AI\x00 Engi\u202eneer\x1b[2J", "text": "a\r\nb\x07\tc"})
    assert (row["title"], row["text"]) == ("AI Engineer[2J", "a\nb\tc")


def test_long_texts_are_cut_and_counted(tmp_path: Path) -> None:
    batch = reading(tmp_path, json_lines(AD | {"text": "word " * 60_000}))
    assert batch.counts["text_cut"] == 1
    assert batch.postings["text"].str.len_chars().item() == LONGEST_TEXT


@pytest.mark.parametrize("block", [7, 64, 1 << 20])
def test_a_long_array_is_read_element_by_element(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(posting_files, "LONG_ARRAY", 50)
    monkeypatch.setattr(json_array, "_BLOCK", block)
    ads = [AD | {"id": f"n{n}", "text": f"Ünïcode {n} " * 9} for n in range(40)]
    text = "\ufeff \n" + json.dumps(
        [*ads[:20], {"jobs": ads[20:]}, 7], ensure_ascii=False, indent=1
    )
    read = all_postings(file(tmp_path, text.encode(), "jobs.json"))
    assert read.postings["id"].to_list() == [ad["id"] for ad in ads]
    assert read.postings["text"].to_list() == [ad["text"] for ad in ads]
    assert read.quarantine["reason"].to_list() == ["not a JSON object"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (b", {", "malformed JSON"),
        (b" {}]", "no comma"),
        (b"] []", "more behind the end"),
        (b', {"title": "\xff"}]', "not UTF-8"),
        (b', "' + b"x" * 4000 + b'"]', "too long"),
    ],
)
def test_a_broken_array_keeps_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes, reason: str
) -> None:
    monkeypatch.setattr(posting_files, "LONG_ARRAY", 50)
    monkeypatch.setattr(posting_files, "LONGEST_DOCUMENT", 1000)
    monkeypatch.setattr(json_array, "_BLOCK", 300)
    read = all_postings(file(tmp_path, json.dumps([AD, AD]).encode()[:-1] + end, "jobs.json"))
    assert read.postings.height == 2
    assert reason in read.quarantine["reason"].item()


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    named = tmp_path / "caf\udce9.jsonl"
    try:
        named.write_bytes(json_lines(AD))
    except (OSError, UnicodeEncodeError):
        pytest.skip("the file system takes no such name")
    with pytest.raises(UnreadableError, match="is not UTF-8; rename"):
        all_postings(named)
    with pytest.raises(UnreadableError, match="is not UTF-8; rename"):
        load(named)


def test_lone_surrogates_do_not_stop_a_batch(tmp_path: Path) -> None:
    broken = '{"title": "AI \\ud800 Engineer", "text": "<p>\\udfff</p>"}'
    assert reading(tmp_path, json_lines(broken, AD)).counts["postings"] == 2


# what is wrong is set aside


def test_bad_lines_are_quarantined_with_line_and_reason(tmp_path: Path) -> None:
    content = b"\n".join(
        [
            json_lines(AD),
            b'{"title": "AI Engineer", "text": ',
            b"",
            b'{"title": "Caf\xe9", "text": "x"}',
            b"[1, 2]",
            b'{"title": null, "text": "x"}',
            b'{"title": "AI Engineer", "text": null}',
            b'{"title": "AI Engineer", "text": "  "}',
            json.dumps({"title": "A" * 1_000_000, "text": "x"}).encode(),
            b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
            b'{"name": "x"}',
            b'{"title": "AI Engineer", "text": 1' + b"0" * 5_000 + b"}",
            json_lines(AD),
        ]
    )
    batch = reading(tmp_path, content)
    found = dict(reasons(batch))
    assert batch.postings["row"].to_list() == [1, 13]
    assert found[2].startswith("malformed JSON")
    assert found[4] == "not UTF-8"
    assert found[5] == "not a JSON object"
    assert found[6] == "no title"
    assert found[7] == found[8] == "no text"
    assert found[9] == "a title of more than 500 characters"
    assert found[10] == "malformed JSON (nested too deep)"
    assert found[11] == "no title or no text among its keys"
    assert found[12].startswith("malformed JSON")
    assert batch.quarantine.schema == QUARANTINE
    assert batch.quarantine["value"].str.len_chars().max() <= 80  # type: ignore[operator]
    assert batch.counts["rows"] == batch.counts["postings"] + batch.counts["quarantined"]


def test_a_line_without_end_is_set_aside_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LONGEST_RECORD", 10_000)
    long = AD | {"text": "x" * 50_000}
    batch = reading(tmp_path, json_lines(AD, long, AD))
    assert reasons(batch) == [(2, "a line of more than 10,000 bytes")]
    assert batch.postings["row"].to_list() == [1, 3]


def test_bad_records_of_a_csv_stand_alone(tmp_path: Path) -> None:
    good = b"AI Engineer,Build\n"
    content = b"title,text\n" + good + b"A,b,c,d\n" + good + b"Caf\xe9,x\n" + good * 3
    batch = reading(tmp_path, content, "jobs.csv")
    assert reasons(batch) == [(2, "more fields than the header has"), (4, "not UTF-8")]
    assert batch.postings["row"].to_list() == [1, 3, 5, 6, 7]


def test_a_quote_never_closed_takes_no_other_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LONGEST_RECORD", 1_000)
    monkeypatch.setattr(stream, "_BLOCK", 500)
    content = b'title,text\nAI Engineer,"never closed\n' + b"AI Engineer,Build\n" * 100
    batch = reading(tmp_path, content, "jobs.csv")
    assert batch.counts["postings"] >= 90
    assert "quote" in reasons(batch)[0][1]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "jobs.jsonl", "is empty"),
        (b"PK\x03\x04abc", "jobs.csv", "zip archive"),
        ("title,text\nA,b\n".encode("utf-16"), "jobs.csv", "UTF-16"),
        (b"%PDF-1.7 x", "jobs.csv", "is a PDF"),
        (b"\x00\x01binary", "jobs.jsonl", "is binary"),
        (gzip.compress(gzip.compress(b"{}")), "jobs.jsonl.gz", "compressed twice"),
        (gzip.compress(json_lines(AD) * 50)[:-30], "jobs.jsonl.gz", "is broken"),
        (zstd.compress(json_lines(AD) * 50)[:20], "jobs.jsonl.zst", "is broken|is empty"),
        (b'{"title": ', "jobs.json", "malformed JSON"),
        (b'{"title": "Caf\xe9"}', "jobs.json", "not UTF-8"),
        (b"PAR1 not really", "jobs.parquet", "is not whole Parquet"),
        (b"a,b\n1,2\n", "jobs.csv", "no title column"),
        (b"title,b\n1,2\n", "jobs.csv", "no text column"),
    ],
    ids=lambda value: "bytes" if isinstance(value, bytes) else None,
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes, name: str, message: str
) -> None:
    path = file(tmp_path, content, name)
    with pytest.raises(DataError, match=message):
        all_postings(path)
    file(tmp_path, json_lines(AD), "good.jsonl")
    batch = all_postings(tmp_path)
    assert batch.counts["postings"] == 1
    assert [row for row, _ in reasons(batch)] == [None]


def test_a_zip_inside_gzip_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("jobs.jsonl", "{}")
    with pytest.raises(UnreadableError, match="zip archive"):
        reading(tmp_path, gzip.compress(inner.getvalue()), "jobs.jsonl.gz")


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
@pytest.mark.parametrize("filler", [b" ", b"x", b"\n"])
def test_what_expands_too_far_is_given_up(tmp_path: Path, pack: Any, filler: bytes) -> None:
    bomb = pack(json_lines(AD) + b"\n" + filler * (20 << 20))
    batch = reading(tmp_path, bomb)
    assert batch.counts["postings"] == 1
    assert [row for row, reason in reasons(batch) if "expands" in reason] == [None]


@pytest.mark.parametrize("name", ["jobs.jsonl", "jobs.csv"])
def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame([AD | {"id": str(i), "text": f"{i * 7919 % 9973}"} for i in range(5000)])
    content = frame.write_csv().encode() if name.endswith("csv") else frame.write_ndjson().encode()
    batch = reading(tmp_path, gzip.compress(content)[:-2000], f"{name}.gz")
    assert 1000 < batch.counts["postings"] < 5000
    assert "is broken" in reasons(batch)[0][1]


def test_nothing_readable_is_an_error_after_the_reasons(tmp_path: Path) -> None:
    path = file(tmp_path, b"{\n{\n")
    batches = read_postings(path)
    assert next(batches).quarantine.height == 2
    with pytest.raises(UnreadableError, match="no posting could be read"):
        next(batches)


def test_paths_that_name_nothing(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jsonl", str(tmp_path / "*.jsonl"), tmp_path):
        with pytest.raises(UnreadableError, match="no such file"):
            read_postings(path)
    with pytest.raises(UnreadableError, match="no files"):
        read_postings([])
    with pytest.raises(UsageError, match="batch"):
        read_postings(tmp_path, batch=0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"salary_min": -5.0}, "pay is negative"),
        ({"salary_min": 0.0, "salary_max": 0.0}, "pay is zero"),
        ({"salary_min": 200_000.0}, "minimum pay above maximum"),
        ({"salary_currency": "XQZ"}, "unknown currency code (ISO 4217)"),
        ({"salary_period": "fortnight"}, "unknown pay interval"),
        ({"posted_at": "1875-01-01"}, "impossible date"),
    ],
)
def test_a_value_beyond_belief_is_taken_out_and_remarked(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    batch = reading(tmp_path, json_lines(ATS | changes))
    assert batch.remarks.select("row", "reason").rows() == [(1, reason)]
    row = batch.postings.row(0, named=True)
    assert row["text"] == "Build agents.\nShip them."
    assert (row["posted"] is None) == (reason == "impossible date")
    assert (row["pay_low"] is None) == (reason != "impossible date")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = [*ATS, *JOBSPY, "jobUrl", "hostedUrl", "absolute_url", "content", "categories", "lists"]
KEYS += ["compensation", "secondaryLocations", "address", "departments", "text", "isListed"]
KEYS += [
    "@type",
    "@graph",
    "jobs",
    "baseSalary",
    "jobLocation",
    "hiringOrganization",
    "salaryRange",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8), min_size=1))
def test_any_json_is_read_or_quarantined(
    rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "jobs.jsonl"
    path.write_bytes(json_lines(*rows, AD))
    batch = all_postings(path, retrieved=DAY)
    counts = batch.counts
    assert batch.postings.height >= 1
    assert counts["rows"] == counts["postings"] + counts["quarantined"] + counts["unlisted"]


@pytest.mark.parametrize("header", [b"\x80", b"titl\xe9;text"])
def test_a_header_that_is_not_utf8_is_refused_in_one_line(tmp_path: Path, header: bytes) -> None:
    file = tmp_path / "ads.csv"
    file.write_bytes(header + b"\nML Engineer;We train models.\n")
    with pytest.raises(UnreadableError, match="UTF-8"):
        list(read_postings([file]))
