"""Does the answer depend on what is taken of an advertised range?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.results import Estimate, RangeCheck
from rolediff.stats.gap_errors import gap_interval
from rolediff.stats.interval_regression import IntervalErrors, interval_regression
from rolediff.stats.linear import linear_cells
from rolediff.stats.ols import carrying_units
from rolediff.stats.tails import critical

ENDS: tuple[End, ...] = ("low", "mid", "high")


def range_check(sample: Sample, held: Sequence[str] = (), distinct: bool = False) -> RangeCheck:
    """The gap at each end of the range and with pay anywhere in it, `held` held equal."""
    ends: dict[str, Estimate] = {
        end: sample.estimate(gap_interval(sample.cells(held, end, distinct)), distinct)
        for end in ENDS
    }
    return RangeCheck(tuple(held), ends, interval_gap(sample, held, distinct))


def interval_gap(sample: Sample, held: Sequence[str] = (), distinct: bool = False) -> Estimate:
    """Mean log pay of A less that of B where pay lies somewhere in its advertised range.

    Interval regression (Stewart 1983) of log pay on the role and one indicator per category; a
    single figure is a point. Errors are clustered by employer where known (G / (G - 1)), else by
    line, with as many degrees of freedom as clusters carry the gap, less one.

    Raises:
        NotEnoughEvidence: more coefficients than records, or pay that does not vary.
    """
    cells = sample.cells(held, "mid", distinct)
    fit = linear_cells(cells)
    errors: IntervalErrors = "HC1" if sample.unit is None else "CR1"
    low, high = np.log(sample.low), np.log(sample.high)
    found = interval_regression(low, high, fit.X, sample.copies(distinct), sample.unit, errors)
    value, se = float(found.coef[-1]), float(found.se[-1])
    n, df = int(sample.copies(distinct).sum()), carrying_units(cells) - 1
    margin = critical(df) * se
    if sample.fewest_units < 2 or not math.isfinite(margin):
        return Estimate(value, n=n, clusters=sample.units, method="too few employers or records",
                        source=sample.source)  # fmt: skip
    method = f"interval regression, {sample.clusters(distinct)}"
    return Estimate(value, value - margin, value + margin, n, se, df, sample.units, method,
                    sample.source)  # fmt: skip
