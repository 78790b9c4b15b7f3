"""A market as a folder: Parquet tables and a datapackage.json (Frictionless Data Package 2)."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import MarketError
from rolediff.market.background import panels_of
from rolediff.market.made_with import made_with
from rolediff.market.model import Market
from rolediff.market.tables import ASKS, BACKGROUND, CELLS, PAY, POSTINGS, no_asks
from rolediff.records import Source

VERSION = 2
WITHOUT_POSTINGS = 1
"""The older version that can be read: it has neither `asks` nor the columns of postings."""
PACKAGE = "datapackage.json"
TABLES = {"cells": CELLS, "pay": PAY, "asks": ASKS, "background": BACKGROUND, "panel": POSTINGS}
"""Those after `asks` stand only in a market of postings, and not in an older one."""
WHOLE = ("cells", "background")
"""Tables that are read when a market is opened; of the others groups of `GROUP` lines, as they are
needed."""
GROUP = 32_768
LARGE = 100_000
"""Lines from which on a table is compressed faster and not as small."""
HASHED = 64 << 20
"""Bytes up to which a table is compared with its hash when a market is opened; else by size. Offers
up to this size are read whole too."""
UNITS = {
    "low": "US dollars a year, low end of the range",
    "high": "US dollars a year, high end of the range",
    "n": "records alike in every column",
    "offer": "line of the table pay, from 0",
    "ad": "key shared by postings of one ad; null for an ad posted once",
    "industry": "everyday word, or as the source states it",
    "sector": "NAICS 2022",
    "month": "first day of the month in which it was posted",
    "years": "years of experience asked for",
    "required": "skills required",
    "preferred": "skills preferred and not required",
    "named": "skills asked for without saying how strongly",
    "requirement_words": "words of the requirements",
    "country": "ISO 3166-1 alpha-2",
    "currency": "ISO 4217, as stated by the source",
}
KINDS = {
    pl.UInt32: "integer",
    pl.Int32: "integer",
    pl.Float64: "number",
    pl.Date: "date",
    pl.List: "list",
    pl.String: "string",
}
"""Types of the tables to those of a table schema (Frictionless Table Schema 2)."""


@cache
def bundled() -> Market:
    """The market that ships inside the package."""
    return open_market(Path(str(files("rolediff") / "data" / "market")))


def is_market(path: Path | str) -> bool:
    """Whether `path` is a folder with a market in it, sound or not."""
    return (Path(path) / PACKAGE).is_file()


def open_market(path: Path | str) -> Market:
    """Read a market folder.

    Raises:
        MarketError: not a market, written by a newer version, or a table is missing or damaged.
    """
    folder = Path(path)
    package = _package(folder)
    described = {r.get("name"): r for r in package["resources"]}
    older = package["rolediff"]["version"] == WITHOUT_POSTINGS
    large = described.get("pay", {}).get("bytes", 0) > HASHED
    pay = _later(folder, "pay", described) if large else _table(folder, "pay", described, older)
    return Market(
        _table(folder, "cells", described, older),
        pay,
        _sources(folder / PACKAGE, package),
        no_asks() if older else _later(folder, "asks", described),
        _kept(folder, described) if "background" in described else None,
        package["rolediff"].get("made_with", {}),
    )


def _kept(folder: Path, described: dict[Any, Any]) -> tuple[pl.DataFrame, pl.LazyFrame]:
    return _table(folder, "background", described, False), _later(folder, "panel", described)


def save(market: Market, path: Path | str) -> Path:
    """Write `market` as a folder, whole or not at all: a new folder is filled, then renamed.

    Raises:
        MarketError: `path` exists and is not a market, or cannot be written.
    """
    folder = Path(path)
    may_save(folder)
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _cannot(folder, error) from error
    try:
        resources = [_write(work, name, table) for name, table in _tables(market).items()]
        text = json.dumps(_describe(market, resources), indent=2, ensure_ascii=False) + "\n"
        (work / PACKAGE).write_text(text, encoding="utf-8")
        work.chmod(0o755)
        _swap(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _tables(market: Market) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    found: dict[str, pl.DataFrame | pl.LazyFrame] = {
        "cells": market.cells, "pay": market.offers, "asks": market.asks,
    }  # fmt: skip
    if market.has_postings:
        panels = panels_of(market) if market.kept is None else market.kept[1]
        found |= {"background": market.background, "panel": panels}
    return found


def may_save(folder: Path) -> None:
    """Raise `MarketError` where `folder` is something else than a market or an empty folder, or
    can be none."""
    if folder.exists() and not (folder / PACKAGE).is_file() and not _is_empty(folder):
        raise MarketError(f"{folder} exists and is not a market: choose another folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot(folder, error) from error


def _cannot(folder: Path, error: OSError) -> MarketError:
    why = (error.strerror or str(error)).lower()
    return MarketError(f"cannot write {folder} ({why}): choose another folder")


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _swap(work: Path, folder: Path) -> None:
    """Put `work` in the place of `folder`; the old one goes only when the new one stands."""
    if not folder.exists():
        work.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old / folder.name)
    work.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _package(folder: Path) -> dict[str, Any]:
    file = folder / PACKAGE
    if not folder.is_dir():
        raise MarketError(f"no market at {folder}: make one with `rolediff compress FILE -o DIR`")
    if not file.is_file():
        raise MarketError(
            f"{folder} is a folder but no market (no {PACKAGE}): make one with "
            "`rolediff compress FILE -o DIR`"
        )
    try:
        package: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        version = package["rolediff"]["version"]
    except (ValueError, KeyError, TypeError):
        raise MarketError(f"{file} is damaged: compress the data again") from None
    if version not in (VERSION, WITHOUT_POSTINGS):
        raise MarketError(
            f"{folder} is a market of version {version}, this is {VERSION}: compress the data again"
        )
    return package


def _sources(file: Path, package: dict[str, Any]) -> tuple[Source, ...]:
    try:
        return tuple(Source(**s) for s in package["rolediff"]["sources"])
    except (KeyError, TypeError):
        raise MarketError(f"{file} is damaged: compress the data again") from None


def _table(folder: Path, name: str, described: dict[Any, Any], older: bool) -> pl.DataFrame:
    file, schema = folder / f"{name}.parquet", TABLES[name]
    try:
        content = file.read_bytes()
        if described.get(name, {}).get("hash") != _hash(content):
            raise _changed(file)
        frame = pl.read_parquet(content)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise MarketError(f"cannot read {file}: compress the data again") from error
    if older:
        lacking = [pl.lit(None, k).alias(c) for c, k in schema.items() if c not in frame.columns]
        frame = frame.with_columns(lacking).select(schema.names())
    if frame.schema != schema:
        raise MarketError(f"{file} does not have the columns of a market: compress the data again")
    return frame


def _later(folder: Path, name: str, described: dict[Any, Any]) -> pl.LazyFrame:
    """A table that is read when it is needed."""
    file, told = folder / f"{name}.parquet", described.get(name, {})
    try:
        size = file.stat().st_size
        if told.get("bytes") != size:
            raise _changed(file)
        if size <= HASHED and told.get("hash") != _hash(file.read_bytes()):
            raise _changed(file)
        scanned = pl.scan_parquet(file, glob=False, hive_partitioning=False)
        schema = scanned.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise MarketError(f"cannot read {file}: compress the data again") from error
    if schema != TABLES[name]:
        raise MarketError(f"{file} does not have the columns of a market: compress the data again")
    return scanned


def _changed(file: Path) -> MarketError:
    return MarketError(f"{file} was changed since it was written: compress the data again")


def _write(folder: Path, name: str, table: pl.DataFrame | pl.LazyFrame) -> dict[str, Any]:
    """Write a table; one that is not in memory is never held whole, and one that is has the same
    bytes however it was put together."""
    if isinstance(table, pl.DataFrame):
        table = table.rechunk()
    file = folder / f"{name}.parquet"
    rows = table.lazy().select(pl.len()).collect().item()
    options: dict[str, Any] = {"statistics": False}
    if name not in WHOLE:
        options = {"statistics": True, "row_group_size": GROUP}
    level = 19 if rows < LARGE else 3
    table.lazy().sink_parquet(file, compression="zstd", compression_level=level, **options)
    schema = pl.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema()
    return {
        "name": name,
        "path": file.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": file.stat().st_size,
        "hash": _hash_of(file),
        "rows": rows,
        "schema": {"fields": [_field(c, t) for c, t in schema.items()]},
    }


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _field(name: str, dtype: pl.DataType) -> dict[str, str]:
    kind = KINDS[dtype.base_type()]
    described = {"description": UNITS[name]} if name in UNITS else {}
    return {"name": name, "type": kind, **described}


def _describe(market: Market, resources: list[dict[str, Any]]) -> dict[str, Any]:
    licences = sorted({s.licence for s in market.sources})
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "rolediff-market",
        "title": "Counts of job records by title, place, level, year and pay",
        "licenses": [{"name": name} for name in licences],
        "sources": [{"title": s.title or s.name, "path": s.url} for s in market.sources],
        "resources": resources,
        "rolediff": {
            "version": VERSION,
            "records": len(market),
            "made_with": dict(made_with() if market.made is None else market.made),
            "sources": [s.to_dict() for s in market.sources],
        },
    }
