"""`collect`: slices of the open dataset into a folder, each with a record of where it came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Role
from rolediff.collect.client import Patience, polite
from rolediff.collect.dataset import Dataset, Slice, dataset
from rolediff.collect.download import fetched
from rolediff.collect.keep import kept
from rolediff.errors import CollectError, DataError
from rolediff.flow.kept import whole
from rolediff.records import Source

LICENCE = "MIT on the collection; the texts are the employers'"
RECORD = ".source.json"
"""Ending of the file beside each slice that says where it came from."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A slice that is kept: its `file`, its `source`, and whether this run `fetched` it."""

    file: Path
    source: Source
    fetched: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"file": str(self.file), "fetched": self.fetched, "source": self.source.to_dict()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to collect: `sources` or one `day` of the dataset at `manifest` (None: the public one),
    only titles of `titles` (none: all). `again`: fetch what an earlier run has used up too; `gone`:
    sources that may have left the dataset, which sets them aside and is no error."""

    sources: tuple[str, ...] = ()
    day: str | None = None
    manifest: str | None = None
    titles: tuple[Role, ...] = ()
    again: bool = True
    gone: tuple[str, ...] = ()


Heard = Callable[[Slice, int], None]


def collect(
    folder: Path, asked: Asked, *, patience: Patience | None = None, heard: Heard | None = None
) -> tuple[list[Collected], list[str]]:
    """Fetch what is asked into `folder`: a Parquet file and its record for each slice.

    What is there already and unchanged is not fetched again. Also reasons for slices that were
    set aside; the others are kept all the same.

    Raises:
        CollectError: no manifest, or nothing of what was asked could be fetched.
        UsageError, MissingExtraError, DataError: as their messages say.
    """
    ways = patience or Patience()
    make_folder(folder)
    done: list[Collected] = []
    refused: list[CollectError] = []
    with polite(ways) as client:
        found = dataset(
            client, ways, manifest=asked.manifest, sources=asked.sources, day=asked.day,
            gone=asked.gone,
        )  # fmt: skip
        refused += [CollectError(f"{name} is no longer in the dataset") for name in found.absent]
        for part in found.slices:
            try:
                done.append(_slice(client, part, folder, found, asked, ways, heard))
            except CollectError as error:
                refused.append(error)
    if refused and not done:
        raise refused[0]
    return done, [str(error) for error in refused]


def recorded(folder: Path) -> Iterator[Collected]:
    """The slices that are kept in `folder`, by name.

    Raises:
        DataError: a record that cannot be read.
    """
    for record in sorted(folder.glob(f"*{RECORD}")):
        file = record.with_name(record.name.removesuffix(RECORD) + ".parquet")
        if file.is_file():
            yield Collected(file, _recorded(record), False)


def _recorded(record: Path) -> Source:
    try:
        return Source(**json.loads(record.read_text(encoding="utf-8"))["source"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{record} is damaged: delete it and collect again") from error


def _slice(
    client: Any, part: Slice, folder: Path, found: Dataset, asked: Asked, ways: Patience,
    heard: Heard | None,
) -> Collected:  # fmt: skip
    target, record = folder / f"{part.name}.parquet", folder / f"{part.name}{RECORD}"
    facts = _facts(part, found, asked)
    if (target.is_file() or not asked.again) and _same(record, facts):
        return Collected(target, _recorded(record), False)
    raw = folder / f".{part.name}{'.parquet' if part.is_parquet else '.csv'}"
    sha256 = fetched(client, part, raw, ways, lambda size: heard(part, size) if heard else None)
    try:
        n = kept(raw, target, asked.titles)
    finally:
        raw.unlink(missing_ok=True)
    if not asked.titles and n != part.rows:
        target.unlink()
        raise CollectError(
            f"{part.name} has {n:,} rows, {part.rows:,} are promised: it is set aside; run the "
            "same command later"
        )
    source = _source(part, found, sha256, n)
    write_record(record, {**facts, "source": source.to_dict()})
    return Collected(target, source, True)


def _source(part: Slice, found: Dataset, sha256: str, n: int) -> Source:
    return Source(
        f"ats-scrapers/{part.name}", f"ats-scrapers, {part.name}", LICENCE,
        found.made.date().isoformat(), datetime.now(UTC).date().isoformat(), sha256, part.url,
        rows=part.rows, records=n, kind="advertised", unit="posting",
    )  # fmt: skip


def _facts(part: Slice, found: Dataset, asked: Asked) -> dict[str, Any]:
    """What makes a slice the one that is asked for."""
    return {
        "manifest": found.url,
        "made": found.made.isoformat(),
        "promised": part.sha256,
        "titles": sorted(role.id for role in asked.titles),
    }


def _same(record: Path, facts: Mapping[str, Any]) -> bool:
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and all(said.get(k) == v for k, v in facts.items())


def write_record(path: Path, facts: Mapping[str, Any]) -> None:
    """Write `facts` as JSON, whole or not at all."""
    with whole(path) as partial:
        partial.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def make_folder(folder: Path) -> None:
    """Make `folder` if it is not there. Raises `DataError` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot make {folder} ({why}): choose another folder") from error
