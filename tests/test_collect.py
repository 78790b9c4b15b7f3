"""Slices of a dataset behind a server that fails in many ways: nothing half-written is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from made_dataset import Server, parquet, posting, serving, slice_of, without_waiting

from rolediff.annotate.roles import Catalogue
from rolediff.collect.boards import collect_board
from rolediff.collect.client import AGENT, Patience
from rolediff.collect.run import Asked, collect, recorded
from rolediff.doors.cli import run as command
from rolediff.errors import CollectError, UsageError
from rolediff.read.postings import all_postings

TITLES = ("AI Engineer", "ML Engineer", "Nurse")
ASHBY = slice_of([posting(k, TITLES[k % 3]) for k in range(60)])
LEVER = slice_of([posting(k, "Senior AI Engineer", ats_type="lever") for k in range(5)])


@pytest.fixture
def server():
    with serving() as made:
        yield made


def run(tmp_path: Path, address: str, *sources: str, **more):
    waits: list[float] = []
    patience = Patience(tries=3, stall=1.0, wait=without_waiting(waits))
    asked = Asked(sources=sources, manifest=address, **more)
    done, refused = collect(tmp_path, asked, patience=patience)
    return done, refused, waits


def test_slices_are_kept_with_their_source(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY), "lever": parquet(LEVER)})
    done, refused, waits = run(tmp_path, address, "ashby", "lever")
    assert [c.file.name for c in done] == ["ashby.parquet", "lever.parquet"]
    assert not refused
    assert not waits
    assert pl.read_parquet(done[0].file).equals(ASHBY)
    source = done[0].source
    assert (source.rows, source.records, source.version) == (60, 60, "2026-11-01")
    assert source.sha256
    assert source.licence.startswith("MIT")
    assert all(headers["User-Agent"] == AGENT for _, headers in server.asked)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "ashby.parquet", "ashby.source.json", "lever.parquet", "lever.source.json",
    ]  # fmt: skip
    assert all_postings(done[0].file).postings.height == 60


def test_what_is_there_is_not_fetched_again(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    run(tmp_path, address, "ashby")
    asked = len(server.asked)
    done, _, _ = run(tmp_path, address, "ashby")
    assert not done[0].fetched
    assert [path for path, _ in server.asked[asked:]] == ["/v1/manifest.json"]
    address = server.publish({"ashby": parquet(LEVER)}, made=datetime(2026, 11, 2, tzinfo=UTC))
    done, _, _ = run(tmp_path, address, "ashby")
    assert done[0].fetched
    assert done[0].source.records == 5


def test_only_titles_of_a_role(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    role = Catalogue.load().resolve("AI Engineer")
    done, _, _ = run(tmp_path, address, "ashby", titles=(role,))
    assert set(pl.read_parquet(done[0].file)["title"]) == {"AI Engineer"}
    assert done[0].source.rows == 60
    assert done[0].source.records == 20


@pytest.mark.parametrize("fault", ["500", "503", "429:7", "cut:900", "stall"])
def test_failures_that_pass(tmp_path: Path, server: Server, fault: str) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    server.faults["/by_ats/ashby.parquet"] = [fault]
    done, _, waits = run(tmp_path, address, "ashby")
    assert pl.read_parquet(done[0].file).equals(ASHBY)
    assert waits == [7.0 if fault == "429:7" else 2.0]


def test_goes_on_where_it_broke_off(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    path = "/by_ats/ashby.parquet"
    server.faults[path] = ["cut:900", "cut:100", "500"]
    with pytest.raises(CollectError, match="run the same command again, what was fetched is kept"):
        run(tmp_path, address, "ashby")
    assert [p.name for p in tmp_path.iterdir()] == [".ashby.parquet.part"]
    server.asked.clear()
    done, _, _ = run(tmp_path, address, "ashby")
    assert pl.read_parquet(done[0].file).equals(ASHBY)
    assert server.asked[-1][1]["Range"] == "bytes=1000-"


def test_a_server_that_cannot_go_on(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    server.faults["/by_ats/ashby.parquet"] = ["cut:900", "no-range"]
    done, _, _ = run(tmp_path, address, "ashby")
    assert pl.read_parquet(done[0].file).equals(ASHBY)


def test_a_long_wait_is_not_waited(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    server.faults["/by_ats/ashby.parquet"] = ["503:86400"]
    with pytest.raises(CollectError, match="asks to wait 86,400 s"):
        run(tmp_path, address, "ashby")


RENAMED = ASHBY.rename({"description": "body"})
RETYPED = ASHBY.with_columns(title=pl.int_range(60))
HALF = parquet(ASHBY)[:3000]


@pytest.mark.parametrize(
    ("data", "wrong", "message"),
    [
        (parquet(ASHBY), {"sha256": "0" * 64}, "its bytes differ"),
        (HALF, {}, "damaged or not a table"),
        (b"<html>a page</html>", {}, "damaged or not a table"),
        (parquet(RENAMED), {}, "has no column description"),
        (parquet(RETYPED), {}, "column title of type Int64"),
        (parquet(ASHBY.drop("ats_type")), {}, "has no column ats_type"),
        (parquet(ASHBY), {"rows": 70}, "60 rows, 70 are promised"),
    ],
)
def test_what_is_not_sound_is_set_aside(
    tmp_path: Path, server: Server, data: bytes, wrong: dict, message: str
) -> None:
    address = server.publish({"ashby": data, "lever": parquet(LEVER)}, wrong={"ashby": wrong})
    done, refused, _ = run(tmp_path, address, "ashby", "lever")
    assert [c.file.name for c in done] == ["lever.parquet"]
    assert message in refused[0]
    assert not (tmp_path / "ashby.parquet").exists()
    with pytest.raises(CollectError, match=message):
        run(tmp_path, address, "ashby")


def test_more_columns_and_no_rows_are_sound(tmp_path: Path, server: Server) -> None:
    more = ASHBY.with_columns(mood=pl.lit("good"))
    address = server.publish({"ashby": parquet(more), "lever": parquet(LEVER.clear())})
    done, _, _ = run(tmp_path, address, "ashby", "lever")
    assert [c.source.records for c in done] == [60, 0]


def test_csv_slices(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    manifest = json.loads(server.files["/v1/manifest.json"])
    server.files["/a.csv"] = ASHBY.write_csv().encode()
    entry = {"csv": "/a.csv", "rows": 60, "size_bytes": 1}
    manifest["by_ats"]["ashby"] = entry
    server.files["/v1/manifest.json"] = json.dumps(manifest).encode()
    done, _, _ = run(tmp_path, address, "ashby")
    assert all_postings(done[0].file).postings["title"].to_list() == ASHBY["title"].to_list()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(sources=("ashbi",)), "did you mean ashby"),
        (Asked(sources=("zzz",)), "there are ashby"),
        (Asked(day="2026-10-20"), "the nearest are 2026-10-01, 2026-11-01"),
        (Asked(day="yesterday"), "no day: write it as"),
        (Asked(sources=("ashby",), day="2026-10-01"), "leave out --source or --date"),
    ],
)
def test_what_is_not_offered(tmp_path: Path, server: Server, asked: Asked, message: str) -> None:
    days = dict.fromkeys(("2026-10-01", "2026-11-01"), parquet(LEVER))
    address = server.publish({"ashby": parquet(ASHBY)}, days=days)
    with pytest.raises(UsageError, match=message):
        collect(tmp_path, Asked(asked.sources, asked.day, address))


def test_a_day(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)}, days={"2026-10-01": parquet(LEVER)})
    done, _, _ = run(tmp_path, address, day="2026-10-01")
    assert done[0].file.name == "2026-10-01.parquet"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"version": "2.0"}, "has version 2.0, 1.x can be read"),
        ({"made": datetime.now(UTC) + timedelta(days=30)}, "a day to come"),
    ],
)
def test_manifests_that_are_not_understood(
    tmp_path: Path, server: Server, more: dict, message: str
) -> None:
    address = server.publish({"ashby": parquet(ASHBY)}, **more)
    with pytest.raises(CollectError, match=message):
        run(tmp_path, address, "ashby")


def test_no_manifest(tmp_path: Path, server: Server) -> None:
    with pytest.raises(CollectError, match="the server says 404"):
        run(tmp_path, f"{server.address}/none.json", "ashby")
    server.files["/odd.json"] = b"<html>"
    with pytest.raises(CollectError, match="not one that can be read"):
        run(tmp_path, f"{server.address}/odd.json", "ashby")
    with pytest.raises(CollectError, match="is there a network"):
        run(tmp_path, "http://127.0.0.1:9/manifest.json", "ashby")


def test_a_full_disk(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(Exception, match="cannot make"):
        run(blocked / "below", address, "ashby")


def test_records_are_read_back(tmp_path: Path, server: Server) -> None:
    address = server.publish({"ashby": parquet(ASHBY)})
    done, _, _ = run(tmp_path, address, "ashby")
    assert [c.source for c in recorded(tmp_path)] == [done[0].source]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://careers.example.com/jobs", "address of no board"),
        ("https://someone.applytojob.com/apply", "read by a browser alone"),
    ],
)
def test_boards_that_are_not_read(tmp_path: Path, url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        collect_board(tmp_path, url)


def test_a_board_is_read_once(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        {"id": f"j{k}", "title": "AI Engineer", "location": "Berlin", "isRemote": None,
         "jobUrl": f"https://jobs.ashbyhq.com/made/j{k}", "publishedAt": "2026-10-01T00:00:00Z",
         "descriptionHtml": "<h3>Requirements</h3><ul><li>Python</li></ul>"}
        for k in range(3)
    ]  # fmt: skip
    server.files["/board"] = json.dumps({"jobs": jobs}).encode()
    monkeypatch.setattr(
        "ats_scrapers.scrapers.ashby.API_TEMPLATE", f"{server.address}/board?{{slug}}"
    )
    server.files["/board?made"] = server.files["/board"]
    kept = collect_board(tmp_path, "https://jobs.ashbyhq.com/made")
    assert kept.source.records == 3
    assert len(server.asked) == 1
    assert server.asked[0][1]["User-Agent"] == AGENT
    assert all_postings(kept.file).postings["title"].to_list() == ["AI Engineer"] * 3


def cli(*words: str) -> int:
    return command([*words])


def test_the_command(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    address = server.publish({"ashby": parquet(ASHBY), "lever": parquet(RENAMED)})
    to = str(tmp_path / "raw")
    args = ("collect", "--manifest", address, "-o", to)
    assert cli(*args, "--source", "ashby,lever") == 0
    said = capsys.readouterr()
    assert "ats-scrapers/ashby: 60 postings, as of 2026-11-01 (fetched)" in said.out
    assert "rolediff: set aside: lever has no column description" in said.err
    assert cli(*args, "--source", "ashby", "--title", "AI Engineer", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "rolediff.collect"
    assert told["result"]["slices"][0]["source"]["records"] == 20
    assert cli(*args, "--source", "ashbi") == 2
    assert "did you mean ashby" in capsys.readouterr().err
    assert cli(*args, "--board", "https://careers.example.com") == 2
    assert "--board stands alone" in capsys.readouterr().err
    assert cli("collect", "--board", "https://careers.example.com", "-o", to) == 2
