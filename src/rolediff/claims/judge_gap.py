"""Claims that one role is paid more than another, by how much or not."""

from __future__ import annotations

import math
from dataclasses import replace

from rolediff.annotate.roles import Role
from rolediff.claims import amounts, words
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, Drafted, measured, short, unplaced, untestable
from rolediff.claims.paid import Paid
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import ALL, Scope, scopes
from rolediff.compare.brief_words import growth, money
from rolediff.results import Claim, Estimate, Evidence, Short
from rolediff.stats.quantile import difference

SETTLE = "pay of both roles from enough employers, with level and place"


def judge_gap(claim: Claim, room: Room) -> Drafted:
    """The difference of pay in each scope, and with titles read broadly."""
    roles = pair(claim, room)
    if roles is None:
        why = "the claim does not say between which two roles"
        return Drafted(claim, (untestable("gap", why),), "the two roles")
    here = scopes(claim, room.base, room.market)
    if not here:
        return Drafted(claim, (unplaced("gap", claim.region),), SETTLE)
    side = room.against(*roles)
    points = [p for scope in here for p in gap_points(claim, room, side, scope)]
    notes = [f"{room.by_pay}, nothing held equal"]
    notes += [] if len(room.roles(claim)) == 2 else [f"against {roles[1].plural}"]
    return Drafted(claim, tuple(points), SETTLE, tuple(notes))


def pair(claim: Claim, room: Room) -> tuple[Role, Role] | None:
    """The role that is said to have more first; of one role, against the article's other one."""
    roles = room.roles(claim)
    if len(roles) == 1 and len(claim.roles) == 1:
        others = room.others(roles[0])
        return (roles[0], others[0]) if others else None
    return (roles[0], roles[1]) if len(roles) == 2 else None


def gap_points(claim: Claim, room: Room, side: Side, scope: Scope) -> list[Draft]:
    """The points of a claim about a gap in one scope."""
    found = room.paid(side, scope)
    if isinstance(found, Short):
        return [short("gap", found.reason, scope.name)]
    if claim.negated and claim.amount is None and words.said(claim.text, "universal"):
        return [_overlap(claim, room, side, scope, found)]
    if claim.amount is not None and claim.amount.unit not in ("percent", "times", "points"):
        return [_in_money(claim, room, side, scope, found)]
    fewest = min(found.sample.records(is_a) for is_a in (True, False))
    gaps = (found.gap, found.gap_distinct, fewest)
    points = [_relative(claim, room, side, scope, found.source, gaps)]
    if scope.name == ALL and found.broad is not None:
        broad = Scope(f"{ALL}, titles read broadly", scope.where, ", titles read broadly")
        points.append(_relative(claim, room, side, broad, found.source, found.broad))
    return points


def gap_allowed(claim: Claim, room: Room) -> Allowed:
    """What the claim allows of the gap in percent, of its first role over its second."""
    amount, rule = amounts.loosened(claim), room.rule
    less = claim.sense == "less"
    if amount is None or amount.unit not in ("percent", "times"):
        allowed = Allowed(-100 * rule.same, 100 * rule.same) if claim.sense == "same" else (
            Allowed(high=0.0) if less else Allowed(0.0)
        )  # fmt: skip
    elif amount.unit == "times":
        ratio = amounts.money_allowed(amount, rule)
        allowed = Allowed(100 * (ratio.low - 1), 100 * (ratio.high - 1))
        allowed = Allowed(_inverse(allowed.high), _inverse(allowed.low)) if less else allowed
    else:
        allowed = amounts.percent_allowed(amount, rule)
        allowed = allowed.mirrored if less else allowed
    return allowed.opposite if claim.negated else allowed


def _inverse(percent: float) -> float:
    return 100 * (1 / (1 + percent / 100) - 1) if math.isfinite(percent) else -100.0


