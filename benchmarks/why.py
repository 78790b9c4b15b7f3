"""How long every analysis of one pair takes: on the bundled market and on one of many records.

    python benchmarks/why.py [RECORDS ...]

Each of the bundled records of pay is drawn again and again, its pay moved by some 10 % and rounded
to 1,000 (`--to` something else), until there are so many; they are counted and saved. Then each
command runs in fresh processes: user time is that of the whole command, start and reading of the
market included. 0 records is the bundled market.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAIR = ("AI Engineer", "ML Engineer")
COMMANDS = {"diff": PAIR, "why": ("why", *PAIR)}
CHUNK = 1_000_000
SPREAD = 0.1


def make(records: int, to: float, folder: Path, seed: int = 1) -> None:
    """Save a market of so many records like those of the bundled one."""
    import numpy as np
    import polars as pl

    from rolediff.market import bundled, save
    from rolediff.market.compress import counted

    base, rng = bundled().rows().filter(pl.col("low").is_not_null()), np.random.default_rng(seed)
    chance = base["n"].to_numpy() / base["n"].sum()
    keys = [name for name in base.columns if name != "n"]

    def drawn(count: int) -> pl.DataFrame:
        factor = pl.Series(np.exp(SPREAD * rng.normal(size=count)))
        rows = base[rng.choice(base.height, count, p=chance)]
        moved = [
            ((pl.col(c) * factor / to).round() * to).clip(to).alias(c) for c in ("low", "high")
        ]
        made = rows.with_columns(moved, n=pl.lit(1, pl.UInt32))
        return made.group_by(keys).agg(pl.col("n").sum())

    sizes = [CHUNK] * (records // CHUNK) + [records % CHUNK]
    market = counted(pl.concat([drawn(size) for size in sizes if size]), bundled().sources)
    save(market, folder)
    print(f"{market.pay['n'].sum():,} records in {market.pay.height:,} lines", flush=True)


def measure(
    command: tuple[str, ...], folder: Path | None, times: int
) -> tuple[float, float, float]:
    """Least user time and least time by the clock, s, and the most memory, MB."""
    program = "import sys; from rolediff.doors.cli import main; sys.exit(main())"
    line = [sys.executable, "-c", program, *command]
    line += [] if folder is None else ["--data", str(folder)]
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        child = subprocess.Popen(line, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        runs.append((used.ru_utime, time.perf_counter() - start, used.ru_maxrss / 1024))
    user, clock, memory = zip(*runs, strict=True)
    return min(user), min(clock), max(memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("records", nargs="*", type=int, default=[0, 1_000_000, 10_000_000])
    parser.add_argument("--best-of", type=int, default=3)
    parser.add_argument("--to", type=float, default=1_000, help="what pay is rounded to")
    parser.add_argument("--keep", type=Path, help="folder in which the markets stay")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as parent:
        for records in args.records:
            folder = Path(args.keep or parent, f"{records}-{args.to:g}") if records else None
            if folder is not None and not folder.exists():
                command = [sys.executable, __file__, "--make", str(records), str(args.to)]
                subprocess.run([*command, str(folder)], check=True)
            for name, command in COMMANDS.items():
                user, clock, memory = measure(command, folder, args.best_of)
                print(f"{records:>12,}  {name:<5} {user:6.2f} s user {clock:6.2f} s by the clock "
                      f"{memory:7,.0f} MB", flush=True)  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
