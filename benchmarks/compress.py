"""What compressing pay costs beside DuckDB's group-by on the same keys and a bare scan, in one run.

    python benchmarks/compress.py [ROWS ...] [--folder DIR] [--workers N]

For each number of rows Parquet parts are made (`benchmarks/pay_rows.py`), and each of these runs in
a process of its own, from the same files:

- **scan**: Polars reads every column and counts: the floor.
- **DuckDB**: `GROUP BY` all columns as they stand, counts, to one Parquet file (zstd, 2 GB limit).
- **rolediff**: `rolediff compress`: titles, levels, places and currencies read, rows that cannot be
  right set aside, pay in US dollars, cells and offers sorted and numbered, a market written.
- **rolediff, count**: from what it keeps of the reading (lines on disk) to the market: the work of
  DuckDB's group-by, and sorting.

Time is of the clock and of the processor, all processes of a run together; memory is the highest
sum of what they hold alone (USS), looked at twenty times a second. The growth of cells and offers
with the rows is the exponent between the first and the last number of rows.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEYS = (
    "title, company, country, currency, level, year, remote, company_size, employment_type, "
    "industry, salary_min, salary_max"
)
SCAN = """
import polars as pl
frame = pl.scan_parquet("{files}/*.parquet")
print(frame.select(pl.all().count()).collect(engine="streaming").row(0)[0])
"""
DUCKDB = """
import duckdb
base = duckdb.connect()
base.execute("SET threads={workers}; SET memory_limit='2GB'; SET temp_directory='{work}/duck'")
base.execute(
    "COPY (SELECT {keys}, count(*) n FROM read_parquet('{files}/*.parquet') GROUP BY ALL)"
    " TO '{work}/duck.parquet' (FORMAT parquet, COMPRESSION zstd)"
)
"""
ROLEDIFF = """
import sys
from rolediff.doors.cli import run
if __name__ == "__main__":
    sys.exit(run(["compress", "{files}", "-o", "{work}/market", "--workers", "{workers}"]))
"""
READ = """
from pathlib import Path
from rolediff.market import streamed
class Read(Exception): pass
def stop(*_): raise Read
if __name__ == "__main__":
    streamed.count = stop
    try:
        way = streamed.Way(workers={workers})
        streamed.compress_files([Path("{files}")], Path("{work}/lines"), way)
    except Read:
        pass
"""
COUNT = """
from pathlib import Path
from rolediff.market import save, streamed
if __name__ == "__main__":
    way = streamed.Way(workers={workers})
    market = streamed.compress_files([Path("{files}")], Path("{work}/lines"), way)
    save(market, "{work}/counted")
"""
RUNS = {
    "scan": SCAN,
    "DuckDB": DUCKDB,
    "rolediff": ROLEDIFF,
    "(read)": READ,
    "rolediff, count": COUNT,
}


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock and of the processor, and megabytes at the highest."""

    clock: float
    processor: float
    memory: float


def measured(program: str, folder: Path) -> Cost:
    """What a program costs in a process of its own, with those it starts."""
    script = folder / "run.py"
    script.write_text(program, encoding="utf-8")
    before, start = os.times(), time.perf_counter()
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.DEVNULL)
    most = [0.0]
    watch = threading.Thread(target=_watch, args=(run, most), daemon=True)
    watch.start()
    if run.wait():
        raise SystemExit(f"failed: {program}")
    watch.join()
    after = os.times()
    used = after.children_user + after.children_system
    return Cost(
        time.perf_counter() - start,
        used - before.children_user - before.children_system,
        most[0],
    )


def _watch(run: subprocess.Popen[bytes], most: list[float]) -> None:
    while run.poll() is None:
        most[0] = max(most[0], sum(_own(pid) for pid in _tree(run.pid)))
        time.sleep(0.05)


def _tree(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(one for child in text.split() for one in _tree(int(child)))]


def _own(pid: int) -> float:
    """Megabytes that only this process holds."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def size_of(market: Path) -> dict[str, int]:
    """Lines of each table of a market."""
    package = json.loads((market / "datapackage.json").read_text())
    return {table["name"]: table["rows"] for table in package["resources"]}


def bench(rows: int, folder: Path, workers: int) -> dict[str, int]:
    """One line for each run."""
    files = folder / f"rows-{rows}"
    if not files.is_dir():
        maker = [sys.executable, str(HERE / "pay_rows.py"), str(rows), str(files)]
        subprocess.run(maker, check=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    said = {"files": files, "work": work, "workers": workers, "keys": KEYS}
    for name, program in RUNS.items():
        cost = measured(program.format(**said), work)
        line = f"{rows:>12,} {name:<16}{cost.clock:8.1f} s{cost.processor:8.1f} s"
        print(f"{line}{rows / cost.clock:>12,.0f}/s{cost.memory:8,.0f} MB", flush=True)
    sizes = size_of(work / "market")
    assert sizes == size_of(work / "counted")
    print(f"{'':>13}{sizes['cells']:,} cells, {sizes['pay']:,} offers", flush=True)
    shutil.rmtree(work)
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--folder", type=Path, help="where parts are made, and kept")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="rolediff-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'rows':>12} {'':<16}{'clock':>10}{'processor':>10}{'rows':>14}{'memory':>11}")
    sizes = [bench(rows, folder, chosen.workers) for rows in chosen.rows]
    if len(sizes) > 1:
        tenfold = math.log(chosen.rows[-1] / chosen.rows[0])
        for name in ("cells", "pay"):
            grown = math.log(sizes[-1][name] / sizes[0][name]) / tenfold
            print(f"{name} grow with the rows to the power of {grown:.2f}")
    if chosen.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
