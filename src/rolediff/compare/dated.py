"""Two dated markets asked alike: shares of a role and of its skills in each, and their change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, matches
from rolediff.compare.changes import changed
from rolediff.compare.found import Question
from rolediff.compare.openings import codes_in, openings_of
from rolediff.compare.overlap import Influence, of_shares, summed
from rolediff.market import Market, each, once
from rolediff.market.made_with import made_with
from rolediff.results import Estimate, Skills
from rolediff.results.market_diff import Change
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Shares

COMMON = 0.02
"""Share of ads, of either role in either market, from which on a skill is compared."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A market, how it is called, and the question put to the one source that answers."""

    name: str
    market: Market
    q: Question

    @property
    def source(self) -> str:
        """The source that answers."""
        return self.q.where.values["source"][0]


Pair = tuple[Dated, Dated]
"""The older and the newer."""


def titled(dated: Dated) -> pl.DataFrame:
    """All that the source holds, with a title; ads count once."""
    lines = dated.market.rows(where=dated.q.where).drop_nulls("title")
    if any(s.unit == "posting" for s in dated.market.sources if s.name == dated.source):
        lines = each(once(lines, ["source"]))
    return lines


def share_of_all(dated: Dated, role: Role) -> tuple[Estimate, Influence] | None:
    """The share that a role has of all that its source holds; ads count once."""
    lines = titled(dated)
    names = lines["title"].unique()
    mine = names.filter(matches(role, names, dated.q.reading))
    alone = pl.format("\0{}", pl.int_range(pl.len()))
    sizes = lines.group_by(unit=pl.coalesce("employer", alone)).agg(
        n=pl.col("n").sum(), hits=pl.col("n").filter(pl.col("title").is_in(mine.implode())).sum()
    )
    if sizes.height < 2 or not sizes["hits"].sum():
        return None
    hits, n = (sizes[c].cast(pl.Float64).to_numpy() for c in ("hits", "n"))
    told = Shares.of(hits[:, None], n)
    value, low, high = (float(x[0]) for x in (told.value, told.low, told.high))
    names = sizes["unit"].set(sizes["unit"].str.starts_with("\0"), None)
    influence = summed(names, ((hits - value * n) / n.sum())[:, None])
    how: Any = {"n": told.n, "clusters": told.clusters}
    if math.isnan(low):
        return Estimate(value, **how, method="too few employers"), influence
    return Estimate(value, low, high, **how, method="Wilson, clustered"), influence


def skill_changes(dated: Pair, told_of: tuple[Skills, Skills], side: bool) -> tuple[Change, ...]:
    """Skills that are common in either market, the clearest change first.

    One that no opening named in one of them is compared if both were made with one vocabulary.
    """
    tables = [{s.name: s.told.a if side else s.told.b for s in skills.skills} for skills in told_of]
    names = [n for n in tables[1] if n in tables[0]]
    if made_alike(dated):
        names = list(dict.fromkeys([*tables[1], *tables[0]]))
        none = [_named_by_none(d, side) for d in dated]
        tables = [
            {name: table.get(name, never) for name in names}
            for table, never in zip(tables, none, strict=True)
        ]
    common = [n for n in names if max(t[n].value for t in tables) >= COMMON]
    before, after = (_naming(d, side, common) for d in dated)
    found = [
        changed(name, "share", tables[0][name], tables[1][name], float(r))
        for name, r in zip(common, before.correlation(after), strict=True)
    ]
    told = [change for change in found if change.change.se]
    z = np.array([abs(c.change.value) / (c.change.se or 1) for c in told])
    adjusted = benjamini_hochberg(np.array([math.erfc(x / math.sqrt(2)) for x in z]))
    ranked = [replace(c, p_adjusted=float(p)) for c, p in zip(told, adjusted, strict=True)]
    return tuple(sorted(ranked, key=lambda c: (c.p_adjusted, -abs(c.change.value), c.name)))


def made_alike(dated: Pair) -> bool:
    """Whether both markets read postings by the same vocabularies, as far as they tell."""
    made = [made_with() if d.market.made is None else d.market.made for d in dated]
    return made[0].get("vocabulary") == made[1].get("vocabulary")


def _named_by_none(dated: Dated, side: bool) -> Estimate:
    """The share of a skill that no opening of a role names."""
    sizes = openings_of(dated.market, dated.q).sizes[0 if side else 1]
    told = Shares.of(np.zeros((len(sizes), 1)), sizes)
    high = float(told.high[0])
    if math.isnan(high):
        return Estimate(0.0, n=told.n, clusters=told.clusters, method="too few employers")
    return Estimate(
        0.0, 0.0, high, told.n, clusters=told.clusters, method="Wilson, clustered by employer"
    )


def _naming(dated: Dated, side: bool, names: Sequence[str]) -> Influence:
    """What each employer adds to the shares of the openings of a role that name `names`."""
    found = openings_of(dated.market, dated.q)
    mine = (found.lines["is_a"] == side).to_numpy()
    lines = found.lines.filter(mine)
    row, column = codes_in(found.skills.filter(mine), pl.Series(names, dtype=pl.String))
    return of_shares(lines["employer"], row, column, len(names))
