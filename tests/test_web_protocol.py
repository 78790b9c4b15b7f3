"""The server on a socket: endless, slow or many heads, and what drips in after an answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

uvicorn = pytest.importorskip("uvicorn", reason="needs the page: pip install 'rolediff[web]'")

from rolediff.annotate.roles import Catalogue  # noqa: E402
from rolediff.doors.web.app import make_app  # noqa: E402
from rolediff.doors.web.limits import Limits  # noqa: E402
from rolediff.doors.web.protocol import settings  # noqa: E402
from rolediff.market import bundled  # noqa: E402

LIMITS = Limits(header=4_096, header_seconds=1.0, connections=8)
ASK = b"GET /method HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = make_app(bundled(), Catalogue.load(), limits=LIMITS)
    asked = {**settings(LIMITS), "log_level": "critical"}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **asked))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def line(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as made:
        yield made


def until_closed(line: socket.socket) -> bytes:
    """All that comes until the server hangs up, however it does."""
    said = b""
    while True:
        try:
            piece = line.recv(1 << 16)
        except ConnectionError:
            return said
        if not piece:
            return said
        said += piece


def dripped(line: socket.socket, piece: bytes) -> float:
    """Seconds until the server hangs up on who sends a piece ten times a second."""
    start = time.monotonic()
    try:
        while time.monotonic() - start < 15:
            line.sendall(piece)
            time.sleep(0.1)
    except ConnectionError:
        pass
    return time.monotonic() - start


def test_a_head_that_never_ends_is_cut_off_in_time(line: socket.socket) -> None:
    line.sendall(ASK)
    assert 0.9 < dripped(line, b"X-A: b\r\n") < 10


def test_silence_is_cut_off_in_time(line: socket.socket) -> None:
    start = time.monotonic()
    assert until_closed(line) == b""
    assert 0.9 < time.monotonic() - start < 10


def test_a_head_that_is_too_large_is_refused(line: socket.socket) -> None:
    line.sendall(ASK + b"X-A: " + b"b" * 20_000)
    assert until_closed(line).startswith((b"HTTP/1.1 400", b""))


def test_what_drips_after_an_answer_is_cut_off_in_time(line: socket.socket) -> None:
    head = ASK.replace(b"GET", b"POST") + b"Content-Length: 15000\r\n\r\n"
    line.sendall(head)
    assert line.recv(1 << 16).startswith(b"HTTP/1.1 405")
    assert 0.9 < dripped(line, b"x") < 10


def test_one_connection_serves_many_requests(line: socket.socket) -> None:
    for _ in range(3):
        line.sendall(ASK + b"\r\n")
        said = line.recv(1 << 16)
        assert said.startswith(b"HTTP/1.1 200")
        size = int(said.lower().partition(b"content-length: ")[2].split(b"\r", 1)[0])
        while len(said.partition(b"\r\n\r\n")[2]) < size:
            said += line.recv(1 << 16)
        time.sleep(0.4)


def test_a_slow_head_and_then_a_request_is_answered(line: socket.socket) -> None:
    line.sendall(ASK)
    time.sleep(0.3)
    line.sendall(b"Connection: close\r\n\r\n")
    assert until_closed(line).startswith(b"HTTP/1.1 200")


def test_a_connection_too_many_is_closed(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(9)]
    try:
        start = time.monotonic()
        assert until_closed(held[-1]) == b""
        assert time.monotonic() - start < 0.9
    finally:
        for each in held:
            each.close()


def test_the_command_runs_with_these_bounds() -> None:
    usual = settings(Limits())
    assert usual["http"].limits == Limits()
    assert usual["h11_max_incomplete_event_size"] == Limits().header
    other = settings(replace(Limits(), header_seconds=3.0))
    assert other["http"].limits.header_seconds == 3.0
    assert usual["http"].limits.header_seconds == Limits().header_seconds
