"""Any table of jobs, in a file or in memory, to records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import UnreadableError, UsageError
from rolediff.frames import as_polars
from rolediff.read.columns import Fields, resolve
from rolediff.read.files import EXTRA_FIELDS, examine, open_table
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.shape import notes, shape
from rolediff.read.values import currencies, words
from rolediff.records import PER_YEAR, Reading, Source, as_records


def read_table(
    path_or_frame: str | Path | Any,
    *,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    interval: str | None = None,
    name: str | None = None,
    format: str | None = None,
    retrieved: str | None = None,
) -> Reading:
    """Records from CSV, TSV, Parquet, JSON Lines or JSON, or from a frame in memory.

    `mapping` = field to column (`{"role": "job_title", "pay": "base_salary"}`) where the names
    are not recognised; `currency` (ISO 4217) and `interval` (a key of `PER_YEAR`) are for rows
    that state none: without them a currency stays unknown and an interval is a year. A frame is
    Polars, pandas, PyArrow or whatever else narwhals or the Arrow stream interface can read.
    `retrieved` = ISO date, by default that of the file.

    Raises `UnreadableError`, `ColumnError` or `UsageError`.
    """
    defaults = Defaults(currency_code(currency), interval_code(interval))
    if isinstance(path_or_frame, str | Path):
        file = examine(path_or_frame)
        table, sha256 = open_table(file, format), file.sha256
        name, retrieved = name or file.stem, retrieved or file.modified
    else:
        table, sha256, name = from_memory(path_or_frame), "", name or "table"
    fields = resolve(usable(table, mapping or {}), mapping)
    source = Source(name, title=name, retrieved=retrieved or "", sha256=sha256, rows=table.height)
    return _reading(table, fields, defaults, source)


def from_memory(frame: Any) -> pl.DataFrame:
    """A frame of any library as Polars; `UnreadableError` where it is none, or has no rows."""
    table = as_polars(frame)
    if table.is_empty():
        raise UnreadableError("the table has no rows; pass one that has")
    return table


def day(retrieved: str) -> date:
    """`retrieved` (ISO 8601) as a date, today if empty; `UsageError` if it is no date."""
    if not retrieved:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(retrieved)
    except ValueError:
        raise UsageError(f'"{retrieved}" is not a date; write it YYYY-MM-DD') from None


def currency_code(currency: str | None) -> str | None:
    """An ISO 4217 code as given by the user, checked; `UsageError` if there is no such code."""
    if currency is None:
        return None
    code = currencies().get(currency.strip().casefold())
    if code is None:
        raise UsageError(f'"{currency}" is not an ISO 4217 currency code; use one such as EUR')
    return code


def interval_code(interval: str | None) -> str | None:
    """A key of `PER_YEAR` for a word such as "hourly"; `UsageError` if it is none."""
    if interval is None:
        return None
    code = words("interval").get(interval.strip().casefold())
    if code is None:
        raise UsageError(f'"{interval}" is not a pay interval; use one of: {", ".join(PER_YEAR)}')
    return code


def _reading(table: pl.DataFrame, fields: Fields, defaults: Defaults, source: Source) -> Reading:
    shaped = shape(table, fields, defaults, source.name)
    kept, quarantine = set_aside(shaped, day(source.retrieved))
    counted = replace(source, records=kept.height, quarantined=quarantine.height, notes=notes(kept))
    return Reading(as_records(kept), quarantine, counted)


def usable(table: pl.DataFrame, mapping: Mapping[str, str]) -> list[str]:
    """Columns that may hold a field: nested ones only where the user names them."""
    mapped = set(mapping.values())
    return [
        name
        for name, kind in table.schema.items()
        if name != EXTRA_FIELDS and (name in mapped or not kind.is_nested())
    ]
