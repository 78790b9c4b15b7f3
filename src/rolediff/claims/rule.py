"""The rule from an interval to a verdict, with every threshold that it uses.

A figure supports what is claimed only when its whole interval lies among the figures that the
claim allows, and contradicts it only when the whole interval lies outside of them and the p value
stays below 1 - confidence after Holm (1979) over all points of the article. All else is not enough
evidence: a figure without an interval, or of fewer than `least` records or employers, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rolediff.errors import UsageError
from rolediff.results import GREY, HIDDEN, Estimate
from rolediff.stats.multiplicity import holm
from rolediff.stats.special import special
from rolediff.stats.tails import critical

STATED = 0.95
"""Confidence of the intervals of all estimates in this package."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a claim allows and when it is judged.

    confidence: of the intervals, and 1 - the error rate of Holm's correction.
    point, about: a point figure of money is met within +/- this share of it; the second where the
        article says "about". stretch, about_stretch: a range is widened so at each end.
    points, about_points: a percentage is met within so many percentage points, or within `point`
        (`about`) of itself where that is more.
    named: "needs X" means that at least this share of ads name it; example: the same of what is
        given as an example ("such as X"); hires: "hired in X", the least share of ads there.
    most, every, none: what "most", "all" and "none" mean as shares of ads; few is below `named`.
    same: "paid the same" is within +/- this share.
    upper: "among the best" are so large a part of those that can be ranked, or as many as are
        listed where that is more.
    least: fewer records or employers are never judged; few: below it a note says so.
    holm: whether contradictions are corrected for the number of points.

    Raises UsageError for a share outside 0 to 1 or a `least` below 2.
    """

    confidence: float = 0.95
    point: float = 0.10
    about: float = 0.15
    stretch: float = 0.05
    about_stretch: float = 0.10
    points: float = 5.0
    about_points: float = 7.5
    named: float = 0.25
    example: float = 0.10
    hires: float = 0.01
    most: float = 0.50
    every: float = 0.95
    none: float = 0.05
    same: float = 0.10
    upper: float = 1 / 3
    least: int = HIDDEN
    few: int = GREY
    holm: bool = True

    def __post_init__(self) -> None:
        if not 0.5 <= self.confidence < 1:
            raise UsageError(f"confidence {self.confidence}: write a share from 0.5 on, as 0.95")
        shares = ("point", "about", "stretch", "about_stretch", "named", "example", "hires",
                  "most", "every", "none", "same", "upper")  # fmt: skip
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} {getattr(self, name)} is no share from 0 to 1")
        if self.least < 2:
            raise UsageError(f"least {self.least}: no figure of fewer than 2 records has an error")

    @property
    def words(self) -> str:
        """The rule as a reader is told it."""
        sure = f"{100 * self.confidence:.0f} %"
        corrected = ", after Holm's correction over all points of the article" * self.holm
        return (
            f"Supported: the whole {sure} interval of the figure lies inside what the claim "
            f"allows. Contradicted: it lies wholly outside{corrected}. Otherwise there is not "
            f"enough evidence, as with fewer than {self.least} records or employers. Partly: the "
            "parts of a claim, or the United States and all records, have different answers; where "
            "one of these two has too little evidence the other's answer stands."
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """The figures a claim allows: from `low` to `high`, or with `outside` all others."""

    low: float = -math.inf
    high: float = math.inf
    outside: bool = False

    def __contains__(self, x: float) -> bool:
        return (self.low <= x <= self.high) != self.outside

    @property
    def opposite(self) -> Allowed:
        """What is allowed when the claim is denied."""
        return replace(self, outside=not self.outside)

    @property
    def mirrored(self) -> Allowed:
        """The same of the figure with its sign changed."""
        return Allowed(-self.high, -self.low, self.outside)

    @property
    def logs(self) -> Allowed:
        """The same of the figure's logarithm."""
        return Allowed(_log(self.low), _log(self.high), self.outside)

    def holds(self, low: float, high: float) -> bool:
        """Whether all from `low` to `high` are allowed."""
        if not self.outside:
            return self.low <= low and high <= self.high
        return high < self.low or low > self.high

    def excludes(self, low: float, high: float) -> bool:
        """Whether none from `low` to `high` is allowed."""
        return self.opposite.holds(low, high)


