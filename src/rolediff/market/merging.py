"""Markets to one market in bounded memory; of one source name, different versions stay apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from rolediff.errors import UsageError
from rolediff.market.counting import Runs, count
from rolediff.market.made_with import combined
from rolediff.market.model import Market
from rolediff.market.store import open_market
from rolediff.market.tables import ASKED, POSTINGS
from rolediff.market.units import coded
from rolediff.market.where import Where
from rolediff.records import Source

AT_ONCE = 200_000
"""Offers of a market that are taken together."""


@dataclass(frozen=True, slots=True)
class Named:
    """A market, and the name of its folder."""

    name: str
    market: Market


def merge_folders(paths: Sequence[Path], work: Path, *, pool: bool = False) -> Market:
    """The market of the markets in these folders; `work` = a folder to keep lines in meanwhile.

    Sources of one name that differ in version, or in the day they were retrieved, get both as their
    name ("board@2025-10-25"), so that a filter and a comparison can tell them apart; with `pool`
    they stay one source.

    Raises:
        UsageError: fewer than two folders, or the same source twice.
        MarketError: a folder that is no market, or markets that do not fit together.
    """
    if len(paths) < 2:
        raise UsageError("name two markets or more: rolediff merge MARKET MARKET -o MARKET")
    markets = [Named(str(path), open_market(path)) for path in paths]
    made = combined((m.name, m.market.made) for m in markets)
    _once(markets)
    names = {} if pool else apart([m.market.sources for m in markets])
    sources = [renamed(s, names) for m in markets for s in m.market.sources]
    return replace(count(_runs(markets, names), Where(), sources, work), made=made)


def merge_on_disk(markets: Sequence[Market], work: Path) -> Market:
    """The market of markets with sources of different names, as `compress.merge` gives; `work` = a
    folder to keep lines in meanwhile.

    Raises `MarketError` for markets that do not fit together.
    """
    made = combined((f"market {i}", m.made) for i, m in enumerate(markets, 1))
    sources = [source for m in markets for source in m.sources]
    runs = _runs([Named("", market) for market in markets], {})
    return replace(count(runs, Where(), sources, work), made=made)


Names = dict[tuple[str, str], str]
"""Name and identity of a source to the name it gets."""


def apart(of_markets: Sequence[Sequence[Source]]) -> Names:
    """New names of sources that share one and are not the same version of it."""
    versions: dict[str, set[str]] = {}
    for sources in of_markets:
        for source in sources:
            versions.setdefault(source.name, set()).add(identity(source))
    return {
        (name, version): f"{name}@{_plain(version)}"
        for name, found in versions.items()
        if len(found) > 1
        for version in found
        if version
    }


def identity(source: Source) -> str:
    """What tells versions of a source apart: its version, else the day it was retrieved."""
    return source.version or source.retrieved


def renamed(source: Source, names: Names) -> Source:
    """The source by its new name, if it has one."""
    return replace(source, name=names.get((source.name, identity(source)), source.name))


def _plain(version: str) -> str:
    """A version without what has a meaning in a filter."""
    return re.sub(r"[\s,|=]+", "-", version)


def _once(markets: Sequence[Named]) -> None:
    seen: dict[str, str] = {}
    for m in markets:
        for source in m.market.sources:
            if source.sha256 and seen.get(source.sha256, m.name) != m.name:
                other = seen[source.sha256]
                raise UsageError(f"{other} and {m.name} both hold {source.name}: merge one of them")
        seen |= {source.sha256: m.name for source in m.market.sources}


def _runs(markets: Sequence[Named], names: Names) -> Runs:
    listed = any(m.market.has_postings for m in markets)
    groups: list[Callable[[], pl.DataFrame]] = []
    for m in markets:
        mine = {s.name: renamed(s, names).name for s in m.market.sources}
        changed = {old: new for old, new in mine.items() if old != new}
        groups += [partial(_lines, part, changed, listed) for part in parts(m.market)]
    offers = sum(size(m.market) for m in markets)
    return Runs(len(groups), offers, listed, lambda number: groups[number]())


def _lines(part: Callable[[], pl.DataFrame], changed: dict[str, str], listed: bool) -> pl.DataFrame:
    names = [name for name in POSTINGS if listed or name not in ASKED]
    return coded(part().select(names).with_columns(pl.col("source").replace(changed)))


def size(market: Market) -> int:
    """Offers of a market."""
    return int(market.offers.lazy().select(pl.len()).collect().item())


def parts(market: Market) -> Iterator[Callable[[], pl.DataFrame]]:
    """All lines of a market (`POSTINGS`) by stretches of cells, each read when it is called for."""
    counted = market.offers.lazy().group_by("cell").len().sort("cell").collect()
    sizes = counted["len"]
    number = (sizes.cum_sum() - 1) // AT_ONCE
    ends = (number != number.shift()).fill_null(True).arg_true().to_list()
    for first, end in zip(ends, [*ends[1:], len(sizes)], strict=True):
        yield partial(_stretch, market, first, end)


def _stretch(market: Market, first: int, end: int) -> pl.DataFrame:
    """The lines of the cells from `first` up to `end`."""
    inside = pl.col("cell").is_between(first, end - 1)
    offers = market.offers.lazy().with_row_index("offer").filter(inside).collect()
    start, stop = int(offers["offer"][0]), int(offers["offer"][-1])
    asks = market.asks.filter(pl.col("offer").is_between(start, stop))
    part = Market(
        market.cells[first:end].with_columns(pl.col("cell") - first),
        offers.drop("offer").with_columns(pl.col("cell") - first),
        market.sources,
        asks.with_columns(pl.col("offer") - start),
    )
    return part.everything()
