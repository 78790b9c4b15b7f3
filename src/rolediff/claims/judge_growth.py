"""Claims on growth and demand: what projections and dated records of a source can tell."""

from __future__ import annotations

from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.judge_trend import WITHIN
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import ALL, Scope, scopes
from rolediff.claims.words import said
from rolediff.compare.brief_words import rounded
from rolediff.compare.brief_words import share as in_share
from rolediff.results import Claim, Estimate, Evidence, PeriodShare, Short, SourceTrend, Trend

NO_CODE = "official occupations are broader than job titles: their projections are proxies"
SETTLE_GROWTH = "employment of the role itself, counted at both ends of the years claimed"
SETTLE_DEMAND = "vacancies of the role beside the people who seek them, or the time to fill one"


def judge_growth(claim: Claim, room: Room) -> Drafted:
    """Projected growth, by official projections of neighbouring occupations.

    A projection is published without an interval and none is of the role, so that it never settles
    a claim: its figures stand beside it. Of other years than are claimed it tells nothing.
    """
    points = [_projected(claim, room, role) for role in room.roles(claim)]
    return Drafted(claim, tuple(points), SETTLE_GROWTH, (NO_CODE,))


def _projected(claim: Claim, room: Room, role: Role) -> Draft:
    scope = Scope(ALL, room.base)
    side, found = room.first(room.sides(role, claim), lambda s: room.trend(s, scope))
    if isinstance(found, Short):
        return short(role.plural, found.reason)
    letter = "A" if side.is_a else "B"
    near = [p for p in found.proxies if letter in p.roles and p.growth is not None and p.years]
    if not near:
        return untestable(role.plural, f"no official occupation is near to {role.plural}")
    years = near[0].years
    assert years is not None
    source = str(found.official[0]["name"])
    evidence = tuple(
        Evidence(
            f"projected growth of US employment, {p.occupation}, {years[0]} to {years[1]}",
            Estimate(p.growth or 0.0, method="as published", source=source), "percent", source,
            room.command("trend", side, scope), proxy=True,
        )
        for p in near
    )  # fmt: skip
    said_of = "; ".join(f"{p.occupation} {rounded(p.growth or 0, 1)} %" for p in near)
    figure = f"projected for {years[0]} to {years[1]}, for the nearest occupations: {said_of}"
    if claim.period is not None and claim.period != years:
        first, last = claim.period
        which = f"{first} to {last}" if first != last else str(first)
        why = f"no projection of {which} is here; {figure}"
        return untestable(role.plural, why, evidence)
    return Draft(role.plural, "", f"{figure}; a projection has no interval", evidence=evidence)


def judge_demand(claim: Claim, room: Room) -> Drafted:
    """Demand: of one role against another by their shares of records; alone it is not testable."""
    roles = room.roles(claim)
    compares = said(claim.text, "than") and not said(claim.text, "than_time")
    if claim.sense and len(roles) == 2 and compares:
        here = scopes(claim, room.base, room.market)
        compared = [_more_wanted(claim, room, room.against(*roles), scope) for scope in here]
        return Drafted(claim, tuple(compared), SETTLE_DEMAND, (WITHIN,))
    points = [_wanted(claim, room, role, Scope(ALL, room.base)) for role in roles]
    return Drafted(claim, tuple(points), SETTLE_DEMAND, (WITHIN,))


def _more_wanted(claim: Claim, room: Room, side: Side, scope: Scope) -> Draft:
    """Whether a role has more than half of both roles' records, in the last year of a source."""
    name = f"{side.role.plural} over {side.other.plural}"
    last = _last(room.trend(side, scope))
    if isinstance(last, Short):
        return short(name, last.reason, scope.name)
    source, period = last
    e = period.of_pair
    assert e is not None
    e = e if side.is_a else _rest(e)
    half = {"more": Allowed(0.5), "less": Allowed(high=0.5), "same": Allowed(0.45, 0.55)}
    allowed = half[claim.sense]
    allowed = allowed.opposite if claim.negated else allowed
    what = f"{side.role.plural} among the records of both roles{scope.within}, {period.year}"
    evidence = (Evidence(what, e, "share", source.source, room.command("trend", side, scope)),)
    fewest = min(period.n_a, period.n_b)
    return measured(name, scope.name, e, allowed, room.rule, fewest=fewest,
                    figure=f"{what}: {in_share(e)}", evidence=evidence,
                    claimed=amounts.shares_in_words(allowed))  # fmt: skip


def _wanted(claim: Claim, room: Room, role: Role, scope: Scope) -> Draft:
    why = "how many are sought, beside how many seek, is not recorded here"
    side, found = room.first(room.sides(role, claim), lambda s: room.trend(s, scope))
    last = _last(found)
    if isinstance(last, Short):
        return untestable(role.plural, why)
    source, period = last
    e = period.a if side.is_a else period.b
    if e is None:
        return untestable(role.plural, why)
    what = f"{role.plural} among all records of {source.source}, {period.year}"
    evidence = (Evidence(what, e, "share", source.source, room.command("trend", side, scope)),)
    return untestable(role.plural, f"{why}; {what}: {in_share(e)}", evidence)


def _last(found: Trend | Short) -> tuple[SourceTrend, PeriodShare] | Short:
    """The latest year of a source in which both roles can be compared."""
    if isinstance(found, Short):
        return found
    for source in found.by_source:
        for period in reversed(source.periods):
            if period.of_pair is not None:
                return source, period
    return Short("0 dated records of both roles")


def _rest(e: Estimate) -> Estimate:
    """A share as that of the other role."""
    low, high = (None if x is None else 1 - x for x in (e.high, e.low))
    return Estimate(1 - e.value, low, high, e.n, clusters=e.clusters, method=e.method,
                    source=e.source)  # fmt: skip
