"""Cells: rows alike in every covariate, kept as the sums that least squares needs.

A table of N rows becomes m cells. For a row with outcome y and weight w a cell carries
n, sum w, sum wy, sum wy^2 (the fit) and sum w^2, sum w^2 y, sum w^2 y^2 (the meat of a sandwich),
so that point estimates and robust errors are exact and their cost no longer depends on N.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rolediff.results import Note

Floats = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Factor:
    """A categorical covariate: its name and the labels that its codes 0 .. K-1 stand for."""

    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """m cells of two groups.

    Shapes: `codes` (m, k) one column per factor; `numeric` (m, q) one per name in `numeric_names`;
    all others (m,). `group` is True in group A. `cluster` holds codes 0 .. G-1 or is None, when
    rows are independent.
    """

    factors: tuple[Factor, ...]
    numeric_names: tuple[str, ...]
    codes: Codes
    numeric: Floats
    group: NDArray[np.bool_]
    n: Floats
    w: Floats
    wy: Floats
    wyy: Floats
    ww: Floats
    wwy: Floats
    wwyy: Floats
    cluster: Codes | None = None

    def __len__(self) -> int:
        return len(self.n)

    def take(self, rows: NDArray[Any]) -> Cells:
        """The cells at `rows` (mask or indices); no copy where they lie together."""
        at = _as_slice(rows)
        picked = {name: getattr(self, name)[at] for name in _PER_CELL}
        cluster = None if self.cluster is None else self.cluster[at]
        return replace(self, cluster=cluster, **picked)


def _as_slice(rows: NDArray[Any]) -> NDArray[Any] | slice:
    if rows.dtype != bool:
        return rows
    first, last = int(rows.argmax()), len(rows) - int(rows[::-1].argmax())
    return slice(first, last) if rows[first:last].all() else rows


_PER_CELL = ("codes", "numeric", "group", "n", "w", "wy", "wyy", "ww", "wwy", "wwyy")


def from_rows(
    y: Floats,
    group: NDArray[np.bool_],
    factors: Sequence[Factor] = (),
    codes: Codes | None = None,
    *,
    numeric: Floats | None = None,
    numeric_names: Sequence[str] = (),
    weight: Floats | None = None,
    cluster: Codes | None = None,
) -> Cells:
    """One cell per row: `y` (m,) outcomes, `weight` (m,) sampling weights (default 1)."""
    m = len(y)
    w = np.ones(m) if weight is None else weight
    ww = w * w
    return Cells(
        factors=tuple(factors),
        numeric_names=tuple(numeric_names),
        codes=np.empty((m, 0), np.int64) if codes is None else codes,
        numeric=np.empty((m, 0)) if numeric is None else numeric,
        group=group,
        n=np.ones(m),
        w=w,
        wy=w * y,
        wyy=w * y * y,
        ww=ww,
        wwy=ww * y,
        wwyy=ww * y * y,
        cluster=cluster,
    )


def blocks(m: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cover 0 .. m in pieces of `size`: by default a dense design matrix fits."""
    for start in range(0, m, size):
        yield slice(start, min(start + size, m))


def sums_by(code: Codes, values: Any, size: int) -> Floats:
    """Sum of `values` (m,) for each code 0 .. size - 1: (size,)."""
    summed: Floats = np.bincount(code, values, size).astype(float, copy=False)
    return summed


OTHER = "(other)"


def join_rare(cells: Cells, least: int = 1) -> tuple[Cells, tuple[Note, ...]]:
    """Join categories with fewer than `least` rows in either group into "(other)".

    So every coefficient exists in both groups. If "(other)" itself falls short, the rarest shared
    category joins it too; a factor left with one category is dropped. Returns the cells and a
    note for each change.
    """
    notes: list[Note] = []
    kept: list[int] = []
    codes, factors = cells.codes, list(cells.factors)
    for j, factor in enumerate(cells.factors):
        mapping, labels = _joined(factor, cells.codes[:, j], cells.group, cells.n, least)
        joined = [x for x in factor.labels if x not in labels]
        if joined and len(labels) > 1:
            said = f"{len(joined)} of {len(factor.labels)} categories"
            notes.append(Note("joined", factor.name, f"{said} joined as rare"))
        if len(labels) > 1:
            kept.append(j)
            if joined:
                codes = codes.copy() if codes is cells.codes else codes
                codes[:, j] = mapping[cells.codes[:, j]]
            factors[j] = Factor(factor.name, labels)
        else:
            notes.append(Note("single", factor.name, "left out, one category in both groups"))
    if not notes:
        return cells, ()
    factors = [factors[j] for j in kept]
    return replace(cells, factors=tuple(factors), codes=codes[:, kept]), tuple(notes)


def _joined(
    factor: Factor, codes: Codes, group: NDArray[np.bool_], n: Floats, least: int
) -> tuple[Codes, tuple[str, ...]]:
    size = len(factor.labels)
    in_a = np.bincount(codes[group], n[group], size)
    in_b = np.bincount(codes[~group], n[~group], size)
    present = in_a + in_b > 0
    other = present & (np.minimum(in_a, in_b) < least)
    rarest = np.argsort(np.minimum(in_a, in_b), kind="stable")
    for code in rarest[present[rarest] & ~other[rarest]]:
        if not other.any() or min(in_a[other].sum(), in_b[other].sum()) >= least:
            break
        other[code] = True
    stay = np.flatnonzero(present & ~other)
    mapping = np.full(size, len(stay), np.int64)
    mapping[stay] = np.arange(len(stay))
    labels = tuple(factor.labels[i] for i in stay)
    return mapping, (*labels, OTHER) if other.any() else labels
