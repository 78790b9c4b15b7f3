"""The log of windows brought up to a day in bounded memory: stretch by stretch of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from rolediff.collect.windows import LOG, checked_log, together
from rolediff.flow.kept import whole

STRETCH = 500_000
"""Lines of the log that are in memory together."""
_KEY = ["source", "id"]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many postings came into view, and how many left it."""

    entered: int = 0
    left: int = 0


def brought_up(
    log: Path, fresh: Iterable[pl.DataFrame], sources: list[str], since: date | None, work: Path
) -> Moved:
    """Bring the log in a file up to what was read of `sources` now: frames of `LOG`.

    What left was last seen after `since`, if that is given. `work` = a folder that is there, in
    which files are kept meanwhile. Raises `DataError` where the log cannot be read or written.
    """
    now = _spooled(fresh, work)
    old = checked_log(log)
    moved, parts = Moved(), []
    for number, inside in enumerate(_stretches([old, now])):
        part = _Stretch(old.filter(inside).collect(), together([now.filter(inside).collect()]))
        parts.append(work / f"log-{number:05}.parquet")
        together([part.old, part.now]).write_parquet(parts[-1], compression="zstd")
        more = part.moved(sources, since)
        moved = Moved(moved.entered + more.entered, moved.left + more.left)
    with whole(log) as target:
        pl.scan_parquet(parts, glob=False).sink_parquet(target, compression="zstd")
    return moved


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The lines of a stretch before, and those of what was read now."""

    old: pl.DataFrame
    now: pl.DataFrame

    def moved(self, sources: list[str], since: date | None) -> Moved:
        """What came and what left, of the sources that were read."""
        mine = self.old.filter(pl.col("source").is_in(sources))
        gone = mine.join(self.now, on=_KEY, how="anti")
        if since is not None:
            gone = gone.filter(pl.col("last_seen") > since)
        return Moved(self.now.join(mine, on=_KEY, how="anti").height, gone.height)


def _spooled(fresh: Iterable[pl.DataFrame], work: Path) -> pl.LazyFrame:
    """Frames of the log on disk, to be read as one."""
    files = []
    for number, part in enumerate(fresh):
        files.append(work / f"now-{number:05}.parquet")
        part.write_parquet(files[-1], compression="lz4")
    return pl.scan_parquet(files, glob=False) if files else pl.LazyFrame(schema=LOG)


def _stretches(logs: list[pl.LazyFrame]) -> Iterator[pl.Expr]:
    """Conditions that divide the lines of all logs by source and id, in their order."""
    keys = pl.concat([log.select(_KEY) for log in logs]).collect().sort(_KEY)
    starts = [keys.row(at) for at in range(STRETCH, keys.height, STRETCH)]
    del keys
    ends = [*starts, None]
    for first, end in zip([None, *starts], ends, strict=True):
        after = pl.lit(value=True) if first is None else ~_before(*first)
        yield after if end is None else after & _before(*end)


def _before(source: str, id_: str) -> pl.Expr:
    here = pl.col("source") == source
    return (pl.col("source") < source) | (here & (pl.col("id") < id_))
