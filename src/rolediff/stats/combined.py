"""A design matrix on lines whose covariates repeat: one row per combination, looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rolediff.stats.cells import Codes, Floats, blocks, sums_by
from rolediff.stats.design import Design
from rolediff.stats.valued import Valued

PIECE = 1 << 14


@dataclass(frozen=True)
class Combined:
    """The p columns of `design`, and `rows`, the same of one line for each of K combinations.

    `code` (m,) tells the combination of each line.
    """

    design: Design
    rows: Design
    code: Codes

    @classmethod
    def of(cls, v: Valued, like: Design | None = None) -> Combined:
        """Of the lines `v`, with numeric covariates scaled as in `like`, or over all lines."""
        design = Design.of(v.cells) if like is None else Design(v.cells, like.centre, like.scale)
        first = np.zeros(v.size, np.int64)
        first[v.code[::-1]] = np.arange(len(v))[::-1]
        return cls(design, Design(v.cells.take(first), design.centre, design.scale), v.code)

    @property
    def width(self) -> int:
        """Number of columns p."""
        return self.design.width

    def matrix(self, lines: Codes) -> Floats:
        """The design (m', p) of these m' lines, dense."""
        if self.size > PIECE:
            some = self.design.cells.take(lines)
            return Design(some, self.design.centre, self.design.scale).matrix(slice(None))
        return self._matrix[self.code[lines]]

    @cached_property
    def _matrix(self) -> Floats:
        return self.rows.matrix(slice(None))

    def cross(self, lines: Codes | slice, d: Floats) -> Floats:
        """X'd for each row of `d` (R, m') over these m' lines: (R, p)."""
        size, code = len(self.rows.cells), self.code[lines]
        sums = np.stack([sums_by(code, row, size) for row in d]) if len(d) else np.zeros((0, size))
        return self.total(sums)

    def total(self, sums: Floats) -> Floats:
        """X'd (R, p) from the sums of d by combination (R, K)."""
        out = np.zeros((len(sums), self.width))
        for part in blocks(self.size):
            out += sums[:, part] @ self.rows.matrix(part)
        return out

    def sums(self, w: Floats, columns: Floats) -> Floats:
        """Sums by combination of `w` (m,) times each column (m, P), in pieces that fit a cache."""
        out = np.zeros((columns.shape[1], self.size))
        for part in blocks(len(w), max(PIECE, self.size)):
            code, weighted = self.code[part], w[part][:, None] * columns[part]
            for k, column in enumerate(weighted.T):
                out[k] += sums_by(code, column, self.size)
        return out

    def fits(self, coef: Floats, lines: Codes | slice = slice(None)) -> Floats:
        """X b for these lines: (m',), or (m', r) for r columns of coefficients."""
        if coef.ndim == 1:
            found = self.rows.predict(coef, slice(None))
        else:
            found = np.concatenate([self.rows.matrix(part) @ coef for part in blocks(self.size)])
        looked_up: Floats = found[self.code[lines]]
        return looked_up

    @property
    def size(self) -> int:
        """Number of combinations K."""
        return len(self.rows.cells)
