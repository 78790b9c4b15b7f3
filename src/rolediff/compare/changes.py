"""A figure of a newer market less that of an older one, with its interval."""

from __future__ import annotations

import math

from rolediff.results import Estimate
from rolediff.results.market_diff import Change
from rolediff.stats.quantile import difference
from rolediff.stats.tails import critical, two_sided

Z = 1.959964
"""Of a 95 % interval."""


def changed(name: str, unit: str, old: Estimate, new: Estimate, correlation: float = 0.0) -> Change:
    """The newer figure less the older one, by MOVER; logs of both where the unit is "log".

    `correlation` of the two estimates is 0 for independent markets.
    """
    sides = [_logs(e) if unit == "log" else (e.value, e.low, e.high) for e in (new, old)]
    value, n = sides[0][0] - sides[1][0], old.n + new.n
    clusters = _fewest(old, new)
    if any(x is None for side in sides for x in side):
        change = Estimate(value, n=n, clusters=clusters, method="no interval in one market")
    else:
        low, high = difference(sides[0], sides[1], correlation)  # type: ignore[arg-type]
        change = Estimate(
            value, min(low, value), max(high, value), n, (high - low) / (2 * Z), None, clusters,
            f"MOVER, correlation {correlation:.2f}" if correlation else "MOVER",
        )  # fmt: skip
    return Change(name, "log" if unit == "log" else "share", old, new, change)


def _logs(e: Estimate) -> tuple[float, float | None, float | None]:
    low, high = (math.log(x) if x is not None and x > 0 else None for x in (e.low, e.high))
    return math.log(e.value), low, high


def _fewest(old: Estimate, new: Estimate) -> int | None:
    known = [e.clusters for e in (old, new) if e.clusters is not None]
    return min(known) if known else None


def counted(name: str, old: int, new: int) -> Change:
    """The log ratio of two counts of independent events: Wilson's interval (1927) of the newer
    one's share of both."""
    n = old + new
    share, z = new / n, Z * Z / n
    middle = (share + z / 2) / (1 + z)
    half = Z / (1 + z) * math.sqrt(share * (1 - share) / n + z / (4 * n))
    low, high = (math.log(p / (1 - p)) for p in (middle - half, middle + half))
    value = math.log(new / old)
    change = Estimate(value, min(low, value), max(high, value), n, method="ratio of counts, Wilson")
    return Change(name, "log", Estimate(old, n=old), Estimate(new, n=new), change)


def p_value(e: Estimate) -> float | None:
    """Two-sided p value of an estimate against 0, that its own 95 % interval implies.

    The side of the interval toward 0 is taken for a margin of Student's t with the degrees of
    freedom of the estimate, else one less than its clusters. None without an interval.
    """
    if e.low is None or e.high is None:
        return None
    margin = e.value - e.low if e.value > 0 else e.high - e.value
    df = e.df or (math.inf if e.clusters is None else max(e.clusters - 1.0, 1.0))
    if not margin > 0:
        return 1.0 if e.value == 0 else None
    return two_sided(critical(df) * abs(e.value) / margin, df)
