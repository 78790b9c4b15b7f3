"""Rows that are set aside: counted on stderr, and written as they are met if that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from rolediff.doors.annotate import Tally
from rolediff.doors.screen import err
from rolediff.errors import DataError
from rolediff.records import QUARANTINE
from rolediff.report.printable import printable

MOST = 8
"""Reasons for quarantine named on stderr; the file has each row's."""


@contextmanager
def aside(tally: Tally, path: Path | None) -> Iterator[None]:
    """Rows set aside go to the CSV file `path` as they are met, and are counted on stderr."""
    try:
        if path is None:
            yield
        else:
            with _csv(path, tally):
                yield
    finally:
        if tally.quarantined:
            _count(tally, path)


@contextmanager
def _csv(path: Path, tally: Tally) -> Iterator[None]:
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            pl.DataFrame(schema=QUARANTINE).write_csv(file)

            def take(rows: pl.DataFrame) -> None:
                rows.write_csv(file, include_header=False)

            tally.aside = take
            try:
                yield
            finally:
                file.flush()
                partial.replace(path)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {path} ({why}): choose another place") from error


def _count(tally: Tally, path: Path | None) -> None:
    ranked = sorted(tally.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    said = ", ".join(f"{n:,} {reason}" for reason, n in ranked[:MOST])
    rest = sum(n for _, n in ranked[MOST:])
    said += f", {rest:,} for other reasons" if rest else ""
    hint = "" if path else "; --quarantine FILE writes them"
    rows = "1 row" if tally.quarantined == 1 else f"{tally.quarantined:,} rows"
    err().print(f"rolediff: {printable(f'{rows} set aside: {said}{hint}')}")
