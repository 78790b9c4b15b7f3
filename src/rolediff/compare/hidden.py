"""How strong would a factor have to be that nobody measured? Cinelli and Hazlett (2020)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rolediff.compare.sample import End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Benchmark, Estimate, HiddenFactor
from rolediff.stats.design import Design
from rolediff.stats.linear import Linear, linear_cells
from rolediff.stats.sensitivity import (
    Bound,
    bound,
    extreme_robustness_value,
    ordinary_se,
    partial_r2,
    robustness_value,
)
from rolediff.stats.tails import critical

TIMES = (1.0, 2.0, 3.0)


def hidden_factor(
    sample: Sample,
    held: Sequence[str],
    end: End = "mid",
    distinct: bool = False,
    *,
    q: float = 1.0,
    alpha: float = 0.05,
    times: Sequence[float] = TIMES,
) -> HiddenFactor:
    """Robustness values of the gap with `held` held equal, and what a hidden factor as strong as
    each of them, or `times` as strong, would leave of it.

    Robustness values rest on partial R2, so on ordinary errors; significance is judged by the
    interval in use, wider than the ordinary one by the design effect that is reported.

    Raises:
        NotEnoughEvidence: no more records than coefficients, or factors that tell the role.
    """
    cells = sample.cells(held, end, distinct)
    fit, gap = linear_cells(cells), sample.gap(held, end, distinct)
    column = fit.X.shape[1] - 1
    if fit.df < 3 or column not in fit.keep:
        raise NotEnoughEvidence(
            f"{fit.n} distinct records for {len(fit.keep)} coefficients: hold fewer factors equal"
        )
    ordinary = ordinary_se(fit, column)
    t = float(fit.coef[column]) / ordinary
    wide = (gap.high - gap.low) / (2 * critical(fit.df) * ordinary)
    design = wide if math.isfinite(wide) else None
    return HiddenFactor(
        held=tuple(held),
        gap=sample.estimate(gap, distinct),
        partial_r2=partial_r2(t, fit.df),
        robustness=robustness_value(t, fit.df, q),
        robustness_alpha=None
        if design is None
        else robustness_value(t, fit.df, q, alpha, design_effect=design),
        extreme=extreme_robustness_value(t, fit.df, q),
        design_effect=design,
        df=fit.df,
        benchmarks=tuple(_benchmarks(fit, Design.of(cells), times, wide, sample)),
    )


def _benchmarks(
    fit: Linear, design: Design, times: Sequence[float], design_effect: float, sample: Sample
) -> Iterator[Benchmark]:
    column = fit.X.shape[1] - 1
    for j, factor in enumerate(design.cells.factors):
        columns = range(design.starts[j], design.starts[j + 1])
        for k in times:
            try:
                found = bound(fit, column, columns, factor.name, k)
            except UsageError:
                yield Benchmark(factor.name, k, None, None, None, None)
            else:
                gap = _estimate(found, fit, design_effect, sample)
                left = found.adjusted.value / float(fit.coef[column])
                yield Benchmark(factor.name, k, found.r2dz, found.r2yz, gap, left)


def _estimate(found: Bound, fit: Linear, design_effect: float, sample: Sample) -> Estimate:
    """The adjusted gap; its interval widened as that of the gap itself is."""
    value, n = found.adjusted.value, int(fit.w.sum())
    margin = critical(fit.df) * found.adjusted.se * design_effect
    if not math.isfinite(margin):
        few = "too few employers or records"
        return Estimate(value, n=n, clusters=sample.units, method=few, source=sample.source)
    how = "beside a hidden factor, widened by the design effect"
    return Estimate(
        value, value - margin, value + margin, n, clusters=sample.units, method=how,
        source=sample.source,
    )  # fmt: skip
