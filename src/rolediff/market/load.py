"""Any data to a market: nothing (the bundled one), a market, its folder, a file or a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.money import annualise_reading
from rolediff.errors import UnreadableError
from rolediff.market.compress import compress, merge
from rolediff.market.model import Market
from rolediff.market.store import bundled, open_market
from rolediff.records import QUARANTINE, Reading


@dataclass(frozen=True, slots=True)
class Loaded:
    """A market and the rows that were set aside on the way to it (schema `QUARANTINE`)."""

    market: Market
    quarantine: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a table is to be read: see `rolediff.read.catalog.read`."""

    mapping: Mapping[str, str] | None = None
    currency: str | None = None
    interval: str | None = None
    format: str | None = None


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
    parts = [load(path, options) for path in paths]
    if not parts:
        raise UnreadableError("no file to read: name at least one")
    return Loaded(merge(*(p.market for p in parts)), pl.concat([p.quarantine for p in parts]))


def read_reading(data: Any, options: ReadOptions) -> Reading:
    """Records of a file or a frame, pay in US dollars a year."""
    from rolediff.read.catalog import read
    from rolediff.read.tables import read_table

    chosen = {
        "mapping": options.mapping,
        "currency": options.currency,
        "interval": options.interval,
    }
    if isinstance(data, str | Path):
        return annualise_reading(read(data, format=options.format, **chosen))  # type: ignore[arg-type]
    return annualise_reading(read_table(data, **chosen))  # type: ignore[arg-type]


def _compressed(reading: Reading) -> Loaded:
    return Loaded(compress(reading.records, [reading.source]), reading.quarantine)
