"""What a gap at a quantile, in variance or in the Gini coefficient is made of.

RIF regressions (Firpo, Fortin and Lemieux 2009, 2018): the outcome is replaced by its recentred
influence function within each group, whose mean is the statistic, and then decomposed as a mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.compare.splitting import REFERENCES, Splitter, collinear
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import PERCENTILES, Decomposition, Note
from rolediff.stats.cells import Floats, join_rare
from rolediff.stats.evidence import clusters_needed, clusters_of, equal_rows, too_few
from rolediff.stats.functional import Statistic
from rolediff.stats.joint import Joint
from rolediff.stats.rif import generated
from rolediff.stats.rif_joint import generated_joint
from rolediff.stats.valued import Valued, valued

RARE = 5
"""Categories with fewer distinct records in either role are joined."""


def explain_statistic(
    v: Valued,
    what: Statistic,
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    reference: str = "pooled",
    clustered: bool = False,
    normalize: bool = True,
    confidence: float = 0.95,
    rare: int = 1,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    density: tuple[Sequence[float], Sequence[float]] | None = None,
    records: int | None = None,
    source: str = "",
) -> Decomposition:
    """Decompose `what` of group A less that of B, from lines.

    `rare`: categories with fewer rows in either group are joined. `density`: heights of the
    densities of A and of B at each quantile, in place of the kernel estimates and then taken as
    known. Errors stack the influence functions of means, coefficients and of the ingredients of
    the RIF. The rest is as in `explain`.

    Raises:
        UsageError: unknown reference. NotEnoughEvidence: too few rows, or clusters.
    """
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence} is no share: write 0.95")
    if reference not in REFERENCES:
        raise UsageError(f"no reference {reference!r}: choose one of {', '.join(REFERENCES)}")
    cells, joined = join_rare(v.cells, rare)
    v = v if cells is v.cells else replace(v, cells=cells)
    fitted = _fitted(v, what, density, clustered, (a, b))
    notes += joined + collinear(fitted.design, fitted.dropped_columns)
    n = round(float(v.rows.sum())) if records is None else records
    rows = [equal_rows(v.cells, side) for side in (True, False)]
    least = clusters_needed(what, reweighted=False)
    few = too_few(what, rows, clusters_of(v.cells) if clustered else (), least)
    parts = Splitter(fitted, normalize, confidence, n, source, few)
    values = [_value(v, what, side) for side in (True, False)]
    return parts.decomposition(
        a, b, f"{what.label} of {outcome}", reference, _label(fitted, clustered), dropped, notes,
        statistic=what.label, value_a=values[0], value_b=values[1],
    )  # fmt: skip


def _fitted(
    v: Valued,
    what: Statistic,
    density: tuple[Sequence[float], Sequence[float]] | None,
    clustered: bool,
    names: tuple[str, str],
) -> Joint:
    for name, mask in zip(names, (v.cells.group, ~v.cells.group), strict=True):
        if v.cells.n[mask].sum() < 2:
            raise NotEnoughEvidence(f"{name}: fewer than 2 rows; a decomposition needs more data")
        cluster = v.cells.cluster
        if clustered and cluster is not None and np.ptp(cluster[mask]) == 0:
            raise NotEnoughEvidence(f"{name}: all rows lie in one cluster; errors need two or more")
    known: tuple[Floats | None, Floats | None] = (None, None)
    if density is not None:
        known = np.asarray(density[0], float), np.asarray(density[1], float)
        if any(f is not None and len(f) != len(what.probs) for f in known):
            raise UsageError(f"density: give {len(what.probs)} heights for each group")
    fitted = generated_joint(v, generated(v, what, known), clustered=clustered)
    k, rows = fitted.design.width - len(fitted.dropped_columns), min(s.rows for s in fitted.sides)
    if rows < k + 2:
        raise NotEnoughEvidence(
            f"{k} coefficients cannot be estimated from {rows} rows: use fewer factors or more data"
        )
    return fitted


def _value(v: Valued, what: Statistic, side: bool) -> float:
    at = v.sorted_side(side)
    return what.value(v.y[at], v.times[at])


def _label(fitted: Joint, clustered: bool) -> str:
    if not clustered:
        return "influence functions"
    way = "cluster jackknife (CV3)" if fitted.jackknife else "influence functions by cluster"
    return f"{way}, {fitted.units} clusters"


def explain_percentiles(
    sample: Sample,
    names: Sequence[str],
    *,
    percentiles: Sequence[int] = PERCENTILES,
    end: End = "mid",
    distinct: bool = False,
    reference: str = "pooled",
    a: str = "A",
    b: str = "B",
) -> Mapping[int, Decomposition]:
    """What the gap in log pay at each percentile is made of, by factor."""
    return {
        p: explain_sample(
            sample, names, Statistic("quantile", (p / 100,)), end=end, distinct=distinct,
            reference=reference, a=a, b=b,
        )
        for p in percentiles
    }  # fmt: skip


def explain_sample(
    sample: Sample,
    names: Sequence[str],
    what: Statistic,
    *,
    end: End = "mid",
    distinct: bool = False,
    reference: str = "pooled",
    a: str = "A",
    b: str = "B",
) -> Decomposition:
    """What the gap of two roles in a statistic of log pay is made of, by factor.

    `Statistic("gini", log=True)` is of pay itself. Raises NotEnoughEvidence as
    `explain_statistic` does.
    """
    return explain_statistic(
        valued(sample.cells(names, end, distinct), counted=True),
        what,
        a=a,
        b=b,
        outcome="log pay",
        reference=reference,
        clustered=sample.unit is not None,
        rare=RARE,
        records=int(sample.copies(distinct).sum()),
        source=sample.source,
    )
