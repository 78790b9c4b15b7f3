"""Statistics of distributions that share records, and their differences, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rolediff.results import Estimate
from rolediff.stats.cells import Cells, Floats
from rolediff.stats.tails import critical
from rolediff.stats.units import Errors, estimates, unit_errors
from rolediff.stats.valuation import Valuation

LIMITS = "influence functions, limits of quantiles"
TOO_NEAR = "no interval: too few records beyond the quantile"


@dataclass(frozen=True)
class Piece:
    """A statistic, and what each of m lines adds to it per unit of weight: `influence` (m,)."""

    found: Valuation
    influence: Floats


def contrasts(
    cells: Cells,
    pieces: Sequence[Piece],
    signs: Floats,
    *,
    sizes: tuple[float, float],
    confidence: float,
    n: int,
    source: str = "",
) -> list[Estimate]:
    """Sums of `pieces` with `signs` (R, P), each 1, 0 or -1.

    Of one quantile the interval is Woodruff's (1952). Of the difference of two each side of the
    interval by influence functions is as much longer or shorter as those of both quantiles are,
    weighed by their part in the error: MOVER (Zou 2008, eq. 9) to first order, which unlike MOVER
    does not grow with the noise of the limits where the two depend on one another. Of anything
    else it is that of the influence function. `sizes` as in `unit_errors`.
    """
    values = np.array([piece.found.value for piece in pieces])
    influence = np.stack([piece.influence for piece in pieces], axis=1)
    own = unit_errors(cells, influence, sizes=sizes)
    errors = unit_errors(cells, influence @ signs.T, sizes=sizes)
    made = estimates(list(signs @ values), errors, confidence, n, source)
    if any(piece.found.p is None for piece in pieces):
        return made
    limits = _limits(pieces, own, confidence)
    return [_leaned(e, row, limits, own.se) for e, row in zip(made, signs, strict=True)]


def _limits(
    pieces: Sequence[Piece], own: Errors, confidence: float
) -> list[tuple[float, float] | None]:
    """For each piece how much longer than its margin its interval is, below and above."""
    out: list[tuple[float, float] | None] = []
    for piece, se, df in zip(pieces, own.se, own.df, strict=True):
        margin = critical(float(df), confidence) * float(se)
        found = piece.found.limits(margin) if margin > 0 else None
        value = piece.found.value
        out.append(found and ((value - found[0]) / margin, (found[1] - value) / margin))
    return out


def _leaned(
    e: Estimate, row: Floats, limits: list[tuple[float, float] | None], se: Floats
) -> Estimate:
    """The estimate with bounds that lean as those of the one or two quantiles in it do."""
    at = np.flatnonzero(row)
    if e.se is None or e.low is None or e.high is None or not 1 <= len(at) <= 2 or e.se == 0:
        return e
    there = [x for x in (limits[i] for i in at) if x is not None]
    if len(there) < len(at):
        return Estimate(e.value, n=e.n, clusters=e.clusters, method=TOO_NEAR, source=e.source)
    # Of the variance of the sum, what its covariance with each piece makes up.
    part = [1.0]
    if len(at) == 2:
        x, y = (float(se[i]) ** 2 for i in at)
        part = [(e.se**2 + x - y) / (2 * e.se**2), (e.se**2 + y - x) / (2 * e.se**2)]
    sides = [x if row[i] > 0 else x[::-1] for i, x in zip(at, there, strict=True)]
    down, up = (max(sum(p * s[k] for p, s in zip(part, sides, strict=True)), 0.0) for k in (0, 1))
    low, high = e.value - down * (e.value - e.low), e.value + up * (e.high - e.value)
    return replace(e, low=low, high=high, method=LIMITS)
