"""Factors as small integers, so that the covariates of a row pack into one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.stats.cells import Codes


@dataclass(frozen=True, slots=True)
class Span:
    """How a factor is packed: `code`, an expression from 0 to `radix` - 1, `offset` above which
    it counts, and one category, which keeps Polars from forgetting their codes."""

    code: pl.Expr
    radix: int
    offset: int
    alive: pl.Series

    def labels(self, code: Codes) -> tuple[tuple[str, ...], Codes]:
        """Sorted labels of the codes that occur, and for each code its place among them."""
        found = np.flatnonzero(np.bincount(code, minlength=self.radix))
        seen = pl.Series(found + self.offset)
        number = self.alive.dtype.is_integer()
        if not number:
            physical = self.alive.to_physical().dtype
            seen = seen.cast(physical).cat.to(self.alive.dtype).cast(pl.String)
        order = seen.arg_sort().to_numpy().astype(np.int64)
        dense = np.zeros(self.radix, np.int32)
        dense[found[order]] = np.arange(len(order))
        return tuple(seen.cast(pl.String).gather(order)), dense


WIDE = 1 << 20
"""Integers that span more than this are packed by their occurrence, not by their value."""


def spans_of(
    table: pl.LazyFrame, columns: Sequence[str], **counts: pl.Expr
) -> tuple[list[Span], dict[str, int]]:
    """How each factor is packed, and these counts with the number of `rows`: in one pass."""
    schema = table.collect_schema()
    codes = [_coded(schema, c) for c in columns]
    found = table.select(rows=pl.len(), **counts, **_range(codes)).collect(engine="streaming")
    spans = [_span(found, i, code) for i, code in enumerate(codes)]
    for i, span in enumerate(spans):
        if span.radix > WIDE:
            text = [pl.col(columns[i]).cast(pl.String).cast(pl.Categorical)]
            again = table.select(**_range(text)).collect(engine="streaming")
            spans[i] = _span(again, 0, text[0])
    return spans, {name: int(found[name].item()) for name in ("rows", *counts)}


def _coded(schema: pl.Schema, column: str) -> pl.Expr:
    """A factor as something with integer codes: integers stay, the rest become categories."""
    dtype = schema[column]
    if dtype.is_integer() or isinstance(dtype, pl.Categorical | pl.Enum):
        return pl.col(column)
    return pl.col(column).cast(pl.String).cast(pl.Categorical)


def _range(categories: Sequence[pl.Expr]) -> dict[str, pl.Expr]:
    asked: dict[str, pl.Expr] = {}
    for i, c in enumerate(categories):
        code = c.to_physical()
        asked |= {f"low{i}": code.min(), f"high{i}": code.max(), f"any{i}": c.first()}
    return asked


def _span(found: pl.DataFrame, i: int, category: pl.Expr) -> Span:
    low, high = (int(found[f"{end}{i}"].item() or 0) for end in ("low", "high"))
    code = category.to_physical()
    shifted = code if low == 0 else code.cast(pl.Int64) - low
    return Span(shifted, high - low + 1, low, found[f"any{i}"])
