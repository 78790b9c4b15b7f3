"""What compressing pay costs beside DuckDB doing the same, in one run.

    python benchmarks/compress.py [ROWS ...] [--folder DIR] [--workers N]

For each number of rows Parquet parts are made (`benchmarks/pay_rows.py`), and each of these runs in
a process of its own, from the same files:

- **scan**: Polars reads every column and counts: the floor.
- **codes, DuckDB** and **codes, rolediff**: the group-by alone. Keys are ready (numbers in the
  place of text, one file); rows that are alike in all of them are counted, keys and counts written.
- **whole, rolediff**: `rolediff compress`: titles, levels, places and currencies read, rows that
  cannot be right set aside, pay in US dollars, cells and offers sorted and numbered, all written.
- **whole, DuckDB**: the same in SQL: text trimmed, titles, levels and rates of exchange by joins on
  lookups that are made beforehand by rolediff's functions and not counted, rows without a title or
  a sound range set aside, grouped, and both tables sorted, numbered and written. It reads no
  location, guesses no interval, keeps no list of what was set aside and cannot be taken up again.
- **text, DuckDB** and **text, rolediff**: rows alike in all columns as they stand, counted, to one
  file: less than either; by the functions that `rolediff compress` tells rows apart with.

Both must have as many cells, offers and records, or of text as many lines, or the run fails. Time
is of the clock and of the processor, all processes of a run together; memory is the highest sum of
what they hold alone (USS), looked at five times a second. The growth of cells and offers with the
rows is the exponent between the first and the last number of rows.
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
DUCKDB_CODES = DUCKDB.replace("{files}/*.parquet", "{codes}")
CODES = """
from concurrent.futures import ThreadPoolExecutor
import polars as pl
from rolediff.market.codes import dense
from rolediff.market.ordering import ranked
from rolediff.market.tally import packed, tally, unpacked
frame = pl.read_parquet("{codes}")
pay = ["salary_min", "salary_max"]
groups = [[c for c in frame.columns if c not in ("company", *pay)], ["company"], pay]
def told(names):
    found = dense(ranked(frame, names).numbers)
    return found.codes, frame.select(names)[found.first]
with ThreadPoolExecutor({workers}) as threads:
    codes, said = zip(*threads.map(told, groups))
sizes = [part.height for part in said]
words, n = tally(packed(codes, sizes))
parts = [part[mine] for part, mine in zip(said, unpacked(words, sizes))]
alike = pl.concat([*parts, pl.DataFrame({{"n": n}})], how="horizontal")
alike.write_parquet("{work}/codes.parquet", compression="zstd")
"""
DUCKDB_WHOLE = """
import duckdb
base = duckdb.connect()
base.execute("SET threads={workers}; SET memory_limit='2GB'; SET temp_directory='{work}/duck'")
text = lambda name: "nullif(trim(r." + name + "), '')"
cell = "title country level year remote company_size employment_type industry".split()
offer = "employer currency low high".split()
base.execute(f'''
    CREATE TABLE found AS SELECT
        t.core AS title, upper({{text('country')}}) AS country,
        coalesce({{text('level')}}, t.title_level) AS level, r.year,
        {{text('remote')}} AS remote, {{text('company_size')}} AS company_size,
        {{text('employment_type')}} AS employment_type, {{text('industry')}} AS industry,
        {{text('company')}} AS employer, upper({{text('currency')}}) AS currency,
        r.salary_min * x.rate AS low, r.salary_max * x.rate AS high, count(*) AS n
    FROM read_parquet('{files}/*.parquet') r
    JOIN '{lookups}/titles.parquet' t ON r.title = t.title
    LEFT JOIN '{lookups}/rates.parquet' x ON r.currency = x.currency AND r.year = x.year
    WHERE t.core IS NOT NULL AND r.salary_min > 0 AND r.salary_max >= r.salary_min
    GROUP BY ALL''')
keys = ", ".join(cell)
base.execute(f"CREATE TABLE cells AS SELECT row_number() OVER () - 1 AS cell, * FROM "
             f"(SELECT DISTINCT {{keys}} FROM found ORDER BY {{keys}})")
same = " AND ".join(f"f.{{key}} IS NOT DISTINCT FROM c.{{key}}" for key in cell)
pay = ", ".join("f." + name for name in offer)
option = "(FORMAT parquet, COMPRESSION zstd)"
base.execute(f"COPY (SELECT * FROM cells ORDER BY cell) TO '{work}/cells.parquet' {{option}}")
base.execute(f"COPY (SELECT c.cell, {{pay}}, f.n FROM found f JOIN cells c ON {{same}} "
             f"ORDER BY c.cell, {{pay}}) TO '{work}/pay.parquet' {{option}}")
"""
ROLEDIFF = """
import sys
from rolediff.doors.cli import run
if __name__ == "__main__":
    sys.exit(run(["compress", "{files}", "-o", "{work}/market", "--workers", "{workers}"]))
