"""Files of postings as data: recognised, annotated, each ad found again, and answered from."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from pathlib import Path

import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from postings import jsonl, posting, raw

import rolediff
from rolediff.annotate.batch import annotate
from rolediff.doors.annotate import write
from rolediff.errors import ColumnError, UnreadableError, UsageError
from rolediff.market import Market, ReadOptions, load, load_files, once
from rolediff.market.annotated_files import annotated_batches, completed
from rolediff.market.what import what_is
from rolediff.read.postings import all_postings
from rolediff.read.recognise import frame_holds, holds

Capture = pytest.CaptureFixture[str]
TEXT = "We need Python. " * 20


def facts_file(folder: Path, name: str, n: int = 60) -> Path:
    """Made-up postings as `rolediff annotate` writes them."""
    told = annotate(all_postings(jsonl(folder, raw(n), "raw.jsonl")).postings)
    write(iter([told]), folder / name)
    return folder / name


def counts(market: Market) -> pl.DataFrame:
    """Lines without what depends on the file: its name and how ads were found."""
    return market.postings().drop("source", "ad").sort(pl.all())


# what a file holds


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("pay.csv", "title,pay\nAI Engineer,90000\n", "records"),
        ("ads.csv", f"title,description\nAI Engineer,{TEXT}\n", "postings"),
        ("remarks.csv", "title,pay,description\nAI Engineer,90000,good job\n", "records"),
        ("ads.jsonl", json.dumps({"title": "AI Engineer", "text": TEXT}), "postings"),
        ("pay.jsonl", json.dumps({"title": "AI Engineer", "pay": 90000}), "records"),
        ("lever.json", json.dumps([{"hostedUrl": "x", "text": "AI Engineer"}]), "postings"),
        ("page.html", "<html><body>a job</body></html>", "postings"),
        ("broken.json", "{", "records"),
        ("empty.csv", "", "records"),
        ("header.csv", "title,description\n", "records"),
        ("binary.csv", "\x00\x01", "records"),
    ],
)
def test_a_file_is_recognised_by_its_content(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    assert holds(file) == kind
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    assert holds(packed) == kind


def test_tables_are_recognised_too(tmp_path: Path) -> None:
    ads = pl.DataFrame({"title": ["AI Engineer"], "description": [TEXT]})
    ads.write_parquet(tmp_path / "ads.parquet")
    assert holds(tmp_path / "ads.parquet") == "postings"
    assert frame_holds(jobs()) == "records"
    mapped = ads.rename({"description": "anzeige"})
    assert frame_holds(mapped) == "records"
    assert frame_holds(mapped, {"text": "anzeige"}) == "postings"


def test_annotated_postings_are_told_from_raw_ones(tmp_path: Path) -> None:
    for name in ("facts.jsonl", "facts.parquet"):
        assert what_is(facts_file(tmp_path, name, 3), None, None) == "annotated"


def test_a_named_format_settles_it(tmp_path: Path) -> None:
    ads = csv_file(tmp_path, pl.DataFrame({"title": ["AI Engineer"], "description": [TEXT]}))
    assert what_is(ads, "csv", None) == "records"
    assert what_is(ads, "jobspy", None) == "postings"
    with pytest.raises(UsageError, match="unknown format"):
        what_is(ads, "word", None)


# to a market


def test_postings_of_any_form_give_the_same_market(tmp_path: Path) -> None:
    lines = load(jsonl(tmp_path, raw())).market
    tables = csv_file(tmp_path, pl.DataFrame(raw()), "ads.csv")
    assert counts(load(tables).market).equals(counts(lines))
    assert counts(load(pl.DataFrame(raw())).market).equals(counts(lines))
    for name in ("facts.jsonl", "facts.parquet"):
        assert counts(load(facts_file(tmp_path, name)).market).equals(counts(lines))
    assert len(lines) == lines.sources[0].records == 60
    assert lines.sources[0].unit == "posting"


def test_a_folder_of_postings_is_one_source(tmp_path: Path) -> None:
    folder = tmp_path / "ads"
    folder.mkdir()
    jsonl(folder, raw()[:30], "a.jsonl")
    jsonl(folder, raw()[30:], "b.jsonl")
    market = load(folder).market
    assert [s.name for s in market.sources] == ["ads"]
    assert counts(market).equals(counts(load(jsonl(tmp_path, raw())).market))


def test_a_repost_is_found_in_another_file(tmp_path: Path) -> None:
    draw = random.Random(5)
    first = posting(draw, 1, location="Berlin")
    words = " ".join(draw.choice(["alpha", "beta", "gamma", "delta", "eps"]) for _ in range(60))
    again = first | {"id": "made:2", "location": "Madrid"}
    ads = [{**p, "text": f"{first['text']} {words}"} for p in (first, again)]
    files = [jsonl(tmp_path, [ad], f"{i}.jsonl") for i, ad in enumerate(ads)]
    lines = load_files(files).market.postings()
    assert lines["ad"].null_count() == 0
    assert lines["ad"].n_unique() == 1
    assert once(lines, ["title"])["n"].sum() == 1
    alone = load(files[0]).market.postings()
    assert alone["ad"].null_count() == 1


def test_reposts_are_found_by_their_facts_where_there_is_no_text(tmp_path: Path) -> None:
    twice = [p | {"id": f"{p['id']}-{i}"} for p in raw(20) for i in (1, 2)]
    told = annotate(all_postings(jsonl(tmp_path, twice, "raw.jsonl")).postings)
    write(iter([told]), tmp_path / "facts.jsonl")
    lines = load(tmp_path / "facts.jsonl").market.postings()
    assert once(lines, ["source"])["n"].sum() == 20


def test_files_can_be_named_one_source(tmp_path: Path) -> None:
    parts = [csv_file(tmp_path, jobs(240)[a:b], f"{a}.csv") for a, b in ((0, 120), (120, 240))]
    apart = load_files(parts).market
    assert [s.name for s in apart.sources] == ["0", "120"]
    whole = load_files(parts, ReadOptions(source="mine")).market
    assert {s.name for s in whole.sources} == {"mine"}
    assert [(s.name, s.records, s.sha256) for s in whole.named_sources] == [("mine", 240, "")]
    (used,) = rolediff.diff(*PAIR, whole).sources
    assert (used["records"], used["used"]) == (240, 240)
    assert rolediff.diff(*PAIR, whole).gap.value == rolediff.diff(*PAIR, jobs(240)).gap.value
    assert rolediff.diff(*PAIR, apart).a.n == 60


def test_pay_without_a_currency_takes_the_one_that_is_said(tmp_path: Path) -> None:
    ad = posting(random.Random(1), 1)
    ad["text"] = ad["text"].partition("The base salary")[0]
    file = jsonl(tmp_path, [ad | {"min_amount": 90000, "max_amount": 120000}])
    silent, said = (load(file, ReadOptions(currency=c)).market.postings() for c in (None, "EUR"))
    assert silent["low"].to_list() == [None]
    assert said["currency"].to_list() == ["EUR"]
    assert said["low"][0] != 90000


# bad input


def test_lines_that_cannot_be_read_are_set_aside(tmp_path: Path) -> None:
    file = facts_file(tmp_path, "facts.jsonl", 5)
    text = file.read_text("utf-8")
    file.write_text(text + '{"title": 3\n{"title": "x"}\n', "utf-8")
    ((told, bad),) = annotated_batches(file)
    assert told.height == 5
    assert bad["row"].to_list() == [6, 7]
    loaded = load(file)
    assert (len(loaded.market), loaded.market.sources[0].quarantined) == (5, 2)


def test_what_is_not_annotated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="rolediff annotate"):
        completed(jobs())
    with pytest.raises(UnreadableError, match="no text column"):
        load(csv_file(tmp_path, jobs()), ReadOptions(format="postings"))
    (tmp_path / "half.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(UnreadableError, match="not whole Parquet"):
        list(annotated_batches(tmp_path / "half.parquet"))


def test_an_interval_is_for_tables_of_pay(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--interval"):
        load(jsonl(tmp_path, raw(3)), ReadOptions(interval="month"))


# the command


def test_postings_of_ones_own_give_an_answer(capsys: Capture, tmp_path: Path) -> None:
    file = jsonl(tmp_path, raw(200))
    market = tmp_path / "market"
    said = ask(capsys, "compress", file, "-o", market)
    assert (said.code, "200 records" in said.out, "distinct ads" in said.out) == (0, True, True)
    from_folder = ask(capsys, *PAIR, "--data", market, "--json")
    from_file = ask(capsys, *PAIR, "--data", file, "--json")
    assert from_folder.code == from_file.code == 0, from_folder.err
    assert from_folder.result["gap"] == from_file.result["gap"]
    assert from_folder.result["gap_employers"]["clusters"] == 6
    shutil.rmtree(market)


def test_bad_lines_are_told_and_the_rest_is_compressed(capsys: Capture, tmp_path: Path) -> None:
    file = jsonl(tmp_path, raw(20))
    file.write_text(file.read_text("utf-8") + "not JSON\n", "utf-8")
    aside = tmp_path / "aside.csv"
    said = ask(capsys, "compress", file, "-o", tmp_path / "m", "--quarantine", aside, "--json")
    assert said.code == 0
    assert said.result["records"] == 20
    assert "1 row set aside" in said.err
    assert pl.read_csv(aside).height == 1


def test_a_market_and_postings_make_one_market(capsys: Capture, tmp_path: Path) -> None:
    ask(capsys, "compress", csv_file(tmp_path, jobs()), "-o", tmp_path / "pay")
    board = jsonl(tmp_path, raw(20))
    said = ask(capsys, "compress", tmp_path / "pay", board, "-o", tmp_path / "all", "--json")
    assert [s["unit"] for s in said.result["sources"]] == ["posting", "record"]
    assert said.result["records"] == 260
