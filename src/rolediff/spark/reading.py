"""What stands at the paths that a user names: datasets of files, and how each is read by Spark.

Files are handed to workers whole, so that they are read as on one machine; of tables in Parquet
that have large files Spark reads the rows, so that one file is shared out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import polars as pl

from rolediff.errors import UnreadableError, UsageError
from rolediff.flow.kept import sha256
from rolediff.market.options import ReadOptions, names_of
from rolediff.market.pay_lines import Columns
from rolediff.market.units import ANY, How
from rolediff.market.what import LOOKED_INTO, What
from rolediff.read.columns import resolve
from rolediff.read.pay_columns import Defaults
from rolediff.read.posting_tables import columns_for
from rolediff.read.recognise import LOOKED_AT
from rolediff.read.stream import bare
from rolediff.read.tables import currency_code, day, interval_code, usable
from rolediff.spark.sheets import SHEET, ddl, from_arrow
from rolediff.spark.workers import Files, kinds_of_files, sheets_of_files, sheets_of_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LARGE = 256 << 20
"""Bytes of a Parquet file from which Spark reads its rows."""
LARGEST = (2 << 30) - (64 << 20)
"""Bytes of another file that a worker can be handed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file by its path, its size in bytes, and the day on which it was written (UTC)."""

    path: str
    bytes: int
    day: date


@dataclass(frozen=True, slots=True)
class Found:
    """A path that was named: one source in these files, and how they are read."""

    files: tuple[Listed, ...]
    read: Files

    @property
    def day(self) -> date:
        """The day its newest file was last written."""
        return max(file.day for file in self.files)

    @property
    def by_rows(self) -> bool:
        """Whether Spark reads the rows, not workers the files."""
        parquet = all(file.path.endswith((".parquet", ".pq")) for file in self.files)
        return parquet and any(file.bytes > LARGE for file in self.files)

    def hashes(self) -> list[str] | None:
        """Hashes of files that are read by rows, where this machine has them too."""
        paths = [Path(file.path.removeprefix("file:")) for file in self.files]
        return [sha256(path) for path in paths] if all(map(Path.is_file, paths)) else None


def found_in(spark: SparkSession, paths: Sequence[str], options: ReadOptions) -> list[Found]:
    """What each path is; raises `UnreadableError` or `UsageError`."""
    if not paths:
        raise UnreadableError("no file to read: name at least one")
    plain = [PurePosixPath(path) for path in paths]
    names = [options.source] * len(paths) if options.source else names_of([*map(Path, plain)])
    return [_found(spark, path, name, options) for path, name in zip(paths, names, strict=True)]


def _found(spark: SparkSession, path: str, name: str, options: ReadOptions) -> Found:
    place = f"file://{Path(path).resolve()}" if Path(path).exists() else path
    files = _listed(spark, place)
    if not files:
        raise UnreadableError(f"no such file: {path}; check the path")
    if any(file.path.endswith("/datapackage.json") for file in files):
        raise UsageError(f"{path} is a market: rolediff merge puts markets together")
    what = _what(spark, [file.path for file in files], options)
    if what == "market":
        raise UnreadableError(f"nothing in {path} is of pay or of postings; check the path")
    folder = len(files) > 1 and not has_magic(path)
    names = {f.path: _name(f.path, PurePosixPath(path).name if folder else "") for f in files}
    how = How(name, what, day(""), options)
    found = Found(tuple(files), Files(name, what, how, names))
    too_large = next((f for f in files if f.bytes > LARGEST), None)
    if too_large is not None and not found.by_rows:
        raise UnreadableError(
            f"{too_large.path} has {too_large.bytes / 1e9:.1f} GB, more than a worker can be "
            "handed: cut it into files of less than 2 GB, or make it Parquet"
        )
    return found


def _name(path: str, folder: str) -> str:
    """The name of a file, inside its folder if it is in one."""
    return bare(path.rpartition(f"/{folder}/" if folder else "/")[2])


def _what(spark: SparkSession, paths: list[str], options: ReadOptions) -> What:
    """What the files hold: as on one machine, by the first of them that is not of pay."""
    first = spark.read.format("binaryFile").load(paths[:LOOKED_INTO])
    how = How("", "records", day(""), options)
    rows = first.mapInArrow(partial(kinds_of_files, how=how), ddl(SHEET)).select("path", "kind")
    kinds: dict[str, What] = {row["path"]: row["kind"] for row in rows.collect()}
    return next((kinds[p] for p in paths[:LOOKED_INTO] if kinds[p] != "records"), "records")


def _listed(spark: SparkSession, path: str) -> list[Listed]:
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    rows = reader.load(path).select("path", "length", "modificationTime").collect()
    found = [Listed(r["path"], r["length"], _day(r["modificationTime"])) for r in rows]
    return sorted(found, key=lambda file: PurePosixPath(file.path))


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def sheets(spark: SparkSession, found: Found) -> DataFrame:
    """The sheets of all files of a dataset."""
    paths = [file.path for file in found.files]
    if found.by_rows:
        table = spark.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
        return sheets_of_frame(table.parquet(*paths), found.read.how, paths[0])
    whole = spark.read.format("binaryFile").load(paths)
    return whole.mapInArrow(partial(sheets_of_files, files=found.read), ddl(SHEET))


def sheets_of_frame(df: DataFrame, how: How, path: str | None = None) -> DataFrame:
    """The sheets of a DataFrame; raises `ColumnError` where its columns hold nothing of that."""
    columns: Columns | None = None
    if how.what == "records":
        columns = _columns(first_rows(df), how)
    elif how.what == "postings":
        format = None if how.options.format in ANY else how.options.format
        columns_for(tuple(df.columns), format, how.options.mapping)
    told = partial(sheets_of_rows, how=replace(how, columns=columns), path=path)
    return df.mapInArrow(told, ddl(SHEET))


def first_rows(df: DataFrame) -> pl.DataFrame:
    """Some rows of it, by which it is recognised."""
    return from_arrow(df.limit(LOOKED_AT).toArrow())


def _columns(table: pl.DataFrame, how: How) -> Columns | None:
    """Which columns hold what; None where dollars stand beside, which are compared row by row."""
    mapping = how.options.mapping
    fields = resolve(usable(table, mapping or {}), mapping)
    defaults = Defaults(currency_code(how.options.currency), interval_code(how.options.interval))
    return (
        None if "pay_usd" in fields.columns else Columns(fields, defaults, how.source, how.judged)
    )
