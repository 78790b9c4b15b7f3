"""What two roles pay: percentiles, the gap, and the gap with more and more held equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.results import GREY, HIDDEN, PERCENTILES, Estimate, Rung, Within
from rolediff.stats.quantile import Counted, difference

STEPS = ("country", "level", "year")
"""Factors that join one at a time; then everything else that was recorded."""


def mean_gap(
    sample: Sample, held: Sequence[str] = (), end: End = "mid", distinct: bool = False
) -> Estimate:
    """Mean log pay of A less that of B with the factors `held` held equal, by least squares.

    Errors are as `gap_interval` chooses them.
    """
    return sample.estimate(sample.gap(held, end, distinct), distinct)


def mean_gaps(sample: Sample, held: Sequence[str] = ()) -> tuple[Estimate, Estimate]:
    """`mean_gap` on all records and on distinct ones."""
    gap = mean_gap(sample, held)
    return gap, gap if sample.alone else mean_gap(sample, held, distinct=True)


def percentiles(sample: Sample, side: bool, end: End = "mid") -> dict[int, Estimate]:
    """Percentiles of pay of one role, each with an interval where one exists."""
    counted = sample.counted(side, end)
    found = {p: _percentile(counted, p) for p in PERCENTILES}
    return {p: replace(e, source=sample.source) for p, e in found.items()}


def _percentile(counted: Counted, p: int) -> Estimate:
    value, found = counted.quantile(p / 100), counted.interval(p / 100)
    if found is None:
        return Estimate(value, n=counted.n, clusters=counted.units, method="too few records")
    low, high, method = found
    return Estimate(
        value, min(low, value), max(high, value), counted.n, clusters=counted.units, method=method
    )


def percentile_gaps(sample: Sample, end: End = "mid") -> dict[int, Estimate]:
    """Log percentile of A less that of B: intervals by MOVER (Zou and Donner 2008)."""
    a, b = sample.counted(True, end), sample.counted(False, end)
    found = {p: _percentile_gap(a, b, p) for p in PERCENTILES}
    return {p: replace(e, source=sample.source) for p, e in found.items()}


def _percentile_gap(a: Counted, b: Counted, p: int) -> Estimate:
    sides = [_percentile(counted, p) for counted in (a, b)]
    value, n = math.log(sides[0].value / sides[1].value), a.n + b.n
    if any(s.low is None for s in sides):
        return Estimate(value, n=n, clusters=a.units + b.units, method="too few records")
    logs = [(math.log(s.value), math.log(s.low or 1), math.log(s.high or 1)) for s in sides]
    low, high = difference(logs[0], logs[1], _correlation(a, b, p / 100))
    return Estimate(value, low, high, n, clusters=a.units + b.units, method="MOVER")


def _correlation(a: Counted, b: Counted, p: float) -> float:
    """Of the two shares below their quantiles, through employers that hire for both roles."""
    if a.unit is None or b.unit is None:
        return 0.0
    size = int(max(a.unit.max(), b.unit.max())) + 1
    x = np.bincount(a.unit, a.share_influence(a.quantile(p)), size)
    y = np.bincount(b.unit, b.share_influence(b.quantile(p)), size)
    norm = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / norm if norm else 0.0


def gap_ends(sample: Sample) -> dict[str, Estimate]:
    """The raw gap at the low end, the midpoint and the high end of the range."""
    ends: tuple[End, ...] = ("low", "mid", "high")
    return {end: mean_gap(sample, (), end) for end in ends}


def employers_alike(sample: Sample) -> Estimate | None:
    """The raw gap with every employer of a role weighing the same; None if none is known."""
    if sample.unit is None:
        return None
    units = 2 * sample.unit + sample.is_a
    share = sample.n / np.bincount(units, sample.n)[units]
    return replace(mean_gap(replace(sample, n=share)), n=len(np.unique(units)))


def ladder(sample: Sample) -> tuple[Rung, ...]:
    """The gap with nothing held equal, then country, level, year, then all that was recorded."""
    varying = sample.varying()
    rungs: list[tuple[str, ...]] = [()]
    held = ["source"] if "source" in varying else []
    for step in (s for s in STEPS if s in varying):
        held.append(step)
        rungs.append(tuple(held))
    if set(varying) - set(held):
        rungs.append(tuple(varying))
    gaps = [mean_gaps(sample, held) for held in rungs]
    raw = gaps[0]
    few = min(sample.lines(side) for side in (True, False)) < GREY
    return tuple(
        Rung(held, a, d, a.value * raw[0].value < 0, d.value * raw[1].value < 0, few)
        for held, (a, d) in zip(rungs, gaps, strict=True)
    )


def within(sample: Sample) -> dict[str, tuple[Within, ...]]:
    """The raw gap among records of each category of each factor, the commonest first."""
    return {name: _within(sample, name) for name in sample.varying()}


def _within(sample: Sample, name: str) -> tuple[Within, ...]:
    factor, codes = sample.factors[name]
    out = []
    for code, label in enumerate(factor.labels):
        part = sample.where(codes == code)
        n_a, n_b = part.records(True), part.records(False)
        if min(n_a, n_b) >= HIDDEN and len(part) > 2:
            out.append(
                Within(
                    name,
                    label,
                    n_a,
                    n_b,
                    mean_gap(part),
                    min(part.lines(side) for side in (True, False)) < GREY,
                )
            )
    return tuple(sorted(out, key=lambda w: (-(w.n_a + w.n_b), w.category)))
