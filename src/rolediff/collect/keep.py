"""Slices kept as Parquet: checked for what a posting needs, and only the titles asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from rolediff.annotate.roles import Role, matches
from rolediff.annotate.titles import core_title
from rolediff.errors import CollectError, DataError
from rolediff.read.ats_scrapers import is_ats_scrapers

NEEDED = {"title": pl.String, "company": pl.String, "description": pl.String}
"""Columns without which a slice is not what it was, and their type; others may come and go."""
GROUP = 20_000
"""Rows in a group of the file that is kept, so that it is read in parts."""


def kept(raw: Path, target: Path, titles: Sequence[Role] = ()) -> int:
    """Write the rows of `raw` (Parquet or CSV) to `target`, those of the roles `titles`; how many.

    In bounded memory; `target` has its name only when it is whole.

    Raises:
        CollectError: it cannot be read, or lacks a column, or has one of another type.
        DataError: it cannot be written.
    """
    try:
        rows = pl.scan_parquet(raw) if raw.suffix == ".parquet" else _csv(raw)
        schema = rows.collect_schema()
        _sound(raw, schema)
        if titles:
            rows = rows.filter(pl.col("title").is_in(_titles(rows, titles).implode()))
        partial = target.with_name(f".{target.name}.partial")
        rows.sink_parquet(partial, compression="zstd", row_group_size=GROUP)
        n = int(pl.scan_parquet(partial).select(pl.len()).collect().item())
        partial.replace(target)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise CollectError(
            f"{_named(raw)} is damaged or not a table: it is set aside; run the same command again"
        ) from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {target} ({why}): make room, then run it again") from error
    return n


def _named(raw: Path) -> str:
    """What is fetched stands in a hidden file, called as the slice is."""
    return raw.stem.lstrip(".")


def _csv(raw: Path) -> pl.LazyFrame:
    return pl.scan_csv(raw, infer_schema=False, truncate_ragged_lines=False)


def _sound(raw: Path, schema: pl.Schema) -> None:
    """Raise `CollectError` where the schema is not one that postings can be read from."""
    absent = [name for name in NEEDED if name not in schema]
    if not absent and not is_ats_scrapers(schema.names()):
        absent = [name for name in ("ats_type", "ats_id") if name not in schema]
    if absent:
        raise CollectError(
            f"{_named(raw)} has no column {absent[0]}: the dataset has changed its form; it is set "
            "aside, update with pip install -U rolediff"
        )
    for name, kind in NEEDED.items():
        if schema[name] != kind:
            raise CollectError(
                f"{_named(raw)} has a column {name} of type {schema[name]} where text is expected: "
                "the dataset has changed its form; it is set aside"
            )


def _titles(rows: pl.LazyFrame, roles: Sequence[Role]) -> pl.Series:
    """The titles, as they are written, that one of the roles fits in its broad reading."""
    written = rows.select("title").drop_nulls().unique().collect(engine="streaming")["title"].sort()
    core = core_title(written)
    fits = pl.Series([False] * len(written), dtype=pl.Boolean)
    for role in roles:
        fits |= matches(role, core, "broad").fill_null(value=False)
    return written.filter(fits)
