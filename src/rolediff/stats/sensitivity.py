"""How strong a factor that nobody measured would have to be to change an answer.

Cinelli and Hazlett (2020, Journal of the Royal Statistical Society B 82(1)): omitted variable bias
in terms of partial R2, which need neither the form nor the scale of the hidden factor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.errors import UsageError
from rolediff.stats.cells import Floats
from rolediff.stats.linear import Linear
from rolediff.stats.tails import critical


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An estimate as it would be beside a hidden factor; `low` and `high` bound its interval."""

    value: float
    se: float
    t: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bound:
    """A hidden factor `kd` and `ky` times as strong as the covariates `benchmark`.

    `r2dz` and `r2yz` are its partial R2 with treatment and with outcome.
    """

    benchmark: str
    kd: float
    ky: float
    r2dz: float
    r2yz: float
    adjusted: Adjusted


def partial_r2(t: float, df: float) -> float:
    """Partial R2 of a covariate with the outcome, from its t value and df (section 4.2)."""
    return t * t / (t * t + df)


def partial_f(t: float, df: float) -> float:
    """Partial Cohen's f, the root of R2 / (1 - R2)."""
    return abs(t) / math.sqrt(df)


def robustness_value(
    t: float, df: float, q: float = 1.0, alpha: float | None = None, design_effect: float = 1.0
) -> float:
    """RV_q, or RV_q,alpha: the partial R2 with both treatment and outcome that a hidden factor
    needs to take away the share `q` of an estimate, or to make what is left insignificant.

    `t` and `df` are of ordinary errors; `design_effect`, how much wider the interval in use
    (clustered, say) is than the ordinary one, widens the critical value. Cinelli and Hazlett
    (2020), section 4.3. Where a factor that tells all the rest of the outcome already suffices at
    less, the value is where r2dz = r2yz still solves both conditions, as in Cinelli and Hazlett
    (2025, Biometrika 112(2), on instrumental variables).

    Raises:
        UsageError: `q` below 0, `alpha` outside 0 to 1, or no degrees of freedom.
    """
    fq = _checked(t, df, q, alpha)
    least = 0.0 if alpha is None else _critical_f(df, alpha) * design_effect
    excess = fq - least
    if excess <= 0:
        return 0.0
    if least > 0 and fq > 1 / least:
        return (fq * fq - least * least) / (1 + fq * fq)
    return 0.5 * (math.sqrt(excess**4 + 4 * excess**2) - excess**2)


def extreme_robustness_value(
    t: float, df: float, q: float = 1.0, alpha: float | None = None
) -> float:
    """The partial R2 with the treatment that is enough if the hidden factor tells all the rest of
    the outcome. Cinelli and Hazlett (2020), section 5.2; with `alpha` as in `robustness_value`."""
    fq = _checked(t, df, q, alpha)
    least = 0.0 if alpha is None else _critical_f(df, alpha)
    return 0.0 if fq <= least else (fq * fq - least * least) / (1 + fq * fq)


def _checked(t: float, df: float, q: float, alpha: float | None) -> float:
    if q < 0 or df <= 1:
        raise UsageError(f"q = {q} must be 0 or more, and df = {df} above 1")
    if alpha is not None and not 0 < alpha <= 1:
        raise UsageError(f"alpha {alpha} is no probability: write 0.05")
    return q * partial_f(t, df)


def _critical_f(df: float, alpha: float) -> float:
    return critical(df - 1, 1 - alpha) / math.sqrt(df - 1)


def bias(se: float, df: float, r2dz: float, r2yz: float) -> float:
    """Size of the bias that a hidden factor of this strength brings (section 4.1)."""
    return se * math.sqrt(df) * math.sqrt(r2yz * r2dz / (1 - r2dz))


def adjusted(
    estimate: float,
    se: float,
    df: float,
    r2dz: float,
    r2yz: float,
    *,
    alpha: float = 0.05,
    reduce: bool = True,
) -> Adjusted:
    """Estimate, se, t and interval had the hidden factor been held equal (section 4.1).

    `se` and `df` are of ordinary errors; with `reduce` False the factor works the other way. The
    interval uses t with `df`, as the authors' program does, though the hidden factor would cost
    one more; the difference is below 0.1 % of the width from 60 degrees of freedom on.

    Raises:
        UsageError: `r2dz` outside 0 to 1 (1 excluded) or `r2yz` outside 0 to 1.
    """
    if not (0 <= r2dz < 1 and 0 <= r2yz <= 1):
        raise UsageError(f"partial R2 of {r2dz} and {r2yz}: both are shares, the first below 1")
    size = bias(se, df, r2dz, r2yz)
    moved = abs(estimate) - size if reduce else abs(estimate) + size
    value = math.copysign(1.0, estimate) * moved
    error = se * math.sqrt((1 - r2yz) / (1 - r2dz) * df / (df - 1))
    margin = critical(df, 1 - alpha) * error
    t = value / error if error > 0 else math.copysign(math.inf, value)
    return Adjusted(value, error, t, value - margin, value + margin)


