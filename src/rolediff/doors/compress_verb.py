"""What `rolediff compress` does from its arguments to its last line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from rolediff import __version__
from rolediff.doors.annotate import Tally
from rolediff.doors.annotate_verb import processes
from rolediff.doors.aside import aside
from rolediff.doors.options import Output, Run, Tables
from rolediff.doors.progress import Course, shown
from rolediff.doors.screen import out
from rolediff.flow.kept import Kept
from rolediff.market import Market, Where, is_market, save
from rolediff.market.bound import Bound, bound_of
from rolediff.market.store import may_save
from rolediff.market.streamed import Heard, Way, compress_files
from rolediff.read.stream import Entry, entries
from rolediff.report.json import envelope

SCHEMA_VERSION = 1


def compressed(
    files: Sequence[Path], folder: Path, where: str | None, pay_within: float | None,
    tables: Tables, run: Run, output: Output,
) -> None:  # fmt: skip
    """Read, compress and save; print what came of it."""
    may_save(folder)
    workers, options = processes(run.workers), tables.options()
    bound = None if pay_within is None else Bound(pay_within)
    way = Way(options, Where.parse(where), workers, run.fail_fast, __version__, bound)
    kept = Kept(folder.parent / f".{folder.name}.work")
    tally, course = Tally(), Course(_files(files))
    with aside(tally, tables.quarantine), shown(course, "compressing", "rows"):
        heard = Heard(tally.took, course.told, course.reached)
        try:
            market = compress_files(files, kept.folder, way, heard)
            save(market, folder)
        finally:
            kept.tidy()
    told("compress", market, folder, output)
    kept.remove()


def _files(paths: Sequence[Path]) -> list[Entry]:
    """The files whose bytes are to be read; what is wrong with a path is told by its reader."""
    return [e for path in paths if path.exists() and not is_market(path) for e in entries(path)]


def told(kind: str, market: Market, folder: Path, output: Output) -> None:
    """Print what a market that was made holds, as `rolediff.KIND` where JSON is asked for."""
    records, ads, offers = _sizes(market)
    facts: dict[str, Any] = {
        "folder": str(folder),
        "records": records,
        "ads": ads,
        "cells": market.cells.height,
        "offers": offers,
        "sources": [s.to_dict() for s in market.sources],
    }
    bound = bound_of(market)
    if bound is not None:
        facts["pay_within_percent"] = bound.percent
    if output.json:
        print(envelope(kind, SCHEMA_VERSION, facts, __version__))
        return
    as_ads = f" ({ads:,} distinct ads)" if market.has_postings else ""
    about = "" if bound is None else f", approximate: pay within ±{bound.percent:g} %"
    out().print(
        f"{records:,} records{as_ads} in {market.cells.height:,} cells and "
        f"{offers:,} distinct offers{about}.\nNext: rolediff roles --data {folder}",
        soft_wrap=True,
    )


def _sizes(market: Market) -> tuple[int, int, int]:
    """How many records there are, distinct ads and offers: an ad that is posted again is one of its
    source, each record of pay its own."""
    offers = market.offers.lazy().join(market.cells.lazy().select("cell", "source"), on="cell")
    alone = pl.col("ad").is_null()
    shared = pl.struct("source", "ad").filter(~alone).n_unique()
    n = pl.col("n").cast(pl.Int64)
    ads = n.filter(alone).sum() + shared.fill_null(0)
    told = offers.select(n.sum(), ads=ads, offers=pl.len()).collect(engine="streaming").row(0)
    return int(told[0] or 0), int(told[1] or 0), int(told[2])
