"""Which categories pay best: means that borrow from their like, and ranks as uncertain as they."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from rolediff.annotate.employers import employer_key
from rolediff.compare.lens import Lens
from rolediff.compare.pooled import pooled_pay
from rolediff.compare.sample import Sample
from rolediff.errors import NotEnoughEvidence
from rolediff.results import HIDDEN, CategoryPay, Estimate, PooledCell, RankedPay
from rolediff.stats.ranks import rank_intervals

Key = tuple[str, str]
"""A category, and "A" or "B"."""


def category_pay(
    rows: pl.DataFrame, factor: str, labels: Mapping[str, str], lens: Lens
) -> tuple[CategoryPay, ...]:
    """Pay of both roles by category, best paid first within a role.

    `rows` are in US dollars; `lens` is the money beside purchasing power.

    Raises:
        NotEnoughEvidence: fewer than 5 distinct records with pay in a role, or fewer than five
            cells, or none of them with 5 records.
    """
    stated = rows.filter(pl.col(factor).is_not_null() & pl.col("low").is_not_null())
    market = ranked_pay(lens.apply(stated), factor, lens.unit)
    real = Lens.parse("ppp")
    try:
        ppp = ranked_pay(real.apply(stated), factor, real.unit)
    except NotEnoughEvidence:
        ppp = {}
    if not market:
        raise NotEnoughEvidence(f"no {factor} with {HIDDEN} records with pay of a role")
    employers = _employers(stated, factor)
    found = [
        CategoryPay(category, labels.get(category, category), role, here.pay.n,
                    employers.get((category, role)), here, ppp.get((category, role)))
        for (category, role), here in market.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda p: (p.role, p.market.rank, p.category)))


def ranked_pay(rows: pl.DataFrame, factor: str, money: str) -> dict[Key, RankedPay]:
    """Pay of each cell with 5 distinct records, with its rank among those of its role.

    Ranks compare pooled means by their pooled errors, which finds fewer differences than the
    plain means would: (1 - B) d / sqrt((1 - B) V) is below d / sqrt(V).

    Raises:
        NotEnoughEvidence: as `category_pay`.
    """
    sample = Sample.of(rows.with_columns(industry=pl.col(factor)))
    few = [side for side in (True, False) if sample.lines(side) < HIDDEN]
    if few:
        counts = " and ".join(str(sample.lines(side)) for side in (True, False))
        raise NotEnoughEvidence(
            f"{counts} distinct records with pay and {factor}, {HIDDEN} of each role are needed"
        )
    try:
        cells = pooled_pay(sample, "industry").cells
    except NotEnoughEvidence as error:
        said = str(error).replace("cells of industry", f"cells of {factor} and role")
        raise NotEnoughEvidence(said.replace("within a industry", f"within a {factor}")) from error
    ranked: dict[Key, RankedPay] = {}
    for role in ("A", "B"):
        ranked |= _ranked(
            [c for c in cells if c.role == role and (c.pooled.clusters or 0) >= HIDDEN], money
        )
    return ranked


def _ranked(cells: list[PooledCell], money: str) -> dict[Key, RankedPay]:
    value = np.array([c.pooled.value for c in cells])
    error = np.array([c.pooled.se or 0.0 for c in cells])
    rank, best, worst = rank_intervals(value, error)
    return {
        (c.category, c.role): RankedPay(
            money, _money(c.pooled), math.exp(c.raw), c.shrunk,
            int(rank[i]), int(best[i]), int(worst[i]), len(cells),
        )
        for i, c in enumerate(cells)
    }  # fmt: skip


def _money(e: Estimate) -> Estimate:
    """A mean of logs as a geometric mean."""
    low, high = (None if x is None else math.exp(x) for x in (e.low, e.high))
    return Estimate(math.exp(e.value), low, high, e.n, None, None, e.clusters, e.method, e.source)


def _employers(rows: pl.DataFrame, factor: str) -> dict[Key, int]:
    """Employers with pay in each cell; empty where none is known."""
    keyed = rows.select(factor, "is_a", key=employer_key(rows["employer"])).drop_nulls("key")
    counted = keyed.group_by(factor, "is_a").agg(pl.col("key").n_unique())
    return {(str(c), "A" if side else "B"): int(k) for c, side, k in counted.iter_rows()}
