"""How long a full decomposition of a Parquet file takes, and how much memory.

    python benchmarks/decompose.py 100000 1000000 10000000

Ten categorical covariates, log pay, robust (HC1) errors, all six references. Each program runs in
fresh processes, from the file to the answer; imports are not counted in time, but are in memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

CATEGORIES = {
    "country": 20,
    "level": 5,
    "year": 6,
    "remote": 3,
    "company_size": 3,
    "industry": 12,
    "employment_type": 4,
    "education": 4,
    "contract": 2,
    "union": 2,
}
"""Covariate to how many categories it has; their shares fall like 1 / rank ** 1.2."""


def make(rows: int, file: Path, strings: bool, seed: int = 1) -> None:
    """Write a seeded file of `rows` with a role, ten covariates and pay."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(seed)
    columns, log_pay = {}, rng.normal(11.5, 0.4, rows)
    for name, k in CATEGORIES.items():
        shares = 1 / np.arange(1, k + 1) ** 1.2
        code = rng.choice(k, rows, p=shares / shares.sum())
        log_pay += 0.02 * code
        text = pl.Series(name, [f"{name}_{i:02}" for i in range(k)]).gather(code)
        columns[name] = text if strings else text.cast(pl.Categorical)
    is_a = rng.random(rows) < 0.3
    role = pl.Series("role", ["B", "A"]).gather(is_a.astype(np.uint32))
    columns["role"] = role if strings else role.cast(pl.Categorical)
    columns["pay"] = pl.Series(np.exp(log_pay + 0.05 * is_a).round(-2))
    pl.DataFrame(columns).write_parquet(file)


def rolediff(file: str) -> tuple[float, float]:
    from rolediff.compare.decompose import decompose

    got = decompose(
        file, outcome="pay", group="role", a="A", b="B", factors=list(CATEGORIES), log=True
    )
    return got.gap.value, got.references["pooled"].unexplained.value


def statsmodels(file: str) -> tuple[float, float]:
    import numpy as np
    import pandas as pd
    from statsmodels.stats.oaxaca import OaxacaBlinder

    frame = pd.read_parquet(file)
    dummies = pd.get_dummies(frame[list(CATEGORIES)], drop_first=True, dtype=float)
    dummies["role"] = (frame["role"] == "A").to_numpy(float)
    model = OaxacaBlinder(np.log(frame["pay"]), dummies, "role", hasconst=False)
    gap = model.three_fold().params[3]
    return gap, model.two_fold(two_fold_type="pooled").params[0]


PROGRAMS = {
    "rolediff": (rolediff, ["rolediff.compare.decompose", "scipy.special"]),
    "statsmodels": (statsmodels, ["pandas", "pyarrow.parquet", "statsmodels.stats.oaxaca"]),
}


def child(program: str, file: str) -> None:
    """One measurement: imports first, then the clock."""
    import resource
    import time

    for module in PROGRAMS[program][1]:
        import_module(module)
    start, cpu = time.perf_counter(), time.process_time()
    answer = PROGRAMS[program][0](file)
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, "answer": answer}))


def cells(file: str) -> int:
    """How many cells the file comes down to."""
    import polars as pl

    keys = ["role", *CATEGORIES]
    return pl.scan_parquet(file).select(pl.struct(keys).n_unique()).collect().item()


def measure(program: str, file: Path, times: int) -> dict[str, float]:
    """First and best time of fresh processes, and the highest memory of any."""
    command = [sys.executable, __file__, "--child", program, str(file)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    ]
    return {
        "first": runs[0]["seconds"],
        "best": min(r["seconds"] for r in runs),
        "cpu": min(r["cpu"] for r in runs),
        "memory": max(r["memory"] for r in runs),
        "answer": runs[0]["answer"],
    }


def line(program: str, rows: int, count: int, got: dict, ratio: str) -> str:
    return (
        f"| {rows:,} | {program} | {got['first']:.2f} | {got['best']:.2f} | {got['cpu']:.2f} | "
        f"{got['memory']:,.0f} | {count:,} | {ratio} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--best-of", type=int, default=3, help="runs of rolediff for each size")
    parser.add_argument("--strings", action="store_true", help="plain strings, not Categorical")
    parser.add_argument("--up-to", type=int, default=1_000_000, help="most rows for statsmodels")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, {'strings' if args.strings else 'categories'}\n")
    print("| rows | program | first, s | best, s | best, CPU s | peak MB | cells | times faster |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in args.rows:
            file = Path(folder) / f"{rows}.parquet"
            command = [sys.executable, __file__, "--make", str(rows), str(file)]
            subprocess.run([*command, *(["--strings"] if args.strings else [])], check=True)
            ours, count = measure("rolediff", file, args.best_of), cells(str(file))
            print(line("rolediff", rows, count, ours, ""), flush=True)
            if rows <= args.up_to:
                theirs = measure("statsmodels", file, 1)
                ratio = f"{theirs['best'] / ours['best']:.0f}"
                print(line("statsmodels", rows, count, theirs, ratio), flush=True)
                for x, y in zip(ours["answer"], theirs["answer"], strict=True):
                    assert abs(abs(x) - abs(y)) < 1e-8, (ours, theirs)
            file.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--make"]:
        make(int(sys.argv[2]), Path(sys.argv[3]), "--strings" in sys.argv)
    else:
        main()
