"""A market of as many postings as are asked for, resampled from the bundled ones.

    python benchmarks/postings_market.py 10_000_000 FOLDER

Every copy of the bundled postings has employers, ads, pay and years of its own, and leaves out
one skill and one duty of each, so that no two postings are alike; titles and countries stay as
they are. Titles are written a few at a time, so the whole is never held.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from rolediff.market import Market, bundled, save
from rolediff.market.background import background_of, panels_of
from rolediff.market.compress import counted
from rolediff.market.tables import BACKGROUND
from rolediff.records import Source

SOURCE = Source(
    "made up", title="Bundled postings resampled", version="2025-10-25", unit="posting",
    kind="advertised",
)  # fmt: skip
SKILLS = ("required", "preferred", "named")
AT_ONCE = 250_000
"""Postings that are counted at a time."""


def base_postings() -> pl.DataFrame:
    """The bundled postings, a line for each, in order of title."""
    lines = bundled().everything().filter(pl.col("required").is_not_null())
    return lines.with_columns(source=pl.lit(SOURCE.name)).sort("title", maintain_order=True)


def copies_of(base: pl.DataFrame, postings: int) -> pl.DataFrame:
    """Which copies there are: `k`, and the years they are earlier by."""
    times = -(-postings // int(base["n"].sum()))
    k = pl.DataFrame({"k": range(times)}, schema={"k": pl.Int32})
    return k.with_columns(back=pl.col("k") % 4)


def renamed(names: pl.Series, copies: pl.DataFrame) -> pl.DataFrame:
    """A new opaque key (`renamed`) for each of `names` in each copy."""
    known = names.drop_nulls().unique().sort().alias("old").to_frame()
    every = known.join(copies.select("k"), how="cross")
    fresh = [
        hashlib.blake2b(f"{old} {k}".encode(), digest_size=8).hexdigest()
        for old, k in every.iter_rows()
    ]
    return every.with_columns(renamed=pl.Series(fresh, dtype=pl.String))


def varied(part: pl.DataFrame, copies: pl.DataFrame, employers: pl.DataFrame) -> pl.DataFrame:
    """Each line of `part` in each copy, with other employers, ads, pay and years."""
    k = pl.col("k")
    every = part.join(copies, how="cross").join(
        employers, left_on=["employer", "k"], right_on=["old", "k"], how="left"
    )
    return every.with_columns(
        employer="renamed",
        ad=pl.format("{}{}", pl.col("ad").str.slice(0, 10), k),
        low=pl.col("low") + k % 97 * 100,
        high=pl.col("high") + k % 97 * 100,
        year=pl.col("year") - pl.col("back"),
        month=pl.col("month").dt.offset_by(pl.format("-{}y", "back")),
        **{name: one_fewer(name, k) for name in (*SKILLS, "duties")},
    ).select(part.columns)


def one_fewer(name: str, k: pl.Expr) -> pl.Expr:
    """The list without the `k`th of what it holds, counted round; the first copy as it is."""
    listed = pl.col(name)
    at = (k % pl.max_horizontal(listed.list.len().cast(pl.Int32), 1)).cast(pl.Int64)
    rest = pl.concat_list(listed.list.head(at), listed.list.slice(at + 1))
    return pl.when(k == 0).then(listed).otherwise(rest)


def parts(base: pl.DataFrame, postings: int) -> Iterator[Market]:
    """Markets of a few titles each, in the order of titles."""
    copies = copies_of(base, postings)
    employers = renamed(base["employer"], copies)
    seen = 0
    sizes = base.group_by("title", maintain_order=True).len()
    bounds = (sizes["len"].cum_sum() * copies.height - 1) // AT_ONCE
    for titles in sizes.with_columns(part=bounds).partition_by("part", maintain_order=True):
        mine = base.filter(pl.col("title").is_in(titles["title"].implode()))
        yield counted(varied(mine, copies, employers), [SOURCE])
        seen += mine.height * copies.height
        print(f"\r{seen:,} postings", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def written(made: Iterator[Market], folder: Path) -> Market:
    """One market of those of consecutive titles, its `asks` in files of `folder`.

    An ad under titles of two parts is counted twice in its background.
    """
    cells, pay, told, n = [], [], [], [0, 0]
    for i, market in enumerate(made):
        shift = [pl.lit(x, pl.UInt32) for x in n]
        cells.append(market.cells.with_columns(pl.col("cell") + shift[0]))
        pay.append(market.pay.with_columns(pl.col("cell") + shift[0]))
        asks = market.asks.with_columns(pl.col("offer") + shift[1])
        asks.collect().write_parquet(folder / f"{i:05}.parquet", compression_level=1)
        told.append(background_of(market))
        n = [n[0] + market.cells.height, n[1] + market.pay.height]
    every = pl.scan_parquet(folder / "*.parquet")
    whole = Market(pl.concat(cells), pl.concat(pay), (SOURCE,), every)
    named = pl.concat(told).group_by("source", "what", "name").agg(pl.col("n").sum())
    background = named.sort("source", "what", "name").cast(BACKGROUND)
    return replace(whole, kept=(background, panels_of(whole).lazy()))


def build(postings: int, target: Path) -> None:
    """Write the market to the folder `target`; print what it is."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        market = written(parts(base_postings(), postings), Path(work))
        save(market, target)
        size = sum(file.stat().st_size for file in target.iterdir())
    print(
        f"{len(market):,} postings, {market.pay.height:,} offers, {market.cells.height:,} cells, "
        f"{size / 1e6:,.0f} MB, {time.perf_counter() - start:,.0f} s"
    )


if __name__ == "__main__":
    build(int(sys.argv[1].replace(",", "").replace("_", "")), Path(sys.argv[2]))
