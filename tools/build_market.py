"""Build the market that ships inside the package from the aijobs.net salary table.

    python tools/build_market.py ../shared/data/aijobs/salaries_2025-01-19.csv

Repeatable: the same file gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rolediff.annotate.money import annualise_reading
from rolediff.market import compress, save
from rolediff.read.aijobs import read_aijobs

RETRIEVED = "2026-11-23"
TARGET = Path(__file__).parents[1] / "src" / "rolediff" / "data" / "market"


def main(path: str) -> None:
    """Read, compress and save; print what came of it."""
    reading = annualise_reading(read_aijobs(path, name="aijobs", retrieved=RETRIEVED))
    if not reading.quarantine.is_empty():
        sys.exit(f"{reading.quarantine.height} rows would be set aside: look at them first")
    market = compress(reading.records, [reading.source])
    save(market, TARGET)
    print(f"{len(market):,} records, {market.cells.height:,} cells, {market.pay.height:,} offers")


if __name__ == "__main__":
    main(*sys.argv[1:])
