"""Collecting and refreshing from what is broken, hostile, killed, full, or run twice at once."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from made_dataset import Server, parquet, posting, serving, slice_of, without_waiting
from made_windows import Watching, watched

import rolediff
from rolediff.collect.alone import alone, swept
from rolediff.collect.client import Patience
from rolediff.collect.refresh import Refreshed, refresh
from rolediff.collect.run import Asked, collect
from rolediff.collect.windows import read_log
from rolediff.compare.demand import source_demand
from rolediff.doors.cli import run as command
from rolediff.errors import CollectError, DataError, UsageError
from rolediff.market.history import MERGED, WINDOWS, is_history, newest, read_history

ROLES = ("AI Engineer", "ML Engineer")
ONE = slice_of([posting(k, ROLES[k % 2]) for k in range(40)])
TWO = slice_of([posting(k, ROLES[k % 2]) for k in range(20, 60)])


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def publish(server: Server, month: int, **slices: pl.DataFrame) -> str:
    made = datetime(2026, month, 3, tzinfo=UTC)
    return server.publish({name: parquet(f) for name, f in slices.items()}, made=made)


def run(folder: Path, address: str, *sources: str) -> Refreshed:
    patience = Patience(tries=2, stall=1.0, wait=without_waiting([]))
    return refresh(folder, Asked(sources or ("ashby",), manifest=address), patience=patience)


def fetch(folder: Path, address: str) -> None:
    patience = Patience(tries=2, stall=1.0, wait=without_waiting([]))
    collect(folder, Asked(("ashby",), manifest=address), patience=patience)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host/a.parquet", "https://", "http://[::1", "data:,x"]
)
def test_only_the_web_is_read(tmp_path: Path, server: Server, url: str) -> None:
    address = publish(server, 10, ashby=ONE)
    said = json.loads(server.files["/v1/manifest.json"])
    said["by_ats"]["ashby"]["parquet"] = url
    server.files["/v1/manifest.json"] = json.dumps(said).encode()
    with pytest.raises(CollectError, match="no web address"):
        fetch(tmp_path, address)
    with pytest.raises(CollectError, match="no web address"):
        fetch(tmp_path, url)
    assert not list(tmp_path.glob("*.parquet"))


@pytest.mark.parametrize("place", ["file:///etc/passwd", "/by_ats/ashby.parquet", "http://[::1"])
def test_a_redirect_elsewhere_or_round_is_refused(
    tmp_path: Path, server: Server, place: str
) -> None:
    address = publish(server, 10, ashby=ONE)
    server.moved["/by_ats/ashby.parquet"] = place
    with pytest.raises(CollectError):
        fetch(tmp_path, address)
    assert not list(tmp_path.glob("*.parquet"))


def test_a_redirect_on_the_web_is_followed(tmp_path: Path, server: Server) -> None:
    address = publish(server, 10, ashby=ONE)
    server.files["/other"] = server.files["/by_ats/ashby.parquet"]
    server.moved["/by_ats/ashby.parquet"] = "/other"
    fetch(tmp_path, address)
    assert pl.read_parquet(tmp_path / "ashby.parquet").height == 40


def test_more_bytes_than_promised_are_not_taken(tmp_path: Path, server: Server) -> None:
    address = publish(server, 10, ashby=ONE)
    server.files["/by_ats/ashby.parquet"] += b"x" * (4 << 20)
    with pytest.raises(CollectError, match="it is refused"):
        fetch(tmp_path, address)
    assert not [p for p in tmp_path.iterdir() if p.name != ".lock"]


def test_a_body_that_is_compressed_on_its_way(tmp_path: Path, server: Server) -> None:
    address = publish(server, 10, ashby=ONE)
    whole = server.files["/by_ats/ashby.parquet"]
    half = tmp_path / "..ashby.parquet.part"
    (tmp_path / ".ashby.parquet.part").write_bytes(whole[: len(whole) // 2])
    server.files["/by_ats/ashby.parquet"] = gzip.compress(whole)
    server.headers["/by_ats/ashby.parquet"] = {"Content-Encoding": "gzip"}
    fetch(tmp_path, address)
    assert pl.read_parquet(tmp_path / "ashby.parquet").height == 40
    asked = [headers for path, headers in server.asked if path.endswith("ashby.parquet")]
    assert {headers["Accept-Encoding"] for headers in asked} == {"identity"}
    assert not half.exists()


def test_a_server_that_always_says_416(tmp_path: Path, server: Server) -> None:
    address = publish(server, 10, ashby=ONE)
    (tmp_path / ".ashby.parquet.part").write_bytes(b"x" * 10)
    server.faults["/by_ats/ashby.parquet"] = ["416", "416"]
    with pytest.raises(CollectError, match="the server says 416"):
        fetch(tmp_path, address)


def test_two_at_once(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    address = publish(server, 10, ashby=ONE)
    with alone(tmp_path), pytest.raises(DataError, match="another run is at work"):
        run(tmp_path, address)
    words = ["collect", "-o", str(tmp_path), "--source", "ashby", "--manifest", address]
    with alone(tmp_path):
        assert command(words) == 3
    assert "another run is at work" in " ".join(capsys.readouterr().err.split())
    assert run(tmp_path, address).new


def test_a_source_that_left_the_dataset(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 10, ashby=ONE, lever=TWO), "ashby", "lever")
    told = run(tmp_path, publish(server, 11, ashby=TWO), "ashby", "lever")
    assert told.sources == ("ashby",)
    assert told.refused == ("lever is no longer in the dataset",)
    log = read_log(tmp_path / WINDOWS)
    assert log.filter(source="lever").height == 40
    assert len(rolediff.open(tmp_path / MERGED)) == 40 + 40 + 40
    with pytest.raises(UsageError, match="no source leever"):
        run(tmp_path, publish(server, 11, ashby=TWO), "ashby", "leever")


def test_a_dataset_that_goes_back_in_time(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 11, ashby=TWO))
    assert run(tmp_path, publish(server, 10, ashby=ONE)).new
    assert [r.day for r in read_history(tmp_path)] == [date(2026, 10, 3), date(2026, 11, 3)]
    assert newest(tmp_path).day == date(2026, 11, 3)
    merged = rolediff.open(tmp_path / MERGED)
    assert [s.name for s in merged.sources] == ["ashby@2026-10-03", "ashby@2026-11-03"]


def test_an_empty_slice_changes_nothing(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 10, ashby=ONE))
    with pytest.raises(CollectError, match="no posting in ashby: the markets stay"):
        run(tmp_path, publish(server, 11, ashby=ONE.clear()))
    assert newest(tmp_path).day == date(2026, 10, 3)
    both = run(tmp_path, publish(server, 11, ashby=ONE.clear(), lever=TWO), "ashby", "lever")
    assert both.postings == 40


def test_malformed_dates(tmp_path: Path, server: Server) -> None:
    bad = ["0001-01-01", "9999-12-31T00:00:00Z", "yesterday", "", "2026-13-45", "1970-01-01"]
    rows = [
        posting(k, ROLES[k % 2], **{
            column: bad[(k + i) % len(bad)]
            for i, column in enumerate(("posted_at", "first_seen_at", "last_seen_at"))
        })
        for k in range(40)
    ]  # fmt: skip
    assert run(tmp_path, publish(server, 10, ashby=slice_of(rows))).postings == 40
    log = read_log(tmp_path / WINDOWS)
    assert log.height == 40
    assert log["first_seen"].unique().to_list() == [date(2026, 10, 3)]
    assert log["last_seen"].unique().to_list() == [date(2026, 10, 3)]


def test_one_wrong_date_moves_no_growth() -> None:
    table = watched(np.random.default_rng(6), Watching(employers=120, rate=2.0))
    wrong = table.head(1).with_columns(
        employer=pl.lit("stray"), first_seen=pl.lit(date(2016, 1, 1))
    )
    plain, told = (source_demand(t, "board") for t in (table, pl.concat([table, wrong])))
    assert told.first == plain.first
    assert told.a.growth is not None
    assert plain.a.growth is not None
    assert told.a.growth.value == pytest.approx(plain.a.growth.value)


def test_markets_of_another_vocabulary_are_left_apart(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 10, ashby=ONE))
    package = newest(tmp_path).folder / "datapackage.json"
    said = json.loads(package.read_text())
    said["rolediff"]["made_with"]["vocabulary"] = "0" * 16
    package.write_text(json.dumps(said))
    run(tmp_path, publish(server, 11, ashby=TWO))
    merged = rolediff.open(tmp_path / MERGED)
    assert [s.name for s in merged.sources] == ["ashby@2026-11-03"]
    told = rolediff.since("2026-10-03", *ROLES, tmp_path)
    assert "other vocabulary" in dict(told.caveats)


def test_a_market_that_was_just_being_replaced_is_put_back(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 10, ashby=ONE))
    old = tmp_path / ".market-old-abc"
    old.mkdir()
    (tmp_path / MERGED).rename(old / MERGED)
    (tmp_path / ".market-half").mkdir()
    swept(tmp_path)
    assert len(rolediff.open(tmp_path / MERGED)) == 40
    assert not list(tmp_path.glob(".market-*"))


def test_other_titles_on_the_same_day_are_new(tmp_path: Path, server: Server) -> None:
    address = publish(server, 10, ashby=ONE)
    ai, ml = (rolediff.Catalogue.load().resolve(name) for name in ROLES)
    first = refresh(tmp_path, Asked(("ashby",), manifest=address, titles=(ai,)))
    second = refresh(tmp_path, Asked(("ashby",), manifest=address, titles=(ai, ml)))
    assert (first.postings, second.postings, second.new) == (20, 40, True)


PROGRAM = "from rolediff.doors.cli import main; main()"


def started(folder: Path, address: str, **more: object) -> subprocess.Popen[str]:
    words = ["refresh", folder, "--source", "ashby", "--manifest", address, "--workers", "1"]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, words)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ, **more,  # type: ignore[call-overload]
    )  # fmt: skip


def test_a_disk_that_is_full(tmp_path: Path, server: Server) -> None:
    run(tmp_path, publish(server, 10, ashby=ONE))
    address = publish(server, 11, ashby=TWO)
    size = len(server.files["/by_ats/ashby.parquet"])
    for most in (size // 2, size - 100, size + 2000, 3 * size):
        limit = (most, most)
        full = started(
            tmp_path, address,
            preexec_fn=lambda to=limit: resource.setrlimit(resource.RLIMIT_FSIZE, to),
        )  # fmt: skip
        _, said = full.communicate(timeout=120)
        sound(tmp_path)
        if full.returncode:
            assert full.returncode == 3, said
            assert "internal error" not in said
    assert run(tmp_path, address).day == date(2026, 11, 3)
    assert len(rolediff.open(tmp_path / MERGED)) == 80


def sound(folder: Path) -> None:
    """Whatever can be opened is whole."""
    for reading in read_history(folder) if is_history(folder) else ():
        assert len(rolediff.open(reading.folder)) == 40
    if (folder / MERGED).exists():
        assert len(rolediff.open(folder / MERGED)) in (40, 80)
    assert read_log(folder / WINDOWS).height in (0, 40, 60)


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path, server: Server) -> None:
    draw = np.random.default_rng(23)
    begun = time.monotonic()
    first = publish(server, 10, ashby=ONE)
    assert started(tmp_path / "whole", first).wait(timeout=300) == 0
    takes = time.monotonic() - begun
    assert started(tmp_path / "whole", publish(server, 11, ashby=TWO)).wait(timeout=300) == 0
    for number in range(10):  # twice each
        folder = tmp_path / str(number)
        for month, frame in ((10, ONE), (11, TWO)):
            address = publish(server, month, ashby=frame)
            one = started(folder, address)
            time.sleep(takes * draw.uniform(0.3, 1.0))
            one.send_signal(signal.SIGKILL)
            one.communicate()
            if folder.exists():
                sound(folder)
            again = started(folder, address)
            _, said = again.communicate(timeout=300)
            assert again.returncode == 0, said
        assert (
            rolediff.open(folder / MERGED)
            .everything()
            .equals(rolediff.open(tmp_path / "whole" / MERGED).everything())
        )
        assert read_log(folder / WINDOWS).equals(read_log(tmp_path / "whole" / WINDOWS))
        assert not list(folder.glob(".market-*"))
