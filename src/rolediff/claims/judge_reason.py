"""Claims on why one role is paid more: associations, by the measures of `rolediff why`.

A reason has two parts that could be true apart: that there is such a gap, and that the role which
is said to have more has more of what is named, and that this goes with pay.
"""

from __future__ import annotations

from dataclasses import replace

from rolediff.annotate.roles import Role
from rolediff.claims.beside import Side
from rolediff.claims.drafts import OPEN, Draft, Drafted, measured, short, unplaced, untestable
from rolediff.claims.judge_gap import gap_points, pair
from rolediff.claims.judge_skill import skills_named
from rolediff.claims.reason_skill import skill_points
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed, Finding, edge_p, interval
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import names_any, table
from rolediff.compare.brief_words import log_points, plain
from rolediff.compare.judging import judge
from rolediff.results import Claim, Estimate, Evidence, Measure, Part, Reason, Short

SETTLE = "texts with pay of some hundred openings of each role; a cause needs more than records"
HIGHER = Estimate(1.0, 0.5, 1.5)
"""A gap that is clearly above zero: reasons are judged for the role that is said to have more."""
OTHERWISE = {
    "country": "differences between countries",
    "industry": "differences between industries",
    "demand": "demand",
    "growth": "growth",
    "trend": "a trend",
}
"""What a reason is for that follows a claim of this kind."""
NOTE = "as an association: nothing here tells a cause"


def judge_reason(claim: Claim, room: Room) -> Drafted:
    """The gap that is to be explained, and each reason that is given."""
    other = _reason_of(claim, room)
    if other:
        why = f"it is given for {other}, not for a gap between roles"
        return Drafted(claim, (untestable("reason", why),), SETTLE, (NOTE,))
    roles = pair(claim, room)
    if roles is None:
        why = "the claim does not say between which two roles"
        return Drafted(claim, (untestable("reason", why),), "the two roles", (NOTE,))
    more = room.against(*reversed(roles)) if claim.sense == "less" else room.against(*roles)
    here = scopes(claim, room.base, room.market)
    if not here:
        return Drafted(claim, (unplaced("reason", claim.region),), SETTLE, (NOTE,))
    gaps = [_premise(claim, room, more, scope) for scope in here]
    texts = claim.items or (claim.text,)
    reasons = [p for text in texts for p in _reasons(text, room, more, here[0])]
    return Drafted(claim, (*gaps, *reasons), SETTLE, (NOTE, room.by_pay))


def _reason_of(claim: Claim, room: Room) -> str:
    """What a reason is given for where that is no gap: the claim before it in the line."""
    before = [c for c in room.in_line(claim.line) if c.start < claim.start]
    kinds = [c.kind for c in before if c.kind not in ("reason", "unread")]
    if not kinds or claim.by_hand or {"gap", "pay"} & set(kinds):
        return ""
    return OTHERWISE.get(kinds[-1], "")


def _premise(claim: Claim, room: Room, side: Side, scope: Scope) -> Draft:
    """That the role which is said to be paid more is."""
    taken = replace(claim, amount=None, sense="more", negated=False)
    point = gap_points(taken, room, side, scope)[0]
    return replace(point, part="such a gap", reading=scope.name, premise=True)


def _reasons(text: str, room: Room, side: Side, scope: Scope) -> list[Draft]:
    """The points of one reason: a measure, a recorded factor, or the skills that it names.

    Measured in one scope alone, the first: what `rolediff why` answers is dear.
    """
    known = [r for r in table()["reason"] if names_any(text, r["words"])]
    points = [
        _measured_reason(r["name"], room, side, scope)
        if r["measure"] == "reason"
        else _factor(r["name"], room, side, scope)
        for r in known
    ]
    if points:
        return points
    skills = skills_named(text)
    return [p for s in skills for p in skill_points(s, room, side, scope)] or [
        untestable(_cut(text), "nothing that is recorded here measures it")
    ]


