"""Each ad once: lines of a market in which the reposts of an ad are one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def once(lines: pl.DataFrame, within: Sequence[str]) -> pl.DataFrame:
    """`lines` in which an ad counts once among those alike in the columns `within`.

    `lines` are of `Market.rows` or `Market.postings`; `within` says what an ad counts once in,
    such as a column that tells the role, and for place and pay "country" too. Of an ad's lines
    the one that states pay, then the one with most postings, then the first stands for all, with
    `n` 1; `copies` (UInt32) is how many postings a line stands for. Lines without `ad` are as
    they were, in their order. What is counted depends on `lines` alone, so filters come first.
    """
    one = list(dict.fromkeys([*within, "ad"]))
    ranked = lines.select(*one, "n", copies="n", unpaid=pl.col("low").is_null())
    ranked = ranked.with_row_index("at")
    order = [pl.col("unpaid"), -pl.col("n").cast(pl.Int64), pl.col("at")]
    first = (
        ranked.filter(pl.col("ad").is_not_null())
        .sort(order)
        .with_columns(copies=pl.col("n").sum().over(one).cast(pl.UInt32))
        .unique(one, keep="first", maintain_order=True)
        .with_columns(n=pl.lit(1, pl.UInt32))
    )
    alone = ranked.filter(pl.col("ad").is_null())
    kept = pl.concat([part.select("at", "n", "copies") for part in (alone, first)]).sort("at")
    return lines[kept["at"]].with_columns(kept["n"], kept["copies"])


def each(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` of postings with a row for every ad: those of `n` ads that are alike, n times.

    `copies`, if there, becomes the postings that each of them stands for.
    """
    if lines["n"].max() in (None, 1):
        return lines
    if "copies" in lines.columns:
        lines = lines.with_columns((pl.col("copies") // pl.col("n")).cast(pl.UInt32))
    at = pl.int_range(lines.height, dtype=pl.UInt32, eager=True)
    rows = pl.select(pl.lit(at).repeat_by(lines["n"])).to_series().explode(empty_as_null=False)
    return lines[rows].with_columns(n=pl.lit(1, pl.UInt32))
