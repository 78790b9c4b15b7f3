"""The open dataset of `ats-scrapers`: its manifest, and the slices that were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from rolediff.collect.client import Patience, again
from rolediff.errors import CollectError, UsageError
from rolediff.read.extras import library

if TYPE_CHECKING:
    import httpx

READS = "1"
"""The version of the manifest that is understood, up to its first dot."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Slice:
    """One file of the dataset: `name` (a source or a date), `rows` and `sha256` as promised."""

    name: str
    url: str
    rows: int
    size: int
    sha256: str | None

    @property
    def is_parquet(self) -> bool:
        """Whether it is Parquet; else CSV."""
        return urlsplit(self.url).path.endswith(".parquet")


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the manifest at `url` offers, as of the day `made`; `absent` is offered no more."""

    url: str
    made: datetime
    slices: tuple[Slice, ...]
    absent: tuple[str, ...] = ()


def dataset(
    client: httpx.Client,
    patience: Patience,
    *,
    manifest: str | None = None,
    sources: Sequence[str] = (),
    day: str | None = None,
    gone: Sequence[str] = (),
) -> Dataset:
    """The slices of `sources`, of one `day`, or of everything, where neither is named.

    Sources in `gone` that are not offered are told as absent, if any other is.

    Raises:
        CollectError: no manifest there, or one of a newer form or of a day to come.
        UsageError: sources and a day at once, or one that is not offered; names those near to it.
    """
    if sources and day:
        raise UsageError("the dataset has slices by source or by day: leave out --source or --date")
    ats = library("ats_scrapers", "the open dataset", "collect")
    found = library("ats_scrapers.manifest", "the open dataset", "collect")
    address = _web("", manifest or found.DEFAULT_MANIFEST_URL, "the manifest")
    opened = ats.Client(manifest_url=address, http_client=client, prefer_parquet=True)
    said = again(f"manifest {address}", patience, lambda: _manifest(opened))
    _understood(said, address)
    absent = [name for name in dict.fromkeys(sources) if name in gone and name not in said.by_ats]
    left = [name for name in sources if name not in absent]
    if not left:
        absent, left = [], list(sources)
    chosen = tuple(_chosen(said, address, left, day))
    return Dataset(address, said.generated_at, chosen, tuple(absent))


def _web(base: str, said: str, what: str) -> str:
    """The address that `said` is on the page `base`, if it is one of the web.

    A manifest may not make this machine read its own files.
    """
    try:
        address = urljoin(base, said)
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = None
    if not sound:
        raise CollectError(f"{said[:120]!r} for {what} is no web address (https://...): refused")
    return address


def _manifest(opened: Any) -> Any:
    """The manifest by the package's own client; a failure of transport as such."""
    http = library("httpx", "the open dataset", "collect")
    errors = library("ats_scrapers.exceptions", "the open dataset", "collect")
    try:
        return opened.manifest
    except errors.ManifestError as error:
        if isinstance(error.__cause__, http.HTTPError):
            raise error.__cause__ from error
        raise CollectError(
            "the manifest is not one that can be read: look whether the address is right, or "
            "update with pip install -U ats-scrapers"
        ) from error


def _understood(manifest: Any, address: str) -> None:
    if str(manifest.version).split(".", maxsplit=1)[0] != READS:
        raise CollectError(
            f"{address} has version {manifest.version}, {READS}.x can be read: "
            "pip install -U rolediff ats-scrapers"
        )
    made = manifest.generated_at
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    if made > datetime.now(UTC) + timedelta(days=1):
        raise CollectError(
            f"{address} says that it was made on {made.date()}, a day to come: look at the clock "
            "of this machine, or wait for a sound manifest"
        )


def _chosen(
    manifest: Any, address: str, sources: Sequence[str], day: str | None
) -> Iterable[Slice]:
    if day is not None:
        if day not in manifest.by_date:
            raise UsageError(f"no slice of {day}; {_nearest_days(day, manifest.by_date)}")
        yield _slice(day, manifest.by_date[day], address)
    elif not sources:
        yield _slice("all", manifest.all, address)
    for name in dict.fromkeys(sources):
        if name not in manifest.by_ats:
            raise UsageError(f"no source {name}; {_nearest_names(name, manifest.by_ats)}")
        yield _slice(name, manifest.by_ats[name], address)


def _slice(name: str, entry: Any, address: str) -> Slice:
    path = entry.parquet or entry.csv
    if path is None or not _NAME.fullmatch(name):
        raise CollectError(f"the manifest has no file for {name[:60]!r}: name another source")
    url = _web(address, path, name)
    return Slice(name, url, entry.rows, entry.size_bytes, entry.sha256)


def _nearest_days(day: str, offered: Iterable[str]) -> str:
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"{day[:40]!r} is no day: write it as 2026-03-31") from error
    days = sorted(d for d in offered if _is_day(d))
    if not days:
        return "the manifest has none by day: leave out --date"
    near = sorted(days, key=lambda d: abs((date.fromisoformat(d) - asked).days))[:3]
    return f"the nearest are {', '.join(sorted(near))}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _nearest_names(name: str, offered: Iterable[str]) -> str:
    names = sorted(offered)
    near = get_close_matches(name, names, 3, 0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
