"""Roles that are near to one by what their openings ask for, and what moving there pays."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from rolediff.annotate.roles import Role
from rolediff.compare.path_pay import median_pay, pay_change
from rolediff.compare.path_pool import PathQuestion, Pool
from rolediff.compare.path_skills import covered
from rolediff.compare.skill_counts import Whole
from rolediff.compare.skills import neighbours
from rolediff.market import Market
from rolediff.results import HIDDEN, NearRole, NextRole

MOST = 10
"""Roles that are told, the nearest."""


def next_roles(
    market: Market,
    pool: Pool,
    paid: pl.DataFrame,
    q: PathQuestion,
    base: Role,
    have: Sequence[str] | None,
) -> tuple[NextRole, ...]:
    """The roles of the pool nearest to `base`, as `Neighbours` tells them: with openings enough.

    A title is of one role of the pool only: one whose titles nearly all go to another is left out.
    """
    others = {role.label: role for role in pool.roles.values() if role.id != base.id}
    out = []
    for near in _near(market, pool, q, base, list(others.values())):
        role = others[near.label]
        ads = pool.of(role)
        if len(ads) < HIDDEN:
            continue
        out.append(
            NextRole(
                role.id, role.label, near.openings, ads.units, near.similarity,
                None if have is None else covered(ads, have),
                median_pay(paid, role.id), pay_change(paid, role.id, base.id),
            )
        )  # fmt: skip
    return tuple(out)


def _near(
    market: Market, pool: Pool, q: PathQuestion, base: Role, others: Sequence[Role]
) -> tuple[NearRole, ...]:
    """As the verb `skills` has them, weighed by all postings of the source."""
    beside = neighbours(market, Whole.of(market, pool.source), q.where)
    return beside.nearest((base,), others, q.reading, MOST)[0]
