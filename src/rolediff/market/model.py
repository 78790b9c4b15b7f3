"""What a market holds.

Two tables. `cells`: one line per combination of the categorical keys. `pay`: the distinct offers
within a cell, each with how many records are alike in it, so that quantiles, means, errors
clustered on identity and answers on distinct records are all exact. Titles are a key, not roles:
a catalogue of roles is applied to the distinct titles when a question is asked, so that new
definitions of a role need no new market.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from rolediff.market.where import FILTERS, Where
from rolediff.records import Source

KEYS: tuple[str, ...] = ("title", *FILTERS)
"""The keys of a cell. `title` is a core title: no seniority, place or requisition number."""

OFFER: tuple[str, ...] = ("employer", "currency", "pay_source", "pay_basis", "low", "high")
"""What tells offers within a cell apart: `low` and `high` in US dollars a year, null if unknown."""

CELLS = pl.Schema({"cell": pl.UInt32, **{k: pl.Int32 if k == "year" else pl.String for k in KEYS}})
PAY = pl.Schema(
    {
        "cell": pl.UInt32,
        **{k: pl.Float64 if k in ("low", "high") else pl.String for k in OFFER},
        "n": pl.UInt32,
    }
)


@dataclass(frozen=True)
class Market:
    """Cells and offers (schemas `CELLS` and `PAY`), with the sources they come from.

    Lines are sorted and numbered by their keys, so equal contents are equal bytes.
    """

    cells: pl.DataFrame
    pay: pl.DataFrame
    sources: tuple[Source, ...]

    def __len__(self) -> int:
        return int(self.pay["n"].sum())

    def __add__(self, other: Market) -> Market:
        from rolediff.market.compress import merge

        return merge(self, other)

    @cached_property
    def titles(self) -> pl.DataFrame:
        """Distinct titles with `n` records and `n_pay` records with comparable pay."""
        return (
            self.rows()
            .group_by("title")
            .agg(n=pl.col("n").sum(), n_pay=pl.col("n").filter(pl.col("low").is_not_null()).sum())
            .sort("n", "title", descending=[True, False])
        )

    def only(self, where: Where) -> Market:
        """The market of the records where `where` holds; sources say what was read."""
        from rolediff.market.compress import merge

        cells = where.apply(self.cells)
        pay = self.pay.join(cells.select("cell"), on="cell", maintain_order="left")
        return merge(replace(self, cells=cells, pay=pay))

    def rows(
        self, titles: Sequence[str] | pl.Series | None = None, where: Where | None = None
    ) -> pl.DataFrame:
        """Offers with the keys of their cells, of these titles and where this holds."""
        cells = self.cells if where is None else where.apply(self.cells)
        if titles is not None:
            cells = cells.filter(pl.col("title").is_in(pl.Series("title", titles).implode()))
        return cells.join(self.pay, on="cell", how="inner", maintain_order="left_right")
