"""Does the answer depend on what is taken of an advertised range?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.results import Estimate, RangeCheck
from rolediff.stats.alike import design_by_code, gather
from rolediff.stats.interval_regression import IntervalErrors, interval_regression
from rolediff.stats.ols import GROUP, Vcov, ols

ENDS: tuple[End, ...] = ("low", "mid", "high")


def range_check(sample: Sample, held: Sequence[str] = (), distinct: bool = False) -> RangeCheck:
    """The gap at each end of the range and with pay anywhere in it, `held` held equal."""
    ends: dict[str, Estimate] = {
        end: sample.estimate(sample.gap(held, end, distinct), distinct) for end in ENDS
    }
    return RangeCheck(tuple(held), ends, interval_gap(sample, held, distinct))


def interval_gap(sample: Sample, held: Sequence[str] = (), distinct: bool = False) -> Estimate:
    """Mean log pay of A less that of B where pay lies somewhere in its advertised range.

    Interval regression (Stewart 1983) of log pay on the role and one indicator per category; a
    single figure is a point. Its plain sandwich is too narrow where few employers carry the gap,
    so the interval is as much wider than that of the sandwich as the interval of `mean_gap`, at
    the midpoint, is than its own.

    Raises:
        NotEnoughEvidence: more coefficients than records, or pay that does not vary.
    """
    cells = sample.cells(held, "mid", distinct)
    least, one = sample.gap(held, "mid", distinct), "H" if sample.unit is None else "C"
    plain_errors: Vcov = "HC0" if one == "H" else "CR0"
    errors: IntervalErrors = "HC0" if one == "H" else "CR0"
    plain = ols(gather(cells), plain_errors, with_group=True)[GROUP][1]
    X, code = design_by_code(cells)
    low, high = np.log(sample.low), np.log(sample.high)
    found = interval_regression(low, high, X, sample.copies(distinct), sample.unit, errors, code)
    value = float(found.coef[-1])
    wider = float(found.se[-1]) / plain if plain > 0 else np.nan
    ends = (value + wider * (least.low - least.value), value + wider * (least.high - least.value))
    gap = replace(least, value=value, se=wider * least.se, low=ends[0], high=ends[1],
                  errors=f"interval regression, {least.errors}")  # fmt: skip
    return sample.estimate(gap, distinct)
