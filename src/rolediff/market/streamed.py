"""Any number of files to one market in bounded memory, by several processes.

Every file is read by units; what comes of each is kept on disk and counted when all are there. The
market is the one that reading all of it at once would give, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.flow.kept import Done, Kept, sha256
from rolediff.flow.workers import ordered
from rolediff.market.bound import Bound, made_within, require_bound, within
from rolediff.market.counting import Runs, count
from rolediff.market.counting_pay import count_pay
from rolediff.market.datasets import Dataset, Hashed, datasets, source_of, units
from rolediff.market.made_with import combined
from rolediff.market.merging import parts, size
from rolediff.market.model import Market
from rolediff.market.options import ReadOptions
from rolediff.market.repeated import ads
from rolediff.market.store import open_market
from rolediff.market.tables import ASKED, POSTINGS
from rolediff.market.units import (
    FACTS,
    LINES,
    PRINTS,
    Unit,
    coded,
    do,
    handed,
    is_free,
    lines_kept,
    table_path,
)
from rolediff.market.where import Where
from rolediff.read.columns import Fields
from rolediff.records import QUARANTINE, Source

Place = tuple[str, int]
"""The key of a file and the number of a unit of it."""
T = TypeVar("T")
NOTES = (
    *("one_sided_ranges", "interval_assumed", "country_unknown", "level_unknown"),
    *("employment_type_unknown", "remote_unknown", "company_size_unknown", "currency_unknown"),
    *("fx_undated_n", "fx_undated_year"),
)
"""Counts of a source beside its records, in the order in which they are noted."""
LINES_AT_ONCE, FACTS_AT_ONCE = 1_000_000, 100_000
"""Lines of pay, and facts of postings, that are dealt out together."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who wants to know: of rows set aside (`QUARANTINE`), of rows done in this run, of a file and
    how far it is done."""

    aside: Callable[[pl.DataFrame], None] = lambda _: None
    told: Callable[[int], None] = lambda _: None
    reached: Callable[[Path, int], None] = lambda *_: None


@dataclass(frozen=True, slots=True)
class Way:
    """How files are compressed: their options, by so many processes, and whether a file that cannot
    be read stops it; what another `version` of the program kept is done again. Pay is kept to
    within `bound`, or as it is read."""

    options: ReadOptions = field(default_factory=ReadOptions)
    where: Where = field(default_factory=Where)
    workers: int = 1
    fail_fast: bool = False
    version: str = ""
    bound: Bound | None = None


@dataclass(slots=True)
class _Results:
    """What came of the units: files of lines and of facts, with their rows, and the sources."""

    lines: list[tuple[Place, int]] = field(default_factory=list)
    facts: list[tuple[Path, int]] = field(default_factory=list)
    prints: list[Path] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def compress_files(
    paths: Sequence[Path], work: Path, way: Way, heard: Heard | None = None
) -> Market:
    """The market of all records and postings in files, folders and markets.

    `work` = a folder to keep what is done in, by which a run that ended early is taken up again; it
    is for the caller to remove when the market is saved. A file that cannot be read is set aside
    with its reason.

    Raises:
        UnreadableError: no row could be read, or a file cannot be and that is to stop the run.
        UsageError, MarketError, ColumnError: as `market.load` does.
        NotEnoughEvidence: a value of `way.where` is in no row.
    """
    found = datasets(paths, way.options)
    kept, heard = Kept(work, parents=True), heard or Heard()
    kept.begin()
    results, markets = _Results(), [open_market(d.path) for d in _markets(found)]
    for dataset, market in zip(_markets(found), markets, strict=True):
        require_bound(str(dataset.path), market, way.bound)
    _Reading(found, kept, way, heard, results).run()
    sources = [*results.sources, *(s for market in markets for s in market.sources)]
    once(sources)
    if not results.lines and not results.facts and not any(map(len, markets)):
        raise _nothing(found, results)
    made = [(str(d.path), m.made) for d, m in zip(_markets(found), markets, strict=True)]
    here = [("what is compressed now", None)] if results.sources else []
    counted = None if results.facts or markets else _pay(results, kept, way, sources)
    if counted is None:
        runs = _runs(results, markets, kept, way)
        counted = count(runs, way.where, sources, work, way.workers)
    whole = [(name, made_within(identity, way.bound)) for name, identity in (*here, *made)]
    return replace(counted, made=combined(whole))


def _pay(results: _Results, kept: Kept, way: Way, sources: Sequence[Source]) -> Market | None:
    """The market of lines of pay alone."""
    places = [place for place, _ in results.lines]

    def read(unit: int, table: str) -> pl.DataFrame:
        found = pl.read_parquet(table_path(kept, *places[unit], table))
        return within(found, way.bound) if table == "pays" else found

    lines = sum(rows for _, rows in results.lines)
    return count_pay(len(places), lines, read, way.where, sources, kept.folder, way.workers)


def _markets(found: Sequence[Dataset]) -> list[Dataset]:
    return [dataset for dataset in found if dataset.what == "market"]


class _Reading:
    """Reading all files by units, and adding up what comes of them."""

    def __init__(
        self, found: list[Dataset], kept: Kept, way: Way, heard: Heard, results: _Results
    ) -> None:
        self.found, self.kept, self.way, self.heard = found, kept, way, heard
        self.results, self.hashes = results, {d.path: list[str]() for d in found}
        self.counts: dict[str, Counts] = {}
        self.refused: set[str] = set()

    def run(self) -> None:
        """Do what is to be done."""
        work = partial(do, kept=self.kept)
        for unit, done in ordered(work, self._units(), self.way.workers, is_free):
            self._heard(unit, done)
        for dataset in self.found:
            if dataset.what != "market" and self.hashes[dataset.path]:
                self._source(dataset)

    def _units(self) -> Iterator[Unit]:
        judged, way = self.kept.judged(), self.way
        for dataset in self.found:
            seen: list[Fields] = []
            for entry in dataset.files:
                file = Hashed(entry, sha256(entry.path))
                self.hashes[dataset.path].append(file.sha256)
                try:
                    for unit in units(dataset, file, way.options, judged, seen, way.version):
                        if unit.key in self.refused:
                            break
                        yield handed(unit, self.kept) if way.workers > 1 else unit
                except DataError as error:
                    self._refuse(dataset, entry.path, str(error))

    def _refuse(self, dataset: Dataset, path: Path, reason: str) -> None:
        self._may_stop(path, reason)
        self.results.failures.append(reason)
        self._count(dataset.path, dataset.name).quarantined += 1
        bad = [(dataset.name, None, reason, None)]
        self.heard.aside(pl.DataFrame(bad, schema=QUARANTINE, orient="row"))

    def _may_stop(self, path: Path, reason: str, nothing: bool = True) -> None:
        """A file that cannot be read stops the run if that was asked for, or if it is the only one
        and nothing of it can be."""
        if self.way.fail_fast:
            raise UnreadableError(f"{path}: {reason} (--fail-fast)")
        if nothing and sum(max(len(d.files), 1) for d in self.found) == 1:
            raise UnreadableError(reason)

    def _heard(self, unit: Unit, done: Done) -> None:
        if done.refused is not None:
            if unit.key in self.refused:
                return
            self.refused.add(unit.key)
            self._may_stop(unit.path, done.refused, nothing=not (done.rows or unit.number))
            self.results.failures.append(done.refused)
        if done.bad:
            self.heard.aside(done.quarantine)
        self._count(unit.path, unit.how.source).add(done)
        place = unit.key, unit.number
        if LINES in done.bytes and done.rows:
            self.results.lines.append((place, done.rows))
        if FACTS in done.bytes:
            self.results.facts.append((self.kept.path(*place, FACTS), done.rows))
            self.results.prints.append(self.kept.path(*place, PRINTS))
        self.heard.told(int(done.notes.get("rows", done.rows)))
        self.heard.reached(unit.path, unit.read)

    def _count(self, path: Path, name: str) -> Counts:
        return self.counts.setdefault(f"{name}\n{path}", Counts())

    def _source(self, dataset: Dataset) -> None:
        source = source_of(dataset, self.hashes[dataset.path], self.way.options)
        whole = Counts()
        names = {f"{dataset.name}\n{file.path}" for file in dataset.files}
        names.add(f"{dataset.name}\n{dataset.path}")
        for name in names & self.counts.keys():
            whole.plus(self.counts[name])
        self.results.sources.append(whole.of(source))


@dataclass(slots=True)
class Counts:
    """What is counted of a source."""

    rows: int = 0
    records: int = 0
    quarantined: int = 0
    unconverted: int = 0
    notes: dict[str, float] = field(default_factory=dict)
    own: Source | None = None

    def add(self, done: Done) -> None:
        """Add what came of a unit."""
        if "source" in done.notes:
            mine = Source(**done.notes["source"])
            self.own = mine if self.own is None else replace(self.own.plus(mine), notes={})
            return
        self.rows += int(done.notes.get("rows", 0))
        self.records += int(done.notes.get("records", 0))
        self.unconverted += int(done.notes.get("unconverted", 0))
        self.quarantined += len(done.bad)
        self._note(done.notes)

    def plus(self, other: Counts) -> None:
        """Add the counts of another file."""
        self.rows += other.rows
        self.records += other.records
        self.quarantined += other.quarantined
        self.unconverted += other.unconverted
        self._note(other.notes)
        if other.own is not None:
            both = other.own if self.own is None else replace(self.own.plus(other.own), notes={})
            self.own = both

    def of(self, source: Source) -> Source:
        """The source with its counts."""
        if self.own is not None:
            source = (
                self.own
                if source.sha256 == self.own.sha256
                else replace(self.own, sha256=source.sha256, retrieved=source.retrieved)
            )
        notes = {name: self.notes[name] for name in NOTES if name in self.notes}
        return replace(
            source, rows=source.rows + self.rows, records=source.records + self.records,
            quarantined=source.quarantined + self.quarantined,
            unconverted=source.unconverted + self.unconverted, notes=source.notes | notes,
        )  # fmt: skip

    def _note(self, notes: dict[str, Any]) -> None:
        for name in NOTES:
            if name in notes:
                old = self.notes.get(name, 0.0)
                is_year = name == "fx_undated_year"
                self.notes[name] = max(old, notes[name]) if is_year else old + notes[name]


def _runs(results: _Results, markets: list[Market], kept: Kept, way: Way) -> Runs:
    """The lines of all results, in runs of a bounded size."""
    listed = bool(results.facts) or any(market.has_postings for market in markets)
    rows = sum(rows for _, rows in results.facts)
    keys = ads(results.prints, rows, kept.folder, way.workers)
    groups: list[Callable[[], pl.DataFrame]] = []
    for places, _ in _grouped(results.lines, LINES_AT_ONCE):
        groups.append(partial(_of_lines, places, kept))
    start = 0
    for files, rows in _grouped(results.facts, FACTS_AT_ONCE):
        groups.append(partial(_of_facts, files, keys.slice(start, rows)))
        start += rows
    groups += [part for market in markets for part in parts(market)]
    total = sum(rows for _, rows in (*results.lines, *results.facts))
    total += sum(size(market) for market in markets)

    def read(number: int) -> pl.DataFrame:
        return within(_alike(groups[number](), listed), way.bound)

    return Runs(len(groups), total, listed, read)


def _of_lines(places: list[Place], kept: Kept) -> pl.DataFrame:
    return pl.concat([lines_kept(kept, *place).frame for place in places])


def _of_facts(files: list[Path], keys: pl.Series) -> pl.DataFrame:
    facts = pl.concat([pl.read_parquet(path) for path in files])
    return facts.with_columns(ad=keys).select(POSTINGS.names())


def _alike(lines: pl.DataFrame, listed: bool) -> pl.DataFrame:
    """Lines with the columns that all runs have, text as categories."""
    names = [name for name in POSTINGS if listed or name not in ASKED]
    absent = [pl.lit(None, POSTINGS[n]).alias(n) for n in names if n not in lines.columns]
    return coded(lines.with_columns(absent).select(names))


def _grouped(files: list[tuple[T, int]], size: int) -> Iterator[tuple[list[T], int]]:
    group: list[T] = []
    rows = 0
    for path, n in files:
        group.append(path)
        rows += n
        if rows >= size:
            yield group, rows
            group, rows = [], 0
    if group:
        yield group, rows


def once(sources: Sequence[Source]) -> None:
    """Raise `UsageError` where a file is named twice."""
    seen: dict[str, str] = {}
    for s in sources:
        if s.sha256 and s.sha256 in seen:
            raise UsageError(f"{seen[s.sha256]} and {s.name} are the same file: name it once")
        seen[s.sha256] = s.name


def _nothing(found: list[Dataset], results: _Results) -> DataError:
    files = sum(len(dataset.files) for dataset in found)
    alone = results.failures[0] if files == 1 and results.failures else ""
    return UnreadableError(alone or "no row could be read: --quarantine FILE says why")