def group_partial_r2(fit: Linear, columns: Sequence[int]) -> float:
    """Partial R2 of several columns together, from their Wald statistic under equal variances."""
    at = np.intersect1d(columns, fit.keep)
    if not len(at):
        return 0.0
    b = fit.coef[at]
    wald = float(b @ np.linalg.solve(fit.bread[np.ix_(at, at)], b))
    rest = float(fit.w @ fit.residual**2)
    return wald / (wald + rest) if wald + rest > 0 else 0.0


def treatment_partial_r2(fit: Linear, treatment: int, columns: Sequence[int]) -> float:
    """Partial R2 of several columns with the column `treatment`, given all others.

    From the inverse of X'WX, with no further fit: that of treatment on the rest has coefficients
    -M_jd / M_dd and a residual sum of squares of 1 / M_dd.
    """
    at = np.setdiff1d(np.intersect1d(columns, fit.keep), [treatment])
    own, beside = float(fit.bread[treatment, treatment]), fit.bread[at, treatment]
    if not len(at) or own <= 0:
        return 0.0
    inner = fit.bread[np.ix_(at, at)] - np.outer(beside, beside) / own
    explained = float(beside @ np.linalg.solve(inner, beside)) / own**2
    return explained / (explained + 1 / own)


def strength(r2dx: float, r2yx: float, kd: float, ky: float) -> tuple[float, float]:
    """Partial R2 (r2dz, r2yz) of a factor `kd` and `ky` times as strong as covariates whose own
    are `r2dx` with the treatment and `r2yx` with the outcome (section 4.4, appendix B).

    Raises:
        UsageError: no factor can be that strong.
    """
    r2dz = kd * r2dx / (1 - r2dx) if r2dx < 1 else math.inf
    if r2dz >= 1 or kd * r2dx >= 1:
        raise UsageError(f"no factor can be {kd:g} times as strong as that with the treatment")
    between = kd * r2dx**2 / ((1 - kd * r2dx) * (1 - r2dx))
    if between >= 1:
        raise UsageError(f"no factor can be {kd:g} times as strong as that with the treatment")
    scale = (math.sqrt(ky) + math.sqrt(between)) / math.sqrt(1 - between)
    return r2dz, min(scale**2 * r2yx / (1 - r2yx), 1.0)


def bound(
    fit: Linear, treatment: int, columns: Sequence[int], name: str, kd: float = 1.0,
    ky: float | None = None, alpha: float = 0.05, reduce: bool = True,
) -> Bound:  # fmt: skip
    """The coefficient of the column `treatment` beside a factor as strong as `columns` together.

    `ky` is `kd` unless given. Raises UsageError where no factor can be that strong.
    """
    ky = kd if ky is None else ky
    r2dx = treatment_partial_r2(fit, treatment, columns)
    r2dz, r2yz = strength(r2dx, group_partial_r2(fit, columns), kd, ky)
    value, se = float(fit.coef[treatment]), ordinary_se(fit, treatment)
    after = adjusted(value, se, fit.df, r2dz, r2yz, alpha=alpha, reduce=reduce)
    return Bound(name, kd, ky, r2dz, r2yz, after)


def ordinary_se(fit: Linear, column: int) -> float:
    """Standard error of a coefficient under errors of equal variance."""
    return math.sqrt(float(fit.iid[column, column]))


def contour(
    estimate: float, se: float, df: float, r2dz: Floats, r2yz: Floats, *, reduce: bool = True
) -> Floats:
    """Adjusted estimates (len(r2yz), len(r2dz)) over a grid of strengths (section 5.1)."""
    x, y = np.meshgrid(r2dz, r2yz)
    size = se * math.sqrt(df) * np.sqrt(y * x / (1 - x))
    value = abs(estimate) - size if reduce else abs(estimate) + size
    return np.asarray(math.copysign(1.0, estimate) * value)
