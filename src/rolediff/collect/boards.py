"""One employer's public board, by the adapters of `ats-scrapers` that need no browser."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from rolediff.collect.client import AGENT
from rolediff.collect.run import RECORD, Collected, make_folder, write_record
from rolediff.errors import CollectError, UsageError
from rolediff.flow.kept import whole
from rolediff.read.extras import library
from rolediff.records import Source

_IMITATES = re.compile(r"cloak|browserbase", re.IGNORECASE)


def collect_board(folder: Path, url: str) -> Collected:
    """Fetch every posting of the board at `url` once, into a Parquet file in `folder`.

    Raises:
        UsageError: the address is of no known board, or of one that only a browser may read.
        CollectError: it cannot be fetched, or has no posting.
        MissingExtraError, DataError: as their messages say.
    """
    ats = library("ats_scrapers", "reading a board", "collect")
    errors = library("ats_scrapers.exceptions", "reading a board", "collect")
    try:
        scraper = ats.get_scraper_for_url(url)
    except errors.ScraperError as error:
        raise UsageError(
            f"{url[:120]} is the address of no board that is known: copy that of the page which "
            "lists the employer's jobs, on the board's own host"
        ) from error
    _plain(scraper, url)
    make_folder(folder)
    try:
        jobs = _with_agent(scraper).fetch()
    except errors.ATSScrapersError as error:
        raise CollectError(f"{url[:120]}: {str(error)[:200]}; try again later") from error
    if not jobs:
        raise CollectError(f"{url[:120]} lists no posting: look at the page yourself")
    name = f"{scraper.ats.value}-{scraper.company_slug}".replace("/", "_")
    return _kept(folder, name, url, [job.model_dump(mode="json") for job in jobs])


def _plain(scraper: Any, url: str) -> None:
    """Refuse adapters that pass for a browser: a board that wants one does not want us."""
    kind = type(scraper)
    code = inspect.getsource(library(kind.__module__, "reading a board", "collect"))
    if kind.fetch_engine != "httpx" or _IMITATES.search(code):
        raise UsageError(
            f"{urlsplit(url).hostname} is read by a browser alone, which is not imitated here: "
            "ask the employer, or use the dataset"
        )


def _with_agent(scraper: Any) -> Any:
    """The adapter, saying who it is and never escalating to another engine."""
    made = scraper.make_fetcher
    headers = {**(type(scraper).default_headers or {}), "User-Agent": AGENT}
    scraper.make_fetcher = lambda **more: made(**{**more, "headers": headers, "escalate": False})
    return scraper


def _kept(folder: Path, name: str, url: str, jobs: list[dict[str, Any]]) -> Collected:
    target = folder / f"{name}.parquet"
    rows = pl.DataFrame(
        {key: [_flat(job[key]) for job in jobs] for key in jobs[0] if key != "raw"},
        strict=False,
    )
    with whole(target) as partial:
        rows.write_parquet(partial, compression="zstd")
    day = datetime.now(UTC).date().isoformat()
    source = Source(
        name, name, "the employer's", day, day, url=url, rows=len(jobs), records=len(jobs),
        kind="advertised", unit="posting",
    )  # fmt: skip
    write_record(folder / f"{name}{RECORD}", {"board": url, "source": source.to_dict()})
    return Collected(target, source, True)


def _flat(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
