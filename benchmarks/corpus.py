"""Postings to a market, end to end: the Ashby snapshot resampled in the ats-scrapers schema.

    python benchmarks/corpus.py [POSTINGS ...] [--folder DIR] [--workers N]

The postings of the snapshot (../shared/data, not part of the project) are dealt out again and
again, each time in another order, under other ids and other employers, as Parquet parts of 50,000
in the columns of ats-scrapers; texts stay, so that those of one pass differ as real ones do. Then
`rolediff compress` makes a market of the folder, in a process of its own, and what that costs is
told: time of the clock, of the processor, highest memory. The last line extrapolates to the 4.2
million postings of the open dataset by what each posting between the first and the last number
cost: it is no measurement.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from compress import ROLEDIFF, Cost, measured, size_of

SHARED = Path(__file__).resolve().parents[2] / "shared/data/ashby/postings_2025-10.jsonl.zst"
PART = 50_000
DATASET = 4_200_000


def base() -> pl.DataFrame:
    """The snapshot in the columns of ats-scrapers."""
    from rolediff.read.postings import all_postings

    postings = all_postings(SHARED).postings
    return postings.select(
        pl.lit("ashby").alias("ats_type"),
        pl.col("id").str.replace("^ashby:", "").alias("ats_id"),
        "title",
        pl.col("employer").alias("company"),
        "location",
        pl.col("text").alias("description"),
        pl.col("posted").cast(pl.String).alias("posted_at"),
        "employment_type",
        "department",
        pl.col("pay_low").alias("salary_min"),
        pl.col("pay_high").alias("salary_max"),
        pl.col("pay_currency").alias("salary_currency"),
        pl.col("pay_interval").alias("salary_period"),
        "url",
    )


def dealt(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """All postings once, in another order, of other employers."""
    again = frame.sample(fraction=1, shuffle=True, seed=number)
    if not number:
        return again
    return again.with_columns(
        pl.col("ats_id") + f"-{number}",
        pl.when(pl.col("company").is_not_null()).then(pl.col("company") + f" {number}"),
        pl.col("posted_at").str.to_date().dt.offset_by(f"-{number % 23}d").cast(pl.String),
    )


def write(postings: int, folder: Path) -> None:
    """As many postings in parts."""
    folder.mkdir(parents=True)
    frame, have, number, part = base(), [], 0, 0
    rows = done = 0
    while done < postings:
        have.append(dealt(frame, number))
        rows += frame.height
        number += 1
        while rows >= PART or done + rows >= postings:
            whole = pl.concat(have)
            take = min(PART, postings - done)
            whole[:take].write_parquet(folder / f"part-{part:05}.parquet", row_group_size=10_000)
            have, rows, done, part = [whole[take:]], rows - take, done + take, part + 1
            if done >= postings:
                return


def bench(postings: int, folder: Path, workers: int) -> Cost:
    """One line."""
    files = folder / f"postings-{postings}"
    if not files.is_dir():
        write(postings, files)
    work = Path(tempfile.mkdtemp(dir=folder))
    cost = measured(ROLEDIFF.format(files=files, work=work, workers=workers), work)
    sizes = size_of(work / "market")
    shutil.rmtree(work)
    line(postings, cost, sizes["asks"])
    return cost


def line(postings: int, cost: Cost, kept: int) -> None:
    """What a run cost, and how many lines or postings came of it."""
    told = f"{postings:>12,}{cost.clock:10.1f} s{cost.processor:10.1f} s{cost.memory:10,.0f} MB"
    print(f"{told}{postings / cost.processor:10,.0f}/s{kept:12,}", flush=True)


@dataclass(frozen=True)
class Series:
    """Runs of growing size: postings and cost of each, and how many processes worked."""

    sizes: list[int]
    costs: list[Cost]
    workers: int

    @property
    def each(self) -> float:
        """Seconds of processor that a further posting costs."""
        more = self.sizes[-1] - self.sizes[0]
        if not more:
            return self.costs[0].processor / self.sizes[0]
        return (self.costs[-1].processor - self.costs[0].processor) / more

    @property
    def minutes(self) -> float:
        """Of processor for `DATASET` postings, at that cost."""
        return (self.costs[-1].processor + self.each * (DATASET - self.sizes[-1])) / 60

    @property
    def memory(self) -> float:
        """Megabytes for them, if memory grew on as between the first and the last."""
        more = self.sizes[-1] - self.sizes[0]
        grown = self.costs[-1].memory - self.costs[0].memory
        return self.costs[-1].memory + (grown / more * (DATASET - self.sizes[-1]) if more else 0.0)


def series(
    what: str, sizes: list[int], counted: str, bench: Callable[[int, Path, int], Cost]
) -> Series | None:
    """What `bench` costs at the sizes asked for on the command line; None without the snapshot."""
    parser = argparse.ArgumentParser(description=what.splitlines()[0])
    parser.add_argument("postings", nargs="*", type=int, default=sizes)
    parser.add_argument("--folder", type=Path, help="where files are made, and kept")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    if not SHARED.is_file():
        print(f"skipped: {SHARED.name} is not at hand", file=sys.stderr)
        return None
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="rolediff-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    heads = f"{'postings':>12}{'clock':>12}{'processor':>12}{'memory':>13}{'a core':>12}"
    print(f"{heads}{counted:>12}")
    costs = [bench(n, folder, chosen.workers) for n in chosen.postings]
    if chosen.folder is None:
        shutil.rmtree(folder)
    return Series(chosen.postings, costs, chosen.workers)


def main() -> None:
    told = series(__doc__ or "", [100_000, 400_000], "lines", bench)
    if told is not None:
        print(
            f"extrapolated to {DATASET:,}: {1 / told.each:,.0f} postings more a second of "
            f"processor; {told.minutes:,.0f} minutes of it, {told.minutes / told.workers:,.0f} on "
            f"{told.workers} cores of their own"
        )


if __name__ == "__main__":
    main()
