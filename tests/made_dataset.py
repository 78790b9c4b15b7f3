"""A dataset of postings in the schema of ats-scrapers behind a local HTTP server that can fail."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import polars as pl

TEXT = """About the role
You will build systems that learn.

Requirements
- 3+ years of experience with Python and {skill}
- Bachelor's degree in Computer Science

The base salary range is ${low},000 - ${high},000 a year.
"""
COLUMNS = (
    "global_id", "url", "title", "company", "ats_type", "ats_id", "location", "country_iso",
    "is_remote", "salary_currency", "salary_period", "salary_summary", "salary_min", "salary_max",
    "employment_type", "description", "posted_at", "fetched_at", "first_seen_at", "last_seen_at",
)  # fmt: skip


def posting(k: int, title: str = "AI Engineer", **other: Any) -> dict[str, Any]:
    """One row; `other` overrides columns."""
    text = TEXT.format(skill=("PyTorch", "LangChain", "SQL")[k % 3], low=120 + k, high=160 + k)
    row = dict.fromkeys(COLUMNS) | {
        "global_id": f"ashby:{k}", "url": f"https://jobs.example/{k}", "title": title,
        "company": f"Company {k % 7}", "ats_type": "ashby", "ats_id": str(k),
        "location": "New York, NY", "country_iso": "US", "employment_type": "FULL_TIME",
        "description": f"{text}\nReference {k} of team {'abcdefghij'[k % 10] * 5}.",
        "posted_at": "2026-09-01T00:00:00Z", "first_seen_at": "2026-09-02T00:00:00Z",
        "last_seen_at": "2026-10-02T00:00:00Z",
    }  # fmt: skip
    return row | other


def slice_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a slice."""
    schema = {name: pl.Float64 if name in ("salary_min", "salary_max") else pl.Boolean
              if name == "is_remote" else pl.String for name in COLUMNS}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


@dataclass
class Server:
    """What is served: `files` by path, and `faults` by path, each taken once from the front.

    A fault is a status ("500", "404"), "429:3" with Retry-After, "cut:N" that breaks off after N
    bytes, "stall" that sends nothing more after the headers, or "no-range". `moved` sends a
    path on, `headers` are sent with one.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""
    moved: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def publish(
        self, slices: dict[str, bytes], *, made: datetime | None = None, version: str = "1.0",
        days: dict[str, bytes] | None = None, wrong: dict[str, Any] | None = None,
    ) -> str:  # fmt: skip
        """Serve these slices (Parquet) with a manifest; its address."""
        entries = {}
        for kind, named in (("by_ats", slices), ("by_date", days or {})):
            for name, data in named.items():
                path = f"/{kind}/{name}.parquet"
                self.files[path] = data
                entries.setdefault(kind, {})[name] = self._entry(
                    path, data, (wrong or {}).get(name)
                )
        whole = next(iter(slices.values()))
        self.files["/all.parquet"] = whole
        manifest = {
            "version": version,
            "generated_at": (made or datetime(2026, 11, 1, tzinfo=UTC)).isoformat(),
            "stats": {"total_jobs": 1, "total_companies": 1, "ats_count": 1},
            "all": self._entry("/all.parquet", whole, None),
            **entries,
        }
        self.files["/v1/manifest.json"] = json.dumps(manifest).encode()
        return f"{self.address}/v1/manifest.json"

    def _entry(self, path: str, data: bytes, wrong: Any) -> dict[str, Any]:
        try:
            rows = pl.read_parquet(io.BytesIO(data)).height
        except pl.exceptions.PolarsError:
            rows = 0
        said = {"parquet": f"{self.address}{path}", "rows": rows, "size_bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip
        return said | (wrong or {})


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port of this machine."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            state.asked.append((self.path, dict(self.headers)))
            if self.path in state.moved:
                self.send_response(302)
                self.send_header("Location", state.moved[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            waiting = state.faults.get(self.path)
            more = state.headers.get(self.path, {})
            _answer(self, state.files.get(self.path), waiting.pop(0) if waiting else "", more)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _answer(handler: Any, data: bytes | None, fault: str, more: dict[str, str]) -> None:
    status, _, detail = fault.partition(":")
    if data is None or status.isdigit():
        handler.send_response(int(status) if status.isdigit() else 404)
        if detail:
            handler.send_header("Retry-After", detail)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    start = 0
    said = handler.headers.get("Range")
    if said and status != "no-range":
        start = int(said.removeprefix("bytes=").rstrip("-"))
        if start >= len(data):
            handler.send_response(416)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    handler.send_header("Content-Length", str(len(data) - start))
    for name, value in more.items():
        handler.send_header(name, value)
    handler.end_headers()
    _body(handler, data[start:], status, detail)


def _body(handler: Any, data: bytes, status: str, detail: str) -> None:
    if status == "stall":
        handler.wfile.flush()
        time.sleep(2)
        handler.close_connection = True
        return
    if status == "cut":
        handler.wfile.write(data[: int(detail)])
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.close()
        return
    handler.wfile.write(data)


Waits = list[float]


def without_waiting(waits: Waits) -> Callable[[float], None]:
    """A sleep that only takes note."""
    return waits.append
