"""Markets: equal bytes, honest descriptions, parts that add up, and the one that is bundled."""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import PAIR, csv_file, jobs
from hypothesis import given, settings
from hypothesis import strategies as st

import rolediff
from rolediff.errors import MarketError
from rolediff.market import KEYS, Market, bundled, compress, load, load_files, merge, save

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
BUNDLED = Path(str(files("rolediff"))) / "data" / "market"


@pytest.fixture
def market() -> Market:
    return load(jobs()).market


def same(a: Market, b: Market) -> bool:
    tables = ((a.cells, b.cells), (a.pay, b.pay), (a.asks.collect(), b.asks.collect()))
    return all(mine.equals(theirs) for mine, theirs in tables) and a.sources == b.sources


def described(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


# a folder


def test_what_is_saved_is_what_is_opened(market: Market, tmp_path: Path) -> None:
    assert same(rolediff.open(save(market, tmp_path / "m")), market)


def test_saving_twice_gives_equal_bytes(market: Market, tmp_path: Path) -> None:
    first, second = (save(market, tmp_path / name) for name in "ab")
    assert content(first) == content(second)
    assert content(save(rolediff.open(first), tmp_path / "c")) == content(first)


def test_the_order_of_rows_does_not_matter(market: Market) -> None:
    mixed = load(jobs().sample(fraction=1, shuffle=True, seed=3)).market
    assert mixed.cells.equals(market.cells)
    assert mixed.pay.equals(market.pay)


def test_saving_over_a_market_replaces_it(market: Market, tmp_path: Path) -> None:
    folder = save(load(jobs(60)).market, tmp_path / "m")
    assert len(rolediff.open(save(market, folder))) == 240
    assert [file.name for file in tmp_path.iterdir()] == ["m"]


def test_saving_spares_a_folder_that_is_no_market(market: Market, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(MarketError, match="choose another folder"):
        save(market, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_failed_save_leaves_nothing_behind(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(market, tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


def test_the_package_describes_its_tables(market: Market, tmp_path: Path) -> None:
    folder = save(market, tmp_path / "m")
    for resource in described(folder)["resources"]:
        stored = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(stored).hexdigest()}"
        assert resource["bytes"] == len(stored)
        frame = pl.read_parquet(stored)
        assert resource["rows"] == frame.height
        assert [f["name"] for f in resource["schema"]["fields"]] == frame.columns


def test_the_package_names_its_sources(tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs(100, currency=["USD"] * 97 + ["XXQ"] * 3))
    (source,) = described(save(load(file).market, tmp_path / "m"))["rolediff"]["sources"]
    assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (source["rows"], source["records"], source["quarantined"]) == (100, 97, 3)
    assert {"licence", "version", "retrieved", "url"} <= source.keys()


# compress(a + b) == compress(a) + compress(b)


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(0, 60), seed=st.integers(0, 5))
def test_parts_add_up_to_the_whole(cut: int, seed: int) -> None:
    records = rolediff.read_records  # the reader of files; frames go through `load`
    assert callable(records)
    frame = jobs(60, seed, company=[f"c{i % 5}" if i % 4 else None for i in range(60)])
    from rolediff.annotate.money import annualise_reading
    from rolediff.read import read_table

    reading = annualise_reading(read_table(frame)).records
    whole = compress(reading)
    assert same(whole, compress(reading[:cut]) + compress(reading[cut:]))


def test_two_files_are_the_market_of_both(tmp_path: Path) -> None:
    frame = jobs()
    parts = [csv_file(tmp_path, frame[:100], "a.csv"), csv_file(tmp_path, frame[100:], "b.csv")]
    both, whole = load_files(parts).market, load(frame).market
    assert [s.records for s in both.sources] == [100, 140]
    there = both.rows().drop("source", "cell").sort(pl.all())
    assert there["n"].sum() == whole.rows()["n"].sum()
    assert len(both) == len(whole)


def test_merging_is_the_same_in_any_order() -> None:
    a, b, c = (load(jobs(30, seed)).market for seed in (1, 2, 3))
    assert same(merge(a, b, c), merge(c, a, b))
    assert same((a + b) + c, a + (b + c))


def test_cells_are_fewer_than_records_and_each_is_one_key(market: Market) -> None:
    assert market.cells.height < len(market) / 5
    assert market.cells.select(KEYS).is_unique().all()
    assert set(market.pay["cell"]) == set(market.cells["cell"])


def test_alike_records_are_one_line_with_a_count() -> None:
    market = load(pl.concat([jobs(40)] * 3)).market
    assert len(market) == 120
    assert market.pay["n"].min() == 3


# the bundled one


def test_the_bundled_market_has_37_612_records_of_pay_and_8_202_postings() -> None:
    market = bundled()
    pay, postings = market.sources
    assert (pay.records, pay.rows, pay.licence) == (37_612, 74_301, "CC0-1.0")
    assert (pay.version, postings.version) == ("2025-01-19", "2025-10-25")
    assert (postings.records, postings.unit) == (8_202, "posting")
    assert len(market) == 37_612 + 8_202
    assert market.postings()["n"].sum() == 8_202


def test_the_bundled_market_is_small() -> None:
    assert sum(map(len, content(BUNDLED).values())) < 1_500_000
    assert bundled().cells.height < len(bundled()) / 3


def test_the_bundled_tables_are_those_described() -> None:
    for resource in described(BUNDLED)["resources"]:
        stored = (BUNDLED / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(stored).hexdigest()}"


def test_the_bundled_market_holds_all_titles_not_only_our_pair() -> None:
    titles = set(bundled().titles["title"])
    assert len(titles) > 200
    assert {"data scientist", "ai engineer", "machine learning engineer"} <= titles


@pytest.mark.skipif(not DATA.is_dir(), reason="the two collections are not here")
def test_the_committed_command_builds_the_bundled_market_byte_for_byte(tmp_path: Path) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "build_market.py"))
    tool["main"].__globals__["TARGET"] = tmp_path / "market"
    tool["main"](str(DATA))
    assert content(tmp_path / "market") == content(BUNDLED)


def test_a_copied_market_gives_the_same_answer(tmp_path: Path) -> None:
    copy = shutil.copytree(BUNDLED, tmp_path / "copy")
    assert rolediff.diff(*PAIR, copy).gap == rolediff.diff(*PAIR).gap