def _log(x: float) -> float:
    if x == -math.inf or x <= 0:
        return -math.inf
    return math.log(x) if math.isfinite(x) else math.inf


@dataclass(frozen=True, slots=True)
class Finding:
    """An estimate set against what is allowed, before correction.

    `inside`: the whole interval is allowed; `beyond`: none of it is; `p` of the nearest figure
    that is allowed, two-sided, 1 where the value itself is; None without an interval.
    """

    inside: bool
    beyond: bool
    p: float | None


def set_against(e: Estimate, allowed: Allowed, rule: Rule, *, log: bool = False) -> Finding:
    """Set `e` against `allowed`; with `log` its error is taken to be one of its logarithm."""
    found = interval(e, rule.confidence, log=log)
    if found is None:
        return Finding(False, False, None)
    value, low, high = found
    limits = allowed.logs if log else allowed
    return Finding(limits.holds(low, high), limits.excludes(low, high),
                  _p(value, low, high, limits, e.df, rule.confidence))  # fmt: skip


def interval(
    e: Estimate, confidence: float, *, log: bool = False
) -> tuple[float, float, float] | None:
    """Value and bounds at this confidence (with `log`, of logs); None where there are none.

    Estimates have 95 % intervals; at another level each arm is scaled by the ratio of critical
    values.
    """
    if e.low is None or e.high is None:
        return None
    three = (e.value, e.low, e.high)
    if log:
        if e.value <= 0 or e.low <= 0:
            return None
        three = (math.log(e.value), math.log(e.low), math.log(e.high))
    if not all(map(math.isfinite, three)):
        return None
    df = math.inf if e.df is None else e.df
    scale = critical(df, confidence) / critical(df, STATED)
    value = three[0]
    return value, value - scale * (value - three[1]), value + scale * (three[2] - value)


def _p(
    value: float, low: float, high: float, allowed: Allowed, df: float | None, confidence: float
) -> float | None:
    """The largest p value of the edges of what is allowed that face `value`; 0 if nothing is."""
    if high <= low:
        return 1.0 if value in allowed else None
    if value in allowed:
        return 1.0
    edges = [x for x in (allowed.low, allowed.high) if math.isfinite(x)]
    if not allowed.outside:
        edges = [min(edges, key=lambda x: abs(x - value))]
    return max((edge_p(value, low, high, x, df, confidence) for x in edges), default=0.0)


def edge_p(
    value: float, low: float, high: float, edge: float, df: float | None = None,
    confidence: float = STATED,
) -> float:  # fmt: skip
    """Two-sided p value of the true figure being `edge`, by the arm of the interval towards it.

    It is below 1 - confidence only where the interval leaves out `edge`. An arm shorter than a
    quarter of the interval, as of a quantile among ties, counts as that quarter.
    """
    arm = value - low if edge < value else high - value
    arm = max(arm, (high - low) / 4)
    if arm <= 0:
        return 1.0
    degrees = math.inf if df is None else df
    z = abs(value - edge) / arm * critical(degrees, confidence)
    if math.isinf(degrees):
        return math.erfc(z / math.sqrt(2))
    return float(2 * special().stdtr(degrees, -z))


def adjusted(p: list[float | None], rule: Rule) -> list[float | None]:
    """P values after Holm's correction over those there are (as they stand without `rule.holm`)."""
    known = [x for x in p if x is not None]
    if not rule.holm:
        return list(p)
    stepped = iter(holm(np.array(known)).tolist())
    return [None if x is None else float(next(stepped)) for x in p]


def enough(e: Estimate, rule: Rule) -> bool:
    """Whether an estimate rests on `rule.least` records and employers."""
    return e.n >= rule.least and (e.clusters is None or e.clusters >= rule.least)
