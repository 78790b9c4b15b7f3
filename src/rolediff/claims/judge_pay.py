"""Claims on what a role is paid: the median, the mean or a percentile of recorded pay."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from rolediff.annotate.roles import Role
from rolediff.claims import amounts, judge_gap
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, Drafted, measured, short, unplaced, untestable
from rolediff.claims.mean import mean_command, mean_of
from rolediff.claims.paid import Paid
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import around, keys_named, said, table
from rolediff.compare.brief_words import money
from rolediff.results import Amount, Claim, Evidence, Short
from rolediff.results.claims import Sense

SETTLE = "pay of people in the role with their role, place and year, of enough employers"
STATISTICS = {50: "median", 75: "75th percentile", 90: "90th percentile"}


def judge_pay(claim: Claim, room: Room) -> Drafted:
    """A figure, range or bound of pay of each role, in each scope."""
    if claim.sense in ("more", "less") and len(room.roles(claim)) == 2:
        return judge_gap.judge_gap(claim, room)
    relative = _relative(claim)
    if relative and room.others(room.roles(claim)[0]):
        return judge_gap.judge_gap(replace(claim, sense=relative), room)
    if claim.amount is None:
        why = "the claim has no figure and no other role to compare with"
        return Drafted(claim, (untestable("pay", why),), "a figure")
    amount = _in_dollars(claim)
    if isinstance(amount, str):
        return Drafted(claim, (untestable("pay", amount),), "the currency and the year it is of")
    here = scopes(claim, room.base, room.market)
    if not here:
        return Drafted(claim, (unplaced("pay", claim.region),), f"pay of records in {claim.region}")
    asks = _asks(claim, room)
    points = [p for role in room.roles(claim) for scope in here
              for p in _points(_Asked(claim, room, role, scope, amount), asks)]  # fmt: skip
    return Drafted(claim, tuple(points), SETTLE, _notes(claim, room, asks))


def _relative(claim: Claim) -> Sense:
    """ "more" or "less" of a sum that is a difference ("EUR 5,000 less"), of one role."""
    if len(claim.roles) != 1:
        return ""
    senses: tuple[Sense, ...] = ("less", "more")
    spoken = (s for s in senses if _difference(s).search(claim.text.casefold()))
    return next(spoken, "")


@cache
def _difference(sense: str) -> re.Pattern[str]:
    words = "|".join(table()["difference"][sense])
    return re.compile(rf"\d[\d.,]*k? (?:a year )?(?:{words})\b(?! than)")


@dataclass(frozen=True)
class _Asks:
    """Which statistics stand for the claim (percentiles, 0 for the mean), and at which level."""

    statistics: tuple[int, ...]
    level: str


@dataclass(frozen=True)
class _Asked:
    claim: Claim
    room: Room
    role: Role
    scope: Scope
    amount: Amount

    @property
    def allowed(self) -> Allowed:
        limits = amounts.money_allowed(self.amount, self.room.rule)
        if said(self.claim.text, "rarely"):  # which denies by itself: it is below the figure
            return Allowed(high=limits.low if self.amount.high is None else limits.high)
        return limits.opposite if self.claim.negated else limits


def _asks(claim: Claim, room: Room) -> _Asks:
    """The statistic that the words of a claim ask for.

    Top pay, and pay that "may" exceed a figure, is the 90th percentile: a tenth has more, which is
    `Rule.example`. What pay "rarely" exceeds is the 75th: a quarter has more, which is
    `Rule.named`. An average is the median and the mean; all else the median.
    """
    text = around(claim, room.article)
    level = claim.statistic if claim.statistic in ("entry", "senior") else ""
    level = level or next(iter(keys_named(text, "level")), "")
    reaching = claim.amount is not None and claim.amount.high is None
    may = reaching and said(claim.text, "possible")
    if said(claim.text, "rarely"):
        return _Asks((75,), level)
    if claim.statistic == "top" or may:
        return _Asks((90,), level)
    return _Asks((50, 0) if claim.statistic == "average" else (50,), level)


def _points(a: _Asked, asks: _Asks) -> list[Draft]:
    scope = a.scope
    if asks.level:
        have = set(a.room.market.cells["level"].drop_nulls().unique())
        coded = tuple(c for c in table()["coded_level"][asks.level] if c in have)
        if not coded:
            why = f"no record here states the level {asks.level}"
            return [short(f"{asks.level}-level pay of {a.role.plural}", why, a.scope.name)]
        scope = scope.but("level", coded)
    side, found = a.room.first(a.room.sides(a.role, a.claim), lambda s: a.room.paid(s, scope))
    if isinstance(found, Short):
        return [short(f"pay of {a.role.plural}", found.reason, a.scope.name)]
    return [_point(a, side, scope, found, p, asks.level) for p in asks.statistics]


def _point(
    a: _Asked, side: Side, scope: Scope, found: Paid, p: int, level: str
) -> Draft:  # fmt: skip
    mean = p == 0
    word = "mean" if mean else STATISTICS[p]
    what = f"{level}-level pay" if level else "pay"
    e = mean_of(found.sample, side.is_a) if mean else found.percentile(side.is_a, p)
    made = (
        mean_command(side.role, side.other, scope.where, a.room.extra)
        if mean
        else a.room.command("", side, scope)
    )
    named = f"{word}{' of' * (p > 50)} {what} of {a.role.plural}{a.scope.within}"
    evidence = Evidence(named, e, found.money, found.source, made)
    return measured(
        f"{what} of {a.role.plural}", f"{word}, {a.scope.name}", e, a.allowed, a.room.rule,
        figure=f"{named}: {money(e)} {found.money}",
        claimed=amounts.in_words(a.allowed, found.money), evidence=(evidence,), log=True,
    )  # fmt: skip


def _in_dollars(claim: Claim) -> Amount | str:
    """The claimed amount in US dollars a year, or why it cannot be told."""
    assert claim.amount is not None
    if not claim.amount.unit:
        return "the article names no currency"
    if not claim.amount.unit.isupper():
        return "the claim gives no sum of money, and not what its figure is of"
    year = None if claim.period is None else min(claim.period[1], amounts.full_year())
    found = amounts.dollars(amounts.loosened(claim) or claim.amount, year)
    return found or f"no exchange rate is known for {claim.amount.unit}"


def _notes(claim: Claim, room: Room, asks: _Asks) -> tuple[str, ...]:
    said_of = [f"{room.by_pay}, at the midpoint of each range"]
    unit = claim.amount.unit if claim.amount else ""
    if unit and unit != "USD":
        year = amounts.full_year() if claim.period is None else claim.period[1]
        said_of.append(f"{unit} at the mean rate of {min(year, amounts.full_year())} (ECB)")
    if asks.statistics == (90,):
        said_of.append("pay that some reach is judged by the 90th percentile")
    if asks.statistics == (75,):
        said_of.append("what pay rarely exceeds is judged by the 75th percentile")
    return tuple(said_of)
