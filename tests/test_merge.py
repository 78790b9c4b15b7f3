"""Markets put together: exact, refused where they do not fit, versions of a source kept apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from asking import ask, jobs
from postings import annotated

import rolediff
from rolediff.errors import MarketError, UsageError
from rolediff.market import (
    Market,
    Where,
    background,
    compress_postings,
    load,
    merge,
    merging,
    open_market,
    save,
)
from rolediff.market.made_with import combined, made_with
from rolediff.market.merging import merge_folders, merge_on_disk, parts
from rolediff.records import Source

Capture = pytest.CaptureFixture[str]
BOARD = Source("board", unit="posting", kind="advertised", sha256="1" * 64, version="2025-10")


def month(seed: int, **source: str) -> Market:
    content = str(seed) * 64
    return compress_postings(annotated(40, seed), [replace(BOARD, sha256=content, **source)])


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_merged_folders_are_the_sum_of_the_markets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "AT_ONCE", 7)
    months = [month(1), month(2), load(jobs()).market]
    folders = [save(market, tmp_path / str(n)) for n, market in enumerate(months)]
    work = tmp_path / "w"
    work.mkdir()
    merged = save(merge_folders(folders, work), tmp_path / "merged")
    assert content(merged) == content(save(merge(*months), tmp_path / "sum"))
    again = save(merge_on_disk([open_market(f) for f in folders], work), tmp_path / "again")
    assert content(again) == content(merged)


def test_a_market_in_parts_is_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "AT_ONCE", 5)
    market = month(3)
    read = [part() for part in parts(market)]
    assert len(read) > 4
    by = [c for c, kind in market.everything().schema.items() if not kind.is_nested()]
    assert (
        pl.concat(read)
        .sort(by, nulls_last=True)
        .equals(market.everything().sort(by, nulls_last=True))
    )


def test_versions_of_a_source_are_told_apart(capsys: Capture, tmp_path: Path) -> None:
    old, new = month(1), month(2, version="2026-01, late")
    folders = [save(market, tmp_path / name) for name, market in (("old", old), ("new", new))]
    out = tmp_path / "year"
    said = ask(capsys, "merge", *folders, "-o", out, "--json")
    assert (said.code, said.result["records"]) == (0, 80)
    both = rolediff.open(out)
    assert [s.name for s in both.sources] == ["board@2025-10", "board@2026-01-late"]
    one = both.only(Where.parse("source=board@2025-10"))
    assert len(one) == 40
    pooled = ask(capsys, "merge", *folders, "-o", out, "--pool", "--json").result
    assert {s["name"] for s in pooled["sources"]} == {"board"}
    assert not list(tmp_path.glob(".*"))


def test_a_day_of_retrieval_tells_versions_apart_too(tmp_path: Path) -> None:
    work = tmp_path / "w"
    work.mkdir()
    days = ("2026-01-31", "2026-02-28")
    folders = [save(month(n, version="", retrieved=day), tmp_path / day)
               for n, day in enumerate(days, 1)]  # fmt: skip
    merged = merge_folders(folders, work)
    assert [s.name for s in merged.sources] == [f"board@{day}" for day in days]


def other(folder: Path, part: str) -> Path:
    """The market folder as if made with another vocabulary or catalogue."""
    file = folder / "datapackage.json"
    package = json.loads(file.read_text("utf-8"))
    package["rolediff"]["made_with"][part] = "0" * 16
    file.write_text(json.dumps(package), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("part", "said"), [("vocabulary", "vocabularies"), ("roles", "catalogues of roles")]
)
def test_what_was_made_otherwise_is_refused(
    capsys: Capture, tmp_path: Path, part: str, said: str
) -> None:
    a, b = save(month(1), tmp_path / "a"), other(save(month(2), tmp_path / "b"), part)
    refused = ask(capsys, "merge", a, b, "-o", tmp_path / "m")
    assert (refused.code, refused.err.count("\n")) == (3, 1)
    assert f"were made with different {said}" in refused.err
    assert not (tmp_path / "m").exists()
    with pytest.raises(MarketError, match=said):
        merge(rolediff.open(a), rolediff.open(b))
    with pytest.raises(MarketError, match=said):
        month(3) + rolediff.open(b)
    again = ask(capsys, "compress", b, a, "-o", tmp_path / "m")
    assert (again.code, said in again.err) == (3, True)


def test_a_folder_that_does_not_tell_fits_and_opens(tmp_path: Path) -> None:
    folder = save(month(1), tmp_path / "a")
    file = folder / "datapackage.json"
    package = json.loads(file.read_text("utf-8"))
    assert package["rolediff"].pop("made_with") == dict(made_with())
    file.write_text(json.dumps(package), "utf-8")
    opened = rolediff.open(folder)
    assert opened.made == {}
    assert len(opened + month(2)) == 80
    assert combined([("a", {}), ("b", None)]) == made_with()
    assert combined([("a", None), ("b", None)]) is None


def test_one_market_or_one_twice_is_refused(tmp_path: Path) -> None:
    a, b = save(month(1), tmp_path / "a"), save(month(1), tmp_path / "b")
    with pytest.raises(UsageError, match="two markets or more"):
        merge_folders([a], tmp_path)
    with pytest.raises(UsageError, match="both hold board"):
        merge_folders([a, b], tmp_path)
    with pytest.raises(MarketError, match="no market"):
        merge_folders([a, tmp_path / "none"], tmp_path)


def test_the_background_in_stretches_is_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    market = merge(month(1), month(2, version="2025-10"))
    whole = background.background_of(market)
    named = market.postings().explode("required").drop_nulls("required")
    assert whole.filter(what="skill")["n"].sum() >= named["required"].n_unique() > 0
    monkeypatch.setattr(background, "AT_ONCE", 7)
    assert background.background_of(market).equals(whole)
