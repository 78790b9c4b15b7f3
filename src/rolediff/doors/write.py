"""What the verbs print and write."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rich.table import Table

from rolediff import __version__
from rolediff.annotate.roles import matches
from rolediff.doors.options import Output, Tables, Which
from rolediff.doors.screen import err, out, working
from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.market import Loaded, Market, ReadOptions, Where, load, load_files, save
from rolediff.report.json import envelope
from rolediff.report.printable import printable
from rolediff.report.words import headline
from rolediff.results import Comparison

SCHEMA_VERSION = 1
MOST = 8
"""Reasons for quarantine named on stderr; the file has each row's."""


def load_market(data: str | None, tables: Tables) -> Market:
    """The market behind --data; quarantined rows are counted on stderr and written if asked."""
    options = tables.options()
    if options != ReadOptions() and (data is None or Path(data).is_dir()):
        raise UsageError("--map, --currency, --interval and --format are for --data FILE")
    with working(f"reading {data}"):
        loaded = load(data, options)
    _report_quarantine(loaded.quarantine, tables)
    return _not_empty(loaded, tables)


def _not_empty(loaded: Loaded, tables: Tables) -> Market:
    if len(loaded.market) == 0:
        hint = "the rows set aside" if tables.quarantine else "--quarantine FILE for the reasons"
        raise UnreadableError(f"no row could be read: see {hint}")
    return loaded.market


def _report_quarantine(quarantine: pl.DataFrame, tables: Tables) -> None:
    if tables.quarantine is not None:
        _write_csv(quarantine, tables.quarantine)
    if quarantine.is_empty():
        return
    reasons = quarantine.group_by("reason").len("n").sort("n", "reason", descending=[True, False])
    said = ", ".join(f"{n:,} {reason}" for reason, n in reasons.head(MOST).iter_rows())
    rest = int(reasons["n"].slice(MOST).sum())
    said += f", {rest:,} for other reasons" if rest else ""
    hint = "" if tables.quarantine else "; --quarantine FILE writes them"
    rows = "1 row" if quarantine.height == 1 else f"{quarantine.height:,} rows"
    err().print(f"rolediff: {rows} set aside: {said}{hint}")


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Whole or not at all: to a temporary file beside `path`, then renamed."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
        try:
            frame.write_csv(name)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {path} ({why}): choose another place") from error


def comparison(answer: Comparison, output: Output) -> None:
    """Print a comparison as asked."""
    if output.json:
        said = {"sentence": printable(headline(answer)), **answer.to_dict()}
        print(envelope("comparison", SCHEMA_VERSION, said, __version__))
    elif output.markdown:
        from rolediff.report.markdown import markdown

        print(markdown(answer), end="")
    else:
        from rolediff.report.text import show

        show(answer, out())


def compressed(
    files: Sequence[Path], folder: Path, where: str | None, tables: Tables, output: Output
) -> None:
    """Read, compress and save; print what came of it."""
    with working(f"compressing {len(files)} files"):
        loaded = load_files(files, tables.options())
        _report_quarantine(loaded.quarantine, tables)
        market = _not_empty(loaded, tables).only(Where.parse(where))
        save(market, folder)
    facts = {
        "folder": str(folder),
        "records": len(market),
        "cells": market.cells.height,
        "offers": market.pay.height,
        "sources": [s.to_dict() for s in market.sources],
    }
    if output.json:
        print(envelope("compress", SCHEMA_VERSION, facts, __version__))
        return
    out().print(
        f"{len(market):,} records in {market.cells.height:,} cells and "
        f"{market.pay.height:,} distinct offers.\nNext: rolediff roles --data {folder}",
        soft_wrap=True,
    )


def list_roles(which: Which, tables: Tables, output: Output) -> None:
    """Print every role with its records in the market."""
    market = load_market(which.data, tables)
    where = Where.parse(which.where)
    counts = _counts(market.rows(where=where), which)
    if output.json:
        print(envelope("roles", SCHEMA_VERSION, counts, __version__))
        return
    rows = [
        [c["label"], f"{c['strict']['n']:,}", f"{c['strict']['n_pay']:,}", f"{c['broad']['n']:,}",
         f"{c['broad']['n_pay']:,}", ", ".join(c["aliases"])]
        for c in counts
    ]  # fmt: skip
    _print(["role", "strict", "with pay", "broad", "with pay", "also called"], rows, output)


def _counts(rows: pl.DataFrame, which: Which) -> list[dict[str, Any]]:
    paid = pl.col("n").filter(pl.col("low").is_not_null()).sum()
    titles = rows.group_by("title").agg(n=pl.col("n").sum(), n_pay=paid).drop_nulls("title")
    found = [
        {"id": role.id, "label": role.label, "aliases": list(role.aliases),
         "strict": _sum(titles, role, "strict"), "broad": _sum(titles, role, "broad")}
        for role in which.catalogue().roles
    ]  # fmt: skip
    return sorted(found, key=lambda c: (-c["strict"]["n_pay"], -c["broad"]["n_pay"], c["label"]))


def _sum(titles: pl.DataFrame, role: Any, reading: Any) -> dict[str, int]:
    mine = titles.filter(matches(role, titles["title"], reading))
    return {"n": int(mine["n"].sum()), "n_pay": int(mine["n_pay"].sum())}


def list_sources(data: str | None, where: str | None, tables: Tables, output: Output) -> None:
    """Print every source of the market, with its records where `where` holds."""
    market = load_market(data, tables)
    matching = market.rows(where=Where.parse(where)).group_by("source").agg(pl.col("n").sum())
    counts = dict(matching.iter_rows())
    found = [{**s.to_dict(), "matching": counts.get(s.name, 0)} for s in market.sources]
    if output.json:
        print(envelope("sources", SCHEMA_VERSION, found, __version__))
        return
    for source in found:
        rows = [[key.replace("_", " "), _said(value)] for key, value in source.items() if value]
        _print(["source", source["name"]], rows[1:], output)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v:.4g}" for k, v in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _print(heads: list[str], rows: list[list[str]], output: Output) -> None:
    if output.markdown:
        from rolediff.report.markdown import safe

        cells = [[safe(cell) for cell in line] for line in (heads, *rows)]
        lines = [cells[0], ["---"] * len(heads), *cells[1:]]
        print("\n".join("| " + " | ".join(line) + " |" for line in lines))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    numeric = [all(r[i].replace(",", "").isdigit() for r in rows) for i in range(len(heads))]
    for head, right in zip(heads, numeric, strict=True):
        table.add_column(printable(head), justify="right" if right and rows else "left")
    for row in rows:
        table.add_row(*map(printable, row))
    out().print(table)
