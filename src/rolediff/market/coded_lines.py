"""Lines of pay as numbers, in memory and on disk: what they say stands beside them, once.

A line says in which cell it is, whose it is, and what it pays; of each of these there are far fewer
than lines, so that lines are written, read and counted as integers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rolediff.market.codes import Codes, codes_of_rows
from rolediff.market.tables import KEYS, OFFER, POSTINGS

LINES = pl.Schema({name: POSTINGS[name] for name in (*KEYS, *OFFER, "n")})
"""Columns of lines of records of pay."""
SAID = {"cells": KEYS, "employers": OFFER[:1], "pays": OFFER[1:]}
"""Tables of what lines say, with their columns."""
NUMBERS = pl.Schema({**dict.fromkeys(SAID, pl.UInt32()), "n": LINES["n"]})
"""Columns of the table of `lines`: the line of each table of `SAID`, and how many are alike."""
TABLES = ("lines", *SAID)


@dataclass(frozen=True, slots=True)
class CodedLines:
    """Lines (`NUMBERS`), and what they say (`SAID`): each line of these is said by some line, and
    one may be like another."""

    lines: pl.DataFrame
    cells: pl.DataFrame
    employers: pl.DataFrame
    pays: pl.DataFrame

    @classmethod
    def of(cls, lines: pl.DataFrame) -> CodedLines:
        """Lines (`LINES`) whose text is text or categories."""
        found: dict[str, Codes] = {}
        said = {}
        for table, names in SAID.items():
            found[table] = codes_of_rows(lines.select(names))
            schema = pl.Schema({name: LINES[name] for name in names})
            said[table] = lines.select(names)[found[table].first].cast(schema)
        numbers = {table: codes.codes for table, codes in found.items()}
        return cls(pl.DataFrame({**numbers, "n": lines["n"]}, schema_overrides=NUMBERS), **said)

    @property
    def frame(self) -> pl.DataFrame:
        """The lines (`LINES`), text as categories."""
        said = zip(SAID, (self.cells, self.employers, self.pays), strict=True)
        parts = [
            table.with_columns(pl.col(pl.String).cast(pl.Categorical))[self.lines[name]]
            for name, table in said
        ]
        return pl.concat([*parts, self.lines.select("n")], how="horizontal")

    def write(self, place: Callable[[str], Path]) -> None:
        """Write each table as Parquet to the place for its name."""
        for name in TABLES:
            table: pl.DataFrame = getattr(self, name)
            table.write_parquet(place(name), compression="lz4", statistics=False)

    @classmethod
    def read(cls, place: Callable[[str], Path]) -> CodedLines:
        """What `write` wrote."""
        return cls(*(pl.read_parquet(place(name)) for name in TABLES))
