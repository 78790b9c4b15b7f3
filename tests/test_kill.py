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
from asking import jobs
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


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of pay in several files, some rows of which are broken."""
    folder = tmp_path_factory.mktemp("killed") / "pay"
    folder.mkdir()
    for n in range(6):
        low = [50_000.0 + 10 * (k % 3_000) for k in range(20_000)]
        broken = jobs(20_000, min_amount=low, company=[f"c{k % 5_000}" for k in range(20_000)])
        broken = broken.with_columns(max_amount=pl.col("min_amount") + 1_000 * (n - 0.5))
        broken.write_parquet(folder / f"{n}.parquet")
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
@pytest.mark.parametrize("out", ["facts.parquet", "facts.jsonl", "parts/", "market/", "paid/"])
def test_kills_at_random_moments(board: Path, pay: Path, tmp_path: Path, out: str) -> None:
    verb = "compress" if out in ("market/", "paid/") else "annotate"
    files = pay if out == "paid/" else board
    aside = tmp_path / "aside.csv"

    def command(folder: Path) -> list[str]:
        words = [verb, str(files), "-o", str(folder / out), "--quarantine", str(aside)]
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
