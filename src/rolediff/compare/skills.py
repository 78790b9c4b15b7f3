"""Which skills two roles ask for: shared, of one role only, and those that tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.annotate.roles import Catalogue, Role
from rolediff.annotate.skill_groups import group_names, skill_groups
from rolediff.compare.ad_caveats import ad_caveats, panel_caveat
from rolediff.compare.approximate import approximate
from rolediff.compare.beside import other_openings, other_sources
from rolediff.compare.found import Question
from rolediff.compare.openings import SKILLS, find_openings
from rolediff.compare.sample import Sample
from rolediff.compare.similarity import Neighbours, similarity
from rolediff.compare.skill_counts import Named, Whole
from rolediff.compare.skill_dates import skills_over_dates
from rolediff.compare.skill_pay import SkillRows, skill_premiums
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market, Where
from rolediff.results import (
    GREY,
    HIDDEN,
    AskedAs,
    Estimate,
    Missing,
    NearRole,
    SkillDiff,
    SkillPremium,
    Skills,
    Telling,
)
from rolediff.stats.cells import Codes, Factor
from rolediff.stats.similarity import Profile

HELD = ("role", "country", "level")
"""What is held equal when pay is told by skills."""
COMPARED = 40
"""Skills at most whose premiums are told: the commonest ones among openings with pay."""


def compare_skills(
    market: Market,
    q: Question,
    roles: Sequence[Role] | None = None,
    dated: Market | None = None,
) -> Skills:
    """The skills that openings of the two roles of `q` ask for.

    `roles` are set beside the two; by default those of the bundled catalogue. `dated` has the
    snapshots between which skills rise and fall; by default `market`.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: no postings, or a role with fewer than 5 openings.
    """
    market = market.remembering()
    found = find_openings(market, q)
    whole = Whole.of(market, found.source["name"])
    named = Named(found, whole)
    told = named.tellings()
    paid, premiums, no_premium = _premiums(named, q)
    kinds = _kinds([t.name for t in told])
    asked = named.asked()
    skills = tuple(_diff(t, kinds, asked, premiums) for t in told)
    other = other_openings(market, q, found, [t for t in told if t.leans], whole.gaps)
    beside = other_sources(market, q, found, [t for t in told if t.leans], whole.gaps)
    a, b = found.of_role(q.a, True), found.of_role(q.b, False)
    moved = skills_over_dates(market if dated is None else dated, q)
    short = (Missing("trend", moved.missing),) if moved.earlier is None else ()
    near = _near(market, whole, q, Catalogue.load().roles if roles is None else roles)
    return Skills(
        a=a,
        b=b,
        reading=q.reading,
        where=str(q.where),
        where_words=q.where.words,
        skills=skills,
        groups=named.groups(),
        wider=named.wider(),
        similarity=_similar(named, equal=False),
        similarity_alike=_similar(named, equal=True),
        nearest_a=near[0],
        nearest_b=near[1],
        paid=paid,
        other_reading=other,
        missing=(*no_premium, *short, *_no_neighbour(q, near)),
        caveats=(
            *approximate(market),
            *ad_caveats(a, b, found.excluded, other, "skills", not beside),
            *(panel_caveat(market, whole.source, "Nearest roles") if near[0] or near[1] else ()),
        ),
        source=found.source,
        beside=beside,
        trend=moved,
    )


def _kinds(names: list[str]) -> Mapping[str, tuple[str, str, str]]:
    known = skill_groups().filter(pl.col("concept").is_in(names))
    return {name: (kind, family, group) for name, kind, family, group in known.iter_rows()}


Asked = Mapping[tuple[bool, str], AskedAs]


def _diff(
    told: Telling,
    kinds: Mapping[str, tuple[str, str, str]],
    asked: Asked,
    premiums: Mapping[str, SkillPremium],
) -> SkillDiff:
    kind, family, group = kinds.get(told.name, ("", "other", group_names()[-1]))
    none = AskedAs(0, 0, 0)
    mine, theirs = (asked.get((side, told.name), none) for side in (True, False))
    return SkillDiff(told, kind, family, group, mine, theirs, premiums.get(told.name))


def _similar(named: Named, *, equal: bool) -> Estimate:
    a, b = (
        Profile.of(h.scaled(columns=named.whole.weight), n, equal=equal)
        for h, n in zip(named.hits, named.found.sizes, strict=True)
    )
    return similarity(a, b, named.whole.source)


def _near(
    market: Market, whole: Whole, q: Question, roles: Sequence[Role]
) -> tuple[tuple[NearRole, ...], tuple[NearRole, ...]]:
    if not roles:
        return (), ()
    near = neighbours(market, whole, q.where).nearest((q.a, q.b), roles, q.reading)
    return near[0], near[1]


def neighbours(market: Market, whole: Whole, where: Where) -> Neighbours:
    """The roles that postings of the source of `whole` are of, where `where` holds."""
    lines = market.panel(whole.source)
    lines = where.apply(lines) if where else lines
    some = whole.naming >= HIDDEN
    names, weight = whole.names.filter(pl.Series(some)), whole.weight[some]
    return Neighbours(lines, names, weight, whole.source)


def _no_neighbour(
    q: Question, near: tuple[tuple[NearRole, ...], tuple[NearRole, ...]]
) -> tuple[Missing, ...]:
    if near[0] or near[1]:
        return ()
    return (
        Missing("nearest roles", f"{GREY} openings of 10 employers are needed in {q.a.label}, in "
                                 f"{q.b.label} and in another role"),
    )  # fmt: skip


def _premiums(
    named: Named, q: Question
) -> tuple[int, dict[str, SkillPremium], tuple[Missing, ...]]:
    """Openings with pay, and the premium of each skill among those of both roles together."""
    lines = q.lens.apply(named.found.lines)
    paid = lines["low"].is_not_null()
    n = int(paid.sum())
    if n < GREY:
        why = f"{n} openings of both roles state pay, {GREY} are needed"
        return n, {}, (Missing("pay premiums", why),)
    rows = _rows(lines.drop(*SKILLS, "duties", "signals").filter(paid), named, paid.to_numpy())
    skills = rows.common(HIDDEN, COMPARED)
    held = [name for name in HELD if len(rows.factors[name][0].labels) > 1]
    try:
        evidence, _ = rows.evidence(held, skills)
        told = skill_premiums(evidence, skills, source=named.whole.source, draws=0)
    except NotEnoughEvidence as error:
        return n, {}, (Missing("pay premiums", str(error)),)
    return n, {premium.skill: premium for premium in told}, ()


def _rows(lines: pl.DataFrame, named: Named, paid: NDArray[np.bool_]) -> SkillRows:
    """Openings of both roles as one, with the role as a factor: the `lines` that are `paid`."""
    sample = Sample.of(lines)
    row, skill = named.entries
    mine = paid[row]
    row, skill = (np.cumsum(paid) - 1)[row[mine]], skill[mine]
    common = _common(skill, len(lines))
    column = np.full(len(named.whole.names), -1)
    column[common] = np.arange(len(common))
    asks = np.zeros((lines.height, len(common)))
    some = column[skill] >= 0
    asks[row[some], column[skill[some]]] = 1
    factors = {name: _joined(*sample.factors[name]) for name in HELD[1:]}
    factors["role"] = Factor("role", ("B", "A")), sample.is_a.astype(int)
    return SkillRows(
        np.log(sample.pay()), np.ones(lines.height), asks, tuple(named.whole.names[common]),
        factors, sample.unit,
    )  # fmt: skip


def _common(skill: Codes, openings: int) -> Codes:
    """The `COMPARED` skills that most openings name, of those that 5 of them do not; as codes."""
    counts = np.bincount(skill)
    some = np.flatnonzero((counts > 0) & (counts <= openings - HIDDEN))
    order = np.argsort(-counts[some], kind="stable")
    found: Codes = np.sort(some[order[:COMPARED]])
    return found


def _joined(factor: Factor, codes: Codes) -> tuple[Factor, Codes]:
    """With categories of fewer than 5 openings as one."""
    counts = np.bincount(codes, minlength=len(factor.labels))
    kept = [i for i in range(len(counts)) if counts[i] >= HIDDEN]
    new = np.full(len(counts), len(kept))
    new[kept] = np.arange(len(kept))
    labels = tuple(factor.labels[i] for i in kept)
    rest = ("(others)",) if len(kept) < len(counts) else ()
    return Factor(factor.name, (*labels, *rest)), new[codes]
