"""What the verbs print and write."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import polars as pl
from rich.console import Console
from rich.table import Table

from rolediff import __version__
from rolediff.doors.options import Output, Tables, Which
from rolediff.doors.screen import err, out, working
from rolediff.errors import DataError, UnreadableError, UsageError
from rolediff.market import Loaded, Market, ReadOptions, Where, is_market, load
from rolediff.records import Source
from rolediff.report.json import envelope
from rolediff.report.printable import printable
from rolediff.report.words import headline
from rolediff.results import Comparison, Why

SCHEMA_VERSION = 1
APART = 3
"""Sources that are told apart in the list of roles."""
MOST = 8
"""Reasons for quarantine named on stderr; the file has each row's."""


def load_market(data: str | None, tables: Tables) -> Market:
    """The market behind --data; quarantined rows are counted on stderr and written if asked."""
    options = tables.options()
    if options != ReadOptions() and (data is None or is_market(data)):
        raise UsageError("--map, --currency, --interval, --format and --source are for --data FILE")
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


def check_place(path: Path | None, flag: str) -> None:
    """UsageError where an option stands instead of a file; - alone is standard output."""
    if path is not None and str(path) != "-" and str(path).startswith("-"):
        raise UsageError(f"{flag} needs a file, not {path}: {flag} page.html, or {flag} -")


def written(text: str, path: Path) -> None:
    """Write `text` to `path`; - is standard output. DataError where that cannot be done."""
    if str(path) == "-":
        print(text, end="")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {path} ({why}): choose another place") from error


class Answer(Protocol):
    """What a verb answers: plain data for JSON, and one sentence that sums it up."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the envelope."""


A = TypeVar("A", bound=Answer)


def answered(
    kind: str,
    answer: A,
    output: Output,
    sentence: str,
    markdown: Callable[[A], str],
    show: Callable[[A, Console], None],
) -> None:
    """Print an answer as asked: `rolediff.KIND` as JSON, as Markdown, or on the terminal."""
    if output.json and output.markdown:
        raise UsageError("choose one of --json and --markdown")
    if output.json:
        said = {"sentence": printable(sentence), **answer.to_dict()}
        print(envelope(kind, SCHEMA_VERSION, said, __version__))
    elif output.markdown:
        print(markdown(answer), end="")
    else:
        show(answer, out())


def comparison(answer: Comparison, output: Output) -> None:
    """Print a comparison as asked."""
    from rolediff.report.markdown import markdown
    from rolediff.report.text import show

    answered("comparison", answer, output, headline(answer), markdown, show)


def reasons(answer: Why, output: Output) -> None:
    """Print an answer to why as asked."""
    from rolediff.report.why_markdown import markdown
    from rolediff.report.why_text import show
    from rolediff.report.why_words import answer as sentence

    answered("why", answer, output, sentence(answer), markdown, show)


def list_roles(which: Which, tables: Tables, output: Output) -> None:
    """Print every role with its records in the market, by source where there are a few."""
    from rolediff.compare.listing import role_counts

    market = load_market(which.data, tables)
    counts = role_counts(market, which.catalogue().roles, Where.parse(which.where))
    if output.json:
        print(envelope("roles", SCHEMA_VERSION, counts, __version__))
        return
    sources = [s.name for s in market.named_sources]
    apart = sources if 1 < len(sources) <= APART else []
    heads = [head for name in apart for head in (name, "with pay")]
    heads = heads or ["strict", "with pay", "broad", "with pay"]
    rows = [[c["label"], *_figures(c, apart), ", ".join(c["aliases"])] for c in counts]
    _print(["role", *heads, "also called"], rows, output)


def _figures(counts: dict[str, Any], sources: list[str]) -> list[str]:
    """Records and records with pay: by source read strictly, or in all by both readings."""
    parts = [counts["by_source"][name]["strict"] for name in sources]
    parts = parts or [counts["strict"], counts["broad"]]
    return [f"{part[key]:,}" for part in parts for key in ("n", "n_pay")]


def list_sources(data: str | None, where: str | None, tables: Tables, output: Output) -> None:
    """Print every source of the market, with its records where `where` holds."""
    from rolediff.compare.listing import ads_by_source

    market = load_market(data, tables)
    counts = ads_by_source(market, Where.parse(where))
    found = [_counted(s, *counts.get(s.name, (0, 0))) for s in market.named_sources]
    if output.json:
        print(envelope("sources", SCHEMA_VERSION, found, __version__))
        return
    for source in found:
        rows = [[key.replace("_", " "), _said(value)] for key, value in source.items() if value]
        _print(["source", source["name"]], rows[1:], output)


def _counted(source: Source, matching: int, ads: int) -> dict[str, Any]:
    """A source with its records that match, and of postings how many ads they are."""
    told = {**source.to_dict(), "matching": matching}
    return told | {"ads": ads} if source.unit == "posting" else told


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v:.4g}" for k, v in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _print(heads: list[str], rows: list[list[str]], output: Output) -> None:
    if output.markdown:
        from rolediff.report.markdown_parts import safe

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
