"""Postings in a Spark DataFrame to annotated postings in another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from rolediff.annotate.annotated import ANNOTATED
from rolediff.market.options import ReadOptions
from rolediff.market.units import ANY, How
from rolediff.read.posting_tables import columns_for
from rolediff.read.tables import day
from rolediff.spark.sheets import ddl
from rolediff.spark.workers import annotated_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def annotate(
    df: DataFrame,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    name: str = "table",
    retrieved: str | None = None,
) -> DataFrame:
    """A row of `ANNOTATED` for each posting with a title and a text in `df`, lazily.

    As `rolediff annotate` makes them of a table with these rows. `format` is "ats-scrapers" or
    "jobspy" where that is not recognised, `mapping` = field to column, `name` fills `source`, and
    dates are judged by `retrieved` (ISO date), today by default. A DataFrame has no order: `row`
    counts within a partition, from its number times 2 to the 33, as
    `monotonically_increasing_id` does.

    Raises `ColumnError` or `UsageError` where the columns hold no postings.
    """
    chosen = None if format in ANY else format
    columns_for(tuple(df.columns), chosen, mapping)
    options = ReadOptions(mapping=dict(mapping) if mapping else None, format=format)
    how = How(name, "postings", day(retrieved or ""), options)
    return df.mapInArrow(partial(annotated_rows, how=how), ddl(ANNOTATED))
