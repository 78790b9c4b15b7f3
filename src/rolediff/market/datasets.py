"""The inputs of a compression: what each of them is, its files, and the units they are read by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256 as sha256_of
from pathlib import Path

import polars as pl

from rolediff.errors import ColumnError, UnreadableError
from rolediff.flow.kept import key_of
from rolediff.market.options import ReadOptions, names_of
from rolediff.market.pay_lines import Columns
from rolediff.market.units import ANY, How, Stretch, Unit, Whole
from rolediff.market.what import What, what_is
from rolediff.read.blocks import Cut, blocks
from rolediff.read.catalog import looks_like_aijobs
from rolediff.read.columns import Fields, resolve
from rolediff.read.pay_columns import Defaults
from rolediff.read.posting_csv import csv_table
from rolediff.read.posting_files import json_table, not_whole, parquet_rows
from rolediff.read.stream import Entry, entries
from rolediff.read.tables import currency_code, interval_code, usable
from rolediff.records import Source

ROWS = 1_000_000
"""Rows of a Parquet file of pay in a unit."""
LARGE = 64 << 20
"""Bytes from which another file of pay is read by blocks; of a compressed one a tenth."""
BLOCK = Cut(200_000, 32 << 20)
POSTINGS = Cut(8_192, 32 << 20)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A path that was named: one source, of one kind, in one file or several."""

    path: Path
    name: str
    what: What
    files: tuple[Entry, ...] = ()

    @property
    def day(self) -> date:
        """The day its newest file was last written."""
        newest = max(file.path.stat().st_mtime for file in self.files)
        return datetime.fromtimestamp(newest, UTC).date()


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file and the hash of its content."""

    entry: Entry
    sha256: str


def datasets(paths: Sequence[Path], options: ReadOptions) -> list[Dataset]:
    """What each path is; raises `UnreadableError` or `UsageError` as `market.load` does."""
    if not paths:
        raise UnreadableError("no file to read: name at least one")
    names = [options.source] * len(paths) if options.source else names_of(paths)
    found = []
    for path, name in zip(paths, names, strict=True):
        what = what_is(path, options.format, options.mapping)
        files = () if what == "market" else tuple(entries(path))
        found.append(Dataset(path, name, what, files))
    return found


def source_of(dataset: Dataset, hashes: Sequence[str], options: ReadOptions) -> Source:
    """The source that a dataset is, without counts."""
    return named_source(dataset.name, dataset.what, dataset.day, hashes, options)


def named_source(
    name: str, what: What, day: date, hashes: Sequence[str], options: ReadOptions
) -> Source:
    """The source of this name in files with these hashes, the newest of that day."""
    joined = sha256_of("".join(hashes).encode()).hexdigest()
    content = hashes[0] if len(hashes) == 1 else joined
    is_pay = what == "records"
    kind = options.kind or ("unknown" if is_pay else "advertised")
    return Source(
        name, name, retrieved=day.isoformat(), sha256=content, kind=kind,
        unit="record" if is_pay else "posting",
    )  # fmt: skip


def units(
    dataset: Dataset, file: Hashed, options: ReadOptions, judged: date, seen: list[Fields],
    version: str = "",
) -> Iterator[Unit]:  # fmt: skip
    """The units of a file, in order; results of another `version` of the program do not count.

    `seen` = the fields of the files of pay before it in a folder, which its own must be like.
    Raises `DataError` where it cannot be read.
    """
    said = [version, dataset.name, dataset.what, options]
    key = key_of(file.entry.name, file.sha256, said)
    path = file.entry.path
    if dataset.what != "records":
        how = How(dataset.name, dataset.what, judged, options)
        format = None if options.format in ANY else options.format
        for block in blocks(file.entry, format, POSTINGS):
            yield Unit(path, key, block.number, block.read, block, how)
        return
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    how = How(dataset.name, "records", modified, options)
    for unit in _of_pay(file.entry, key, how):
        if unit.how.columns is not None and len(dataset.files) > 1:
            _require_like(unit.how.columns.fields, seen, path)
        yield unit


def _of_pay(entry: Entry, key: str, how: How) -> Iterator[Unit]:
    """Parquet by stretches, other large files by blocks, small ones and tables of their own kind
    whole."""
    path, size = entry.path, entry.path.stat().st_size
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        table = _schema(path)
        columns = _columns(table, how)
        if columns is not None:
            rows = parquet_rows(path)
            for number, start in enumerate(range(0, rows, ROWS)):
                here = min(ROWS, rows - start)
                part = Stretch(path, start, here)
                read = size * (start + here) // rows
                yield Unit(path, key, number, read, part, replace(how, columns=columns))
            if not rows:
                raise UnreadableError(f"{path} has no rows; check how it was exported")
            return
    elif _is_large(entry) and not (how.options.format == "aijobs" or looks_like_aijobs(path)):
        yield from _by_blocks(entry, key, how)
        return
    yield Unit(path, key, 0, size, Whole(path), how)


def _by_blocks(entry: Entry, key: str, how: How) -> Iterator[Unit]:
    columns: Columns | None = None
    for block in blocks(entry, how.options.format, BLOCK):
        if block.kind not in ("csv", "lines"):
            if block.kind == "refused":
                raise UnreadableError(block.reason)
            yield Unit(entry.path, key, 0, block.read, Whole(entry.path), how)
            return
        if columns is None:
            start = block.records[:1000]
            is_csv = block.kind == "csv"
            read = csv_table(block.header, start, block.separator) if is_csv else json_table(start)
            table = read[0]
            columns = _columns(table, how)
            if columns is None:
                yield Unit(entry.path, key, 0, block.read, Whole(entry.path), how)
                return
        part = replace(how, columns=columns)
        yield Unit(entry.path, key, block.number, block.read, block, part)


def _columns(table: pl.DataFrame, how: How) -> Columns | None:
    """Which columns hold what; None for a table with dollars of its own beside, whose differences
    are looked at row by row."""
    mapping = how.options.mapping
    fields = resolve(usable(table, mapping or {}), mapping)
    if "pay_usd" in fields.columns:
        return None
    defaults = Defaults(currency_code(how.options.currency), interval_code(how.options.interval))
    return Columns(fields, defaults, how.source, how.judged)


def _schema(path: Path) -> pl.DataFrame:
    """A Parquet file without its rows."""
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return scanned.collect_schema().to_frame()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise not_whole(path, error) from None


def _is_large(entry: Entry) -> bool:
    """Large, or compressed in a way that only blocks are read of."""
    suffix, size = entry.path.suffix.lower(), entry.path.stat().st_size
    return suffix in (".zst", ".zstd") or size > (LARGE // 10 if suffix == ".gz" else LARGE)


def _require_like(fields: Fields, seen: list[Fields], path: Path) -> None:
    """Files of one folder are one table: what is in each must be in all."""
    if seen and fields != seen[0]:
        lacking = sorted(seen[0].columns.keys() - fields.columns.keys())
        more = sorted(fields.columns.keys() - seen[0].columns.keys())
        differ = (("lacks", lacking), ("has", more))
        said = [f"{verb} {', '.join(names)}" for verb, names in differ if names]
        why = " and ".join(said) or "its columns are named otherwise"
        raise ColumnError(f"{path.name} is not like the other files of its folder: it {why}")
    if not seen:
        seen.append(fields)
