"""How many claims of articles are found: the table of docs/accuracy.md, from the marked articles.

python tools/accuracy_claims.py            print the table
python tools/accuracy_claims.py --write    put it into docs/accuracy.md
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
PART = re.compile(r"(<!-- claims -->\n).*(<!-- end of claims -->)", re.DOTALL)
SETS = {
    "fitted to": ("tuning", "unseen", *(f"tuning{n}" for n in range(2, 13))),
    "shut, by another writer": ("unseen5",),
    "shut, by one far off": ("unseen4",),
}
"""Columns of the table, and the folders of articles that each is counted in."""

TOTALS = {"all": "all, of the same kind", "spans": "all, of any kind"}
"""Rows that count claims of all kinds."""

Counts = dict[str, list[int]]


def counted(folder: str) -> Counts:
    """Claims marked, found and matched by kind in the articles of `folder`."""
    command = [ROOT / "benchmarks" / "claims.py", ROOT / "tests" / "articles" / folder, "--json"]
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True
    )
    said: Counts = json.loads(done.stdout)
    return said


def table() -> str:
    """The table as Markdown: a row for each kind, recall and precision of both sets."""
    sets = [_together(folders) for folders in SETS.values()]
    kinds = [kind for kind in sorted(set().union(*sets)) if kind not in TOTALS]
    heads = [f"{name}: {what}" for name in SETS for what in ("marked", "recall", "precision")]
    rows = [f"|  | {' | '.join(heads)} |", f"|---{'|---:' * len(heads)}|"]
    for kind in (*kinds, *TOTALS):
        cells = [cell for one in sets for cell in _cells(one.get(kind, [0, 0, 0]))]
        rows.append(f"| {TOTALS.get(kind, kind)} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _together(folders: Iterable[str]) -> Counts:
    """The counts of several folders, kind by kind."""
    total: Counts = {}
    for found in map(counted, folders):
        for kind, counts in found.items():
            sums = total.get(kind, [0] * len(counts))
            total[kind] = [a + b for a, b in zip(sums, counts, strict=True)]
    return total


def _cells(counts: list[int]) -> tuple[str, str, str]:
    marked, found, matched = counts[:3]
    return (
        str(marked),
        f"{matched / marked:.2f}" if marked else "",
        f"{matched / found:.2f}" if found else "",
    )


def main(write: bool) -> None:
    """Print the table, or put it into the page."""
    made = table()
    if not write:
        print(made)
        return
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PART.sub(lambda m: f"{m[1]}\n{made}\n\n{m[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
