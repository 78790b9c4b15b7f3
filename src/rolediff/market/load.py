"""Any data to a market: nothing (the bundled one), a market, its folder, files or a frame.

Files and frames hold records of pay, or postings, which are annotated on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from rolediff.errors import ColumnError, UnreadableError, UsageError
from rolediff.market.compress import compress, merge
from rolediff.market.history import is_history, newest
from rolediff.market.model import Market
from rolediff.market.options import ReadOptions, names_of, read_reading
from rolediff.market.store import bundled, open_market
from rolediff.read.file_names import require_utf8
from rolediff.records import QUARANTINE, Reading, Source

if TYPE_CHECKING:
    from rolediff.market.read_postings import Told


@dataclass(frozen=True, slots=True)
class Loaded:
    """A market and the rows that were set aside on the way to it (schema `QUARANTINE`)."""

    market: Market
    quarantine: pl.DataFrame


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
    options = options or ReadOptions()
    part = _part(data, options, options.source)
    return part if isinstance(part, Loaded) else _of_postings([part])[0]


def load_files(paths: Iterable[Path], options: ReadOptions | None = None) -> Loaded:
    """One market of several files or folders, read one after the other.

    A posting that was posted again is found in whichever of them it stands.
    """
    options, paths = options or ReadOptions(), list(paths)
    if not paths:
        raise UnreadableError("no file to read: name at least one")
    names = [options.source] * len(paths) if options.source else names_of(paths)
    parts = [_of_file(path, options, name) for path, name in zip(paths, names, strict=True)]
    loaded = [part for part in parts if isinstance(part, Loaded)]
    loaded += _of_postings([part for part in parts if not isinstance(part, Loaded)])
    _once(s for part in loaded for s in part.market.sources)
    return Loaded(
        merge(*(part.market for part in loaded)), pl.concat([part.quarantine for part in loaded])
    )


def _of_file(path: Path, options: ReadOptions, name: str | None) -> Loaded | Told:
    try:
        return _part(path, options, name)
    except ColumnError as error:
        raise ColumnError(f"{path}: {error}") from error


def _part(data: Any, options: ReadOptions, name: str | None) -> Loaded | Told:
    """A market, or postings, whose reposts are found when all of them are there."""
    from rolediff.market.what import what_is

    if isinstance(data, str | Path):
        require_utf8(data)
    what = what_is(data, options.format, options.mapping)
    if what == "market":
        place = newest(data).folder if is_history(data) else data
        return Loaded(open_market(place), pl.DataFrame(schema=QUARANTINE))
    if what == "records" and isinstance(data, str | Path) and not Path(data).is_file():
        return _of_folder(Path(data), options, name)
    if what == "records":
        return _compressed(read_reading(data, options, name))
    return _told(data, options, name, what == "annotated")


def _of_folder(path: Path, options: ReadOptions, name: str | None) -> Loaded:
    """Tables of pay in a folder or a glob, which are one source."""
    from tempfile import TemporaryDirectory

    from rolediff.market.streamed import Heard, Way, compress_files

    named = replace(options, source=name or path.name)
    aside = [pl.DataFrame(schema=QUARANTINE)]
    with TemporaryDirectory(prefix="rolediff-") as work:
        found = compress_files([path], Path(work), Way(named), Heard(aside=aside.append))
        market = Market(found.cells, found.pay, found.sources)  # in memory: the folder goes
    return Loaded(market, pl.concat(aside))


def _of_postings(told: list[Told]) -> list[Loaded]:
    """One market of all of them, if there are any."""
    if not told:
        return []
    from rolediff.market.read_postings import market_of

    return [Loaded(market_of(told), pl.concat([part.quarantine for part in told]))]


def _told(data: Any, options: ReadOptions, name: str | None, annotated: bool) -> Told:
    from rolediff.market.read_postings import told_of
    from rolediff.read.tables import currency_code

    if options.interval is not None:
        raise UsageError("--interval is for tables of pay, not for postings: leave it out")
    return told_of(
        data, annotated=annotated, name=name, format=options.format,
        mapping=options.mapping, currency=currency_code(options.currency), kind=options.kind,
    )  # fmt: skip


def _once(sources: Iterable[Source]) -> None:
    seen: dict[str, str] = {}
    for s in sources:
        if s.sha256 and s.sha256 in seen:
            raise UsageError(f"{seen[s.sha256]} and {s.name} are the same file: name it once")
        seen[s.sha256] = s.name


def _compressed(reading: Reading) -> Loaded:
    return Loaded(compress(reading.records, [reading.source]), reading.quarantine)
