"""Killed at random moments: nothing corrupt, nothing twice, nothing lost after the next run."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from postings import raw

ROLEDIFF = [sys.executable, "-c", "from rolediff.doors.cli import main; main()"]
KILLS, ROUNDS = 5, 5


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than two batches in several files, some lines of which are broken."""
    folder = tmp_path_factory.mktemp("killed") / "board"
    folder.mkdir()
    for n in range(4):
        postings = [p | {"id": f"{n}-{k}-{p['id']}"} for k in range(120) for p in raw(45, n)]
        lines = [json.dumps(p) for p in postings]
        lines.insert(100 * n + 7, "{broken")
        (folder / f"{n}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def content(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.name.startswith(".") and ".work" not in file.parts
    }


@pytest.mark.slow
@pytest.mark.parametrize("out", ["facts.parquet", "facts.jsonl", "parts/", "market/"])
def test_kills_at_random_moments(board: Path, tmp_path: Path, out: str) -> None:
    verb = "compress" if out == "market/" else "annotate"
    aside = tmp_path / "aside.csv"

    def command(folder: Path) -> list[str]:
        words = [verb, str(board), "-o", str(folder / out), "--quarantine", str(aside)]
        return [*ROLEDIFF, *words, "--workers", "2"]

    whole, work = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    start = time.monotonic()
    subprocess.run(command(whole), check=True, capture_output=True)
    length = time.monotonic() - start
    expected, bad = content(whole / out), pl.read_csv(aside)
    draw = random.Random(out)
    for round_ in range(ROUNDS):
        folder = work / str(round_)
        folder.mkdir(parents=True)
        for _ in range(KILLS):
            run = subprocess.Popen(
                command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(draw.uniform(0.3, 1.1 * length))
            run.send_signal(signal.SIGKILL)
            run.wait()
            if out.endswith("parts/") or not (folder / out).exists():
                continue
            assert content(folder / out) == expected
        subprocess.run(command(folder), check=True, capture_output=True)
        assert content(folder / out) == expected
        assert pl.read_csv(aside).equals(bad)
        assert not [p for p in folder.iterdir() if p.name.startswith(".") and p.suffix == ".work"]
