"""A Spark DataFrame, or files in a store that Spark reads, to a market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rolediff.errors import UnreadableError, UsageError
from rolediff.market.bound import Bound
from rolediff.market.model import Market
from rolediff.market.options import ReadOptions
from rolediff.market.units import How
from rolediff.market.what import what_is
from rolediff.market.where import Where
from rolediff.read.tables import day
from rolediff.records import Source
from rolediff.spark.counted import Aside, Course, nobody
from rolediff.spark.merging import market_of
from rolediff.spark.reading import first_rows, found_in, sheets, sheets_of_frame
from rolediff.spark.sessions import in_words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def compress(
    df: DataFrame,
    *,
    options: ReadOptions | None = None,
    where: Where | None = None,
    aside: Aside = nobody,
    bound: Bound | None = None,
) -> Market:
    """The market of the records, postings or annotated postings in a Spark DataFrame.

    The same as `rolediff.load` makes of a frame with these rows, however they are partitioned and
    ordered, with pay to within `bound`, if there is one. `aside` is told of rows set aside
    (`QUARANTINE`), whose `row` counts as in `annotate`.

    Raises:
        UnreadableError, ColumnError, UsageError: as `rolediff.load` does.
        NotEnoughEvidence: a value of `where` is in no row.
        DataError: Spark could not do it.
    """
    options = options or ReadOptions()
    with in_words(), TemporaryDirectory(prefix="rolediff-") as work:
        how = _how(df, options)
        course = Course(sheets_of_frame(df, how), aside)
        try:
            course.run()
            source = course.counts(None).of(_source(how))
            market = market_of(
                course.told, course.ads, course.lines, where or Where(), [source], Path(work), bound
            )
            return replace(market, offers=market.pay, asks=market.asks.collect().lazy())
        finally:
            course.told.unpersist()


def _how(df: DataFrame, options: ReadOptions) -> How:
    first = first_rows(df)
    if first.is_empty():
        raise UnreadableError("the table has no rows; pass one that has")
    what = what_is(first, options.format, options.mapping)
    if what != "records" and options.interval is not None:
        raise UsageError("--interval is for tables of pay, not for postings: leave it out")
    return How(options.source or "table", what, day(""), options)


def _source(how: How) -> Source:
    """What the source of a frame is called and is, without counts."""
    if how.what == "records":
        return Source(how.source, how.source, kind=how.options.kind or "unknown")
    return Source(
        how.source, "table", kind=how.options.kind or "advertised", unit="posting"
    )  # fmt: skip


def compress_paths(
    spark: SparkSession,
    paths: Sequence[str],
    work: Path,
    options: ReadOptions | None = None,
    where: Where | None = None,
    aside: Aside = nobody,
    fail_fast: bool = False,
    bound: Bound | None = None,
) -> Market:
    """The market of files and folders in stores that Spark reads, as `compress_files` makes it.

    `work` = a folder to write to, which the market reads from; remove it when that is saved.

    Raises as `compress` does, and `UsageError` for a file that is named twice.
    """
    with in_words():
        found = found_in(spark, paths, options or ReadOptions())
        told = sheets(spark, found[0])
        for more in found[1:]:
            told = told.unionAll(sheets(spark, more))
        course = Course(told, aside, fail_fast)
        try:
            course.run()
            sources = course.sources(found, options or ReadOptions())
            kept = course.without_refused()
            return market_of(kept, course.ads, course.lines, where or Where(), sources, work, bound)
        finally:
            course.told.unpersist()
