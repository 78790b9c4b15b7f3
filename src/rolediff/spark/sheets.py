"""What goes between the stages of a run on Spark: whole tables as bytes, a row of Spark for each.

A table that stays one value keeps its types to the bit, whatever Spark would make of them, and
costs the Java side nothing by its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, cast
from zlib import crc32

import polars as pl

SHEET = pl.Schema(
    {
        "kind": pl.String(),  # "lines" of pay, "facts" of postings with fingerprints, or "link"
        "path": pl.String(),  # of the file they are of; null for a DataFrame
        "bucket": pl.Int64(),  # which sheets are dealt with together
        "note": pl.String(),  # what is counted, as JSON; of a link: the postings it joins
        "content": pl.Binary(),  # the table, as Arrow's file format
    }
)
"""Columns of what stages hand on."""
_SPARK: dict[type[pl.DataType], str] = {
    pl.String: "string",
    pl.Int64: "bigint",
    pl.Float64: "double",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Binary: "binary",
}


def ddl(schema: Mapping[str, pl.DataType]) -> str:
    """The schema in the words of Spark: `a bigint, b array<string>`."""
    return ", ".join(f"`{name}` {_told(kind)}" for name, kind in schema.items())


def _told(kind: pl.DataType) -> str:
    if isinstance(kind, pl.List):
        return f"array<{_told(cast(pl.DataType, kind.inner))}>"
    if isinstance(kind, pl.Struct):
        inner = (f"`{f.name}`: {_told(cast(pl.DataType, f.dtype))}" for f in kind.fields)
        return f"struct<{', '.join(inner)}>"
    return _SPARK[type(kind)]


def to_arrow(table: pl.DataFrame) -> Iterator[Any]:
    """The table in batches of Arrow with the types that Spark has."""
    import pyarrow as pa

    arrow = table.to_arrow(compat_level=pl.CompatLevel.oldest())
    plain = pa.schema([pa.field(f.name, _plain(f.type)) for f in arrow.schema])
    return iter(arrow.cast(plain).to_batches())


def _plain(kind: Any) -> Any:
    """The type with offsets of 32 bits, which Spark reads."""
    import pyarrow as pa

    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_large_binary(kind):
        return pa.binary()
    if pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _plain(f.type)) for f in kind])
    return kind


def from_arrow(batch: Any) -> pl.DataFrame:
    """A batch or a table of Arrow; moments are told in UTC, as files have them."""
    table = cast(pl.DataFrame, pl.from_arrow(batch))
    zoned = [name for name, kind in table.schema.items() if getattr(kind, "time_zone", None)]
    return table.with_columns(pl.col(zoned).dt.convert_time_zone("UTC")) if zoned else table


def packed(table: pl.DataFrame) -> bytes:
    """The table as one value."""
    target = BytesIO()
    table.rechunk().write_ipc(target, compression="zstd")
    return target.getvalue()


def unpacked(content: bytes) -> pl.DataFrame:
    """The table that was `packed`."""
    return pl.read_ipc(BytesIO(content))


def unpacked_all(sheets: pl.DataFrame) -> pl.DataFrame:
    """All tables of some sheets, one below the other."""
    return pl.concat([unpacked(content) for content in sheets["content"]])


def sheet(kind: str, content: pl.DataFrame | None, **more: Any) -> pl.DataFrame:
    """A row of `SHEET`."""
    told = {"kind": kind, "content": None if content is None else packed(content), **more}
    return pl.DataFrame([{name: told.get(name) for name in SHEET}], schema=SHEET)


def dealt(kind: str, table: pl.DataFrame, by: pl.Series, buckets: int) -> Iterator[pl.DataFrame]:
    """The table as a sheet for each bucket that lines go to: the same for the same `by`, wherever
    it is dealt."""
    known = by.unique().to_list()
    numbers = [
        crc32(text if isinstance(text, bytes) else text.encode()) % buckets for text in known
    ]
    bucket = (
        by.replace_strict(known, numbers, return_dtype=pl.Int64) if known else by.cast(pl.Int64)
    )
    parts = table.with_columns(bucket.alias("bucket")).partition_by("bucket", as_dict=True)
    for (number,), part in parts.items():
        yield sheet(kind, part.drop("bucket"), bucket=number)


def sheets_in(batches: Iterable[Any]) -> Iterator[pl.DataFrame]:
    """Sheets one by one, out of the batches of Arrow that Spark gives."""
    for batch in batches:
        yield from from_arrow(batch).iter_slices(1)
