"""Other people's data frames as Polars, with nothing but Polars installed."""

from __future__ import annotations

from typing import Any

import polars as pl

from rolediff.errors import UnreadableError


def as_polars(frame: Any) -> pl.DataFrame:
    """A pandas, Arrow or other frame as a Polars DataFrame, without a copy where possible.

    pandas converts text through pyarrow; where that is not installed, column by column.

    Raises:
        UnreadableError: `frame` is no table, or a column mixes types.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    import narwhals as nw

    native = nw.from_native(frame, pass_through=True)
    kind = type(frame).__name__
    try:
        if isinstance(native, nw.LazyFrame):
            native = native.collect()
        if isinstance(native, nw.DataFrame):
            return _converted(native)
        if hasattr(frame, "__arrow_c_stream__"):
            return pl.DataFrame(frame)
    except (ImportError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
        reason = str(error).strip().split("\n", 1)[0].rstrip(".")
        raise UnreadableError(
            f"this {kind} cannot be read ({reason}); give each column one type, or pass a file"
        ) from error
    raise UnreadableError(f"{kind} is not a table; pass a path or a data frame")


def _converted(native: Any) -> pl.DataFrame:
    try:
        table: pl.DataFrame = native.to_polars()
    except ImportError:
        table = pl.DataFrame(
            {name: native[name].to_list() for name in native.columns},
            infer_schema_length=None,
            nan_to_null=True,
        )
    return table
