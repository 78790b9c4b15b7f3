"""What a market of many postings costs: to count, to keep, to open, and to ask.

    python benchmarks/market.py [POSTINGS]

The bundled postings are multiplied, with other employers, pay, months and years, and counted (a
million of them takes some 2 GB); beyond a million the tables of the counted million are repeated
in other years and numbered anew. Times are of the clock.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl

from rolediff.annotate.roles import Catalogue, matches
from rolediff.market import Market, bundled, once, open_market, save
from rolediff.market.compress import counted
from rolediff.market.tables import ASKS, CELLS, PAY
from rolediff.records import Source

T = TypeVar("T")
MILLION = 1_000_000
SOURCE = Source("made up", unit="posting", kind="advertised")
ROLES = ("AI Engineer", "ML Engineer")


def timed(what: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = work()
    print(f"{what:<34}{time.perf_counter() - start:8.2f} s", flush=True)
    return result


def multiplied(postings: int) -> pl.DataFrame:
    """So many lines like those of the bundled postings."""
    base = bundled().everything().filter(pl.col("required").is_not_null())
    copies = [varied(base, k) for k in range(postings // base.height + 1)]
    return pl.concat(copies).head(postings)


def varied(base: pl.DataFrame, k: int) -> pl.DataFrame:
    title = pl.when(pl.int_range(pl.len()) % 3 > 0).then(
        pl.format("{} {}", "title", pl.lit(k % 40))
    )
    return base.with_columns(
        pl.coalesce(title, "title").alias("title"),
        pl.col("employer").str.slice(0, 8) + f"{k:08x}",
        pl.col("ad").str.slice(0, 6) + f"{k:06x}",
        pl.col("low") + k % 97 * 100,
        pl.col("high") + k % 89 * 100,
        pl.col("year") - k % 4,
        pl.col("month").dt.offset_by(f"-{k % 48}mo"),
    )


def repeated(market: Market, times: int) -> Market:
    """The market with each of its lines in so many spans of years."""
    spans = pl.DataFrame({"k": range(times)}, schema={"k": pl.Int32})
    cells = spans.join(market.cells, how="cross").with_columns(pl.col("year") - 4 * pl.col("k"))
    cells = cells.sort("title", "k", "cell").with_row_index("new")
    pay = spans.join(market.pay.with_row_index("old"), how="cross")
    pay = pay.join(cells.select("k", "cell", "new"), on=["k", "cell"]).sort("new", "old")
    pay = pay.drop("cell").rename({"new": "cell"}).with_row_index("offer")
    asks = market.asks.collect().rename({"offer": "old"})
    numbers = pay.select("k", "old", "offer").partition_by("k", include_key=False)
    placed = pl.concat([asks.join(part, on="old").drop("old") for part in numbers]).sort("offer")
    return Market(
        cells.drop("cell", "k").rename({"new": "cell"}).select(CELLS.names()).cast(CELLS),
        pay.select(PAY.names()).cast(PAY),
        market.sources,
        placed.select(ASKS.names()).cast(ASKS).lazy(),
    )


def ask(folder: Path) -> None:
    market = timed("open", lambda: open_market(folder))
    titles = timed("titles", lambda: market.title_names)
    for name in ROLES:
        role = Catalogue.load().resolve(name)
        mine = titles.filter(matches(role, titles, "strict"))
        offers = timed(f"offers of {name}", lambda mine=mine: market.rows(mine))
        lines = timed(f"postings of {name}", lambda mine=mine: market.postings(mine))
        lines = lines.with_columns(role=pl.lit(name))
        ads = timed("each ad once", lambda lines=lines: once(lines, ["role"]))
        print(f"  {offers.height:,} offers, {lines['n'].sum():,} postings, {ads['n'].sum():,} ads")


def made(postings: int) -> Market:
    rows = multiplied(min(postings, MILLION))
    market = timed(f"count {rows.height:,} postings", lambda: counted(rows, [SOURCE]))
    return repeated(market, round(postings / MILLION)) if postings > MILLION else market


def kept(postings: int, folder: Path) -> None:
    market = made(postings)
    print(f"  {market.pay['n'].sum():,} postings, {market.pay.height:,} offers", end="")
    print(f" in {market.cells.height:,} cells")
    timed("save", lambda: save(market, folder))
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"  {size / 1e6:,.0f} MB on disk")


def main(postings: int) -> None:
    with tempfile.TemporaryDirectory() as parent:
        kept(postings, Path(parent, "market"))
        ask(Path(parent, "market"))


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else MILLION)
