"""What can be asked of a market: how many records each role has, in all and by source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import polars as pl

from rolediff.annotate.roles import Role, RoleReading, matches
from rolediff.market import Market, Where, once


def role_counts(
    market: Market, roles: Iterable[Role], where: Where | None = None
) -> list[dict[str, Any]]:
    """For each role `id`, `label`, `aliases`, and by reading `n` records and `n_pay` with pay.

    `by_source` has the same for each source of the market. An ad that was posted again counts
    once a role and country, as in a comparison. Those with most pay, read strictly, come first.
    """
    rows = market.rows(where=where).drop_nulls("title")
    shared = rows.filter(pl.col("ad").is_not_null())
    alone = _titles(rows.filter(pl.col("ad").is_null()))
    names = rows["title"].unique()
    sources = [source.name for source in market.named_sources]
    found = [_role(role, names, alone, shared, sources) for role in roles]
    return sorted(found, key=lambda c: (-c["strict"]["n_pay"], -c["broad"]["n_pay"], c["label"]))


def ads_by_source(market: Market, where: Where | None = None) -> dict[str, tuple[int, int]]:
    """Name of a source to its records where `where` holds, and to how many distinct ads they are.

    An ad counts once; each record of pay is its own.
    """
    rows = market.rows(where=where)
    counted = rows.group_by("source").agg(pl.col("n").sum())
    ads = once(rows, ["source"]).group_by("source").agg(ads=pl.col("n").sum())
    return {name: (n, ads) for name, n, ads in counted.join(ads, on="source").iter_rows()}


def _role(
    role: Role, names: pl.Series, alone: pl.DataFrame, shared: pl.DataFrame, sources: list[str]
) -> dict[str, Any]:
    readings: tuple[RoleReading, ...] = get_args(RoleReading)
    told = {r: _by_source(role, r, names, alone, shared) for r in readings}
    none = {"n": 0, "n_pay": 0}
    totals = {
        reading: {key: sum(c[key] for c in counts.values()) for key in none}
        for reading, counts in told.items()
    }
    by_source = {name: {r: told[r].get(name, none) for r in readings} for name in sources}
    about: dict[str, Any] = {"id": role.id, "label": role.label, "aliases": list(role.aliases)}
    return about | dict(totals) | {"by_source": by_source}


def _by_source(
    role: Role, reading: RoleReading, names: pl.Series, alone: pl.DataFrame, shared: pl.DataFrame
) -> dict[str, dict[str, int]]:
    """Name of a source to `n` and `n_pay` of the role in it."""
    mine = names.filter(matches(role, names, reading)).implode()
    is_mine = pl.col("title").is_in(mine)
    repeated = once(shared.filter(is_mine), ["source", "country"])
    both = pl.concat([alone.filter(is_mine).drop("title"), _titles(repeated).drop("title")])
    counted = both.group_by("source").sum()
    return {source: {"n": n, "n_pay": n_pay} for source, n, n_pay in counted.iter_rows()}


def _titles(rows: pl.DataFrame) -> pl.DataFrame:
    """`n` and `n_pay` of each source and title."""
    n = pl.col("n").cast(pl.Int64)
    return rows.group_by("source", "title").agg(
        n=n.sum(), n_pay=n.filter(pl.col("low").is_not_null()).sum()
    )
