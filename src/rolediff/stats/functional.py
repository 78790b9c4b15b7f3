"""Statistics of a distribution and their influence functions.

The recentred influence function of Firpo, Fortin and Lemieux (2009, Econometrica 77(3); 2018,
Econometrics 6(2), section 3): the value of a statistic plus the influence of one observation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.errors import UsageError
from rolediff.stats import weighted
from rolediff.stats.cells import Floats
from rolediff.stats.density import bandwidth, density

ROUNDING = 1e-12
RANGE = re.compile(r"p(\d{1,2}(?:\.\d+)?)-p(\d{1,2}(?:\.\d+)?)")
TIES = ("at or below", "below", "15 digits")
"""y <= q (Firpo, Fortin and Lemieux 2009); y < q; y <= q rounded to 15 significant digits, which
is what R's rifreg and ddecompose do, since Hmisc keeps values as text."""
KINDS = ("mean", "variance", "gini", "quantile", "range")


@dataclass(frozen=True, slots=True)
class Statistic:
    """What is compared: `kind` of `KINDS`; `probs` one probability of a quantile, two of a range.

    `log`: outcomes are logarithms, of which the Gini coefficient is not taken but of the values.
    `ties`, one of `TIES`: which values equal to a quantile count as below it in its influence.
    """

    kind: str = "mean"
    probs: tuple[float, ...] = ()
    log: bool = False
    ties: str = "at or below"

    @property
    def label(self) -> str:
        """ "p50", "p90-p10", "variance", ..."""
        return "-".join(f"p{100 * p:g}" for p in self.probs) or self.kind

    def value(self, y: Floats, w: Floats) -> float:
        """The statistic of outcomes `y` (m,), sorted, that count `w` (m,) times."""
        if self.probs:
            found = [weighted.quantile(y, w, p) for p in self.probs]
            return found[0] - (found[1] if len(found) > 1 else 0.0)
        if self.kind == "gini":
            return weighted.gini(np.exp(y) if self.log else y, w)
        return weighted.variance(y, w) if self.kind == "variance" else weighted.mean(y, w)

    def rif(self, y: Floats, w: Floats, rows: Floats, f: Floats | None = None) -> Floats:
        """Recentred influence function (m,) at each of the outcomes.

        `f`: density at each quantile, to be used in place of the kernel estimate.
        """
        if self.probs:
            parts = [
                q + (p - self.below(y, q)) / height
                for p, q, height in quantiles_and_heights(self.probs, y, w, rows, f)
            ]
            return parts[0] - (parts[1] if len(parts) > 1 else 0.0)
        if self.kind == "gini":
            return gini_rif(np.exp(y) if self.log else y, w)
        return (y - weighted.mean(y, w)) ** 2 if self.kind == "variance" else y

    def below(self, y: Floats, q: float) -> NDArray[np.bool_]:
        """Which values (m,) count as below the quantile; rounding makes no two values differ."""
        if self.ties == "15 digits":
            return y <= float(f"{q:.15g}")
        slack = ROUNDING * max(abs(q), 1.0)
        return y < q - slack if self.ties == "below" else y <= q + slack


def quantiles_and_heights(
    probs: tuple[float, ...], y: Floats, w: Floats, rows: Floats, f: Floats | None = None
) -> list[tuple[float, float, float]]:
    """(p, quantile, density there) for each probability."""
    at = [weighted.quantile(y, w, p) for p in probs]
    if f is None:
        width = bandwidth(y, rows)
        f = np.array([density(y, w, q, width) for q in at])
    return [(p, q, float(height)) for p, q, height in zip(probs, at, f, strict=True)]


def gini_rif(y: Floats, w: Floats) -> Floats:
    """RIF of the Gini coefficient (Firpo, Fortin and Lemieux 2018, eq. 20), ties taken together."""
    mu, area = weighted.mean(y, w), weighted.lorenz_area(y, w)
    below, earned = shares_up_to(y, w)
    return 1 + 2 * area / mu**2 * y - 2 / mu * (y * (1 - below) + earned)


def shares_up_to(y: Floats, w: Floats) -> tuple[Floats, Floats]:
    """F(y) and the generalised Lorenz ordinate at F(y), at each of the sorted values (m,)."""
    share = w / w.sum()
    last = np.searchsorted(y, y, side="right") - 1
    return np.cumsum(share)[last], np.cumsum(share * y)[last]


def statistic(
    quantile: float | None = None,
    name: str | None = None,
    *,
    log: bool = False,
    ties: str = TIES[0],
) -> Statistic:
    """The statistic that `quantile` (0 to 1) or `name` asks for.

    Names: "mean", "variance", "gini", or a range of percentiles as "p90-p10".

    Raises:
        UsageError: both, a quantile out of range, or an unknown name.
    """
    if ties not in TIES:
        raise UsageError(f"no rule for ties {ties!r}: choose one of {', '.join(TIES)}")
    if quantile is not None:
        if name is not None:
            raise UsageError(f"quantile and statistic {name!r}: ask for one of them")
        if not 0 < quantile < 1:
            raise UsageError(f"quantile {quantile} is not between 0 and 1: write 0.5")
        return Statistic("quantile", (float(quantile),), log, ties)
    found = RANGE.fullmatch(name or "")
    if found:
        probs = tuple(float(x) / 100 for x in found.groups())
        if min(probs) <= 0 or probs[0] == probs[1]:
            raise UsageError(f"{name!r} is no range: write p90-p10")
        return Statistic("range", probs, log, ties)
    if name not in (None, "mean", "variance", "gini"):
        raise UsageError(f"no statistic {name!r}: choose mean, variance, gini or p90-p10")
    return Statistic(name or "mean", (), log)
