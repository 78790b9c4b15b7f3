"""Coded lines of pay to a market: each line one integer, in the order in which the market has it.

What lines say is put in order once, for all units of work together; a line is then the number of
its cell, its employer and its pay in one word, and counting is sorting words. Of more lines than
are counted in memory the sorted words of each unit are kept on disk, and stretches of them, which
end with a cell, are counted one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from rolediff.flow.kept import whole
from rolediff.market.coded_lines import SAID
from rolediff.market.codes import Ints, codes_of_rows, dense
from rolediff.market.compress import joined_sources
from rolediff.market.model import Market
from rolediff.market.ordering import ranked
from rolediff.market.tables import CELLS, KEYS, PAY
from rolediff.market.tally import fits, packed, tally, unpacked
from rolediff.market.where import Where
from rolediff.records import Source

TOGETHER = 8_000_000
"""Lines that are counted in memory at a time."""
AT_ONCE = 1 << 21
"""Rows of what lines say that are told apart together."""
EACH = 1 << 10
"""Of so many words one is looked at to cut them into stretches."""

Read = Callable[[int, str], pl.DataFrame]
"""Gives a table of a unit of `coded_lines.TABLES`, by the unit's number and the table's name."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What lines of all units say, in order: `cells` (those that are wanted), `employers` and
    `pays`, and for each unit's line of each table its number, -1 for a cell that is not wanted."""

    tables: dict[str, pl.DataFrame]
    numbers: dict[str, list[Ints]]

    @property
    def sizes(self) -> list[int]:
        """How many there are of each."""
        return [max(table.height, 1) for table in self.tables.values()]


def count_pay(
    units: int, lines: int, read: Read, where: Where, sources: Sequence[Source], work: Path,
    workers: int = 1,
) -> Market | None:  # fmt: skip
    """The market of `lines` lines in so many units where `where` holds; None where cells, employers
    and pay are so many that their numbers do not fit in a word.

    `work` = a folder to keep words in meanwhile, which the market may read from.

    Raises `NotEnoughEvidence` where a value of `where` is in no line.
    """
    said = _all_said(units, read, where)
    if not fits(said.sizes):
        return None
    task = partial(_words, read=read, said=said)
    with ThreadPoolExecutor(max(workers, 1)) as threads:
        if lines <= TOGETHER:
            parts = list(threads.map(task, range(units)))
            pay: pl.DataFrame | pl.LazyFrame = _pay(*joined(parts), said)
        else:
            files = list(threads.map(partial(_to_disk, task=task, work=work), range(units)))
            pay = pl.concat(_on_disk(files, lines, said, work))
    cells = said.tables["cells"].with_row_index("cell").select(CELLS.names()).cast(CELLS)
    return Market(cells, pay, joined_sources(sources))


def _all_said(units: int, read: Read, where: Where) -> _Said:
    tables, numbers = {}, {}
    for name, columns in SAID.items():
        rows, codes = distinct([partial(read, unit, name) for unit in range(units)])
        found = dense(ranked(rows, columns).numbers)
        tables[name], place = rows[found.first], found.codes
        if name == "cells" and where:
            kept = where.apply(tables[name].with_row_index("at"))
            tables[name], place = kept.select(KEYS), _renumbered(kept["at"], place)
        numbers[name] = [place[part] for part in codes]
    return _Said(tables, numbers)


def distinct(reads: Sequence[Callable[[], pl.DataFrame]]) -> tuple[pl.DataFrame, list[Ints]]:
    """The distinct rows of several tables, and which of these each row of each table is; tables
    are taken together as long as they are no more than what is known, or than `AT_ONCE` rows."""
    known: pl.DataFrame | None = None
    codes, waiting = list[Ints](), list[pl.DataFrame]()
    for number, read in enumerate(reads, 1):
        waiting.append(read())
        size = 0 if known is None else known.height
        if number == len(reads) or sum(map(len, waiting)) >= max(size, AT_ONCE):
            rows = pl.concat(waiting if known is None else [known, *waiting])
            found = codes_of_rows(rows)  # what is known keeps its codes, as it comes first
            known = rows[found.first]
            ends = np.cumsum([size, *map(len, waiting)])
            codes += np.split(found.codes, ends)[1:-1]
            waiting = []
    assert known is not None
    return known, codes


def _renumbered(kept: pl.Series, codes: Ints) -> Ints:
    """Codes counted anew among those that are kept, -1 for the others."""
    numbers = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    numbers[kept.to_numpy()] = np.arange(len(kept))
    return numbers[codes]


def _words(unit: int, read: Read, said: _Said) -> tuple[Ints, Ints]:
    """The distinct words of a unit and how many lines are of each."""
    lines = read(unit, "lines")
    numbers = [said.numbers[name][unit][lines[name].to_numpy()] for name in SAID]
    n = lines["n"].to_numpy().astype(np.int64)
    wanted = numbers[0] >= 0
    if not wanted.all():
        numbers, n = [part[wanted] for part in numbers], n[wanted]
    return tally(packed(numbers, said.sizes), n)


def joined(parts: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Words and counts of several parts, as those of one."""
    words, n = zip(*parts, strict=True)
    return tally(np.concatenate(words), np.concatenate(n))


def _pay(words: Ints, n: Ints, said: _Said) -> pl.DataFrame:
    """The table of offers that words stand for."""
    cell, employer, pay = unpacked(words, said.sizes)
    told = pl.concat(
        [said.tables["employers"][employer], said.tables["pays"][pay]], how="horizontal"
    )
    return told.with_columns(cell=pl.Series(cell), n=pl.Series(n)).select(PAY.names()).cast(PAY)


def _to_disk(unit: int, task: Callable[[int], tuple[Ints, Ints]], work: Path) -> Path:
    """The words of a unit as a file."""
    path = work / f"words-{unit:06}.npy"
    with whole(path) as target, target.open("wb") as file:
        np.save(file, np.stack(task(unit)))
    return path


def _on_disk(files: Sequence[Path], lines: int, said: _Said, work: Path) -> Iterator[pl.LazyFrame]:
    """Tables of offers of stretches of all words, on disk."""
    parts = [np.load(file, mmap_mode="r") for file in files]
    ends = _ends(parts, -(-lines // TOGETHER), said.sizes[1] * said.sizes[2])
    start = [0] * len(parts)
    for number, end in enumerate(ends):
        stop = [int(np.searchsorted(part[0], end)) for part in parts]
        mine = [(np.array(part[0, a:b]), np.array(part[1, a:b]))
                for part, a, b in zip(parts, start, stop, strict=True)]  # fmt: skip
        path, start = work / f"offers-{number:06}.parquet", stop
        with whole(path) as target:
            _pay(*joined(mine), said).write_parquet(target, compression="lz4")
        yield pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _ends(parts: Sequence[Ints], stretches: int, of_cell: int) -> list[int]:
    """Where about so many stretches of all words end; each with a cell, which has `of_cell`
    words."""
    looked_at = np.sort(np.concatenate([part[0, ::EACH] for part in parts]))
    at = (np.arange(1, stretches) * len(looked_at)) // stretches
    cuts = np.unique(looked_at[at] // of_cell * of_cell) if len(looked_at) else at
    return [*(int(cut) for cut in cuts), np.iinfo(np.int64).max]
