"""Which skills of two roles rise and fall, where a market has their openings of two dates."""

from __future__ import annotations

import polars as pl

from rolediff.compare.ages import snapshots
from rolediff.compare.found import Question, lines_of_pair
from rolediff.compare.skill_trend import skill_trend
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import SkillTrend


def skills_over_dates(market: Market, q: Question) -> SkillTrend:
    """Moves of the skills of both roles of `q` between the first and the last dated snapshot.

    Without two snapshots `missing` says so, with those that there are.
    """
    named = {name.casefold() for name in q.where.values.get("source", ())}
    dates = {
        name: day
        for name, day in snapshots(market).items()
        if not named or name.casefold() in named
    }
    if len(dates) < 2:
        have = ", ".join(f"{name} ({day})" for name, day in dates.items())
        one = f"one snapshot, {have}" if dates else "no dated snapshot"
        return SkillTrend(None, None, (), f"{one}; rising and falling skills need two, of "
                          "different dates (`rolediff trend`, `rolediff since`)")  # fmt: skip
    try:
        lines, _ = lines_of_pair(market, q, market.postings)
    except NotEnoughEvidence as error:
        return SkillTrend(None, None, (), str(error))
    role = pl.when("is_a").then(pl.lit("A")).otherwise(pl.lit("B"))
    lines = lines.filter(pl.col("source").is_in(list(dates))).with_columns(role=role)
    here = set(lines["source"])
    return skill_trend(lines, {name: day for name, day in dates.items() if name in here})
