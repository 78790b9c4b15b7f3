"""One role as it was found in the data: counts, percentiles, shares, distribution."""

from __future__ import annotations

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role
from rolediff.compare.pay import percentiles
from rolediff.compare.sample import Sample
from rolediff.results import RoleSample

NO_CURRENCY = pl.col("currency").is_null() & pl.col("pay_source").is_not_null()
"""Rows that state pay whose currency nobody stated."""


def profile(role: Role, rows: pl.DataFrame, sample: Sample, side: bool) -> RoleSample:
    """The role on this side of `rows` (as `roles.Found` has them) and of their `sample`."""
    mine = rows.filter(pl.col("is_a") == side)
    paid = mine.filter(pl.col("low").is_not_null())
    lost = mine.filter(~pl.col("converted") & pl.col("currency").is_not_null())
    common = (
        mine.group_by("title").agg(pl.col("n").sum()).sort("n", "title", descending=[True, False])
    )
    return RoleSample(
        id=role.id,
        label=role.label,
        plural=role.plural,
        n=int(paid["n"].sum()),
        distinct=len(paid),
        records=int(mine["n"].sum()),
        unconverted=int(lost["n"].sum()),
        no_currency=int(mine.filter(NO_CURRENCY)["n"].sum()),
        largest=int(paid["n"].to_numpy().max(initial=0)),
        titles=tuple(common.head(10).iter_rows()),
        percentiles={end: percentiles(sample, side, end) for end in ("low", "mid", "high")},
        shares={name: _shares(sample, name, side) for name in sample.factors},
        histogram=_histogram(sample, side),
        proxies=role.proxies,
        copies=int(mine["copies"].sum()),
    )


def _shares(sample: Sample, name: str, side: bool) -> dict[str, float]:
    factor, codes = sample.factors[name]
    mask = sample.is_a == side
    counts = np.bincount(codes[mask], sample.n[mask], len(factor.labels))
    order = np.argsort(-counts, kind="stable")
    return {factor.labels[i]: float(counts[i] / counts.sum()) for i in order if counts[i]}


def _histogram(
    sample: Sample, side: bool, bins: int = 12
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Records by midpoint in bins that both roles share, from p2 to p98 of both; ends are open."""
    pay, mask = sample.pay(), sample.is_a == side
    first, last = np.quantile(pay, [0.02, 0.98])
    edges = np.linspace(first, last if last > first else first + 1, bins + 1)
    inner = np.clip(pay[mask], edges[0], edges[-1])
    counts, _ = np.histogram(inner, edges, weights=sample.n[mask])
    return tuple(int(c) for c in counts), tuple(float(e) for e in edges)
