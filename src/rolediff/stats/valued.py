"""Lines: rows alike in covariates and in the outcome, for what sums of the outcome cannot tell.

Quantiles, the Gini coefficient and reweighted distributions need the values of the outcome. A
line is a cell (`stats/cells.py`) in which all rows have one and the same outcome.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rolediff.errors import UsageError
from rolediff.stats.cells import Cells, Codes, Factor, Floats

DIRECT = 1 << 22
"""Up to this many combinations are numbered by a table; more are sorted."""


@dataclass(frozen=True)
class Valued:
    """m lines of two groups.

    `cells`: one cell per line; `y` (m,) its outcome; `times` (m,) how often the line counts, in
    units in which a row counts once on average; `rows` (m,) rows behind it; `code` (m,) numbers
    the combinations of covariates 0 .. `size` - 1.
    """

    cells: Cells
    y: Floats
    times: Floats
    rows: Floats
    code: Codes
    size: int

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def order(self) -> Codes:
        """The order in which outcomes rise (m,)."""
        return np.argsort(self.y, kind="stable")

    def sorted_side(self, side: bool) -> Codes:
        """The lines of one group, outcomes rising."""
        lines: Codes = self.order[self.cells.group[self.order] == side]
        return lines

    def with_outcome(self, y: Floats) -> Cells:
        """The cells with another outcome (m,) of each line."""
        c = self.cells
        wy, wwy = c.w * y, c.ww * y
        return replace(c, wy=wy, wyy=wy * y, wwy=wwy, wwyy=wwy * y)

    def with_cells(self, cells: Cells) -> Valued:
        """The same lines with other covariates, numbered anew."""
        code, size = combinations(cells)
        return replace(self, cells=cells, code=code, size=size)

    def using(self, names: Sequence[str]) -> Valued:
        """The same lines with only these factors; numeric covariates go."""
        at = [f.name for f in self.cells.factors]
        keep = [at.index(name) for name in names]
        return self.with_cells(
            replace(
                self.cells,
                factors=tuple(self.cells.factors[j] for j in keep),
                codes=self.cells.codes[:, keep],
                numeric=self.cells.numeric[:, :0],
                numeric_names=(),
            )
        )


def valued(cells: Cells, *, counted: bool = False) -> Valued:
    """Lines from cells whose rows all have one outcome each.

    `counted`: weights are numbers of records. Otherwise they are sampling weights, and what
    counts is a weight over the mean weight of a row, so that their unit does not matter.
    """
    scale = 1.0 if counted else float(cells.n.sum() / cells.w.sum())
    code, size = combinations(cells)
    times = cells.w * scale
    return Valued(cells, cells.wy / cells.w, times, times if counted else cells.n, code, size)


def combinations(cells: Cells) -> tuple[Codes, int]:
    """A number for each combination of covariates that occurs: (m,), and how many there are."""
    code: Codes = np.zeros(len(cells), np.int64)
    size = 1
    columns: list[tuple[Codes, int]] = [
        (cells.codes[:, j], len(f.labels)) for j, f in enumerate(cells.factors)
    ]
    for column in cells.numeric.T:
        seen, place = np.unique(column, return_inverse=True)
        columns.append((place, len(seen)))
    for at, labels in columns:
        if size * labels > 2**62:
            code, size = _dense(code, size)
        code = np.asarray(code * labels + at, np.int64)
        size *= labels
    return _dense(code, size)


def _dense(code: Codes, size: int) -> tuple[Codes, int]:
    if size > DIRECT:
        seen, at = np.unique(code, return_inverse=True)
        return at, len(seen)
    there = np.zeros(size, bool)
    there[code] = True
    number = np.cumsum(there) - 1
    return number[code], int(there.sum())


def crossed(cells: Cells, interactions: Sequence[str]) -> Cells:
    """The cells with further covariates for each interaction, named as "union:education".

    Of factors, a factor with every combination; with numeric covariates, their product, once for
    every combination of the factors in it.

    Raises:
        UsageError: an interaction of what is no covariate, or of one alone.
    """
    names = [name.split(":") for name in interactions]
    have = [*(f.name for f in cells.factors), *cells.numeric_names]
    if any(len(parts) < 2 or set(parts) - set(have) for parts in names):
        raise UsageError(f"an interaction joins two of {', '.join(have)}: write first:second")
    at = {f.name: j for j, f in enumerate(cells.factors)}
    codes, factors = [cells.codes], list(cells.factors)
    numeric, numeric_names = [cells.numeric], list(cells.numeric_names)
    for parts in names:
        label, chosen = ":".join(parts), [at[name] for name in parts if name in at]
        product = np.prod(
            [cells.numeric[:, cells.numeric_names.index(n)] for n in parts if n not in at], axis=0
        )
        code, labels = _product(cells, chosen) if chosen else (np.zeros(len(cells), int), ("",))
        if len(chosen) == len(parts):
            codes.append(code[:, None])
            factors.append(Factor(label, labels))
        else:
            numeric.append((code[:, None] == np.arange(len(labels))) * product[:, None])
            numeric_names += [f"{label} {each}".strip() for each in labels]
    return replace(
        cells, codes=np.concatenate(codes, axis=1), factors=tuple(factors),
        numeric=np.concatenate(numeric, axis=1), numeric_names=tuple(numeric_names),
    )  # fmt: skip


def _product(cells: Cells, chosen: list[int]) -> tuple[Codes, tuple[str, ...]]:
    sizes = [len(cells.factors[j].labels) for j in chosen]
    code = np.ravel_multi_index([cells.codes[:, j] for j in chosen], sizes)
    labels = []
    for i in range(math.prod(sizes)):
        parts = np.unravel_index(i, sizes)
        labels.append(
            ":".join(cells.factors[j].labels[k] for j, k in zip(chosen, parts, strict=True))
        )
    return code, tuple(labels)
