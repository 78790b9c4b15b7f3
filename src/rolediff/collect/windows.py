"""When each posting was in view: a log that grows with every reading of a source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from rolediff.annotate.titles import core_title
from rolediff.errors import DataError
from rolediff.flow.kept import whole
from rolediff.market.facts import opaque

LOG = pl.Schema(
    {
        "id": pl.String,  # of the posting, as the source gives it
        "source": pl.String,
        "title": pl.String,  # core title
        "employer": pl.String,  # opaque key
        "country": pl.String,
        "opened": pl.Date,  # published, as the employer states
        "first_seen": pl.Date,
        "last_seen": pl.Date,
    }
)
"""Column to type of the log: one line for each posting of a source, sorted by source and id."""


EARLIEST = date(2015, 1, 1)
"""No dataset of boards is older: an earlier day is a mistake."""


def in_view(postings: pl.DataFrame, source: str, day: date) -> pl.DataFrame:
    """The lines of `LOG` for `postings` (`read.postings.POSTINGS`) that were read on `day`.

    A source that says itself when it first and last saw a posting is believed, up to `day`. A
    posting without an id cannot be known again and is left out, and a day before `EARLIEST` is no
    day on which anything was read.
    """
    known = postings.filter(pl.col("id").is_not_null()).unique(
        "id", keep="first", maintain_order=True
    )
    return known.select(
        "id",
        source=pl.lit(source),
        title=core_title(known["title"]),
        employer=opaque(known["employer"]),
        country="country",
        opened=pl.when(pl.col("posted") <= day).then("posted"),
        first_seen=_seen("first_seen", day),
        last_seen=_seen("last_seen", day),
    ).select(pl.col(name).cast(kind) for name, kind in LOG.items())


def _seen(column: str, day: date) -> pl.Expr:
    said = pl.col(column)
    return pl.min_horizontal(pl.when(said >= EARLIEST).then(said).fill_null(day), pl.lit(day))


def together(logs: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One log of several: each posting from its first view to its last.

    The order of the logs and lines told twice change nothing.
    """
    every = pl.concat([pl.DataFrame(schema=LOG), *logs])
    facts = [pl.col(name).drop_nulls().min() for name in ("title", "employer", "country", "opened")]
    spans = [pl.col("first_seen").min(), pl.max_horizontal("first_seen", "last_seen").max()]
    joined = every.group_by("id", "source").agg(*facts, spans[0], spans[1].alias("last_seen"))
    return joined.select(LOG.names()).sort("source", "id")


def read_log(path: Path) -> pl.DataFrame:
    """The log in a file; empty where there is none yet.

    Raises:
        DataError: it cannot be read.
    """
    return checked_log(path).collect()


def checked_log(path: Path) -> pl.LazyFrame:
    """The log in a file, to be read in parts; as `read_log` else."""
    if not path.is_file():
        return pl.LazyFrame(schema=LOG)
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        told = scanned.select(pl.col(n).cast(k) for n, k in LOG.items())
        told.select(pl.col("last_seen").max()).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path} is damaged: delete it and refresh again") from error
    return told


def write_log(log: pl.DataFrame, path: Path) -> None:
    """Write the log whole or not at all."""
    with whole(path) as partial:
        log.write_parquet(partial, compression="zstd")
