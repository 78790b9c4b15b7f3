"""What the tests of the command share: asking it, in process or as a program, and a small table."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rolediff import Comparison, Estimate
from rolediff.doors import cli

PAIR = ("AI Engineer", "ML Engineer")


@dataclass(frozen=True)
class Said:
    """What the command answered."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        return json.loads(self.out)["result"]


def ask(capsys: pytest.CaptureFixture[str], *argv: object) -> Said:
    """The command in this process."""
    capsys.readouterr()
    code = cli.run([str(word) for word in argv])
    return Said(code, *capsys.readouterr())


def spawn(*argv: object, **env: str) -> Said:
    """The command as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from rolediff.doors.cli import main; main()", *map(str, argv)],
        capture_output=True, check=False, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | env,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


def jobs(n: int = 240, seed: int = 1, **columns: Any) -> pl.DataFrame:
    """n made-up records, half of each role; ML engineers earn 20 % more, seniors 30 % more.

    `columns` replace or add columns, a value for all rows or a list.
    """
    draw = random.Random(seed)
    level = [draw.choice(["mid", "senior"]) for _ in range(n)]
    title = [PAIR[i % 2] for i in range(n)]
    logs = [
        11.5 + 0.18 * (t == PAIR[1]) + 0.26 * (s == "senior") + draw.gauss(0, 0.2)
        for t, s in zip(title, level, strict=True)
    ]
    low = [round(math.exp(x), -2) for x in logs]
    table = {
        "title": title,
        "min_amount": low,
        "max_amount": [round(1.2 * x, -2) for x in low],
        "currency": "USD",
        "country": [draw.choice(["US", "US", "GB"]) for _ in range(n)],
        "level": level,
        "year": [draw.choice([2023, 2024]) for _ in range(n)],
    } | columns
    return pl.DataFrame({k: v if isinstance(v, list) else [v] * n for k, v in table.items()})


def csv_file(folder: Path, frame: pl.DataFrame, name: str = "jobs.csv") -> Path:
    """`frame` as a CSV file."""
    frame.write_csv(folder / name)
    return folder / name


def gaps(c: Comparison) -> Iterator[tuple[Any, Estimate]]:
    """Every gap of an answer with its name."""
    yield from (("gap", c.gap), ("distinct", c.gap_distinct))
    yield from c.gap_ends.items()
    yield from c.gap_percentiles.items()
    for rung in c.ladder:
        yield from (((rung.held, "all"), rung.all), ((rung.held, "distinct"), rung.distinct))
    for name, group in c.within.items():
        yield from (((name, w.category), w.gap) for w in group)


def figures(c: Comparison) -> dict[str, Any]:
    """Everything but what names the question and the source."""
    return {k: v for k, v in c.to_dict().items() if k not in ("where", "sources")}
