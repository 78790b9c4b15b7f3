"""How fast Spark on this machine annotates and compresses postings, beside one without Spark.

    python benchmarks/spark.py [--postings 20000] [--cores 2]

Postings are those of the Ashby snapshot beside the repository, drawn again under other ids until
there are enough. Both ways read the same Parquet files (as many as there are cores times four) and
must make the same market to the byte. Processor time is of all processes, Java's too; starting
Spark is told apart.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from rolediff.market import save
from rolediff.market.streamed import Way, compress_files
from rolediff.read.postings import all_postings
from rolediff.spark import annotate, compress_paths, session

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/ashby/postings_2025-10.jsonl.zst"


def drawn(postings: int, files: int, folder: Path) -> list[Path]:
    """Files of postings drawn from the snapshot, each with an id of its own."""
    all_ = all_postings(CORPUS).postings.select("title", "employer", "location", "text", "posted")
    draw = random.Random(7)
    rows = [draw.randrange(all_.height) for _ in range(postings)]
    table = all_[rows].with_columns(id=pl.format("n{}", pl.int_range(postings)))
    paths = []
    size = -(-postings // files)
    for number, part in enumerate(table.iter_slices(size)):
        paths.append(folder / f"{number:03}.parquet")
        part.write_parquet(paths[-1])
    return paths


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of processors (children too), and the result."""
    clock, cpu = time.perf_counter(), processor()
    result = work()
    return time.perf_counter() - clock, processor() - cpu, result


def processor() -> float:
    """Processor time of this process and of all that came from it, living ones too, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    living = sum(_used(pid) for pid in descendants(os.getpid()))
    return sum(u.ru_utime + u.ru_stime for u in used) + living


def descendants(pid: int) -> list[int]:
    """Processes that came from this one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        mine = parents.get(todo.pop(), [])
        found += mine
        todo += mine
    return found


def _used(pid: int) -> float:
    """Seconds of a process and of those of its own that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def same(one: Path, other: Path) -> bool:
    """Whether two markets have the same bytes."""
    return all(file.read_bytes() == (other / file.name).read_bytes() for file in one.iterdir())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--postings", type=int, default=20_000)
    asked.add_argument("--cores", type=int, default=2)
    args = asked.parse_args()
    if not CORPUS.is_file():
        sys.exit(f"needs {CORPUS}, which is not part of the project")
    with tempfile.TemporaryDirectory() as name:
        measure(args.postings, args.cores, Path(name))


def measure(postings: int, cores: int, folder: Path) -> None:
    ads, work = folder / "ads", folder / "spark"
    ads.mkdir()
    work.mkdir()
    drawn(postings, 4 * cores, ads)
    rows = []
    way = Way(workers=cores)
    told = timed(lambda: save(compress_files([ads], folder / "w", way), folder / "here"))
    rows.append(("compress, this machine", *told[:2]))
    began = time.perf_counter()
    with session(f"local[{cores}]") as spark:
        spark.range(1).count()
        print(f"Spark began in {time.perf_counter() - began:.1f} s")
        told = timed(lambda: save(compress_paths(spark, [str(ads)], work), folder / "there"))
        rows.append((f"compress, Spark local[{cores}]", *told[:2]))
        frame = annotate(spark.read.parquet(str(ads)))
        told = timed(lambda: frame.write.parquet(str(folder / "annotated")))
        rows.append((f"annotate, Spark local[{cores}]", *told[:2]))
    print(f"{postings:,} postings, {sum(f.stat().st_size for f in ads.iterdir()) / 1e6:.0f} MB")
    for what, clock, cpu in rows:
        print(f"{what:28} {clock:8.1f} s {cpu:8.1f} s of processors, "
              f"{postings / cpu:8,.0f} postings a second of one")  # fmt: skip
    print("the same bytes" if same(folder / "here", folder / "there") else "NOT the same bytes")


if __name__ == "__main__":
    main()
