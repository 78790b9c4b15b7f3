"""Claims on what a role is paid: the median, the mean or a percentile of recorded pay."""

from __future__ import annotations

from dataclasses import dataclass

from rolediff.annotate.roles import Role
from rolediff.claims import amounts, judge_gap
from rolediff.claims.drafts import Draft, Drafted, measured, short, untestable
from rolediff.claims.mean import mean_command, mean_of
from rolediff.claims.room import Room, Side
from rolediff.claims.rule import Allowed
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import around, keys_named, said, table
from rolediff.compare.brief_words import money
from rolediff.results import Amount, Claim, Comparison, Estimate, Evidence, Short

KINDS = {"advertised": "by advertised pay", "paid": "by pay as paid", "unknown": "by recorded pay"}
SETTLE = "pay of people in the role with their role, place and year, of enough employers"
STATISTICS = {50: "median", 90: "90th percentile"}


def judge_pay(claim: Claim, room: Room) -> Drafted:
    """A figure, range or bound of pay of each role, in each scope."""
    if claim.sense in ("more", "less") and len(room.roles(claim)) == 2:
        return judge_gap.judge_gap(claim, room)
    if claim.amount is None:
        why = "the claim has no figure and no other role to compare with"
        return Drafted(claim, (untestable("pay", why),), "a figure")
    amount = _in_dollars(claim)
    if isinstance(amount, str):
        return Drafted(claim, (untestable("pay", amount),), "the currency and the year it is of")
    here = scopes(claim, room.base, room.market)
    if not here:
        why = f"{claim.region} is no place whose records can be told here"
        return Drafted(claim, (untestable("pay", why),), f"pay of records in {claim.region}")
    asks = _asks(claim, room)
    points = [p for role in room.roles(claim) for scope in here
              for p in _points(_Asked(claim, room, role, scope, amount), asks)]  # fmt: skip
    return Drafted(claim, tuple(points), SETTLE, _notes(claim, asks))


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
        low_only = self.amount.high is None
        if low_only and said(self.claim.text, "rarely"):
            limits = Allowed(high=limits.low)
        return limits.opposite if self.claim.negated else limits


def _asks(claim: Claim, room: Room) -> _Asks:
    """The statistic that the words of a claim ask for.

    Top pay, and pay that "may" or "rarely" exceeds a figure, is the 90th percentile; an average
    the median and the mean; all else the median.
    """
    text = around(claim, room.article)
    level = next(iter(keys_named(text, "level")), "") if claim.statistic in ("", "entry") else ""
    level = "entry" if claim.statistic == "entry" else level
    reaching = claim.amount is not None and claim.amount.high is None
    spoken = said(claim.text, "possible") or said(claim.text, "rarely")
    if claim.statistic == "top" or (reaching and spoken):
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
    side, found = a.room.first(a.room.sides(a.role, a.claim), lambda s: a.room.pay(s, scope))
    if isinstance(found, Short):
        return [short(f"pay of {a.role.plural}", found.reason, a.scope.name)]
    return [_point(a, side, scope, found, p, asks.level) for p in asks.statistics]


def _point(
    a: _Asked, side: Side, scope: Scope, found: Comparison, p: int, level: str
) -> Draft:  # fmt: skip
    mean = p == 0
    word = "mean" if mean else STATISTICS[p]
    what = f"{level}-level pay" if level else "pay"
    e = _mean(a, side, scope) if mean else _percentile(found, side, p)
    made = (
        mean_command(side.role, side.other, scope.where, a.room.extra)
        if mean
        else a.room.command("", side, scope)
    )
    named = f"{word} {what} of {a.role.plural}{a.scope.within}"
    sources = " and ".join(str(s["name"]) for s in found.sources)
    evidence = Evidence(named, e, found.money, sources, made)
    return measured(
        f"{what} of {a.role.plural}", f"{word}, {a.scope.name}", e, a.allowed, a.room.rule,
        figure=f"{named}: {money(e)} {found.money}",
        claimed=amounts.in_words(a.allowed, found.money), evidence=(evidence,), log=True,
    )  # fmt: skip


def _percentile(found: Comparison, side: Side, p: int) -> Estimate:
    role = found.a if side.is_a else found.b
    return role.percentiles["mid"][p]


def _mean(a: _Asked, side: Side, scope: Scope) -> Estimate:
    sample = a.room.sample(side, scope)
    assert not isinstance(sample, Short)
    return mean_of(sample, side.is_a)


def _in_dollars(claim: Claim) -> Amount | str:
    """The claimed amount in US dollars a year, or why it cannot be told."""
    assert claim.amount is not None
    if not claim.amount.unit:
        return "the article names no currency"
    year = None if claim.period is None else min(claim.period[1], amounts.full_year())
    found = amounts.dollars(claim.amount, year)
    return found or f"no exchange rate is known for {claim.amount.unit}"


def _notes(claim: Claim, asks: _Asks) -> tuple[str, ...]:
    said_of = ["by advertised pay, at the midpoint of each range"]
    unit = claim.amount.unit if claim.amount else ""
    if unit and unit != "USD":
        year = amounts.full_year() if claim.period is None else claim.period[1]
        said_of.append(f"{unit} at the mean rate of {min(year, amounts.full_year())} (ECB)")
    if asks.statistics == (90,):
        said_of.append("pay that is reached by some is judged by the 90th percentile")
    return tuple(said_of)
