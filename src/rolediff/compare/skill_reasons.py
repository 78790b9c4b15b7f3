"""Skills as reasons: the part of a gap that goes with what is asked, and premiums within a role."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from rolediff.annotate.vocabulary import read_concepts
from rolediff.compare.ads import Ads, coded, with_pay
from rolediff.compare.openings import codes_in, skills_of
from rolediff.compare.skill_pay import SkillRows, skill_mix, skill_premiums
from rolediff.errors import NotEnoughEvidence
from rolediff.results import Short, SkillMix, SkillPremium, SkillReasons
from rolediff.stats.cells import Codes, Factor, from_rows, join_rare

MOST = 200
"""Skills that become columns, the commonest among the openings with pay."""
RARE = 5
LEVEL = 0.05
"""False discovery rate at which a premium is shown."""


def skill_reasons(ads: Ads, broad: Ads | Short) -> SkillReasons:
    """Skills as reasons for a gap among the openings with pay, level and country held equal.

    Titles are read broadly where the openings as asked for are fewer than 30 with pay in a role.

    Raises:
        NotEnoughEvidence: fewer than 30 openings with pay in a role by both readings.
    """
    found = with_pay(ads, broad)
    n_a, n_b = found.count(True), found.count(False)
    rows = _rows(found)
    held = tuple(rows.factors)
    a, b = (_premiums(rows, side, held, found.source) for side in (True, False))
    return SkillReasons(
        found.source, found.reading, n_a, n_b, _mix(rows, held, found.source),
        _shown(a), _shown(b), _tried(a), _tried(b),
    )  # fmt: skip


def _mix(rows: SkillRows, held: tuple[str, ...], source: str) -> SkillMix | Short:
    skills = rows.common(RARE, MOST)
    grouped: dict[str, list[str]] = {}
    for skill in skills:
        grouped.setdefault(families().get(skill, "other"), []).append(skill)
    try:
        a, b = rows.evidence(held, skills)
        return skill_mix(a, b, grouped, source=source)
    except NotEnoughEvidence as error:
        return Short(str(error))


def _premiums(
    rows: SkillRows, side: bool, held: tuple[str, ...], source: str
) -> tuple[SkillPremium, ...] | Short:
    mine = rows.is_a.astype(bool) == side
    count = mine.astype(float) @ rows.asks
    some = (count >= RARE) & (mine.sum() - count >= RARE)
    skills = tuple(s for s in rows.common(RARE, MOST) if some[rows.skills.index(s)])
    if not skills:
        return Short(f"no skill is in {RARE} of {mine.sum()} openings and out of {RARE}")
    try:
        return skill_premiums(rows.evidence(held, skills)[not side], skills, source=source)
    except NotEnoughEvidence as error:
        return Short(str(error))


def _shown(found: tuple[SkillPremium, ...] | Short) -> tuple[SkillPremium, ...] | Short:
    return found if isinstance(found, Short) else tuple(p for p in found if p.p_bh < LEVEL)


def _tried(found: tuple[SkillPremium, ...] | Short) -> int:
    return 0 if isinstance(found, Short) else len(found)


def _rows(ads: Ads) -> SkillRows:
    rows = ads.rows
    named = skills_of(rows)
    counts = named.explode(empty_as_null=False).drop_nulls().alias("name").value_counts(name="n")
    some = counts.filter(pl.col("n").is_between(RARE, len(rows) - RARE))
    skills = some.sort("n", "name", descending=[True, False]).head(MOST)["name"].sort()
    asks = np.zeros((len(rows), len(skills)))
    asks[codes_in(named, skills)] = 1
    pay = np.log((rows["low"].to_numpy() + rows["high"].to_numpy()) / 2)
    is_a = rows["is_a"].to_numpy()
    return SkillRows(pay, is_a.astype(float), asks, tuple(skills), _held(ads), ads.unit)


def _held(ads: Ads) -> dict[str, tuple[Factor, Codes]]:
    """Level and country with rare categories joined; neither where one category is left."""
    both = [coded(ads.rows[name]) for name in ("level", "country")]
    codes = np.stack([c for _, c in both], axis=1)
    cells = from_rows(
        np.zeros(len(codes)), ads.rows["is_a"].to_numpy(), [f for f, _ in both], codes
    )
    joined = join_rare(cells, RARE)[0]
    return {f.name: (f, joined.codes[:, i]) for i, f in enumerate(joined.factors)}


@cache
def families() -> dict[str, str]:
    """The family of each skill that the vocabulary knows."""
    text = files("rolediff").joinpath("data/skills.tsv").read_text(encoding="utf-8")
    return {c.name: c.family or "other" for c in read_concepts(text, "skills.tsv")}
