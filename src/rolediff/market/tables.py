"""The tables of a market: their columns and types."""

from __future__ import annotations

import polars as pl

from rolediff.market.where import FILTERS

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

BACKGROUND = pl.Schema(
    {"source": pl.String(), "what": pl.String(), "name": pl.String(), "n": pl.UInt32()}
)
"""Ads of a source that name a thing; `what` is "skill", "duty", or "ad" for all of them."""


def no_asks() -> pl.LazyFrame:
    """The table `asks` of a market without postings."""
    return pl.LazyFrame(schema=ASKS)