def _measured_reason(name: str, room: Room, side: Side, scope: Scope) -> Draft:
    """Breadth, complexity or strategic impact, by the rule of `judge` for the role named first."""
    found = room.reasons(side, scope)
    if isinstance(found, Short):
        return short(name, found.reason, scope.name)
    reason = next(r for r in found if r.name == name)
    evidence = tuple(_evidence(reason, room, side, scope))
    if reason.verdict == "not testable with this data":
        return untestable(name, reason.why, evidence)
    measures = [m for m in reason.measures if isinstance(m, Measure)]
    turned = [_turned(m.difference, side) for m in measures]
    part = None if isinstance(reason.part, Short) else _turned(reason.part.part, side)
    given = reason.part
    if isinstance(given, Part):
        given = replace(given, part=_turned(given.part, side))
    faced = [replace(m, difference=d) for m, d in zip(measures, turned, strict=True)]
    verdict, why = judge(HIGHER, faced, given)
    figure = f"{reason.claim}, of {side.role.plural}: {_words(why, side.role)}{_said(evidence)}"
    if verdict == OPEN:
        return Draft(name, scope.name, figure, "", evidence)
    p = None if verdict == "supported" else _least_p(turned, part)
    test = Finding(verdict == "supported", verdict == "contradicted", 1.0 if p is None else p)
    return Draft(name, scope.name, figure, "", evidence, test)


def _words(why: str, role: Role) -> str:
    return why.replace("the role advertised higher has", f"{role.plural} have")


def _least_p(measures: list[Estimate], part: Estimate | None) -> float:
    """The least p value of what speaks against a reason, times how many were looked at."""
    looked = [*measures, *([part] if part is not None else [])]
    against = [_p_below(e) for e in looked]
    return min(1.0, len(looked) * min(against, default=1.0))


def _p_below(e: Estimate) -> float:
    """Two-sided p value of zero, 1 where the value is not below it."""
    found = interval(e, 0.95)
    if found is None or found[0] >= 0:
        return 1.0
    return edge_p(*found, 0.0, e.df)


def _evidence(reason: Reason, room: Room, side: Side, scope: Scope) -> list[Evidence]:
    printed = room.command("why", side, scope)
    over = f"{side.role.plural} less {side.other.plural}"
    found = [
        Evidence(f"{m.name}, {over}", _turned(m.difference, side), m.unit or "number", m.source,
                 printed)
        for m in reason.measures
        if isinstance(m, Measure)
    ]  # fmt: skip
    if isinstance(reason.part, Part):
        part = reason.part
        name = (
            f"part of the gap that goes with {part.of}, {side.role.plural} over {side.other.plural}"
        )
        found.append(Evidence(name, _turned(part.part, side), "log points", part.source, printed))
    return found


def _said(evidence: tuple[Evidence, ...]) -> str:
    """The first measure and the part in words."""
    if not evidence:
        return ""
    parts = [e for e in evidence if e.unit == "log points"]
    measures = [e for e in evidence if e.unit != "log points"][:1]
    said = [f"{e.name}: {plain(e.estimate, '%' if e.unit == '%' else '')}" for e in measures]
    said += [f"{e.name}: {log_points(e.estimate)}" for e in parts]
    return f" ({'; '.join(said)})"


def _factor(name: str, room: Room, side: Side, scope: Scope) -> Draft:
    """What a recorded factor accounts for, by the decomposition."""
    found = room.pay(side, scope)
    label = name.replace("_", " ")
    if isinstance(found, Short):
        return short(label, found.reason, scope.name)
    if found.why is None or name not in found.why.detail:
        why = f"{label} does not vary among the records, or they are too few"
        return short(label, why, scope.name)
    e = _turned(found.why.detail[name].explained, side)
    what = f"part of the gap that goes with {label}, {side.role.plural} over {side.other.plural}"
    evidence = (Evidence(what, e, "log points", e.source, room.command("", side, scope)),)
    return measured(label, scope.name, e, Allowed(0.0), room.rule,
                    figure=f"{what}: {log_points(e)}", claimed="above 0",
                    evidence=evidence)  # fmt: skip


def _turned(e: Estimate, side: Side) -> Estimate:
    return e if side.is_a else -e


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
