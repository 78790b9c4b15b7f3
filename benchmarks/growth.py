"""How the cost of an answer grows: with the size of a market, and with rows, cells and factors.

    python benchmarks/growth.py [--postings 100000 1000000] [--rows 100000 1000000] [--keep FOLDER]

Two tables, every line of which is a process of its own:

- **a question**: each verb on markets of so many postings (`benchmarks/postings_market.py`), after
  import: seconds of processor and megabytes, and the exponent of the processor's time between the
  smallest and the largest market. The bundled market stands beside.
- **a decomposition**: `rolediff.decompose` of the made-up rows of `benchmarks/decompose.py`, the
  best of three, with 2 to 10 covariates: seconds of processor, how many cells there are, and the
  exponents with rows (at all covariates), with cells and with factors (at the most rows).

An exponent of 1 is growth in proportion, 0 is none. `--keep` keeps what is made for the next run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from compress import exponent
from decompose import CATEGORIES

HERE = Path(__file__).resolve().parent
VERBS = ("diff", "skills", "work", "where", "trend", "why", "path")
SPENT = """
import json, resource, sys, time
import polars
import rolediff
from rolediff.compare.decompose import decompose
import scipy.special
argument, *more = sys.argv[1:]
start = time.process_time()
{work}
seconds = time.process_time() - start
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, used]))
"""
ASK = SPENT.format(
    work='getattr(rolediff, argument)("AI Engineer", "ML Engineer", data=more[0] or None)'
)
DECOMPOSE = SPENT.format(
    work='decompose(argument, outcome="pay", group="role", a="A", b="B", factors=more, log=True)'
)


def spent(program: str, *arguments: str) -> tuple[float, float]:
    """Seconds of processor and megabytes of a program in a process of its own."""
    command = [sys.executable, "-c", program, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(run.stderr)
    seconds, megabytes = json.loads(run.stdout.strip().rsplit("\n", 1)[-1])
    return seconds, megabytes


def questions(sizes: list[int], folder: Path) -> None:
    """The table of verbs by the size of the market."""
    markets = [("", "bundled"), *((str(market(n, folder)), f"{n:,}") for n in sizes)]
    print("| verb | " + " | ".join(name for _, name in markets) + " | exponent |")
    print("|---|" + "---:|" * (len(markets) + 1))
    for verb in VERBS:
        costs = [spent(ASK, verb, place) for place, _ in markets]
        shown = [f"{seconds:.2f} s, {megabytes:,.0f} MB" for seconds, megabytes in costs]
        grown = exponent(sizes, [seconds for seconds, _ in costs[1:]])
        print(f"| {verb} | " + " | ".join(shown) + f" | {grown} |", flush=True)


def market(postings: int, folder: Path) -> Path:
    """A market of so many postings, made if it is not there."""
    place = folder / f"market-{postings}"
    if not place.is_dir():
        maker = [sys.executable, str(HERE / "postings_market.py"), str(postings), str(place)]
        subprocess.run(maker, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return place


def decompositions(sizes: list[int], folder: Path) -> None:
    """The table of decompositions by rows and factors."""
    names = list(CATEGORIES)
    print("| rows | factors | cells | processor | memory |")
    print("|---:|---:|---:|---:|---:|")
    by_rows = [decomposition(rows, names, folder) for rows in sizes]
    by_factors = [decomposition(sizes[-1], names[:n], folder) for n in (2, 4, 6, 8)]
    by_factors.append(by_rows[-1])
    print(
        "exponents: "
        f"rows {exponent(sizes, [cost for _, cost in by_rows])}, "
        f"cells {exponent(*map(list, zip(*by_factors, strict=True)))}, "
        f"factors {exponent([2, len(names)], [by_factors[0][1], by_factors[-1][1]])}; "
        f"cells with rows {exponent(sizes, [float(cells) for cells, _ in by_rows])}"
    )


def decomposition(rows: int, names: list[str], folder: Path) -> tuple[int, float]:
    """A line of that table; its cells and seconds."""
    import polars as pl

    file = folder / f"rows-{rows}.parquet"
    if not file.is_file():
        maker = [sys.executable, str(HERE / "decompose.py"), "--make", str(rows), str(file)]
        subprocess.run(maker, check=True)
    keys = pl.struct("role", *names)
    cells = int(pl.scan_parquet(file).select(keys.n_unique()).collect().item())
    seconds, megabytes = min(spent(DECOMPOSE, str(file), *names) for _ in range(3))
    print(f"| {rows:,} | {len(names)} | {cells:,} | {seconds:.2f} s | {megabytes:,.0f} MB |")
    return cells, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--postings", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--rows", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="a folder for markets and rows")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = chosen.keep or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.postings:
            questions(chosen.postings, folder)
        if chosen.rows:
            decompositions(chosen.rows, folder)


if __name__ == "__main__":
    main()
