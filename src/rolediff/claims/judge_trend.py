"""Claims that something rises or falls: a role within a source, its pay, its remote work."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.judge_remote import share_at
from rolediff.claims.paid import Paid
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import keys_named, said
from rolediff.compare.brief_words import growth as in_percent
from rolediff.compare.brief_words import money
from rolediff.compare.brief_words import share as in_share
from rolediff.market import Where
from rolediff.results import Claim, Estimate, Evidence, Short
from rolediff.stats.quantile import difference

WITHIN = "shares among the records of one source, which move with whom it collects from too"
SETTLE = "two collections of the same kind, from the same employers, at two dates"
APART = 2
"""Years between which pay and remote work are compared, where a claim names none."""

Figure = Callable[[Paid, bool], Estimate]


def judge_trend(claim: Claim, room: Room) -> Drafted:
    """Whether a role, its pay or its remote work rises or falls; all else needs a second date."""
    if claim.items and not keys_named(" ".join(claim.items), "remote"):
        return _no_dates(claim, ", ".join(claim.items))
    future = said(claim.text, "future")
    if future or claim.sense not in ("more", "less"):
        return _no_dates(claim, "what is to come" if future else "what has changed")
    here = scopes(replace(claim, period=None), room.base, room.market)
    remote = keys_named(" ".join((*claim.items, claim.text)), "remote")
    if remote or said(claim.text, "pays"):
        points = [_between(claim, room, role, scope, remote[0] if remote else "")
                  for role in room.roles(claim) for scope in here]  # fmt: skip
        return Drafted(claim, tuple(points), SETTLE, ("between two years of one source",))
    points = [_moved(claim, room, role, scope) for role in room.roles(claim) for scope in here]
    if claim.amount is not None:
        points = [_by_how_much(points)]
    return Drafted(claim, tuple(points), SETTLE, (WITHIN,))


def _no_dates(claim: Claim, what: str) -> Drafted:
    why = f"of {what} there are no records at two dates"
    return Drafted(claim, (untestable(what, why),), SETTLE)


def _by_how_much(points: list[Draft]) -> Draft:
    """A rise or fall by a figure, which shares within a source cannot tell."""
    why = "numbers of openings at two dates, of the same employers, are not recorded here"
    shown = [p for p in points if p.evidence][:1]
    figures = "".join(f"; {p.figure}" for p in shown)
    return untestable("by how much", f"{why}{figures}", tuple(e for p in shown for e in p.evidence))


def _moved(claim: Claim, room: Room, role: Role, scope: Scope) -> Draft:
    """Growth of the share of a role a year, within the source that has dated records."""
    side, found = room.first(room.sides(role, claim), lambda s: room.trend(s, scope))
    if isinstance(found, Short):
        return short(role.plural, found.reason, scope.name)
    grown = [(s, e) for s in found.by_source if (e := s.growth_a if side.is_a else s.growth_b)]
    if not grown:
        why = [text for s in found.by_source for text in s.missing.values()]
        told = "; ".join(why) or "0 sources with two periods of the role"
        return short(role.plural, told, scope.name)
    source, e = grown[0]
    span = f"{source.periods[0].year} to {source.periods[-1].year}"
    what = f"change a year of the share of {role.plural} among all records{scope.within}, {span}"
    printed = room.command("trend", side, scope)
    evidence = (Evidence(what, e.percent, "percent", source.source, printed),)
    return measured(
        role.plural, scope.name, e, _allowed(claim), room.rule,
        figure=f"{what}: {in_percent(e)}", claimed=_claimed(claim), evidence=evidence,
    )  # fmt: skip


def _allowed(claim: Claim) -> Allowed:
    allowed = Allowed(high=0.0) if claim.sense == "less" else Allowed(0.0)
    return allowed.opposite if claim.negated else allowed


def _claimed(claim: Claim) -> str:
    return f"a change {amounts.in_words(_allowed(claim), '%')}"


def _between(claim: Claim, room: Room, role: Role, scope: Scope, mode: str) -> Draft:
    """Pay, or the share at one place of work, in a late year less that in an earlier one."""
    part = f"{mode or 'pay'} of {role.plural}"
    side, found = room.first(room.sides(role, claim), lambda s: room.paid(s, scope))
    if isinstance(found, Short):
        return short(part, found.reason, scope.name)
    years = two_years(found, side.is_a, claim, room.rule.few)
    if years is None:
        few = f"no two years have {room.rule.few} records of {role.plural}{scope.within}"
        return short(part, few, scope.name)
    at = [replace(scope, where=Where(scope.where.values, (y, y))) for y in years]
    answers = [room.paid(side, s) for s in at]
    lacking = [a.reason for a in answers if isinstance(a, Short)]
    if lacking:
        return short(part, lacking[0], scope.name)
    figure: Figure = (lambda p, s: share_at(p.sample, s, mode)) if mode else (
        lambda p, s: p.percentile(s, 50)
    )  # fmt: skip
    early, late = (figure(a, side.is_a) for a in answers if isinstance(a, Paid))
    printed = [room.command("", side, s) + " --json" * bool(mode) for s in at]
    what = f"share of {role.plural} that is {mode}" if mode else f"median pay of {role.plural}"
    unit = "share" if mode else found.money
    evidence = tuple(
        Evidence(f"{what}{scope.within}, {y}", e, unit, found.source, command)
        for y, e, command in zip(years, (early, late), printed, strict=True)
    )
    words = in_share if mode else money
    told = f"{what}{scope.within}: {words(early)} in {years[0]}, {words(late)} in {years[1]}"
    change = _change(early, late, log=not mode)
    return measured(part, scope.name, change, _allowed(claim), room.rule, figure=told,
                    claimed=_claimed(claim), evidence=evidence)  # fmt: skip


def two_years(found: Paid, side: bool, claim: Claim, few: int) -> tuple[int, int] | None:
    """The last year with `few` records of the role, and `APART` before; those that are claimed.

    Where the earlier one has too few, the earliest that has as many.
    """
    factor, codes = found.sample.factors["year"]
    mine = found.sample.is_a == side
    counts = {int(label): found.sample.n[mine & (codes == k)].sum()
              for k, label in enumerate(factor.labels) if label.isdigit()}  # fmt: skip
    have = sorted(y for y, n in counts.items() if n >= few)
    if claim.period is not None and claim.period[0] < claim.period[1]:
        return claim.period if set(claim.period) <= set(have) else None
    if len(have) < 2:
        return None
    before = have[-1] - APART
    return (before if before in have else have[0]), have[-1]


def _change(early: Estimate, late: Estimate, *, log: bool) -> Estimate:
    """Late less early (of logs) by MOVER (Zou and Donner 2008)."""
    sides = [_three(e, log) for e in (late, early)]
    n, clusters = early.n + late.n, min(e.clusters or e.n for e in (early, late))
    if sides[0] is None or sides[1] is None:
        return Estimate(0.0, n=n, clusters=clusters, method="too few records")
    low, high = difference(sides[0], sides[1])
    return Estimate(sides[0][0] - sides[1][0], low, high, n, clusters=clusters, method="MOVER",
                    source=late.source)  # fmt: skip


def _three(e: Estimate, log: bool) -> tuple[float, float, float] | None:
    if e.low is None or e.high is None or (log and e.low <= 0):
        return None
    three = (e.value, e.low, e.high)
    return (math.log(three[0]), math.log(three[1]), math.log(three[2])) if log else three