"""
ALIKE = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import polars as pl
from rolediff.market.counting_pay import distinct, joined
from rolediff.market.pay_lines import alike
from rolediff.market.tally import packed, tally, unpacked
amounts = ["currency", "salary_min", "salary_max"]
names = pl.read_parquet_schema("{files}/part-00000.parquet")
cell = [name for name in names if name not in ("company", *amounts)]
groups = dict(cells=cell, employers=["company"], pays=amounts)
def told(file):
    rows = pl.read_parquet(file)
    kinds, numbers, n = alike(rows, groups)
    said = dict((name, rows.select(mine)[kinds[name].first]) for name, mine in groups.items())
    return said, numbers, n
def words(unit):
    said, numbers, n = parts[unit]
    mine = [codes[unit][numbers[name]] for name, codes in zip(groups, known)]
    return tally(packed(mine, sizes), n)
with ThreadPoolExecutor({workers}) as threads:
    parts = list(threads.map(told, sorted(Path("{files}").glob("*.parquet"))))
    each = [[(lambda s=said, g=name: s[g]) for said, _, _ in parts] for name in groups]
    said, known = zip(*threads.map(distinct, each))
    sizes = [part.height for part in said]
    found, n = joined(list(threads.map(words, range(len(parts)))))
rows = [part[mine] for part, mine in zip(said, unpacked(found, sizes))]
whole = pl.concat([*rows, pl.DataFrame(dict(n=n))], how="horizontal")
whole.write_parquet("{work}/alike.parquet", compression="zstd")
"""
RUNS = {
    "scan": SCAN,
    "codes, DuckDB": DUCKDB_CODES,
    "codes, rolediff": CODES,
    "whole, DuckDB": DUCKDB_WHOLE,
    "whole, rolediff": ROLEDIFF,
    "text, DuckDB": DUCKDB,
    "text, rolediff": ALIKE,
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
        time.sleep(0.2)


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


def with_codes(files: Path, target: Path) -> None:
    """The rows with a number in the place of each distinct text and amount."""
    import polars as pl

    scanned = pl.scan_parquet(files / "*.parquet")
    text = [name for name, kind in scanned.collect_schema().items() if kind == pl.String]
    parts = []
    for name in scanned.collect_schema().names():
        column = scanned.select(name).collect()
        kind = pl.Categorical(pl.Categories.random())
        codes = column[name].cast(kind).to_physical() if name in text else column[name]
        parts.append(codes.cast(pl.Int32).alias(name))
    pl.DataFrame(parts).write_parquet(target, row_group_size=250_000)


def lookups(files: Path, folder: Path) -> None:
    """What DuckDB joins with: core titles and their levels, and rates to US dollars by year."""
    import polars as pl

    from rolediff.annotate.level import level_of_titles
    from rolediff.annotate.money import annualise
    from rolediff.annotate.titles import core_title

    rows = pl.scan_parquet(files / "*.parquet")
    titles = rows.select("title").unique().collect()["title"]
    told = {"title": titles, "core": core_title(titles), "title_level": level_of_titles(titles)}
    pl.DataFrame(told).write_parquet(folder / "titles.parquet")
    rates = rows.select("currency", "year").unique().collect().with_columns(
        pay_low=1.0, pay_high=1.0, pay_currency="currency", pay_interval=pl.lit("year"),
        posted=pl.lit(None, pl.Date),
    )  # fmt: skip
    dollars = annualise(rates).select("currency", "year", rate="low")
    dollars.write_parquet(folder / "rates.parquet")


def same_as_duckdb(work: Path) -> None:
    """Raise where both did not find as many cells, offers and records."""
    import polars as pl

    told = (("cells", pl.len()), ("pay", pl.len()), ("pay", pl.col("n").sum()))
    for table, figure in told:
        found = [
            pl.scan_parquet(at / f"{table}.parquet").select(figure).collect().item()
            for at in (work / "market", work)
        ]
        assert found[0] == found[1], (table, found)
    lines = [
        pl.scan_parquet(work / f"{name}.parquet")
        .select(pl.len(), pl.col("n").sum())
        .collect()
        .row(0)
        for name in ("duck", "alike")
    ]
    assert lines[0] == lines[1], lines


def exponent(sizes: list[int], costs: list[float]) -> str:
    """Of growth between the first and the last; empty where that cannot be told."""
    if len(sizes) < 2 or sizes[0] == sizes[-1]:
        return ""
    return f"{math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


def bench(rows: int, folder: Path, workers: int) -> dict[str, int]:
    """One line for each run."""
    files = folder / f"rows-{rows}"
    if not files.is_dir():
        maker = [sys.executable, str(HERE / "pay_rows.py"), str(rows), str(files)]
        subprocess.run(maker, check=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    codes = folder / f"codes-{rows}.parquet"
    if not codes.is_file():
        with_codes(files, codes)
    lookups(files, work)
    said = {"files": files, "work": work, "workers": workers, "keys": KEYS, "codes": codes,
            "lookups": work}  # fmt: skip
    for name, program in RUNS.items():
        cost = measured(program.format(**said), work)
        line = f"{rows:>12,} {name:<16}{cost.clock:8.1f} s{cost.processor:8.1f} s"
        print(f"{line}{rows / cost.clock:>12,.0f}/s{cost.memory:8,.0f} MB", flush=True)
    sizes = size_of(work / "market")
    same_as_duckdb(work)
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
        for name in ("cells", "pay"):
            grown = exponent(chosen.rows, [float(size[name]) for size in sizes])
            print(f"{name} grow with the rows to the power of {grown}")
    if chosen.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
