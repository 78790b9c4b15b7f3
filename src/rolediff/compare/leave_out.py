"""The gap without one employer, one source, one category: does it rest on a single one?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rolediff.compare.sample import End, Sample
from rolediff.errors import UsageError
from rolediff.results import HIDDEN, Influence, LeftOut
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.influence import left_out_changes
from rolediff.stats.linear import linear_cells

MOST = 10
"""Units named as the most influential."""


def leave_one_employer_out(
    sample: Sample, held: Sequence[str] = (), end: End = "mid", distinct: bool = False,
    most: int = MOST,
) -> Influence:  # fmt: skip
    """The gap with `held` held equal without each employer in turn, exactly.

    Where no employer is known each line of identical records is left out; `kind` says which.
    """
    fit = linear_cells(sample.cells(held, end, distinct))
    column = fit.X.shape[1] - 1
    change = left_out_changes(fit, column)
    codes = np.arange(len(sample)) if sample.unit is None else sample.unit
    counts = np.bincount(codes, sample.copies(distinct), len(change))
    lone = _alone(sample, codes, len(change))
    kind = "employer" if sample.unit is not None else "set of identical records"
    change[lone] = np.nan
    return _influence(kind, float(fit.coef[column]), change, counts, partial(_name, sample), most)


def leave_one_category_out(
    sample: Sample, factor: str = "source", held: Sequence[str] = (), end: End = "mid",
    distinct: bool = False, most: int = MOST,
) -> Influence:  # fmt: skip
    """The gap with `held` held equal without each category of `factor` (a source, a country).

    Raises:
        UsageError: no such factor.
    """
    if factor not in sample.factors:
        raise UsageError(f"no factor {factor!r}: choose one of {', '.join(sample.factors)}")
    labels, codes = sample.factors[factor][0].labels, sample.factors[factor][1]
    gap = _gap(sample, held, end, distinct)
    change = np.full(len(labels), np.nan)
    for code in range(len(labels)):
        rest = sample.where(codes != code)
        if min(rest.lines(True), rest.lines(False)) >= HIDDEN:
            change[code] = _gap(rest, held, end, distinct) - gap
    counts = np.bincount(codes, sample.copies(distinct), len(labels))
    return _influence(factor, gap, change, counts, labels.__getitem__, most)


def _gap(sample: Sample, held: Sequence[str], end: End, distinct: bool) -> float:
    return float(linear_cells(sample.cells(held, end, distinct)).coef[-1])


def _alone(sample: Sample, codes: Codes, count: int) -> NDArray[np.bool_]:
    """Units without which a role has no record: (count,) bool."""
    lone = np.zeros(count, bool)
    for side in (True, False):
        units = np.unique(codes[sample.is_a == side])
        if len(units) == 1:
            lone[units] = True
    return lone


def _name(sample: Sample, i: int) -> str:
    """What a unit is called: the employer, or the line's number."""
    if sample.unit is not None and sample.employers:
        return sample.employers[i] or "(employer not stated)"
    return f"line {i + 1}"


def _influence(
    kind: str,
    gap: float,
    change: Floats,
    counts: Codes | Floats,
    name: Callable[[int], str],
    most: int,
) -> Influence:
    able = np.flatnonzero(np.isfinite(change))

    def left_out(at: np.integer[Any]) -> LeftOut:
        i = int(at)
        return LeftOut(name(i), int(counts[i]), gap + float(change[i]), float(change[i]))

    order = able[np.argsort(-np.abs(change[able]), kind="stable")]
    impossible = tuple(name(int(i)) for i in np.flatnonzero(~np.isfinite(change)))
    return Influence(
        kind, gap, len(change),
        left_out(able[np.argmin(change[able])]) if len(able) else None,
        left_out(able[np.argmax(change[able])]) if len(able) else None,
        int(np.sum((gap + change[able]) * gap < 0)),
        tuple(left_out(i) for i in order[:most]),
        impossible,
    )  # fmt: skip
