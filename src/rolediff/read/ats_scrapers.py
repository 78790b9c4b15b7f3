"""Tables in the schema of the `ats-scrapers` package, which brings fifty boards into one shape.

The schema has grown over its versions (30 to 34 columns), so it is recognised by the columns it
never lacked, and any other column may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from rolediff.read.posting_columns import vocabulary
from rolediff.read.values import text_of

_MARKS = frozenset({"ats_type", "title", "company"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def is_ats_scrapers(columns: Collection[str]) -> bool:
    """Whether a table, or a JSON object, with these columns is in the package's schema."""
    return set(columns) >= _MARKS and not {"ats_id", "global_id"}.isdisjoint(columns)


def ats_scrapers_columns(columns: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Field of `RAW` to those of the columns that state it, the preferred one first."""
    known = vocabulary()["ats_scrapers"]
    found = {field: tuple(n for n in names if n in columns) for field, names in known.items()}
    return {field: names for field, names in found.items() if names}


def ats_scrapers_id(ats_type: str | None, ats_id: str | None) -> str | None:
    """The package's `global_id`, "ashby:1f2e": of older files that do not have that column."""
    if not ats_id or _CONTROL.search(ats_id):
        return None
    return f"{ats_type}:{ats_id}" if ats_type else ats_id


def with_ids(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with a column `global_id`; see `ats_scrapers_id`."""
    if "global_id" in table.columns or "ats_id" not in table.columns:
        return table
    pairs = zip(text_of(table, "ats_type"), text_of(table, "ats_id"), strict=True)
    ids = [ats_scrapers_id(board, given) for board, given in pairs]
    return table.with_columns(pl.Series("global_id", ids, dtype=pl.String))
