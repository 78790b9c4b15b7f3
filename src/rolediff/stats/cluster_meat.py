"""Outer products of scores summed by cluster, where nearly all clusters are of one line.

A line's score is its row x of the design times a few scalars, beside scalars that stand alone. Of
clusters of one line the outer products add up by combination of covariates, of which there are few;
only lines that share their cluster with another are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats, blocks, sums_by
from rolediff.stats.combined import PIECE, Combined
from rolediff.stats.linear import add_runs

MOST = 4_000_000
"""Numbers in a table of scores by cluster; more clusters are taken in pieces."""


@dataclass(frozen=True)
class Scores:
    """The scores of the m lines `at` of a group: `parts` (m, q) times the p columns of the design,
    then `alone` (m, r): q p + r in all, weights being in both."""

    at: Codes
    parts: Floats
    alone: Floats


@dataclass(frozen=True)
class Clusters:
    """Which of the lines of `design` are alone in their `cluster` (n,), one of `count`."""

    design: Combined
    cluster: Codes
    count: int

    def meat(self, sides: tuple[Scores, ...]) -> Floats:
        """Sum over clusters of the outer product (W, W) of their scores, those of the `sides`
        stacked."""
        size = np.bincount(self.cluster, minlength=self.count)
        edges = np.cumsum([0, *(self._width(side) for side in sides)])
        out, shared = np.zeros((int(edges[-1]),) * 2), []
        for side, lo, hi in zip(sides, edges[:-1], edges[1:], strict=True):
            single = size[self.cluster[side.at]] == 1
            out[lo:hi, lo:hi] = self._singles(_some(side, single))
            shared.append(_some(side, ~single))
        return out + self._shared(shared, np.cumsum(size > 1) - 1, int((size > 1).sum()))

    def _width(self, side: Scores) -> int:
        return int(side.parts.shape[1] * self.design.width + side.alone.shape[1])

    def _singles(self, side: Scores) -> Floats:
        """Clusters of one line: products of scalars, summed by combination, times x x'."""
        q, p = side.parts.shape[1], self.design.width
        each = np.concatenate([side.parts, side.alone], axis=1).T.copy()
        code, out = self.design.code[side.at], np.zeros((self._width(side),) * 2)
        place = [slice(k * p, (k + 1) * p) if k < q else [q * p + k - q] for k in range(len(each))]
        for k in range(len(each)):
            for j in range(k, len(each)):
                sums = sums_by(code, each[k] * each[j], self.design.size)
                block = self._product(sums, (k < q) + (j < q))
                out[place[k], place[j]] = block
                out[place[j], place[k]] = block.T
        return out

    def _product(self, sums: Floats, columns: int) -> Floats:
        """X'diag(d)X (p, p), X'd (p, 1) or the sum of d (1, 1), of the `sums` (K,) of d."""
        if not columns:
            return np.asarray(sums.sum(keepdims=True)[None])
        if columns == 1:
            return self.design.total(sums[None]).T
        out = np.zeros((self.design.width,) * 2)
        for part in blocks(self.design.size):
            X = self.design.rows.matrix(part)
            out += X.T @ (X * sums[part][:, None])
        return out

    def _shared(self, sides: list[Scores], number: Codes, count: int) -> Floats:
        """Clusters of several lines, `number` of each among `count`."""
        sides = [_some(s, np.argsort(self.cluster[s.at], kind="stable")) for s in sides]
        mine = [number[self.cluster[s.at]] for s in sides]
        width = sum(map(self._width, sides))
        out = np.zeros((width, width))
        for part in blocks(count, max(1, MOST // width)):
            table = np.zeros((part.stop - part.start, width))
            lo = 0
            for side, cluster in zip(sides, mine, strict=True):
                first, last = np.searchsorted(cluster, [part.start, part.stop])
                hi = lo + self._width(side)
                self._add(table[:, lo:hi], _some(side, slice(first, last)),
                          cluster[first:last] - part.start)  # fmt: skip
                lo = hi
            out += table.T @ table
        return out

    def _add(self, table: Floats, side: Scores, cluster: Codes) -> None:
        """Add the scores of lines to the rows of their clusters, which are in order."""
        for piece in blocks(len(cluster), PIECE):
            X, some = self.design.matrix(side.at[piece]), _some(side, piece)
            scores = (some.parts[:, :, None] * X[:, None, :]).reshape(len(X), -1)
            add_runs(table, np.concatenate([scores, some.alone], axis=1), cluster[piece])


def _some(side: Scores, lines: Codes | slice) -> Scores:
    return Scores(side.at[lines], side.parts[lines], side.alone[lines])
