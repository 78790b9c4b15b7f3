"""Pay to within a stated share, so that a market has fewer distinct offers, and says so.

An amount is taken to the nearest point of a grid whose points grow by one factor, so that none
moves by a larger factor than is stated, up or down. Order is kept: a mean or a percentile of
amounts is then within that factor of the true one too, and a ratio of two within its square.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from rolediff.errors import MarketError, UsageError
from rolediff.market.compress import counted
from rolediff.market.made_with import WITHIN, made_with
from rolediff.market.model import Market

LEAST, MOST = 0.1, 25.0
"""Percent that can be asked for."""
DIGITS = 8
"""Significant digits of a point of the grid: it is the same on every machine."""
SLACK = 1e-4
"""Share by which the grid is finer than it must be, for the rounding of its points."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Pay to within so many `percent`.

    Raises `UsageError` for a number that is not from `LEAST` to `MOST`.
    """

    percent: float

    def __post_init__(self) -> None:
        if not LEAST <= self.percent <= MOST:
            raise UsageError(
                f"pay is not kept to within {self.percent:g} %: choose from {LEAST:g} to {MOST:g}"
            )

    def apply(self, lines: pl.DataFrame) -> pl.DataFrame:
        """`lines` with `low` and `high` at points of the grid; each line by itself."""
        step = 2 * math.log1p(self.percent / 100) * (1 - SLACK)
        return lines.with_columns(
            pl.when(pl.col(name) > 0)
            .then(((pl.col(name).log() / step).round() * step).exp().round_sig_figs(DIGITS))
            .otherwise(name)
            .alias(name)
            for name in ("low", "high")
        )

    def made(self, made: Mapping[str, str] | None) -> Mapping[str, str]:
        """What a market was made with, and this bound."""
        return {**(made_with() if made is None else made), WITHIN: f"{self.percent:.10g}"}


def within(lines: pl.DataFrame, bound: Bound | None) -> pl.DataFrame:
    """`lines` with pay to within a bound, or as they are where there is none."""
    return lines if bound is None else bound.apply(lines)


def made_within(made: Mapping[str, str] | None, bound: Bound | None) -> Mapping[str, str] | None:
    """What a market was made with, and the bound, if there is one."""
    return made if bound is None else bound.made(made)


def bound_of(market: Market) -> Bound | None:
    """To within what a market keeps pay; None where it is as it was read."""
    said = (market.made or {}).get(WITHIN)
    return None if said is None else Bound(float(said))


def require_bound(name: str, market: Market, bound: Bound | None) -> None:
    """Raise `MarketError` where a market keeps pay to within another bound than is asked for."""
    mine = bound_of(market)
    if mine not in (None, bound):
        assert mine is not None
        raise MarketError(
            f"{name} keeps pay to within {mine.percent:g} %: add --pay-within {mine.percent:g}, or "
            "compress its data again"
        )


def bounded(market: Market, bound: Bound) -> Market:
    """The same market with pay to within a bound.

    Raises `MarketError` where it has another bound already.
    """
    require_bound("the market", market, bound)
    lines = market.everything() if market.has_postings else market.rows()
    counts = counted(bound.apply(lines), market.sources)
    return replace(counts, made=bound.made(market.made))
