"""A number that says how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from rolediff.results.shown import Shown

TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Estimate(Shown):
    """A number with its uncertainty.

    `value` in the unit of what is estimated; `low` and `high` bound the interval (None where
    none exists); `n` rows it rests on; `clusters` independent units among them (None: the rows);
    `se` standard error; `df` degrees of freedom of the interval; `method` names how the interval
    was made; `source` names the data. Raises ValueError if the value lies outside its interval.
    """

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    se: float | None = None
    df: float | None = None
    clusters: int | None = None
    method: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        slack = TOLERANCE * max(1.0, abs(self.value))
        if not self.low - slack <= self.value <= self.high + slack:
            raise ValueError(f"{self.value} lies outside its interval {self.low} to {self.high}")

    def __neg__(self) -> Estimate:
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return replace(self, value=-self.value, low=low, high=high)

    def __str__(self) -> str:
        interval = "no interval"
        if self.low is not None and self.high is not None:
            interval = f"95 % interval {self.low:.4g} to {self.high:.4g}"
        return f"{self.value:.4g} ({interval}; n = {self.n:,})"

    @property
    def percent(self) -> Estimate:
        """A difference of logs as a difference in percent: 100 (exp(x) - 1)."""
        return replace(
            self, value=_percent(self.value), low=_percent(self.low), high=_percent(self.high),
            se=None,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; what is not known is null."""
        return {
            "value": _finite(self.value),
            "low": _finite(self.low),
            "high": _finite(self.high),
            "se": _finite(self.se),
            "n": self.n,
            "clusters": self.clusters,
            "method": self.method or None,
            "source": self.source or None,
        }


def _percent(x: float | None) -> Any:
    """Beyond any use the percentage is infinite, as an interval from few units may be."""
    return None if x is None else 100 * math.expm1(x) if x < 20 else math.inf


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None
