"""Build the market that ships inside the package, from two collections.

    python tools/build_market.py ../shared/data

The folder holds the salary table of aijobs.net, pay alone, and the snapshot of Ashby boards,
whole postings, of which only facts are kept: no text, and employers as opaque keys. Repeatable:
the same files give the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from rolediff.annotate.money import annualise_reading
from rolediff.market import Market, compress, merge, save
from rolediff.market.read_postings import market_of, told_of
from rolediff.read.aijobs import read_aijobs

RETRIEVED = "2026-11-23"
AIJOBS = "aijobs/salaries_2025-01-19.csv"
ASHBY = "ashby/postings_2025-10.jsonl.zst"
SNAPSHOT = "2025-10-25"
TARGET = Path(__file__).parents[1] / "src" / "rolediff" / "data" / "market"


def aijobs(path: Path) -> Market:
    """The salary table of aijobs.net."""
    reading = annualise_reading(read_aijobs(path, name="aijobs", retrieved=RETRIEVED))
    if not reading.quarantine.is_empty():
        sys.exit(f"{reading.quarantine.height} rows would be set aside: look at them first")
    return compress(reading.records, [reading.source])


def ashby(path: Path) -> Market:
    """The snapshot of Ashby boards, dates being judged by its day."""
    told = told_of(path, annotated=False, name="ashby", retrieved=SNAPSHOT)
    if not told.quarantine.is_empty():
        sys.exit(f"{told.quarantine.height} postings would be set aside: look at them first")
    source = replace(
        told.source,
        title="Job postings of 407 Ashby boards",
        licence="MIT on the collection",
        version=SNAPSHOT,
        retrieved=RETRIEVED,
        url="https://github.com/stapply-ai/ats-scrapers",
    )
    return market_of([replace(told, source=source)])


def main(folder: str) -> None:
    """Read, compress and save; print what came of it."""
    market = merge(aijobs(Path(folder, AIJOBS)), ashby(Path(folder, ASHBY)))
    save(market, TARGET)
    print(f"{len(market):,} records, {market.cells.height:,} cells, {market.pay.height:,} offers")


if __name__ == "__main__":
    main(*sys.argv[1:])
