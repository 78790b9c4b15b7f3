"""`refresh` against a local server: dated markets, the same twice, what is cut short."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from made_dataset import Server, parquet, posting, serving, slice_of, without_waiting
from made_windows import Watching, watched

import rolediff
from rolediff.collect.client import Patience
from rolediff.collect.refresh import refresh
from rolediff.collect.run import Asked
from rolediff.collect.windows import read_log
from rolediff.compare.demand import source_demand
from rolediff.doors.cli import run as command
from rolediff.errors import CollectError, MarketError, UsageError
from rolediff.market.history import WINDOWS, as_of, newest, read_history

OCTOBER = slice_of([posting(k, ("AI Engineer", "ML Engineer")[k % 2]) for k in range(40)])
NOVEMBER = slice_of(
    [
        posting(k, ("AI Engineer", "ML Engineer")[k % 2], last_seen_at="2026-11-02T00:00:00Z")
        for k in range(10, 60)
    ]
)


@pytest.fixture
def server():
    with serving() as made:
        yield made


def publish(server: Server, frame: pl.DataFrame, month: int, **more) -> str:
    made = datetime(2026, month, 3, tzinfo=UTC)
    return server.publish({"ashby": parquet(frame)}, made=made, **more)


def run(folder: Path, address: str, **more):
    patience = Patience(tries=2, stall=1.0, wait=without_waiting([]))
    return refresh(folder, Asked(("ashby",), manifest=address), patience=patience, **more)


def test_two_months(tmp_path: Path, server: Server) -> None:
    one = run(tmp_path, publish(server, OCTOBER, 10))
    assert (one.new, one.postings, one.entered, one.left) == (True, 40, 40, 0)
    two = run(tmp_path, publish(server, NOVEMBER, 11))
    assert (two.new, two.postings, two.entered, two.left) == (True, 50, 20, 10)
    assert [r.day for r in read_history(tmp_path)] == [date(2026, 10, 3), date(2026, 11, 3)]
    assert as_of(tmp_path, date(2026, 10, 20)).day == date(2026, 10, 3)
    assert newest(tmp_path).folder == two.market
    log = read_log(tmp_path / WINDOWS)
    assert log.height == 60
    assert log["last_seen"].max() == date(2026, 11, 2)
    merged = rolediff.open(tmp_path / "market")
    assert [s.name for s in merged.sources] == ["ashby@2026-10-03", "ashby@2026-11-03"]
    assert len(merged) == 90
    source = merged.sources[1]
    assert (source.version, source.licence[:3], source.rows) == ("2026-11-03", "MIT", 50)
    assert not list((tmp_path / "slices").rglob("*.parquet"))
    answer = rolediff.diff("AI Engineer", "ML Engineer", tmp_path)
    assert answer.gap.n == 50


def test_the_same_twice_changes_nothing(tmp_path: Path, server: Server) -> None:
    address = publish(server, OCTOBER, 10)
    run(tmp_path, address)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    asked = len(server.asked)
    again = run(tmp_path, address)
    assert not again.new
    assert [path for path, _ in server.asked[asked:]] == ["/v1/manifest.json"]
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_texts_are_kept_if_asked(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, OCTOBER, 10), keep_texts=True)
    kept = list((tmp_path / "slices").rglob("*.parquet"))
    assert [p.parent.name for p in kept] == ["2026-10-03"]
    assert "description" in pl.read_parquet_schema(kept[0])


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, OCTOBER, 10))
    address = publish(server, NOVEMBER, 11)
    server.faults["/by_ats/ashby.parquet"] = ["500", "500"]
    with pytest.raises(CollectError, match="what was fetched is kept"):
        run(tmp_path, address)
    assert newest(tmp_path).day == date(2026, 10, 3)
    assert run(tmp_path, address).new
    assert newest(tmp_path).day == date(2026, 11, 3)


def test_a_run_cut_short_is_taken_up(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = publish(server, OCTOBER, 10)
    monkeypatch.setattr("rolediff.collect.refresh.write_history", _stop)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, address)
    monkeypatch.undo()
    asked = len(server.asked)
    done = run(tmp_path, address)
    assert done.new
    assert done.postings == 40
    assert [path for path, _ in server.asked[asked:]] == ["/v1/manifest.json"]


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_slice_renewed_on_the_same_day(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, OCTOBER, 10))
    done = run(tmp_path, publish(server, NOVEMBER, 10))
    assert done.new
    assert len(read_history(tmp_path)) == 1
    assert len(rolediff.open(newest(tmp_path).folder)) == 50


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(MarketError, match="make one with rolediff refresh"):
        read_history(tmp_path)
    (tmp_path / "history.json").write_text(json.dumps({"readings": [{"day": "soon"}]}))
    with pytest.raises(MarketError, match="damaged"):
        read_history(tmp_path)
    (tmp_path / "history.json").write_text(json.dumps({"readings": []}))
    with pytest.raises(MarketError, match="no market yet"):
        newest(tmp_path)
    with pytest.raises(UsageError, match="there is none"):
        as_of(tmp_path, date(2026, 1, 1))


def test_the_command(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    address = publish(server, OCTOBER, 10)
    words = ["refresh", str(tmp_path / "h"), "--source", "ashby", "--manifest", address]
    assert command([*words, "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert "2026-10-03: 40 postings of ashby; 40 came into view, 0 left." in said
    assert command([*words, "--json"]) == 0
    assert not json.loads(capsys.readouterr().out)["result"]["new"]
    assert command(["roles", "--data", str(tmp_path / "h")]) == 0
    assert "AI Engineer" in capsys.readouterr().out


def test_trend_reads_the_windows(
    tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(11)
    table = watched(rng, Watching(employers=40, rate=2.0, growth=0.1, late=0.4)).with_row_index("k")
    titles = {"A": "AI Engineer", "B": "ML Engineer", None: "Nurse"}
    rows = [
        posting(r["k"], titles[r["role"]], company=r["employer"], description="Python.",
                posted_at=f"{r['opened']}T00:00:00Z", first_seen_at=f"{r['first_seen']}T00:00:00Z",
                last_seen_at=f"{r['last_seen']}T00:00:00Z")
        for r in table.to_dicts()
    ]  # fmt: skip
    run(tmp_path / "h", publish(server, slice_of(rows), 10))
    told = rolediff.trend("AI Engineer", "ML Engineer", tmp_path / "h").watched[0]
    direct = source_demand(table.drop("k"), "ashby")
    assert told.a.opened == direct.a.opened
    assert told.a.growth.value == pytest.approx(direct.a.growth.value)  # type: ignore[union-attr]
    assert told.a.days == direct.a.days
    assert command(["trend", "AI Engineer", "ML Engineer", "--data", str(tmp_path / "h")]) == 0
    assert "of ads opened" in " ".join(capsys.readouterr().out.split())
    words = ["trend", "AI Engineer", "ML Engineer", "--data", str(tmp_path / "h"), "--markdown"]
    assert command(words) == 0
    assert "## Demand while ashby was watched" in capsys.readouterr().out
