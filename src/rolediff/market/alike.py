"""Lines that are alike in all their columns, counted once: the sum that makes partial markets one.

Rows are told apart as `codes.codes_of_rows` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from rolediff.market.codes import codes_of_rows


def summed(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` in which those alike in all columns but `n` are one, with the sum of their `n`."""
    keys = lines.drop("n")
    found = codes_of_rows(keys)
    n = np.zeros(len(found), dtype=np.int64)
    np.add.at(n, found.codes, lines["n"].cast(pl.Int64).to_numpy())
    told = keys[found.first].with_columns(n=pl.Series(n, dtype=lines.schema["n"]))
    return told.select(lines.columns)


def kinds(table: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.Series, pl.DataFrame]:
    """Which of the distinct rows of some columns each row has, and those distinct rows."""
    part = table.select(columns)
    found = codes_of_rows(part)
    return pl.Series(found.codes, dtype=pl.UInt32), part[found.first]
