"""A folder of dated markets: one for each reading of the same sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rolediff.errors import MarketError, UsageError
from rolediff.flow.kept import whole

HISTORY = "history.json"
VERSION = 1
MARKETS, MERGED, WINDOWS = "markets", "market", "windows.parquet"
"""Where, in such a folder, the dated markets are, all of them as one, and when ads were in view."""


@dataclass(frozen=True, slots=True)
class Dated:
    """The market of one day, in `folder`, with the facts of the run that made it."""

    day: date
    folder: Path
    facts: dict[str, Any]


def is_history(path: Path | str) -> bool:
    """Whether `path` is a folder of dated markets, sound or not."""
    return (Path(path) / HISTORY).is_file()


def read_history(folder: Path | str) -> tuple[Dated, ...]:
    """The dated markets of a folder, the oldest first.

    Raises:
        MarketError: no such folder, or its list cannot be read.
    """
    place = Path(folder)
    try:
        said = json.loads((place / HISTORY).read_text(encoding="utf-8"))
        days = [(date.fromisoformat(e["day"]), e) for e in said["readings"]]
    except FileNotFoundError as error:
        raise MarketError(
            f"{place} is no folder of dated markets: make one with rolediff refresh {place}"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MarketError(f"{place / HISTORY} is damaged: refresh the folder again") from error
    ordered = sorted(days, key=lambda pair: pair[0])
    return tuple(Dated(day, place / MARKETS / day.isoformat(), e) for day, e in ordered)


def write_history(folder: Path, readings: tuple[Dated, ...]) -> None:
    """Write the list of dated markets, whole or not at all."""
    listed = [{**r.facts, "day": r.day.isoformat()} for r in sorted(readings, key=lambda r: r.day)]
    said = json.dumps({"version": VERSION, "readings": listed}, indent=1)
    with whole(folder / HISTORY) as partial:
        partial.write_text(said + "\n", encoding="utf-8")


def newest(folder: Path | str) -> Dated:
    """The newest dated market. Raises `MarketError` where there is none."""
    readings = read_history(folder)
    if not readings:
        raise MarketError(f"{folder} has no market yet: run rolediff refresh {folder}")
    return readings[-1]


def as_of(folder: Path | str, day: date) -> Dated:
    """The newest market of `day` or before.

    Raises:
        UsageError: all are later; the message names the first.
        MarketError: as `read_history`.
    """
    readings = read_history(folder)
    before = [r for r in readings if r.day <= day]
    if not before:
        first = f"the first is of {readings[0].day}" if readings else "there is none"
        raise UsageError(f"no market of {day} or before: {first}")
    return before[-1]
