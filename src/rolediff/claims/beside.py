"""Which role stands beside one that is asked about alone: every verb compares two."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from rolediff.annotate.roles import Catalogue, Role, matches
from rolediff.market import Market
from rolediff.results import HIDDEN, Short

MOST = 2
"""Roles that may stand beside any other."""


@dataclass(frozen=True, slots=True)
class Side:
    """A role and the one it stands beside; `is_a`: it is the first of the pair that is asked of.

    Every verb compares two roles, so that a figure of one role comes with another beside it.
    """

    role: Role
    other: Role
    is_a: bool

    @property
    def pair(self) -> tuple[Role, Role]:
        """The pair in the order in which it is asked."""
        return (self.role, self.other) if self.is_a else (self.other, self.role)


def most_recorded(market: Market, catalogue: Catalogue) -> list[Role]:
    """The roles that have most records in every source, in the one where they have fewest."""
    counts = market.rows().group_by("source", "title").agg(pl.col("n").sum())
    titles, sources = market.title_names, counts["source"].n_unique()
    fewest = {}
    for role in catalogue.roles:
        mine = titles.filter(matches(role, titles, "strict"))
        of = counts.filter(pl.col("title").is_in(mine.implode()))
        by = of.group_by("source").agg(pl.col("n").sum())["n"].to_list()
        fewest[role.id] = min(by) if by and len(by) == sources else 0
    ranked = sorted(catalogue.roles, key=lambda r: (-fewest[r.id], r.id))
    return [role for role in ranked[:MOST] if fewest[role.id] >= HIDDEN]


def own_shortage(side: Side, found: object) -> bool:
    """Whether what is short is the role's records, not those of the one beside it."""
    return isinstance(found, Short) and found.reason.startswith(side.role.label)
