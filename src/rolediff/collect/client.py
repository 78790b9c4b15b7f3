"""An HTTP client that says who it is, opens few connections and waits when asked to."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rolediff.errors import CollectError
from rolediff.read.extras import library

if TYPE_CHECKING:
    import httpx

AGENT = f"rolediff/{version('rolediff')} (a diff for job roles; one reader, few requests)"
TRIES = 5
LONGEST_WAIT = 300.0
"""Seconds that a server's Retry-After is honoured up to; beyond it the run stops and says so."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How failures are met: `tries` in all, `stall` seconds without a byte, `wait` to sleep by."""

    tries: int = TRIES
    stall: float = 60.0
    wait: Callable[[float], None] = time.sleep


@contextmanager
def polite(patience: Patience) -> Iterator[httpx.Client]:
    """A client for one run. Raises `MissingExtraError` without the extra `collect`."""
    http = library("httpx", "collecting postings", "collect")
    times = http.Timeout(patience.stall, connect=min(patience.stall, 20.0))
    limits = http.Limits(max_connections=2, max_keepalive_connections=1)
    headers = {"User-Agent": AGENT}
    with http.Client(
        headers=headers, timeout=times, limits=limits, follow_redirects=True
    ) as client:
        yield client


def again(what: str, patience: Patience, attempt: Callable[[], Any]) -> Any:
    """What `attempt` returns, tried again after failures that may pass.

    Raises `CollectError` where they do not, or for one that will not pass (404, 403).
    """
    http = library("httpx", "collecting postings", "collect")
    why = ""
    for number in range(1, patience.tries + 1):
        try:
            return attempt()
        except http.HTTPStatusError as error:
            code = error.response.status_code
            if code not in _AGAIN:
                raise CollectError(f"{what}: the server says {code}; {_advice(code)}") from error
            why, delay = f"the server says {code}", _asked(error.response) or 2.0**number
        except (http.UnsupportedProtocol, http.TooManyRedirects, http.InvalidURL) as error:
            raise CollectError(
                f"{what}: the server leads elsewhere than to a file on the web; look at the "
                "manifest, or name another source"
            ) from error
        except http.RequestError as error:
            why, delay = _named(error), 2.0**number
        if delay > LONGEST_WAIT:
            raise CollectError(
                f"{what}: {why} and asks to wait {delay:,.0f} s; run the same command later, what "
                "was fetched is kept"
            )
        if number < patience.tries:
            patience.wait(delay)
    raise CollectError(
        f"{what}: {why}, {patience.tries} times; run the same command again, what was fetched is "
        "kept"
    )


def _advice(code: int) -> str:
    return {
        404: "the address has moved: look at the manifest, or name another source",
        403: "it does not serve this reader: do not insist",
    }.get(code, "run the same command later")


def _asked(response: Any) -> float | None:
    """Seconds that the server asks to wait, as a number or a date."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        until = email.utils.parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _named(error: Exception) -> str:
    kind = type(error).__name__
    if "Timeout" in kind:
        return "no answer in time"
    if kind == "ConnectError":
        return "no connection (is there a network?)"
    return "the connection broke"
