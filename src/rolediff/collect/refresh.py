"""`refresh`: this day's market beside the earlier ones, and when every ad was in view.

Each step leaves its result whole under its own name before the next begins, and is not done again
where it is there: a run that was interrupted is taken up by the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.collect.alone import alone, swept
from rolediff.collect.client import Patience
from rolediff.collect.noting import brought_up
from rolediff.collect.run import Asked, Collected, Heard, collect
from rolediff.collect.windows import in_view
from rolediff.errors import CollectError, DataError
from rolediff.market import Market, ReadOptions, open_market, save
from rolediff.market.history import (
    MARKETS,
    MERGED,
    WINDOWS,
    Dated,
    is_history,
    read_history,
    write_history,
)
from rolediff.market.merging import merge_on_disk
from rolediff.market.store import is_market
from rolediff.market.streamed import Heard as Told
from rolediff.market.streamed import Way, compress_files
from rolediff.read.postings import postings_in_frame

SLICES = "slices"
"""The folder of what was collected, by day; texts and all; removed once a market is made."""
BATCH = 50_000
"""Postings that are noted together."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a run changed: the day of the dataset, its market, and whether it was `new`."""

    day: date
    market: Path
    new: bool
    postings: int
    sources: tuple[str, ...]
    entered: int
    left: int
    refused: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "day": self.day.isoformat(),
            "market": str(self.market),
            "new": self.new,
            "postings": self.postings,
            "sources": list(self.sources),
            "entered": self.entered,
            "left": self.left,
            "refused": list(self.refused),
        }


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who wants to know how far it is: of bytes that arrive, and of the step that begins."""

    bytes: Heard | None = None
    step: Callable[[str], None] = lambda _: None
    told: Told | None = None


def refresh(
    folder: Path, asked: Asked, *, workers: int = 1, keep_texts: bool = False,
    patience: Patience | None = None, hearing: Hearing | None = None,
) -> Refreshed:  # fmt: skip
    """Collect what the dataset has now and add its market to those in `folder`.

    The same dataset a second time changes nothing. The texts of the postings are deleted once
    their facts are in the market, unless `keep_texts`.

    Raises:
        CollectError, DataError, UsageError: as `collect` and `compress_files` do.
    """
    with alone(folder):
        for place in (folder, folder / MARKETS):
            swept(place)
        ways = patience or Patience()
        try:
            return _refreshed(folder, asked, workers, keep_texts, ways, hearing or Hearing())
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise DataError(
                f"cannot write in {folder} ({why}): make room, then run it again; what was "
                "finished is kept"
            ) from error


def _refreshed(
    folder: Path, asked: Asked, workers: int, keep_texts: bool, patience: Patience,
    hearing: Hearing,
) -> Refreshed:  # fmt: skip
    arriving = folder / SLICES / "arriving"
    before = tuple(
        r for r in (read_history(folder) if is_history(folder) else ()) if is_market(r.folder)
    )
    asked = replace(asked, gone=tuple({name for r in before for name in r.facts["slices"]}))
    hearing.step("collecting")
    first = replace(asked, again=not before)
    done, refused = collect(arriving, first, patience=patience, heard=hearing.bytes)
    if not any(c.source.records for c in done):
        raise CollectError(
            f"no posting in {', '.join(c.file.stem for c in done)}: the markets stay as they were; "
            "run the same command later"
        )
    day = _day(done)
    known = next((r for r in before if r.day == day), None)
    if known is not None and _unchanged(folder, known, done, asked):
        _tidy(folder, keep_texts, day)
        n, names = known.facts["postings"], tuple(c.file.stem for c in done)
        return Refreshed(day, known.folder, False, n, names, 0, 0, tuple(refused))
    if not all(c.file.is_file() for c in done):
        done, refused = collect(arriving, asked, patience=patience, heard=hearing.bytes)
    hearing.step("annotating and compressing")
    market = _compressed(folder, day, done, workers, hearing.told)
    facts = {
        "postings": len(market),
        "slices": {c.file.stem: c.source.sha256 for c in done},
        "titles": sorted(role.id for role in asked.titles),
    }
    place = folder / MARKETS / day.isoformat()
    readings = (*(r for r in before if r.day != day), Dated(day, place, facts))
    hearing.step("merging")
    _merge(folder, readings)
    hearing.step("noting which ads are in view")
    entered, left = _seen(folder, day, done, [r.day for r in before if r.day < day])
    write_history(folder, readings)  # last: a day that stands in it is done
    _tidy(folder, keep_texts, day)
    names = tuple(c.file.stem for c in done)
    return Refreshed(day, place, True, len(market), names, entered, left, tuple(refused))


def _merge(folder: Path, readings: Sequence[Dated]) -> None:
    """Save the newest market with the earlier ones that fit it.

    One of an earlier version of rolediff, with other vocabularies, is left as it is: its texts are
    gone, so it cannot be made again.
    """
    markets = [open_market(r.folder) for r in sorted(readings, key=lambda r: r.day)]
    fitting = [m for m in markets if m.made == markets[-1].made]
    if len(fitting) == 1:
        save(fitting[0], folder / MERGED)
        return
    with _working(folder) as work:
        save(merge_on_disk(fitting, work), folder / MERGED)


def _day(done: Sequence[Collected]) -> date:
    days = {date.fromisoformat(c.source.version) for c in done}
    if len(days) != 1:
        raise CollectError("slices of several days: run the same command again")
    return days.pop()


def _unchanged(folder: Path, known: Dated, done: Sequence[Collected], asked: Asked) -> bool:
    same = known.facts.get("slices") == {c.file.stem: c.source.sha256 for c in done}
    titles = known.facts.get("titles", []) == sorted(role.id for role in asked.titles)
    return same and titles and is_market(folder / MERGED)


def _compressed(
    folder: Path, day: date, done: Sequence[Collected], workers: int, told: Told | None
) -> Market:
    """The market of one day, its sources called by name and day so that days can be merged."""
    place = folder / MARKETS / day.isoformat()
    work = folder / ".work"
    named = []
    for c in done:
        called = folder / SLICES / "arriving" / f"{c.file.stem}@{day}.parquet"
        if not called.exists():
            called.hardlink_to(c.file)
        named.append(called)
    way = Way(ReadOptions(format="postings"), workers=workers)
    try:
        market = compress_files(named, work, way, told)
        described = {f"{c.file.stem}@{day}": c.source for c in done}
        sources = tuple(_described(s, described.get(s.name)) for s in market.sources)
        market = replace(market, sources=sources)
        place.parent.mkdir(parents=True, exist_ok=True)
        save(market, place)
        market = open_market(place)
    finally:
        for path in named:
            path.unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    return market


def _described(read: Any, collected: Any) -> Any:
    """The source as it was read, with where it was collected from."""
    if collected is None:
        return read
    return replace(
        read, title=collected.title, licence=collected.licence, version=collected.version,
        retrieved=collected.retrieved, sha256=collected.sha256, url=collected.url,
    )  # fmt: skip


def _seen(
    folder: Path, day: date, done: Sequence[Collected], before: Sequence[date]
) -> tuple[int, int]:
    """Bring the log of windows up to `day`; how many postings came into view, how many left.

    What left was in view after the reading before the last one, of the days `before`.
    """
    fresh = (in_view(batch, c.file.stem, day) for c in done for batch in _without_text(c.file))
    since = before[-2] if len(before) > 1 else None
    with _working(folder) as work:
        moved = brought_up(folder / WINDOWS, fresh, [c.file.stem for c in done], since, work)
    return moved.entered, moved.left


@contextmanager
def _working(folder: Path) -> Iterator[Path]:
    """An empty folder that is there for a while."""
    work = folder / ".work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _without_text(file: Path) -> Iterator[pl.DataFrame]:
    """The postings of a slice by batches, without their texts, which say nothing of when."""
    rows = pl.scan_parquet(file).drop("description").with_columns(description="title")
    for at in range(0, int(rows.select(pl.len()).collect().item()), BATCH):
        part = rows.slice(at, BATCH).collect()
        yield postings_in_frame(part, format="ats-scrapers").postings


def _tidy(folder: Path, keep_texts: bool, day: date) -> None:
    arriving = folder / SLICES / "arriving"
    if keep_texts:
        target = folder / SLICES / day.isoformat()
        shutil.rmtree(target, ignore_errors=True)
        arriving.replace(target)
    else:
        for file in arriving.glob("*.parquet"):
            file.unlink()
