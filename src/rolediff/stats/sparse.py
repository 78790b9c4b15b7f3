"""Tables of which most is zero: how often each of many things stands at each of many units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rolediff.stats.cells import Codes, Floats


@dataclass(frozen=True)
class Sparse:
    """A table (G, K) by what of it is not zero.

    `row`, `column` and `value` (N,), by column and then by row, none twice; `shape` (G, K).
    """

    row: Codes
    column: Codes
    value: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, table: Floats | Sparse) -> Sparse:
        """From a table (G, K) with its zeros; one without them as it is."""
        if isinstance(table, Sparse):
            return table
        column, row = np.nonzero(table.T)
        return cls(row, column, table[row, column].astype(float), (len(table), table.shape[1]))

    @classmethod
    def summed(
        cls, row: Codes, column: Codes, shape: tuple[int, int], value: Floats | None = None
    ) -> Sparse:
        """From entries in any order; those of one place add up. `value` (N,), by default 1."""
        key = column.astype(np.int64) * shape[0] + row
        order = None if value is None else np.argsort(key, kind="stable")
        ordered = np.sort(key) if order is None else key[order]
        new = np.flatnonzero(np.diff(ordered, prepend=-1))
        place = ordered[new]
        if value is None or order is None:
            total = np.diff(new, append=len(ordered)).astype(float)
        else:
            total = np.add.reduceat(value[order], new) if len(new) else np.empty(0)
        return cls(place % max(shape[0], 1), place // max(shape[0], 1), total, shape)

    @property
    def totals(self) -> Floats:
        """Sums (K,) of the columns."""
        found: Floats = np.bincount(self.column, self.value, self.shape[1]).astype(float)
        return found

    def over_rows(self, factor: Floats) -> Floats:
        """Sums (K,) of the columns, each row counted `factor` (G,) times."""
        weighed = self.value * factor[self.row]
        return np.bincount(self.column, weighed, self.shape[1]).astype(float)

    def over_columns(self, factor: Floats) -> Floats:
        """Sums (G,) of the rows, each column counted `factor` (K,) times."""
        weighed = self.value * factor[self.column]
        return np.bincount(self.row, weighed, self.shape[0]).astype(float)

    def scaled(self, rows: Floats | None = None, columns: Floats | None = None) -> Sparse:
        """Each entry times the factors of its row (G,) and of its column (K,)."""
        value = self.value if rows is None else self.value * rows[self.row]
        return replace(self, value=value if columns is None else value * columns[self.column])

    def kept(self, columns: Codes) -> Sparse:
        """The columns `columns` alone, in this order, which is theirs in the table."""
        new = np.full(self.shape[1], -1)
        new[columns] = np.arange(len(columns))
        at = new[self.column]
        mine = at >= 0
        return Sparse(self.row[mine], at[mine], self.value[mine], (self.shape[0], len(columns)))

    def times(self, other: Sparse) -> Sparse:
        """The product entry by entry with a table of the same shape."""
        if self is other:
            return replace(self, value=self.value**2)
        mine, theirs = (t.column.astype(np.int64) * t.shape[0] + t.row for t in (self, other))
        at = np.searchsorted(theirs, mine)
        at[at == len(theirs)] = 0
        here = np.flatnonzero(theirs[at] == mine) if len(theirs) else np.empty(0, dtype=int)
        value = self.value[here] * other.value[at[here]]
        return Sparse(self.row[here], self.column[here], value, self.shape)

    def dense(self) -> Floats:
        """With its zeros."""
        table = np.zeros(self.shape)
        table[self.row, self.column] = self.value
        return table
