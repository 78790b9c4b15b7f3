"""What the sheets of a run say of themselves: rows, records, and what was set aside and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from rolediff.errors import UnreadableError
from rolediff.flow.kept import Done
from rolediff.market.datasets import named_source
from rolediff.market.options import ReadOptions
from rolediff.market.streamed import Counts, once
from rolediff.records import QUARANTINE, Source
from rolediff.spark.reading import Found

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Aside = Callable[[pl.DataFrame], None]
"""Who wants to know of rows set aside (`QUARANTINE`)."""
_OWN = ("sha256", "count", "fields")


def nobody(_: pl.DataFrame) -> None:
    """Nobody wants to know."""


class Course:
    """The sheets `told` of a run, and what they say; they are made once and kept on disk.

    Counts come out of rows, not of Spark's accumulators, so that what is done twice, because a
    worker was lost, counts once.
    """

    def __init__(self, told: DataFrame, aside: Aside, fail_fast: bool = False) -> None:
        from pyspark import StorageLevel

        self.told = told.persist(StorageLevel.DISK_ONLY)
        self.aside, self.fail_fast = aside, fail_fast
        self.notes: dict[str | None, list[tuple[str, Done, dict[str, Any]]]] = {}
        self.unlike: dict[str, str] = {}

    def run(self) -> None:
        """Make the sheets and read what they say."""
        for row in self.told.select("path", "kind", "note").collect():
            said = json.loads(row["note"])
            own = {name: said.pop(name, None) for name in _OWN}
            said["bad"] = [tuple(bad) for bad in said["bad"]]
            self.notes.setdefault(row["path"], []).append((row["kind"], Done(**said), own))

    @property
    def ads(self) -> int:
        """How many postings there are."""
        return self._rows("facts")

    @property
    def lines(self) -> int:
        """How many lines of pay there are."""
        return self._rows("lines")

    def _rows(self, kind: str) -> int:
        return sum(
            done.rows
            for path, notes in self.notes.items()
            for mine, done, _ in notes
            if mine == kind and path not in self.unlike
        )

    def counts(self, path: str | None) -> Counts:
        """What is counted of a file, in the order of its parts; rows set aside are told."""
        counts = Counts()
        parts = sorted(self.notes.get(path, []), key=lambda part: part[2]["count"] or 0)
        for _, done, _ in parts:
            counts.add(done)
            if done.bad:
                self.aside(done.quarantine)
        return counts

    def sources(self, found: Sequence[Found], options: ReadOptions) -> list[Source]:
        """The source that each dataset is.

        Raises `UnreadableError` where no row could be read, or a file cannot be and that stops it;
        `UsageError` where a file is named twice.
        """
        for one in found:
            self._require_like(one)
        self._may_stop(found)
        sources = [self._source(one, options) for one in found]
        once(sources)
        if not self.ads and not self.lines:
            raise UnreadableError("no row could be read: --quarantine FILE says why")
        return sources

    def _source(self, one: Found, options: ReadOptions) -> Source:
        whole = Counts()
        hashes = []
        for file in one.files:
            told = self.notes.get(file.path, [])
            hashes += [part[2]["sha256"] for part in told[:1] if part[2]["sha256"]]
            if file.path in self.unlike:
                whole.plus(self._refused(one.read.name, self.unlike[file.path]))
            else:
                whole.plus(self.counts(file.path))
        if one.by_rows:
            hashes = one.hashes() or []
        source = named_source(one.read.name, one.read.what, one.day, hashes or [""], options)
        return whole.of(source)

    def _refused(self, name: str, reason: str) -> Counts:
        bad = [(name, None, reason, None)]
        self.aside(pl.DataFrame(bad, schema=QUARANTINE, orient="row"))
        return Counts(quarantined=1)

    def _require_like(self, one: Found) -> None:
        """Files of pay in one folder are one table: what is in each must be in all."""
        first: list[str] | None = None
        for file in one.files if len(one.files) > 1 else ():
            for _, _, own in self.notes.get(file.path, [])[:1]:
                mine = own["fields"]
                first = first or mine
                if mine and first and mine != first:
                    self.unlike[file.path] = unlike(file.path, first, mine)

    def _may_stop(self, found: Sequence[Found]) -> None:
        whys = [(path, d.refused) for path, n in self.notes.items() for _, d, _ in n if d.refused]
        whys += list(self.unlike.items())
        for path, why in whys:
            if self.fail_fast:
                raise UnreadableError(f"{path}: {why} (--fail-fast)")
            if sum(len(one.files) for one in found) == 1 and not self.ads and not self.lines:
                raise UnreadableError(str(why))

    def without_refused(self) -> DataFrame:
        """The sheets but for those of files that are not like the others of their folder."""
        from pyspark.sql import functions as f

        if not self.unlike:
            return self.told
        return self.told.filter(f.col("path").isNull() | ~f.col("path").isin(list(self.unlike)))


def unlike(path: str, first: Sequence[str], mine: Sequence[str]) -> str:
    """Why a file is not one with the first of its folder, by the fields of both."""
    differ = (
        ("lacks", sorted({*first} - {*mine})),
        ("has", sorted({*mine} - {*first})),
    )
    said = " and ".join(f"{verb} {', '.join(names)}" for verb, names in differ if names)
    name = path.rpartition("/")[2]
    return f"{name} is not like the other files of its folder: it {said}"