def _relative(
    claim: Claim, room: Room, side: Side, scope: Scope, source: str,
    gaps: tuple[Estimate, Estimate, int],
) -> Draft:  # fmt: skip
    """A point on the gap, with that among distinct ads beside it; `gaps` as `Paid.broad`."""
    e, once = (_turned(x, side) for x in gaps[:2])
    allowed = gap_allowed(claim, room)
    over = f"pay of {side.role.plural} against that of {side.other.plural}"
    printed = room.command("", side, scope)
    if "broadly" in scope.name:
        printed += " --reading broad"
    evidence = (
        Evidence(f"{over}{scope.within}", e.percent, "percent", source, printed),
        Evidence(f"{over}{scope.within}, distinct ads", once.percent, "percent", source, printed),
    )
    logs = Allowed(_log1p(allowed.low), _log1p(allowed.high), allowed.outside)
    return measured(
        "gap", scope.name, e, logs, room.rule,
        figure=f"{over}{scope.within}: {growth(e)}", claimed=amounts.in_words(allowed, "%"),
        evidence=evidence, fewest=gaps[2],
    )  # fmt: skip


def _log1p(percent: float) -> float:
    if percent <= -100:
        return -math.inf
    return math.log1p(percent / 100) if math.isfinite(percent) else percent


def _overlap(claim: Claim, room: Room, side: Side, scope: Scope, found: Paid) -> Draft:
    """A role is "not always" paid more: some of its pay is below some of the other's.

    By the 10th percentile of the one, less the 90th of the other (of logs; `less`: turned).
    """
    low, high = (10, 90) if claim.sense != "less" else (90, 10)
    mine, other = found.percentile(side.is_a, low), found.percentile(not side.is_a, high)
    e = _less(_logs(mine), _logs(other))
    allowed = Allowed(high=0.0) if claim.sense != "less" else Allowed(0.0)
    printed = room.command("", side, scope)
    evidence = tuple(
        Evidence(f"p{p} of pay of {r.plural}{scope.within}", x, found.money, found.source, printed)
        for r, p, x in ((side.role, low, mine), (side.other, high, other))
    )
    figure = (
        f"the {low}th percentile of {side.role.plural}{scope.within} is {money(mine)}, the "
        f"{high}th of {side.other.plural} {money(other)} {found.money}"
    )
    claimed = "the first below the second" if claim.sense != "less" else "the first above it"
    return measured(
        "gap", scope.name, e, allowed, room.rule, figure=figure, claimed=claimed, evidence=evidence
    )


def _logs(e: Estimate) -> Estimate:
    low, high = (None if x is None or x <= 0 else math.log(x) for x in (e.low, e.high))
    return replace(e, value=math.log(e.value), low=low, high=high)


def _in_money(claim: Claim, room: Room, side: Side, scope: Scope, found: Paid) -> Draft:
    """A gap in money: the difference of medians."""
    assert claim.amount is not None
    said = amounts.loosened(claim)
    amount = amounts.dollars(said) if said is not None and said.unit else None
    if amount is None:
        return untestable("gap", "the amount has no currency with a rate")
    mine, other = (found.percentile(s, 50) for s in (side.is_a, not side.is_a))
    e = _less(mine, other)
    allowed = amounts.money_allowed(amount, room.rule)
    allowed = allowed.mirrored if claim.sense == "less" else allowed
    allowed = allowed.opposite if claim.negated else allowed
    printed, source = room.command("", side, scope), found.source
    evidence = tuple(
        Evidence(f"median pay of {r.plural}{scope.within}", x, found.money, source, printed)
        for r, x in ((side.role, mine), (side.other, other))
    )
    return measured(
        "gap", scope.name, e, allowed, room.rule,
        figure=f"median pay of {side.role.plural} less that of {side.other.plural}"
        f"{scope.within}: {money(e)} {found.money}",
        claimed=amounts.in_words(allowed, found.money), evidence=evidence,
    )  # fmt: skip


def _less(a: Estimate, b: Estimate) -> Estimate:
    """A difference of medians by MOVER (Zou and Donner 2008)."""
    value, n = a.value - b.value, a.n + b.n
    clusters = min(x for x in (a.clusters, b.clusters, a.n) if x is not None)
    bounds = (a.low, a.high, b.low, b.high)
    if any(x is None for x in bounds):
        return Estimate(value, n=n, clusters=clusters, method="too few records", source=a.source)
    low, high = difference(
        (a.value, a.low or 0.0, a.high or 0.0), (b.value, b.low or 0.0, b.high or 0.0)
    )
    return Estimate(value, low, high, n, clusters=clusters, method="MOVER", source=a.source)


def _turned(e: Estimate, side: Side) -> Estimate:
    return e if side.is_a else -e
