"""`rolediff serve`: the local page, until it is interrupted."""

from __future__ import annotations

import errno
import socket

from rolediff.doors.options import Tables, Which
from rolediff.doors.screen import err
from rolediff.doors.write import load_market
from rolediff.errors import DataError, UsageError
from rolediff.read.extras import library


def served(host: str, port: int, which: Which, tables: Tables) -> None:
    """Serve the page on a market.

    Raises:
        MissingExtraError: the extra `web` is not installed.
        UsageError: a filter, which the page has itself; a port that is none.
        DataError: the port is taken.
    """
    server = library("uvicorn", "the local page", "web")
    library("fastapi", "the local page", "web")
    from rolediff.doors.web.app import HOSTS, make_app
    from rolediff.doors.web.limits import Limits
    from rolediff.doors.web.protocol import settings

    if which.where:
        raise UsageError("the page has filters of its own: leave out --where")
    if not 0 < port < 65_536:
        raise UsageError(f"{port} is no port: choose one from 1024 to 65535")
    market = load_market(which.data, tables)
    _free(host, port)
    limits = Limits()
    app = make_app(market, which.catalogue(), hosts={*HOSTS, host}, limits=limits)
    shown = f"[{host}]" if ":" in host else host
    err().print(f"rolediff: open http://{shown}:{port}/ in a browser; Ctrl-C ends it")
    server.run(app, host=host, port=port, **settings(limits))


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is taken" if taken else f"cannot be had ({(error.strerror or '').lower()})"
            raise DataError(f"port {port} of {host} {why}: choose another --port") from error
