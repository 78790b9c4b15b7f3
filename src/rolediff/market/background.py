"""What all postings of a source say: how many ads name each skill and duty, and a panel of them.

Roles are told apart against the whole of their source, which may hold millions of postings: both
tables are made once, when a market is saved, and are a few thousand lines at any size of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from rolediff.market.ads import once
from rolediff.market.tables import BACKGROUND, POSTINGS

if TYPE_CHECKING:
    from rolediff.market.model import Market

PANEL = 50_000
"""Postings of a source up to which roles are told apart by all of them; else by a panel of so many
at most."""
AT_ONCE = 100_000
"""Ads whose lists are in memory at a time."""
SKILLS = ("required", "preferred", "named")
"""Lists of a posting that hold skills, the strongest first; a skill stands in one of them."""


def background_of(market: Market) -> pl.DataFrame:
    """Ads of each source of postings, each once in the source, that name each skill and duty.

    The table `BACKGROUND`; the line without a name counts all ads.
    """
    names = [source.name for source in market.named_sources if source.unit == "posting"]
    parts = [_of_source(market, name) for name in sorted(names)]
    return pl.concat([pl.DataFrame(schema=BACKGROUND), *parts])


def _of_source(market: Market, source: str) -> pl.DataFrame:
    if source not in market.cells["source"]:
        return pl.DataFrame(schema=BACKGROUND)
    ads = _ads(market, source)
    parts = [_named(market, part) for part in ads.iter_slices(AT_ONCE)]
    if not parts:
        return pl.DataFrame(schema=BACKGROUND)
    keys = ["what", "name"]
    told = pl.concat(parts).group_by(keys).agg(pl.col("n").sum()).sort(keys)
    return told.select(pl.lit(source).alias("source"), *told.columns).cast(BACKGROUND)


def _named(market: Market, ads: pl.DataFrame) -> pl.DataFrame:
    """How many of some ads (`line`, sorted, and `times`) name each thing, and all of them."""
    first, last = int(ads["line"][0]), int(ads["line"][-1])
    asks = market.asks.select(*SKILLS, "duties").slice(first, last + 1 - first).collect()
    found = asks[ads["line"] - first].with_columns(ads["times"])
    skills = _counted(found, pl.concat_list(SKILLS), "skill")
    duties = _counted(found, pl.col("duties"), "duty")
    whole = pl.DataFrame({"what": "ad", "name": "", "n": [int(ads["times"].sum())]})
    return pl.concat([whole.cast(skills.schema), duties, skills])


def _ads(market: Market, source: str) -> pl.DataFrame:
    """The lines of `asks` that stand for the ads of a source, and how many `times` each."""
    cells = market.cells.filter(pl.col("source") == source)["cell"]
    offers = market.offers.lazy().select("cell", "ad", "low").with_row_index("offer")
    mine = offers.filter(pl.col("cell").is_in(cells.implode()))
    asks = market.asks.select("offer", "n").with_row_index("line")
    lines = asks.join(mine, on="offer", maintain_order="left").with_columns(one=pl.lit(True))
    return once(lines.collect(), ["one"]).select("line", times="n").sort("line")


def _counted(lines: pl.DataFrame, listed: pl.Expr, what: str) -> pl.DataFrame:
    long = lines.select("times", name=listed).explode("name", empty_as_null=False)
    sums = long.drop_nulls("name").group_by("name").agg(n=pl.col("times").cast(pl.Int64).sum())
    return sums.select(pl.lit(what).alias("what"), "name", "n")


def panels_of(market: Market) -> pl.DataFrame:
    """The panels of all sources that need one, as lines of `POSTINGS`."""
    names = [source.name for source in market.named_sources if source.unit == "posting"]
    parts = [_panel(market, name) for name in sorted(names)]
    return pl.concat([pl.DataFrame(schema=POSTINGS), *parts])


def _panel(market: Market, source: str) -> pl.DataFrame:
    """All postings of employers drawn by their keys, as many whole employers as fit.

    Keys are hashes, so their order is as good as chance, and the same in every market. Employers
    with more than a tenth of `PANEL` are left out: one of them would be the panel.
    """
    cells = market.cells.filter(pl.col("source") == source)["cell"]
    offers = market.offers.lazy().select("cell", "employer", "n").with_row_index("offer")
    known = pl.col("cell").is_in(cells.implode()) & pl.col("employer").is_not_null()
    mine = offers.filter(known).collect(engine="streaming").sort("offer")
    if mine["n"].sum() <= PANEL:
        return pl.DataFrame(schema=POSTINGS)
    sizes = mine.group_by("employer").agg(pl.col("n").sum()).sort("employer")
    fitting = sizes.filter(pl.col("n") <= PANEL // 10)
    drawn = fitting.filter(pl.col("n").cum_sum() <= PANEL)["employer"]
    return market.lines_of(mine.filter(pl.col("employer").is_in(drawn.implode()))["offer"])
