"""From an open dataset to a dated market: `rolediff refresh` against a server on this machine.

    python benchmarks/collect.py [POSTINGS ...] [--folder DIR] [--workers N]

The postings of the Ashby snapshot (../shared/data, not part of the project) are dealt out again and
again as in `benchmarks/corpus.py`, under other ids, employers and dates, as one slice with a
manifest, which a server on the loopback serves. `rolediff refresh` fetches it, annotates, makes the
market and the log of windows, in a process of its own; what that costs is told: time of the clock,
of the processor (all processes of the run), highest memory. The last line extrapolates to the 4.2
million postings of the open dataset by what each posting between the first and the last number
cost: it is no measurement.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
from compress import Cost, measured
from corpus import DATASET, line, series, write

GOAL_MINUTES, GOAL_MB = 10, 3000
REFRESH = """
import sys
from rolediff.doors.cli import run
if __name__ == "__main__":
    sys.exit(run(["refresh", "{work}/history", "--source", "ashby", "--manifest", "{address}",
                  "--workers", "{workers}"]))
"""


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a log."""

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which `folder` is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def publish(postings: int, folder: Path) -> None:
    """One slice of so many postings in `folder`, and its manifest."""
    parts = folder / "parts"
    write(postings, parts)
    began = pl.col("posted_at").str.to_date(strict=False).fill_null(date(2025, 9, 1))
    seen = began.dt.offset_by("1d").cast(pl.String)
    rows = pl.scan_parquet(parts / "*.parquet").with_columns(
        first_seen_at=seen + "T00:00:00Z", last_seen_at=pl.lit("2025-10-25T00:00:00Z")
    )
    rows.sink_parquet(folder / "ashby.parquet", compression="zstd", row_group_size=10_000)
    shutil.rmtree(parts)
    file = folder / "ashby.parquet"
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    entry = {"parquet": "ashby.parquet", "rows": postings, "size_bytes": file.stat().st_size,
             "sha256": sha256}  # fmt: skip
    manifest = {
        "version": "1.0", "generated_at": "2025-10-25T12:00:00+00:00",
        "stats": {"total_jobs": postings, "total_companies": 1, "ats_count": 1},
        "all": entry, "by_ats": {"ashby": entry},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def bench(postings: int, folder: Path, workers: int) -> Cost:
    """One line."""
    slices = folder / f"slice-{postings}"
    if not (slices / "manifest.json").is_file():
        slices.mkdir(parents=True, exist_ok=True)
        publish(postings, slices)
    work = Path(tempfile.mkdtemp(dir=folder))
    with serving(slices) as address:
        code = REFRESH.format(work=work, address=f"{address}/manifest.json", workers=workers)
        cost = measured(code, work)
    made = json.loads((work / "history/history.json").read_text(encoding="utf-8"))["readings"]
    shutil.rmtree(work)
    line(postings, cost, made[0]["postings"])
    return cost


def main() -> None:
    told = series(__doc__ or "", [20_000, 50_000, 100_000], "kept", bench)
    if told is not None:
        print(
            f"extrapolated to {DATASET:,}: {told.minutes:,.0f} minutes of processor, "
            f"{told.minutes / told.workers:,.0f} on {told.workers} cores of their own (goal "
            f"{GOAL_MINUTES}); {told.memory:,.0f} MB if memory grew on as between the first and "
            f"the last (goal {GOAL_MB:,})"
        )


if __name__ == "__main__":
    main()
