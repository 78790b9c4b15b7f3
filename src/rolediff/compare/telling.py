"""How often the openings of two roles name each of many things, and which tell the roles apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rolediff.results import HIDDEN, Estimate, Telling
from rolediff.stats.cells import Floats
from rolediff.stats.log_odds import log_odds
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Differences, Shares, differences
from rolediff.stats.sparse import Sparse

METHOD = "Wilson at the effective sample size, clustered by employer"
METHOD_GAP = "MOVER from Wilson, clustered by employer"


@dataclass(frozen=True)
class _Compared:
    a: Shares
    b: Shares
    gap: Differences

    @classmethod
    def of(
        cls, hits: tuple[Sparse, Sparse], sizes: tuple[Floats, Floats], *, equal: bool
    ) -> _Compared:
        a, b = (Shares.of(h, s, equal=equal) for h, s in zip(hits, sizes, strict=True))
        return cls(a, b, differences(a, b))

    def estimates(self, i: int, source: str) -> tuple[Estimate, Estimate, Estimate]:
        """Share in A, share in B and their difference, of thing `i`."""
        a, b, gap = self.a, self.b, self.gap
        n, clusters = a.n + b.n, a.clusters + b.clusters
        return (
            _estimate(a.value[i], a.low[i], a.high[i], a.n, a.clusters, METHOD, source),
            _estimate(b.value[i], b.low[i], b.high[i], b.n, b.clusters, METHOD, source),
            _estimate(gap.value[i], gap.low[i], gap.high[i], n, clusters, METHOD_GAP, source),
        )


def tellings(
    names: Sequence[str],
    hits: tuple[Floats | Sparse, Floats | Sparse],
    sizes: tuple[Floats, Floats],
    background: Floats,
    source: str = "",
    least: int = HIDDEN,
) -> tuple[Telling, ...]:
    """The K things of `names` that at least `least` openings name, the clearest differences first.

    `hits` = openings (G, K) of each employer that name each thing, in A and in B; `sizes` =
    openings (G,) of each; `background` (K,) = how often openings of the whole source name it, the
    prior's shape. P values are adjusted over those that are told.
    """
    sides = [Sparse.of(h) for h in hits]
    counts = [side.totals for side in sides]
    ratio, z = log_odds(counts[0], counts[1], background)
    kept = np.flatnonzero(counts[0] + counts[1] >= least)
    kept_hits = sides[0].kept(kept), sides[1].kept(kept)
    plain = _Compared.of(kept_hits, sizes, equal=False)
    alike = _Compared.of(kept_hits, sizes, equal=True)
    p = plain.gap.p
    adjusted = np.full(len(kept), math.nan)
    known = np.isfinite(p)
    adjusted[known] = benjamini_hochberg(p[known])
    found = [
        Telling(
            names[int(k)], *plain.estimates(i, source), *alike.estimates(i, source),
            int(counts[0][k]), int(counts[1][k]), float(ratio[k]), float(z[k]),
            _known(p[i]), _known(adjusted[i]),
        )
        for i, k in enumerate(kept)
    ]  # fmt: skip
    return clearest(found)


def gaps(
    names: Sequence[str],
    hits: tuple[Sparse, Sparse],
    sizes: tuple[Floats, Floats],
    source: str = "",
    least: int = HIDDEN,
) -> dict[str, Estimate]:
    """The differences of `tellings` alone, by name."""
    counts = hits[0].totals + hits[1].totals
    compared = _Compared.of(hits, sizes, equal=False)
    return {
        name: compared.estimates(i, source)[2] for i, name in enumerate(names) if counts[i] >= least
    }


def clearest(found: Iterable[Telling]) -> tuple[Telling, ...]:
    """The smallest p value first, then the largest difference; ties by name."""
    return tuple(
        sorted(found, key=lambda t: (1.0 if t.p is None else t.p, -abs(t.gap.value), t.name))
    )


def _known(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def _estimate(
    value: float, low: float, high: float, n: int, clusters: int, method: str, source: str
) -> Estimate:
    if not (math.isfinite(low) and math.isfinite(high)):
        return Estimate(
            float(value), n=n, clusters=clusters, method="too few employers", source=source
        )
    return Estimate(
        float(value), float(low), float(high), n, clusters=clusters, method=method, source=source
    )
