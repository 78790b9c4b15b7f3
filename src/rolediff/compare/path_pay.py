"""Pay on a path: what goes with each skill, and what each next role pays."""

from __future__ import annotations

import numpy as np
import polars as pl

from rolediff.compare.lens import Lens
from rolediff.compare.openings import employers
from rolediff.compare.path_ads import entries_of, held
from rolediff.compare.pay import mean_gap, percentiles
from rolediff.compare.sample import Sample
from rolediff.compare.skill_pay import SkillRows, skill_premiums
from rolediff.errors import NotEnoughEvidence
from rolediff.market import POSTINGS, each, once
from rolediff.results import HIDDEN, Estimate
from rolediff.stats.cells import Codes, Factor

HELD = ("role", "level", "country")
"""What is held equal when the pay that goes with a skill is told."""
RARE = 10
"""Openings with pay below which a country counts among "elsewhere"."""
UNSTATED = "unstated"
LEAST = 100
"""Openings with pay below which no premium is told: controls and skills would use them up."""


LISTS = [name for name, kind in POSTINGS.items() if kind == pl.List]
"""What postings list, which is of no use to pay by role."""


def paid_ads(lines: pl.DataFrame, lens: Lens) -> pl.DataFrame:
    """Ads that state pay, once a role and country, in the money asked for."""
    ads = each(once(lines.drop(LISTS), ["role", "country"]))
    return lens.apply(ads).filter(pl.col("low").is_not_null())


def premiums(paid: pl.DataFrame, skills: list[str]) -> dict[str, Estimate]:
    """Log pay that goes with each of `skills` among the openings `paid` of all roles, where told.

    Role, level and country are held equal, and the other skills; drawn toward zero. A skill that
    fewer than 5 of the openings ask for is left out; with under 100 openings all are.
    """
    if len(paid) < LEAST or not skills:
        return {}
    asks = held(entries_of(paid, ("required", "preferred", "named")), skills, len(paid))
    rows = SkillRows(
        np.log(((paid["low"] + paid["high"]) / 2).to_numpy()),
        np.ones(len(paid)),
        asks,
        tuple(skills),
        {name: _factor(paid[name], name) for name in HELD},
        employers(paid["employer"]),
    )
    common, source = rows.common(HIDDEN), ", ".join(paid["source"].unique().sort())
    try:
        evidence, _ = rows.evidence(HELD, common)
        found = skill_premiums(evidence, common, source=source, draws=0)
    except NotEnoughEvidence:
        return {}
    return {p.skill: p.together for p in found}


def _factor(column: pl.Series, name: str) -> tuple[Factor, Codes]:
    """Categories with fewer than `RARE` openings are one, unless they are roles."""
    text = column.cast(pl.String).fill_null(UNSTATED)
    if name != "role":
        counts = text.value_counts()
        rare = counts.filter(pl.col("count") < RARE)[column.name]
        text = text.zip_with(
            ~text.is_in(rare.implode()), pl.repeat("elsewhere", len(text), eager=True)
        )
    labels, codes = np.unique(text.to_numpy(), return_inverse=True)
    return Factor(name, tuple(map(str, labels))), codes.astype(np.int64)


def median_pay(paid: pl.DataFrame, role: str) -> Estimate | None:
    """Median of the midpoints of the ads of a role; None with under 5."""
    mine = paid.filter(pl.col("role") == role)
    if len(mine) < HIDDEN:
        return None
    return percentiles(Sample.of(mine.with_columns(is_a=pl.lit(True))), True)[50]


def pay_change(paid: pl.DataFrame, role: str, base: str) -> Estimate | None:
    """Mean log pay of `role` less that of `base`; None with under 5 ads of either."""
    two = paid.filter(pl.col("role").is_in([role, base])).with_columns(is_a=pl.col("role") == role)
    sides = [two.filter(pl.col("is_a") == side).height for side in (True, False)]
    return mean_gap(Sample.of(two)) if min(sides) >= HIDDEN else None
