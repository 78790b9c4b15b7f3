"""Many files by several processes: the same bytes, nothing lost, one clear message."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import ask
from postings import raw

from rolediff.errors import DataError
from rolediff.flow import workers
from rolediff.flow.workers import cores, ordered
from rolediff.read.blocks import Cut, blocks
from rolediff.read.stream import entries

Capture = pytest.CaptureFixture[str]
ROLEDIFF = [sys.executable, "-c", "from rolediff.doors.cli import main; main()"]


def lines(postings: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(posting)}\n" for posting in postings)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of several kinds of files, of which one holds more than a batch."""
    folder = tmp_path_factory.mktemp("board")
    many = raw(60)
    more = [posting | {"id": f"{posting['id']}-{k}"} for k in range(300) for posting in many[:30]]
    (folder / "a.jsonl").write_text(lines(more), encoding="utf-8")
    pl.DataFrame(many[:40]).write_csv(folder / "b.csv")
    pl.DataFrame(many[40:]).write_parquet(folder / "c.parquet")
    (folder / "d.json").write_text(json.dumps(many[:5]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def told(board: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder annotated to one file by one process."""
    out = tmp_path_factory.mktemp("told") / "out.parquet"
    command = [*ROLEDIFF, "annotate", str(board), "-o", str(out), "--workers", "1"]
    subprocess.run(command, check=True, capture_output=True)
    return out


def test_one_process_or_two_the_same_bytes(
    capsys: Capture, board: Path, told: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"
    assert ask(capsys, "annotate", board, "-o", out, "--workers", "2").code == 0
    assert out.read_bytes() == told.read_bytes()
    frame = pl.read_parquet(out)
    assert frame["source"].unique(maintain_order=True).to_list() == ["a", "b", "c", "d"]
    assert frame.height == 9_000 + 60 + 5
    assert not list(tmp_path.glob(".*"))


def test_parts_hold_what_a_file_holds(
    capsys: Capture, board: Path, told: Path, tmp_path: Path
) -> None:
    parts = tmp_path / "parts"
    said = ask(capsys, "annotate", board, "-o", parts, "--parquet", "--json").result
    assert (said["parts"], said["kept"], said["postings"]) == (5, 0, 9_065)
    joined = pl.concat([pl.read_parquet(path) for path in sorted(parts.glob("*.parquet"))])
    assert joined.equals(pl.read_parquet(told))
    assert not (parts / ".work").exists()
    one = next(parts.glob("a-*-00001.parquet"))
    one.unlink()
    again = ask(capsys, "annotate", board, "-o", parts, "--parquet", "--json").result
    assert (again["parts"], again["kept"]) == (2, 3)
    assert one.is_file()


def test_blocks_are_of_so_many_rows_or_bytes(board: Path) -> None:
    (entry,) = entries(board / "a.jsonl")
    sizes = [block.rows for block in blocks(entry, None, Cut(4_000, 1 << 30))]
    assert sizes == [4_000, 4_000, 1_000]
    small = list(blocks(entry, None, Cut(4_000, 100_000)))
    assert max(block.bytes for block in small) < 110_000
    assert sum(block.rows for block in small) == 9_000
    assert small[-1].read == entry.path.stat().st_size


# what goes wrong


def test_a_broken_file_among_many_is_set_aside_or_stops_the_run(
    capsys: Capture, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n, posting in enumerate(raw(12)):
        (folder / f"{n:02}.jsonl").write_text(lines([posting]), encoding="utf-8")
    pl.DataFrame({"x": [1]}).write_parquet(folder / "05-other.parquet")
    (folder / "07-cut.parquet").write_bytes(b"PAR1 and no more")
    aside = tmp_path / "aside.csv"
    said = ask(
        capsys, "annotate", folder, "-o", tmp_path / "o.jsonl", "--quarantine", aside, "--json"
    )
    assert (said.code, said.result["postings"], said.result["quarantined"]) == (0, 12, 2)
    rows = pl.read_csv(aside)
    assert rows["source"].to_list() == ["05-other", "07-cut"]
    assert rows["row"].null_count() == 2
    stopped = ask(capsys, "annotate", folder, "-o", tmp_path / "p.jsonl", "--fail-fast")
    assert stopped.code == 3
    assert "05-other.parquet" in stopped.err
    assert not (tmp_path / "p.jsonl").exists()


def test_a_full_disk_is_said_and_the_work_is_taken_up_again(board: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    command = [*ROLEDIFF, "annotate", str(board), "-o", str(out)]
    full = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=small)
    assert full.returncode == 3
    assert full.stderr.count("\n") == 1
    assert "make room and run the same command again" in full.stderr
    assert not out.exists()
    again = subprocess.run(command, check=False, capture_output=True, text=True)
    assert again.returncode == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 9_065


def test_workers_must_be_one_or_more(capsys: Capture, board: Path, tmp_path: Path) -> None:
    said = ask(capsys, "annotate", board, "-o", tmp_path / "o.jsonl", "--workers", "0")
    assert (said.code, "--workers 1 or more" in said.err) == (2, True)
    assert cores() >= 1


def test_the_time_left_is_told_on_a_terminal(
    capsys: Capture, board: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm")
    said = ask(capsys, "annotate", board, "-o", tmp_path / "out.jsonl", "--workers", "1")
    assert "left" in said.err
    assert "9,065 postings" in said.err


# processes


def doubled(number: int) -> int:
    time.sleep(random.Random(number).random() / 50)
    return 2 * number


def ended(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_come_in_order_from_a_bounded_number_ahead() -> None:
    taken = 0

    def counted() -> Any:
        nonlocal taken
        for number in range(30):
            taken = number + 1
            yield number

    seen = []
    for at, result in enumerate(ordered(doubled, counted(), 2)):
        seen.append(result)
        assert taken <= at + 2 * workers.AHEAD
    assert seen == [2 * number for number in range(30)]


def test_a_process_that_is_killed_is_said() -> None:
    with pytest.raises(DataError, match="fewer --workers"):
        list(ordered(ended, range(8), 2))


def test_processes_end_with_the_one_that_started_them(board: Path, tmp_path: Path) -> None:
    command = [*ROLEDIFF, "annotate", str(board), "-o", str(tmp_path / "o.jsonl"), "--workers", "2"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children: list[int] = []
    for _ in range(600):
        children = _children(run.pid)
        if len(children) >= 2 or run.poll() is not None:
            break
        time.sleep(0.02)
    run.kill()
    run.wait()
    assert children
    for _ in range(500):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            return
        time.sleep(0.02)
    pytest.fail("a worker outlived its parent")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.parent.exists():
        return []
    if not found.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(child) for child in found.read_text().split()]
