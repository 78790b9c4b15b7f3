"""Columns of which many rows hold the same: each value is read once, and told where it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Ints
from rolediff.annotate.lines import plain
from rolediff.annotate.pieces import numbered
from rolediff.annotate.titles import shape


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct values of a column of texts (m), and which of them each row holds (n).

    `low` = the values in lower case with straight quotes, hyphens and spaces, code point for code
    point; null stays null.
    """

    values: pl.Series
    low: pl.Series
    which: Ints

    @classmethod
    def of(cls, column: pl.Series) -> Distinct:
        """The distinct values of `column`, in no order that matters."""
        texts = column.cast(pl.String)
        first, which = numbered(texts.hash().to_numpy())
        values = texts.gather(first)
        low = values.alias("low").to_frame().select(plain(pl.col("low")).str.to_lowercase())
        return cls(values, low.to_series(), which)

    def rows(self, told: pl.DataFrame) -> pl.DataFrame:
        """`told` (`row` = index of a value, once at most) as the same of the rows that hold it."""
        place = np.full(len(self.values), -1, dtype=np.int64)
        place[told["row"].to_numpy()] = np.arange(told.height)
        at = place.take(self.which)
        row = np.flatnonzero(at >= 0)
        rows: pl.DataFrame = told[at[row]]
        return rows.with_columns(row=pl.Series(row.astype(np.uint32)))


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles as `Distinct` ones, and their shapes (`titles.shape`, m)."""

    distinct: Distinct
    shapes: pl.Series

    @classmethod
    def of(cls, titles: pl.Series) -> Titles:
        """The distinct ones of `titles`, shaped."""
        distinct = Distinct.of(titles)
        return cls(distinct, shape(distinct.values))

    def frame(self) -> pl.DataFrame:
        """The distinct titles: `row` (UInt32, index of each), `title`, `low`."""
        row = pl.int_range(len(self.shapes), dtype=pl.UInt32, eager=True)
        values, low = self.distinct.values, self.distinct.low
        return pl.DataFrame({"row": row, "title": values, "low": low})
