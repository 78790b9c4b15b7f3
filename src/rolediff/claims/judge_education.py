"""Claims on degrees, years of experience and certificates: what openings ask of those who apply."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.judge_skill import share_wanted
from rolediff.claims.ranking import among
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed, Finding, Rule, enough, set_against
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import keys_named, said
from rolediff.compare import path_asked
from rolediff.compare.brief_words import plain
from rolediff.compare.brief_words import share as in_share
from rolediff.compare.path_ads import Ads
from rolediff.results import Claim, Estimate, Evidence, Short

DEGREES = ("bachelor", "master", "phd")
SPOKEN = {"bachelor": "a bachelor's degree", "master": "a master's degree", "phd": "a doctorate"}
SETTLE = "full texts of some hundred openings of each role, of many employers"
NOTE = "the lowest degree that an opening accepts; an opening that names none may still expect one"
SUBJECT = "subjects of degrees are not recorded here"

CERTIFICATES = 10
"""Certificates that one is compared with, at most, those named most."""

Make = Callable[[Ads, Side, Scope, Role], Draft]


def judge_education(claim: Claim, room: Room) -> Drafted:
    """Degrees as the lowest that will do, and years as the fewest asked for."""
    text = " ".join((*claim.items, claim.text))
    wanted = _degrees(text)
    makers: list[Make] = []
    if claim.amount is not None and claim.amount.unit == "years":
        makers.append(lambda ads, side, scope, role: _years(claim, room, ads, side, scope, role))
    if wanted:
        makers.append(
            lambda ads, side, scope, role: _degree(claim, room, ads, side, scope, role, wanted)
        )
    if not makers:
        why = f"“{', '.join(claim.items) or claim.text}” names no degree and no years"
        return Drafted(claim, (untestable("education", why),), SETTLE)
    years = "the fewest years that an opening names, where it names any"
    notes = [NOTE, SUBJECT] if wanted else [years]
    return Drafted(claim, tuple(asked_of_ads(claim, room, makers)), SETTLE, tuple(notes))


def judge_certification(claim: Claim, room: Room) -> Drafted:
    """Any certificate, and each one that is named."""
    makers: list[Make] = [lambda a, s, c, r: _certified(claim, room, a, s, c, r, "")]
    makers += [_named(claim, room, item) for item in claim.items]
    if claim.items and said(claim.text, "best"):
        makers = [_most_named(claim, room, item) for item in claim.items]
    note = "certificates as they are named in openings"
    return Drafted(claim, tuple(asked_of_ads(claim, room, makers)), SETTLE, (note,))


def asked_of_ads(claim: Claim, room: Room, makers: list[Make]) -> list[Draft]:
    """The points that `makers` make of the openings of each role, in each scope."""
    here = scopes(claim, room.base, room.market)
    if not here:
        return [untestable("place", f"{claim.region} is no known place")]
    points = []
    for role in room.roles(claim):
        for scope in here:
            side, ads = _ads(claim, room, role, scope)
            if isinstance(ads, Short):
                points.append(short(f"what openings for {role.plural} ask", ads.reason, scope.name))
            else:
                points += [make(ads, side, scope, role) for make in makers]
    return points


def _ads(claim: Claim, room: Room, role: Role, scope: Scope) -> tuple[Side, Ads | Short]:
    return room.first(room.sides(role, claim), lambda side: room.ads(side, scope))


def _degrees(text: str) -> tuple[str, ...]:
    """The lowest degrees that a claim speaks of; "any" for a degree that is not named."""
    named = tuple(d for d in keys_named(text, "degree") if d != "any")
    if named and said(text, "beyond"):
        return DEGREES[DEGREES.index(named[0]) + 1 :]
    return named or (DEGREES if keys_named(text, "degree") else ())


def _degree(
    claim: Claim, room: Room, ads: Ads, side: Side, scope: Scope, role: Role,
    wanted: tuple[str, ...],
) -> Draft:  # fmt: skip
    hits = ads.lines["education"].is_in(list(wanted)).fill_null(False).to_numpy()
    words = "any degree" if wanted == DEGREES else " or ".join(SPOKEN[d] for d in wanted)
    what = f"openings for {role.plural}{scope.within} whose lowest degree is {words}"
    return _share_point(claim, room, ads, side, scope, words, what, hits)  # fmt: skip


def _share_point(
    claim: Claim, room: Room, ads: Ads, side: Side, scope: Scope, part: str, what: str,
    hits: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Draft:  # fmt: skip
    e = ads.one(what, hits).share
    allowed, words = share_wanted(claim, room)
    evidence = (Evidence(what, e, "share", e.source, room.path_command(side, scope)),)
    part = f"{part} for {side.role.plural}" if len(claim.roles) > 1 else part
    return measured(part, scope.name, e, allowed, room.rule, figure=f"{what}: {in_share(e)}",
                    claimed=words, evidence=evidence)  # fmt: skip


def _years(claim: Claim, room: Room, ads: Ads, side: Side, scope: Scope, role: Role) -> Draft:
    assert claim.amount is not None
    part = f"years for {role.plural}"
    found = path_asked.years(ads)
    stated = ads.lines["years"].is_not_null().sum()
    if found.quartiles is None:
        why = f"{stated} of {len(ads)} openings for {role.plural}{scope.within} name years"
        return short(part, why, scope.name)
    e: Estimate = found.quartiles[1]
    low = -math.inf if claim.amount.low is None else claim.amount.low
    high = math.inf if claim.amount.high is None else claim.amount.high
    test = median_between(ads, low, high, room.rule, denied=claim.negated)
    what = f"median of the fewest years that openings for {role.plural}{scope.within} name"
    evidence = (Evidence(what, e, "years", e.source, room.path_command(side, scope)),)
    figure = f"{what}: {plain(e)}"
    if not enough(e, room.rule):
        return Draft(part, scope.name, f"{figure}, of too few employers", evidence=evidence)
    claimed = amounts.in_words(Allowed(low, high, claim.negated), "years")
    return Draft(part, scope.name, figure, claimed, evidence, test)


def median_between(
    ads: Ads, low: float, high: float, rule: Rule, *, denied: bool = False
) -> Finding:
    """Whether the median of the years that openings name lies between two figures (`denied`: or
    not).

    By the shares of openings below and above them, which are both under one half then: years are
    few whole numbers, so that an interval of their median often has no width (the sign test).
    """
    sizes = ads.lines["years"].is_not_null().to_numpy().astype(float)
    years = ads.lines["years"].fill_null(-1).to_numpy()
    ends = [years < low] * math.isfinite(low) + [years > high] * math.isfinite(high)
    beside = [ads.ratio(sizes * hits, sizes) for hits in ends]
    under, over = (
        [set_against(e, limit, rule, log=False) for e in beside]
        for limit in (Allowed(high=0.5), Allowed(0.5))
    )
    if any(f.p is None for f in under):
        return Finding(False, False, None)
    inside, beyond = all(f.inside for f in under), any(f.beyond for f in under)
    if denied:
        return Finding(beyond, inside, max(f.p or 0.0 for f in over))
    return Finding(inside, beyond, min(f.p or 0.0 for f in under))


def _named(claim: Claim, room: Room, item: str) -> Make:
    return lambda ads, side, scope, role: _certified(claim, room, ads, side, scope, role, item)


def _certified(
    claim: Claim, room: Room, ads: Ads, side: Side, scope: Scope, role: Role, item: str
) -> Draft:  # fmt: skip
    lists = ads.lines["certifications"].fill_null([])
    wanted = _words(item)
    named = [any(wanted <= _words(name) for name in names) for names in lists.to_list()]
    hits = np.array(named, dtype=bool)
    words = f"the certificate “{item}”" if item else "any certificate"
    what = f"openings for {role.plural}{scope.within} that name {words}"
    return _share_point(claim, room, ads, side, scope, words, what, hits)  # fmt: skip


def _most_named(claim: Claim, room: Room, item: str) -> Make:
    """Whether no certificate is named by more openings than `item`."""

    def make(ads: Ads, side: Side, scope: Scope, role: Role) -> Draft:
        share, named = path_asked.certificates(ads)
        part = f"“{item}” for {role.plural}" if len(claim.roles) > 1 else f"“{item}”"
        mine = [name for name, _ in named if _words(item) <= _words(name)][:1]
        names = [*mine, *(name for name, _ in named if name not in mine)][:CERTIFICATES]
        if not mine or share.count < room.rule.least or len(names) < 2:
            why = f"{share.count} of {len(ads)} openings for {role.plural}{scope.within} name one"
            return short(part, f"{why}{'' if mine else ', none of them this'}", scope.name)
        lists = ads.lines["certifications"].fill_null([]).to_list()
        hits = np.array([[name in found for name in names] for found in lists], dtype=bool)
        told = ads.asked(names, hits)
        test = among([t.share for t in told], 0, 1, room.rule, denied=claim.negated)
        figure = f"{mine[0]} is named by {in_share(told[0].share)} of those openings{scope.within}"
        what = f"openings for {role.plural} that name {mine[0]}"
        evidence = (Evidence(what, told[0].share, "share",
                             ads.source, room.path_command(side, scope)),)  # fmt: skip
        return Draft(part, scope.name, figure, "more than of any other", evidence, test)

    return make


def _words(name: str) -> set[str]:
    """The words that tell a certificate from another; none of one as such."""
    plain = "".join(c if c.isalnum() else " " for c in name.casefold())
    return {w for w in plain.split() if not w.startswith("certif") and w not in ("the", "a", "in")}
