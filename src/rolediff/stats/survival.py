"""How long until something ends, from spans that begin late in view and may still be open.

The product-limit estimator of Kaplan and Meier (1958, Journal of the American Statistical
Association 53(282)) with risk sets for left truncation (Turnbull 1976; Klein and Moeschberger
2003, Survival Analysis, section 4.6), and errors from the influence of independent units, which
for single spans are Greenwood's (1926).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.tails import critical

LEAST_AT_RISK = 5
"""A hazard is read only from spans of which at least this many are in view."""


@dataclass(frozen=True, slots=True)
class Spans:
    """`m` lines of spans that are alike.

    `entry` (m,) age at which a span came into view, `exit` (m,) age at which it ended or was last
    seen, both in days, `entry < exit`; `ended` (m,) whether it ended there; `n` (m,) how many;
    `unit` (m,) the independent unit of each, codes from 0.
    """

    entry: Codes
    exit: Codes
    ended: NDArray[np.bool_]
    n: Floats
    unit: Codes

    def __post_init__(self) -> None:
        if len(self.entry) and not (self.entry < self.exit).all():
            raise ValueError("a span must come into view before it ends")


@dataclass(frozen=True, slots=True)
class Survival:
    """Share of spans that last longer than each of `age` (T,), of those that reach `start` days.

    `share` (T,); `log_error` (T,) standard error of log(share); `at_risk` (T,) spans in view;
    `n` spans, `ends` of them ended, `units` independent units, `df` degrees of freedom.
    """

    age: Codes
    share: Floats
    log_error: Floats
    at_risk: Floats
    start: int
    n: int
    ends: int
    units: int
    df: float

    @classmethod
    def of(cls, spans: Spans) -> Survival:
        """The curve of `spans`.

        Raises:
            ValueError: at no age are `LEAST_AT_RISK` spans in view.
        """
        age = np.unique(spans.exit[spans.ended])
        groups = int(spans.unit.max(initial=-1)) + 1
        ends = _by_unit(spans, age, groups)
        risk = _at_risk(spans, age, groups)
        total, died = risk.sum(axis=0), ends.sum(axis=0)
        first = _start(total)
        if first is None:
            raise ValueError(f"never {LEAST_AT_RISK} in view at once")
        last = first + _until(total[first:])
        age, total, died = age[first:last], total[first:last], died[first:last]
        ends, risk = ends[:, first:last], risk[:, first:last]
        hazard = died / total
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.cumprod(1 - hazard)
            influence = -np.cumsum((ends - hazard * risk) / (total - died), axis=1)
        spread = np.sqrt(np.einsum("gt,gt->t", influence, influence))
        size = np.asarray(np.bincount(spans.unit, spans.n), float)
        units = int((size > 0).sum())
        even = float(size.sum() ** 2 / (size @ size))
        start = int(age[0]) if first else 0
        return cls(
            age, share, spread * math.sqrt(units / max(units - 1, 1)), total, start,
            int(spans.n.sum()), int(spans.n[spans.ended].sum()), units, max(even - 1, 0.0),
        )  # fmt: skip

    def bounds(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Pointwise bounds (T,) by log(-log), which stay inside 0 to 1; NaN with one unit.

        Source: Kalbfleisch and Prentice (2002), section 1.4.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(self.share)
            reach = critical(self.df, confidence) * self.log_error / np.abs(log)
            low, high = np.exp(log * np.exp(reach)), np.exp(log * np.exp(-reach))
        return np.where(self.share > 0, low, np.nan), np.where(self.share > 0, high, np.nan)

    def still(self, days: int, confidence: float = 0.95) -> tuple[float, float, float] | None:
        """Share that lasts longer than `days`, with bounds; None where too few are in view."""
        if days < self.start or not len(self.age):
            return None
        at = int(np.searchsorted(self.age, days, side="right")) - 1
        if at < 0:
            return 1.0, math.nan, math.nan
        if at == len(self.age) - 1 and days > self.age[-1]:
            return None
        low, high = self.bounds(confidence)
        return float(self.share[at]), float(low[at]), float(high[at])

    def quantile(
        self, p: float = 0.5, confidence: float = 0.95
    ) -> tuple[float, float, float] | None:
        """Age by which a share `p` has ended, with bounds; infinite where the curve stays above.

        Bounds invert the pointwise ones (Brookmeyer and Crowley 1982, Biometrics 38(1)). None
        where the curve itself does not come down to it.
        """
        reached = np.flatnonzero(self.share <= 1 - p + 1e-12)
        if not len(reached):
            return None
        low, high = self.bounds(confidence)
        low, high = np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=0.0)
        early = np.flatnonzero(low <= 1 - p)
        late = np.flatnonzero(high < 1 - p)
        middle = float(self.age[reached[0]])
        first = float(self.age[early[0]]) if len(early) else middle
        return min(first, middle), middle, float(self.age[late[0]]) if len(late) else math.inf


def _start(total: Floats) -> int | None:
    """The first age from which on enough are in view; early ages may have one late comer."""
    enough = np.flatnonzero(total >= LEAST_AT_RISK)
    return int(enough[0]) if len(enough) else None


def _until(total: Floats) -> int:
    """How many ages follow with enough in view."""
    short = np.flatnonzero(total < LEAST_AT_RISK)
    return int(short[0]) if len(short) else len(total)


def _by_unit(spans: Spans, age: Codes, groups: int) -> Floats:
    """Ends (G, T) of each unit at each age."""
    here = np.flatnonzero(spans.ended)
    ends: Floats = np.zeros((groups, len(age)))
    np.add.at(ends, (spans.unit[here], np.searchsorted(age, spans.exit[here])), spans.n[here])
    return ends


def _at_risk(spans: Spans, age: Codes, groups: int) -> Floats:
    """Spans (G, T) in view just before each age: entry < age <= exit."""
    change: Floats = np.zeros((groups, len(age) + 1))
    np.add.at(change, (spans.unit, np.searchsorted(age, spans.entry, side="right")), spans.n)
    np.add.at(change, (spans.unit, np.searchsorted(age, spans.exit, side="right")), -spans.n)
    risk: Floats = np.cumsum(change, axis=1)[:, :-1]
    return risk
