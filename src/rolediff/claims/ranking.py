"""Whether one of K estimates is among the k largest, with a p value for either answer.

It is among them exactly where at most k - 1 of the m others are larger, that is where at least
m - k + 1 are smaller; it is not where at least k are larger. Either is a partial conjunction
(Benjamini and Heller 2008, Biometrics 64(4), eq. 3): at least u of m are so, with p value
(m - u + 1) times the uth smallest of the m one-sided p values. Halves of alpha are spent on each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rolediff.claims.rule import Finding, Rule, edge_p, interval
from rolediff.results import Estimate
from rolediff.stats.quantile import difference


def among(
    values: Sequence[Estimate], at: int, k: int, rule: Rule, *, log: bool = False,
    shares: bool = False, denied: bool = False,
) -> Finding:  # fmt: skip
    """Whether `values[at]` is among the `k` largest.

    `log`: errors are those of logarithms. `shares`: parts of one whole, so that their errors go
    against one another as those of a multinomial. `denied`: the claim is that it is not.
    """
    others = [e for i, e in enumerate(values) if i != at]
    m = len(others)
    if m < 1 or k > m:
        return Finding(False, False, None)
    gaps = [_gap(values[at], e, log, shares) for e in others]
    larger = partial_conjunction([_one_sided(g, below=True) for g in gaps], k)
    smaller = partial_conjunction([_one_sided(g, below=False) for g in gaps], m - k + 1)
    half = (1 - rule.confidence) / 2
    held, against = (larger, smaller) if denied else (smaller, larger)
    return Finding(held < half, against < half, min(1.0, 2 * against))


def partial_conjunction(p: Sequence[float], u: int) -> float:
    """P value that fewer than `u` of the hypotheses are false, from one-sided p values."""
    if u < 1:
        return 0.0
    return min(1.0, (len(p) - u + 1) * sorted(p)[u - 1])


Gap = tuple[float, float, float] | None


def _gap(a: Estimate, b: Estimate, log: bool, shares: bool) -> Gap:
    """A difference and its 95 % interval by MOVER (Zou and Donner 2008)."""
    sides = [interval(e, 0.95, log=log) for e in (a, b)]
    if sides[0] is None or sides[1] is None:
        return None
    r = _multinomial(a.value, b.value) if shares else 0.0
    low, high = difference(sides[0], sides[1], r)
    return sides[0][0] - sides[1][0], low, high


def _multinomial(p: float, q: float) -> float:
    """Correlation of two shares of one whole."""
    if not (0 < p < 1 and 0 < q < 1):
        return 0.0
    return -math.sqrt(p * q / ((1 - p) * (1 - q)))


def _one_sided(gap: Gap, *, below: bool) -> float:
    """P value that the difference is not below (above) zero."""
    if gap is None:
        return 1.0
    p = edge_p(*gap, 0.0)
    return p / 2 if (gap[0] < 0) == below else 1 - p / 2
