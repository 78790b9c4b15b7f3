"""What a market holds.

Three tables. `cells`: one line per combination of the categorical keys. `pay`: the distinct offers
within a cell, each with how many records are alike in it, so that quantiles, means, errors
clustered on identity and answers on distinct records are all exact. `asks`: of offers that come
from postings, what those postings ask for, again each distinct combination with its count. Titles
are a key, not roles: a catalogue of roles is applied to the distinct titles when a question is
asked, so that new definitions of a role need no new market.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from rolediff.market.numbered import joined, places
from rolediff.market.where import FILTERS, Where
from rolediff.records import Source, by_name

KEYS: tuple[str, ...] = ("title", *FILTERS)
"""The keys of a cell. `title` is a core title: no seniority, place or requisition number."""

OFFER: tuple[str, ...] = (
    *("employer", "currency", "pay_source", "pay_basis", "low", "high"),
    "ad",
)
"""What tells offers within a cell apart: `low` and `high` in US dollars a year, null if unknown;
`ad` is the key that a posting shares with its reposts (`annotate.duplicates.ad_keys`)."""

_LIST = pl.List(pl.String())
_ASKED: dict[str, pl.DataType] = {
    "month": pl.Date(),  # first day of the month in which it was posted
    "years": pl.Int32(),  # of experience, the fewest asked for
    "required": _LIST,  # skills: concepts, sorted; each is in one of these three lists
    "preferred": _LIST,
    "named": _LIST,  # asked for, without saying how strongly
    "duties": _LIST,  # concepts, sorted
    "signals": _LIST,
    "certifications": _LIST,  # as they stand in the text
    "requirement_words": pl.Int32(),  # words under headings of requirements
    "visa": pl.String(),
}
ASKED: tuple[str, ...] = tuple(_ASKED)
"""What a posting asks for and says besides its cell and its offer."""

CELLS = pl.Schema({"cell": pl.UInt32, **{k: pl.Int32 if k == "year" else pl.String for k in KEYS}})
PAY = pl.Schema(
    {
        "cell": pl.UInt32,
        **{k: pl.Float64 if k in ("low", "high") else pl.String for k in OFFER},
        "n": pl.UInt32,
    }
)
ASKS = pl.Schema({"offer": pl.UInt32(), **_ASKED, "n": pl.UInt32()})
"""`offer` is the number of a line of `pay`, from 0."""

POSTINGS = pl.Schema(
    {
        **{name: CELLS[name] for name in KEYS},
        **{name: PAY[name] for name in OFFER},
        **_ASKED,
        "n": pl.UInt32(),
    }
)
"""Columns of `Market.postings`: keys, offer, what is asked for, and how many are alike."""

RUNS = 64
"""Stretches of `asks` that are looked up apart; nearer ones are read as one."""


def no_asks() -> pl.LazyFrame:
    """The table `asks` of a market without postings."""
    return pl.LazyFrame(schema=ASKS)


@dataclass(frozen=True)
class Market:
    """Cells, offers and asks (schemas `CELLS`, `PAY` and `ASKS`), with their sources.

    Lines are sorted and numbered by their keys, so equal contents are equal bytes, and what
    belongs to one title stands together. `asks` is read from disk only when it is needed.
    `made` = what it was made with (`made_with.made_with`): None is this program's, empty unknown.
    """

    cells: pl.DataFrame
    pay: pl.DataFrame
    sources: tuple[Source, ...]
    asks: pl.LazyFrame = field(default_factory=no_asks)
    made: Mapping[str, str] | None = None

    def __len__(self) -> int:
        return int(self.pay["n"].sum())

    def __add__(self, other: Market) -> Market:
        from rolediff.market.compress import merge

        return merge(self, other)

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
        return joined(self._cells(titles, where), self.pay, "cell")

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
        offers = joined(cells, self.pay, "cell").drop("n")
        numbers = places(cells["cell"], self.pay["cell"])[0]
        offers = offers.with_columns(offer=pl.Series(numbers, dtype=pl.UInt32))
        found = self.asks.filter(_among(offers["offer"])).collect()
        return joined(offers, found, "offer").select(POSTINGS.names())

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


def _among(offers: pl.Series) -> pl.Expr:
    """Lines of `asks` in at most `RUNS` stretches that hold all of the sorted `offers`."""
    if offers.is_empty():
        return pl.lit(False)
    jumps = offers.cast(pl.Int64).diff().fill_null(0)
    far = jumps.top_k(RUNS - 1).filter(jumps.top_k(RUNS - 1) > 1).min()
    starts = (jumps >= far).arg_true().to_list() if far is not None else []
    first = [0, *starts]
    last = [*(at - 1 for at in starts), len(offers) - 1]
    spans = zip(offers.gather(first), offers.gather(last), strict=True)
    return pl.any_horizontal(pl.col("offer").is_between(a, b) for a, b in spans)
