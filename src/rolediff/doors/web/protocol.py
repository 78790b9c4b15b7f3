"""HTTP as uvicorn speaks it by h11, with bounds on what comes before and after a request."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from rolediff.doors.web.limits import Limits


class Bounded(H11Protocol):
    """A connection is closed whose request does not come whole in time.

    So is one that sends on after it was answered, and one too many. How long a body may take that
    is read, and the answer to it, the program bounds itself.
    """

    limits = Limits()
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait on where it is no whole request."""
        super().data_received(data)
        if self._whole():
            self._stop()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop()
        super().connection_lost(exc)

    def _whole(self) -> bool:
        """Whether a request is being answered, and nothing is awaited but what it needs."""
        theirs, ours = self.conn.their_state, self.conn.our_state
        return theirs is not h11.IDLE and not (theirs is h11.SEND_BODY and ours in _ANSWERED)

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.limits.header_seconds, self._close)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.abort()


_ANSWERED = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)


def settings(limits: Limits) -> dict[str, Any]:
    """What uvicorn is to be run with."""
    kind = type("Bounded", (Bounded,), {"limits": limits})
    return {
        "http": kind, "ws": "none", "h11_max_incomplete_event_size": limits.header,
        "timeout_keep_alive": 5, "timeout_graceful_shutdown": 5, "log_level": "warning",
        "access_log": False, "server_header": False,
    }  # fmt: skip
