"""What a market holds.

Three tables. `cells`: one line per combination of the categorical keys. `pay`: the distinct offers
within a cell, each with how many records are alike in it, so that quantiles, means, errors
clustered on identity and answers on distinct records are all exact. `asks`: of offers that come
from postings, what those postings ask for, again each distinct combination with its count. Titles
are a key, not roles: a catalogue of roles is applied to the distinct titles when a question is
asked, so that new definitions of a role need no new market.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from rolediff.market.background import background_of, panels_of
from rolediff.market.numbered import among, joined, places
from rolediff.market.tables import POSTINGS, no_asks
from rolediff.market.where import Where
from rolediff.records import Source, by_name

T = TypeVar("T")


@dataclass(frozen=True)
class Market:
    """Cells, offers and asks (schemas `CELLS`, `PAY` and `ASKS`), with their sources.

    Lines are sorted and numbered by their keys, so equal contents are equal bytes, and what
    belongs to one title stands together. `asks`, and `offers` unless they are a frame, are read
    from disk only where they are needed; `kept` has what was told when the market was saved
    (`BACKGROUND` and a panel of `POSTINGS`), None where it is to be told anew; `made` = what it
    was made with (`made_with.made_with`), None being this program's and empty unknown.
    """

    cells: pl.DataFrame
    offers: pl.DataFrame | pl.LazyFrame
    sources: tuple[Source, ...]
    asks: pl.LazyFrame = field(default_factory=no_asks)
    kept: tuple[pl.DataFrame, pl.LazyFrame] | None = None
    made: Mapping[str, str] | None = None
    _memory: dict[Hashable, Any] | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return int(self.offers.lazy().select(pl.col("n").sum()).collect().item())

    def __add__(self, other: Market) -> Market:
        from rolediff.market.compress import merge

        return merge(self, other)

    def remembering(self) -> Market:
        """The same market, which keeps what `recall` made: for the time of one answer."""
        return self if self._memory is not None else replace(self, _memory={})

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes; made once for a `key` by a market that is `remembering`."""
        if self._memory is None:
            return make()
        if key not in self._memory:
            self._memory[key] = make()
        found: T = self._memory[key]
        return found

    @cached_property
    def pay(self) -> pl.DataFrame:
        """All offers."""
        return self.offers.lazy().collect()

    @cached_property
    def background(self) -> pl.DataFrame:
        """How many ads of each source of postings name each skill and duty: `BACKGROUND`."""
        return background_of(self) if self.kept is None else self.kept[0]

    def panel(self, source: str) -> pl.DataFrame:
        """All postings of a source, or those of a panel of its employers if it has over `PANEL`."""
        drawn = self._drawn(source)
        return drawn if drawn.height else self.postings(where=Where().of_source(source))

    def has_panel(self, source: str) -> bool:
        """Whether a source has so many postings that a panel of its employers stands for it."""
        return not self._drawn(source).is_empty()

    def _drawn(self, source: str) -> pl.DataFrame:
        drawn = self._panels.filter(pl.col("source") == source)
        return self.recall(("panel", source), drawn.collect)

    @cached_property
    def _panels(self) -> pl.LazyFrame:
        return panels_of(self).lazy() if self.kept is None else self.kept[1]

    @property
    def is_large(self) -> bool:
        """Whether offers are so many that they are read from disk only where they are needed."""
        return isinstance(self.offers, pl.LazyFrame)

    @property
    def has_postings(self) -> bool:
        """Whether a source of this market is of postings, so that skills and duties are known."""
        return any(source.unit == "posting" for source in self.sources)

    @property
    def named_sources(self) -> tuple[Source, ...]:
        """One source for each name: of several files, with what they have in all."""
        return by_name(self.sources)

    @cached_property
    def title_names(self) -> pl.Series:
        """The distinct titles, sorted."""
        return self.cells["title"].drop_nulls().unique().sort()

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
        from rolediff.market.compress import counted

        return replace(counted(where.apply(self.everything()), self.sources), made=self.made)

    def rows(
        self, titles: Sequence[str] | pl.Series | None = None, where: Where | None = None
    ) -> pl.DataFrame:
        """Offers with the keys of their cells, of these titles and where this holds."""
        cells = self._cells(titles, where)
        return joined(cells, self._offers(cells["cell"]), "cell")

    def postings(
        self, titles: Sequence[str] | pl.Series | None = None, where: Where | None = None
    ) -> pl.DataFrame:
        """Postings of these titles and where this holds, one line for all that are alike.

        Columns and types are `POSTINGS`, in the order of the market; `n` counts postings, reposts
        too: see `market.ads.once` for each ad once. Only what these titles need is read from
        disk. Without a line where the market has no postings.
        """
        if not self.has_postings:
            return pl.DataFrame(schema=POSTINGS)
        cells = self._cells(titles, where)
        offers = joined(cells, self._offers(cells["cell"]), "cell")
        numbers = places(cells["cell"], self._cell_of_offers)[0]
        offers = offers.with_columns(offer=pl.Series(numbers, dtype=pl.UInt32))
        asks = self.asks.filter(among("offer", offers["offer"]))
        return self._with_asks(offers, asks.collect())

    def lines_of(self, numbers: pl.Series) -> pl.DataFrame:
        """The postings behind the offers with these `numbers`, sorted, as lines of `POSTINGS`."""
        mine = pl.col("offer").is_in(numbers.cast(pl.UInt32).implode())
        found = self.offers.lazy().with_row_index("offer").filter(mine)
        offers = found.collect(engine="streaming").sort("offer")
        asks = self.asks.filter(mine)
        cells = offers.join(self.cells, on="cell", maintain_order="left")
        return self._with_asks(cells, asks.collect(engine="streaming"))

    @staticmethod
    def _with_asks(offers: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
        return joined(offers.drop("n"), found, "offer").select(POSTINGS.names())

    def _offers(self, cells: pl.Series) -> pl.DataFrame:
        """The offers of these cells, and perhaps of others between them."""
        if isinstance(self.offers, pl.DataFrame):
            return self.offers
        if len(cells) == self.cells.height:
            return self.pay
        return self.offers.filter(among("cell", cells)).collect()

    @cached_property
    def _cell_of_offers(self) -> pl.Series:
        return self.offers.lazy().select("cell").collect()["cell"]

    def everything(self) -> pl.DataFrame:
        """All that the market holds as lines of `POSTINGS`; of records `ASKED` is null."""
        offers = self.rows().with_row_index("offer")
        asks = self.asks.collect()
        known = offers.drop("n").join(asks, on="offer", how="inner")
        asked = asks.group_by("offer").agg(asked=pl.col("n").sum())
        rest = offers.join(asked, on="offer", how="left").with_columns(
            pl.col("n") - pl.col("asked").fill_null(0)
        )
        parts = [known, rest.filter(pl.col("n") > 0)]
        return pl.concat([_as_postings(part) for part in parts])

    def _cells(self, titles: Sequence[str] | pl.Series | None, where: Where | None) -> pl.DataFrame:
        cells = self.cells if where is None else where.apply(self.cells)
        if titles is None:
            return cells
        return cells.filter(pl.col("title").is_in(pl.Series("title", titles).implode()))


def _as_postings(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(
        (pl.col(name) if name in lines.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in POSTINGS.items()
    )
