"""Postings from files or frames to a market: annotated where they are not, each ad known once.

The text of a posting is held only while it is annotated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.batch import BEST_BATCH, annotate
from rolediff.annotate.duplicates import FINGERPRINTS, ad_keys, fingerprint, fingerprint_of_facts
from rolediff.market.annotated_files import annotated_batches, completed
from rolediff.market.compress import counted
from rolediff.market.facts import facts_of, with_currency
from rolediff.market.model import Market
from rolediff.market.tables import POSTINGS
from rolediff.read.postings import postings_in_frame, read_postings
from rolediff.read.stream import entries
from rolediff.read.tables import from_memory
from rolediff.records import QUARANTINE, Source

_ANY = ("postings", "annotated")


@dataclass(frozen=True, slots=True)
class Told:
    """Postings before they are counted: what is told of each, and how reposts are found.

    `facts` (`POSTINGS`, `ad` null) and `prints` (`FINGERPRINTS`) have one row for each;
    `quarantine` (`QUARANTINE`) is what could not be read.
    """

    facts: pl.DataFrame
    prints: pl.DataFrame
    quarantine: pl.DataFrame
    source: Source


@dataclass(frozen=True, slots=True)
class _Part:
    """A batch of annotated postings, its fingerprints, the rows set aside, and rows read."""

    annotated: pl.DataFrame
    prints: pl.DataFrame
    quarantine: pl.DataFrame
    rows: int


def told_of(
    data: Any,
    *,
    annotated: bool,
    name: str | None = None,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    kind: str | None = None,
    retrieved: str | None = None,
) -> Told:
    """What is told of the postings in `data`: a file, a folder, a glob, or a frame in memory.

    `annotated`: they are already, so that reposts are found by their facts; else by their texts.
    `currency` is that of pay stated without one; `name`, `kind` and `retrieved` (ISO date) are
    for the source. Raises `UnreadableError`, `ColumnError`, `UsageError` or `MissingExtraError`.
    """
    chosen = None if format in _ANY else format
    on_disk = isinstance(data, str | Path)
    if annotated:
        parts = _of_annotated(data, on_disk)
    elif on_disk:
        found = read_postings(
            data, format=chosen, batch=BEST_BATCH, mapping=mapping, retrieved=retrieved
        )
        parts = (_annotated(b.postings, b.quarantine, b.counts["rows"]) for b in found)
    else:
        one = postings_in_frame(data, format=chosen, mapping=mapping, retrieved=retrieved)
        parts = iter([_annotated(one.postings, one.quarantine, one.counts["rows"])])
    source = _source(data, name, retrieved) if on_disk else Source(name or "table", title="table")
    return _told(parts, source, currency, kind or "advertised")


def market_of(told: Sequence[Told]) -> Market:
    """The market of all these postings, a repost being found wherever it was read."""
    prints = pl.concat([part.prints for part in told])
    facts = pl.concat([part.facts for part in told]).with_columns(ad=ad_keys(prints))
    return counted(facts, [part.source for part in told])


def _annotated(postings: pl.DataFrame, quarantine: pl.DataFrame, rows: int) -> _Part:
    return _Part(annotate(postings), fingerprint(postings), quarantine, rows)


def _of_annotated(data: Any, on_disk: bool) -> Iterator[_Part]:
    empty = pl.DataFrame(schema=QUARANTINE)
    batches: Iterable[tuple[pl.DataFrame, pl.DataFrame]]
    batches = annotated_batches(data) if on_disk else [(completed(from_memory(data)), empty)]
    for batch, bad in batches:
        yield _Part(batch, fingerprint_of_facts(batch), bad, batch.height + bad.height)


def _told(parts: Iterator[_Part], source: Source, currency: str | None, kind: str) -> Told:
    facts, prints = [pl.DataFrame(schema=POSTINGS)], [_no_prints()]
    quarantine, rows = [pl.DataFrame(schema=QUARANTINE)], 0
    for part in parts:
        named = with_currency(part.annotated, currency)
        facts.append(facts_of(named.with_columns(source=pl.lit(source.name))))
        prints.append(part.prints)
        quarantine.append(part.quarantine.with_columns(source=pl.lit(source.name)))
        rows += part.rows
    whole, bad = pl.concat(facts), pl.concat(quarantine)
    lost = whole.filter(pl.col("currency").is_not_null() & pl.col("low").is_null()).height
    source = Source(
        source.name, source.title, retrieved=source.retrieved, sha256=source.sha256, rows=rows,
        records=whole.height, quarantined=bad.height, unconverted=lost, kind=kind, unit="posting",
    )  # fmt: skip
    return Told(whole, pl.concat(prints), bad, source)


def _no_prints() -> pl.DataFrame:
    return pl.DataFrame(schema=FINGERPRINTS)


def _source(data: str | Path, name: str | None, retrieved: str | None) -> Source:
    """A file by its content; a folder by that of all its files."""
    files = entries(data)
    digests = [_digest(file.path) for file in files]
    joined = hashlib.sha256("".join(digests).encode()).hexdigest()
    newest = max(file.path.stat().st_mtime for file in files)
    day = retrieved or datetime.fromtimestamp(newest, UTC).date().isoformat()
    called = name or (Path(data).name if len(files) > 1 else files[0].name)
    sha256 = digests[0] if len(files) == 1 else joined
    return Source(called, called, retrieved=day, sha256=sha256)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
