"""The salary table of aijobs.net: adjacent rows alike in all but pay are one advertised range."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from rolediff.errors import ColumnError
from rolediff.read.columns import Fields
from rolediff.read.files import EXTRA_FIELDS, File, examine, open_table
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.shape import notes, shape
from rolediff.read.tables import currency_code, day
from rolediff.records import Reading, Source, as_records

COLUMNS: dict[str, str] = {
    "year": "work_year",
    "level": "experience_level",
    "employment_type": "employment_type",
    "title": "job_title",
    "pay": "salary",
    "currency": "salary_currency",
    "pay_usd": "salary_in_usd",
    "country": "employee_residence",
    "remote": "remote_ratio",
    "company_size": "company_size",
}
"""Field to column; with `company_location` these are all of the file's columns."""

PAY_COLUMNS = ("salary", "salary_in_usd")
HEADER = frozenset({*COLUMNS.values(), "company_location"})
_KEY = "key "


def read_aijobs(
    path: str | Path,
    *,
    currency: str | None = None,
    name: str | None = None,
    retrieved: str | None = None,
) -> Reading:
    """Records from a CSV of aijobs.net salaries (US dollars beside the currency paid).

    Within each run of adjacent rows alike in all but pay, rows 1-2, 3-4, ... are one record
    whose range they span; an odd last row stays single, `pay_low == pay_high`, and is counted
    in `Source.singles`. A quarantined row ends a run: it makes no two rows neighbours.

    Raises `UnreadableError`, `ColumnError` where the header is another, `UsageError`.
    """
    file = examine(path)
    table = open_table(file, "csv")
    absent = HEADER - set(table.columns)
    if absent:
        raise ColumnError(
            f"{path} is not an aijobs.net table, it lacks {', '.join(sorted(absent))}; "
            "read it as a general table"
        )
    source = _source(file, name, retrieved)
    fields, defaults = Fields(COLUMNS, interval="year"), Defaults(currency_code(currency))
    shaped = shape(table, fields, defaults, source.name)
    kept, quarantine = set_aside(shaped, day(source.retrieved))
    paired, singles = pair(kept, table.select(sorted(HEADER - set(PAY_COLUMNS))))
    counted = replace(
        source,
        rows=table.height,
        records=paired.height,
        singles=singles,
        quarantined=quarantine.height,
        notes=notes(paired),
    )
    return Reading(as_records(paired), quarantine, counted)


def pair(kept: pl.DataFrame, identity: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """One record per pair of rows, and how many rows stayed single.

    `kept` = rows with `row` (1 = first), `pay_low`, `pay_high`, `pay_usd_low`, `pay_usd_high`;
    `identity` = all columns that must agree, one row for each row of the *whole* table.
    """
    keys = identity[kept.get_column("row") - 1]
    rows = kept.hstack(keys.select(pl.all().name.prefix(_KEY)))
    marked = rows.with_columns(starts=_starts([f"{_KEY}{name}" for name in keys.columns]))
    at = pl.int_range(pl.len())
    place = at - pl.when("starts").then(at).forward_fill()
    paired = marked.with_columns(
        opens=place % 2 == 0, has_mate=~pl.col("starts").shift(-1, fill_value=True)
    ).with_columns(_spans())
    records = paired.filter("opens")
    return records, int((~records.get_column("has_mate")).sum())


def _starts(keys: list[str]) -> pl.Expr:
    """Whether a row begins a run: it differs from the row above, or is not its neighbour."""
    same = pl.all_horizontal(pl.col(key).eq_missing(pl.col(key).shift()) for key in keys)
    return ~(same & (pl.col("row").diff() == 1)).fill_null(False)


def _spans() -> list[pl.Expr]:
    """Each pay column as the lower or upper end of what the row and its mate state."""
    ends = []
    for name in ("pay_low", "pay_usd_low", "pay_high", "pay_usd_high"):
        mate = pl.when("has_mate").then(pl.col(name).shift(-1))
        span = pl.min_horizontal if name.endswith("low") else pl.max_horizontal
        ends.append(span(pl.col(name), mate).alias(name))
    return ends


def _source(file: File, name: str | None, retrieved: str | None) -> Source:
    dated = re.search(r"\d{4}-\d{2}-\d{2}", file.path.name)
    return Source(
        name=name or file.stem,
        title="AI/ML/data salaries, aijobs.net",
        licence="CC0-1.0",
        version=dated.group() if dated else "",
        retrieved=retrieved or file.modified,
        sha256=file.sha256,
        kind="advertised",
        url="https://github.com/foorilla/ai-jobs-net-salaries",
    )


def is_aijobs(columns: list[str]) -> bool:
    """Whether a header is exactly that of the aijobs.net table."""
    return set(columns) - {EXTRA_FIELDS} == HEADER
