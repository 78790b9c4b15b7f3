"""Cells of rows that a regression cannot tell apart, gathered into fewer with the same sums."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rolediff.stats.cells import Cells, Codes, Floats, sums_by
from rolediff.stats.design import Design
from rolediff.stats.valued import combinations

WORTH = 0.7
"""Where more than this share of the cells would stay, they are left as they are."""
SUMS = ("n", "w", "wy", "wyy", "ww", "wwy", "wwyy")


def gather(cells: Cells) -> Cells:
    """Cells alike in covariates, group and, if known, cluster as one; sums exact.

    Where rows are independent only those of one weight are gathered, so that leverages, and with
    them HC2, HC3 and `carrying_units`, stay exact too.
    """
    code, size = combinations(cells)
    code, size = code * 2 + cells.group, 2 * size
    apart = cells.w / cells.n if cells.cluster is None else cells.cluster
    for_each, labels = _numbered(apart)
    return gathered(cells, code * labels + for_each)


def gathered(cells: Cells, key: Codes) -> Cells:
    """Cells of one `key` (m,) as one; all their covariates, group and cluster are alike."""
    seen, first, at = np.unique(key, return_index=True, return_inverse=True)
    if len(seen) > WORTH * len(cells):
        return cells
    sums: dict[str, Any] = {n: sums_by(at, getattr(cells, n), len(seen)) for n in SUMS}
    return replace(cells.take(first), **sums)


def design_by_code(cells: Cells) -> tuple[Floats, Codes]:
    """The design with an indicator of group A as its last column, one line for each of K
    combinations of covariates and group (K, p), and which of them each cell has (m,)."""
    code, _ = combinations(cells)
    _, first, at = np.unique(code * 2 + cells.group, return_index=True, return_inverse=True)
    like, some = Design.of(cells), cells.take(first)
    X = Design(some, like.centre, like.scale).matrix(slice(None))
    return np.c_[X, some.group], at


def _numbered(values: Any) -> tuple[Codes, int]:
    """A number from 0 for each of the values, and how many numbers there are."""
    if values.dtype.kind == "i":
        return values, int(values.max(initial=0)) + 1
    if len(values) and np.ptp(values) == 0:
        return np.zeros(len(values), np.int64), 1
    seen, at = np.unique(values, return_inverse=True)
    return at, len(seen)
