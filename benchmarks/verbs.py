"""How long each verb takes on a market, after import, and how much memory: a process for each.

    python benchmarks/verbs.py [FOLDER ...]

Without a folder the bundled market; `benchmarks/postings_market.py` makes larger ones. Processor
time beside the clock, which on a busy machine says little.
"""

from __future__ import annotations

import subprocess
import sys

VERBS = ("diff", "skills", "work", "where", "trend", "why", "path", "brief")
ONE = """
import resource, sys, time
import rolediff
verb, data = sys.argv[1], sys.argv[2] or None
before = resource.getrusage(resource.RUSAGE_SELF)
start = time.perf_counter()
getattr(rolediff, verb)("AI Engineer", "ML Engineer", data=data)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
spent = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(f"{verb:8}{wall:8.2f} s{spent:8.2f} s processor{used.ru_maxrss / 1024:8,.0f} MB")
"""


def main(folders: list[str]) -> None:
    for folder in folders or [""]:
        print(folder or "the bundled market", flush=True)
        for verb in VERBS:
            subprocess.run([sys.executable, "-c", ONE, verb, folder], check=False)


if __name__ == "__main__":
    main(sys.argv[1:])
