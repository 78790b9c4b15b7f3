"""Tables handed from one process to another by a file, which is read where it lies in memory.

A table that is pickled is copied five times on its way; a file of Arrow is written once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from rolediff.flow.kept import cannot_write
from rolediff.read.blocks import Block


@dataclass(frozen=True, slots=True)
class Handed:
    """A block without its table, which lies in a `file` for one to take up; None: it has none."""

    block: Block
    file: Path | None = None


def laid_down(block: Block, file: Path) -> Handed:
    """`block` with its table in `file`; raises `DataError` where that cannot be written."""
    if block.table is None:
        return Handed(block)
    table, rows, bad = block.table
    try:
        table.write_ipc(file, compression="uncompressed")
    except (OSError, pl.exceptions.PolarsError) as error:
        file.unlink(missing_ok=True)
        raise cannot_write(file, error) from error
    return Handed(replace(block, table=(table.clear(), rows, bad)), file)


def taken_up(handed: Handed) -> Block:
    """The block as it was; its file is gone then, where the system lets it go so early."""
    if handed.file is None or handed.block.table is None:
        return handed.block
    _, rows, bad = handed.block.table
    table = pl.read_ipc(handed.file)
    with suppress(OSError):  # a mapped file stays on some systems, until the run's folder goes
        handed.file.unlink()
    return replace(handed.block, table=(table, rows, bad))
