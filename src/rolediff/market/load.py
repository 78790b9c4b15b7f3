"""Any data to a market: nothing (the bundled one), a market, its folder, a file or a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.money import annualise_reading
from rolediff.errors import ColumnError, UnreadableError, UsageError
from rolediff.market.compress import compress, merge
from rolediff.market.model import Market
from rolediff.market.store import bundled, open_market
from rolediff.records import QUARANTINE, Reading, Source


@dataclass(frozen=True, slots=True)
class Loaded:
    """A market and the rows that were set aside on the way to it (schema `QUARANTINE`)."""

    market: Market
    quarantine: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a table is to be read: see `rolediff.read.catalog.read`.

    `kind` says what its pay is: "advertised" or "paid".
    """

    mapping: Mapping[str, str] | None = None
    currency: str | None = None
    interval: str | None = None
    format: str | None = None
    kind: str | None = None


def load(data: Any = None, options: ReadOptions | None = None) -> Loaded:
    """The market behind `data`: None, a Market, a folder, a file, or a frame in memory.

    Raises:
        UnreadableError, ColumnError, MarketError, UsageError: `data` cannot be read.
    """
    empty = pl.DataFrame(schema=QUARANTINE)
    if data is None:
        return Loaded(bundled(), empty)
    if isinstance(data, Market):
        return Loaded(data, empty)
    if isinstance(data, str | Path) and Path(data).is_dir():
        return Loaded(open_market(data), empty)
    return _compressed(read_reading(data, options or ReadOptions()))


def load_files(paths: Iterable[Path], options: ReadOptions | None = None) -> Loaded:
    """One market of several files, read one after the other."""
    paths = list(paths)
    parts = [_named(path, options, name) for path, name in zip(paths, _names(paths), strict=True)]
    if not parts:
        raise UnreadableError("no file to read: name at least one")
    _once(s for p in parts for s in p.market.sources)
    return Loaded(merge(*(p.market for p in parts)), pl.concat([p.quarantine for p in parts]))


def _once(sources: Iterable[Source]) -> None:
    seen: dict[str, str] = {}
    for s in sources:
        if s.sha256 and s.sha256 in seen:
            raise UsageError(f"{seen[s.sha256]} and {s.name} are the same file: name it once")
        seen[s.sha256] = s.name


def _names(paths: list[Path]) -> list[str]:
    """A name for the source in each file: its stem, with a number where two are the same."""
    seen: dict[str, int] = {}
    out = []
    for path in paths:
        seen[path.stem] = seen.get(path.stem, 0) + 1
        out.append(path.stem if seen[path.stem] == 1 else f"{path.stem}-{seen[path.stem]}")
    return out


def _named(path: Path, options: ReadOptions | None, name: str) -> Loaded:
    try:
        if Path(path).is_dir():
            return load(path, options)
        return _compressed(read_reading(path, options or ReadOptions(), name))
    except ColumnError as error:
        raise ColumnError(f"{path}: {error}") from error


def read_reading(data: Any, options: ReadOptions, name: str | None = None) -> Reading:
    """Records of a file or a frame, pay in US dollars a year."""
    from rolediff.read.catalog import read
    from rolediff.read.tables import read_table

    chosen = {
        "mapping": options.mapping,
        "currency": options.currency,
        "interval": options.interval,
        "name": name,
    }
    if isinstance(data, str | Path):
        reading = read(data, format=options.format, **chosen)  # type: ignore[arg-type]
    else:
        reading = read_table(data, **chosen)  # type: ignore[arg-type]
    kind = options.kind or reading.source.kind
    return annualise_reading(replace(reading, source=replace(reading.source, kind=kind)))


def _compressed(reading: Reading) -> Loaded:
    return Loaded(compress(reading.records, [reading.source]), reading.quarantine)
