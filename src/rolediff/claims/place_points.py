"""Points on industries and countries: shares of a role's records, and places in a list."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rolediff.annotate.roles import Role
from rolediff.claims import amounts
from rolediff.claims.beside import Side
from rolediff.claims.drafts import Draft, measured, short, untestable
from rolediff.claims.places import Kind, Told, category_of, told_by
from rolediff.claims.ranking import among
from rolediff.claims.room import Room
from rolediff.claims.rule import Allowed, enough
from rolediff.claims.scopes import Scope, region_codes
from rolediff.claims.words import said
from rolediff.compare.brief_words import money
from rolediff.compare.brief_words import share as in_share
from rolediff.results import CategoryPay, CategoryShare, Claim, Estimate, Evidence, Short

Question = Literal["pay", "top", "compared", "share", "hires"]


@dataclass(frozen=True)
class Asked:
    """What is asked of one role in one scope: of which kind of place, and what of it."""

    claim: Claim
    room: Room
    kind: Kind
    asks: Question
    role: Role
    scope: Scope

    @property
    def reading(self) -> str:
        """The scope's name, where there are several."""
        return "" if self.kind == "country" else self.scope.name

    def evidence(self, side: Side, name: str, e: Estimate, unit: str, source: str) -> Evidence:
        """A figure that `rolediff where` prints."""
        return Evidence(name, e, unit, source, self.room.command("where", side, self.scope))


def _part(a: Asked, item: str) -> str:
    return f"{item} for {a.role.plural}" if len(a.claim.roles) > 1 else item


def points_of_role(a: Asked) -> list[Draft]:
    """A point for each place that the claim lists, or one for the two that it compares."""
    side, found = a.room.first(
        a.room.sides(a.role, a.claim), lambda s: told_by(a.room, s, a.scope, a.kind, a.asks)
    )
    if isinstance(found, Short):
        return [short(_part(a, item), found.reason, a.reading) for item in a.claim.items]
    if a.asks == "compared":
        return [_compared(a, side, found)]
    return [_of_item(a, side, found, item) for item in a.claim.items]


def _of_item(a: Asked, side: Side, found: Told, item: str) -> Draft:
    name = _part(a, item)
    category = category_of(item, a.kind)
    if category is None:
        what = "country" if a.kind == "country" else "industry that records tell"
        return untestable(name, f"“{item}” is no {what} here")
    if category.wider:
        e = _share(found, side, category.code)
        said_of = f"; {category.label} as a whole has {in_share(e)} of them" if e else ""
        return short(name, f"“{item}” is a part of {category.label}, which is all that "
                     f"`rolediff where` tells{said_of}", a.reading)  # fmt: skip
    if a.asks == "pay":
        return _paid(a, side, found, name, category.code, category.label)
    return _hired(a, side, found, name, category.code, category.label)


def _hired(
    a: Asked, side: Side, found: Told, name: str, code: str, label: str
) -> Draft:  # fmt: skip
    e = _share(found, side, code)
    if e is None:
        few = f"fewer than 5 records of both roles{a.scope.within} are in {label}"
        return short(name, f"{few}, in {found.source}", a.reading)
    what = f"share of the records of {a.role.plural}{a.scope.within} that are in {label}"
    evidence = (a.evidence(side, what, e, "share", found.source),)
    if a.asks == "top":
        return _top(a, side, found, name, code, f"{what}: {in_share(e)}", evidence)
    allowed, words = _share_allowed(a)
    return measured(name, a.reading, e, allowed, a.room.rule, figure=f"{what}: {in_share(e)}",
                    claimed=words, evidence=evidence)  # fmt: skip


def _share_allowed(a: Asked) -> tuple[Allowed, str]:
    claim, rule = a.claim, a.room.rule
    amount = amounts.loosened(claim)
    if amount is not None and amount.unit in ("percent", "points"):
        allowed = amounts.share_allowed(amount, rule)
    elif (spoken := amounts.quantity_allowed(claim.quantity, rule)) is not None:
        allowed = spoken
    else:
        allowed = Allowed(rule.hires)
    allowed = allowed.opposite if claim.negated else allowed
    return allowed, amounts.shares_in_words(allowed)


def _top(
    a: Asked, side: Side, found: Told, name: str, code: str, figure: str,
    evidence: tuple[Evidence, ...],
) -> Draft:  # fmt: skip
    """Whether a category is among the k with most records, k as many as the claim lists."""
    every = found.shares
    shares = [_of_side(s, side) for s in every]
    at = [s.category for s in every].index(code)
    k = len(a.claim.items)
    return _ranked(a, name, figure, f"a place among the {k} largest" if k > 1 else "the largest",
                   evidence, shares, at, k, shares_of_one=True)  # fmt: skip


def _ranked(
    a: Asked, name: str, figure: str, claimed: str, evidence: tuple[Evidence, ...],
    values: Sequence[Estimate], at: int, k: int, *, shares_of_one: bool,
) -> Draft:  # fmt: skip
    """A point on a place in a list."""
    rule = a.room.rule
    if not enough(values[at], rule):
        return Draft(
            name, a.reading, f"{figure}: fewer than {rule.least} records or employers", "", evidence
        )
    if k >= len(values):
        why = f"{figure}; only {len(values)} have records enough, so a place among {k} says nothing"
        return Draft(name, a.reading, why, "", evidence)
    test = among(values, at, k, rule, log=not shares_of_one, shares=shares_of_one,
                 denied=a.claim.negated)  # fmt: skip
    claimed = f"{'not ' * a.claim.negated}{claimed}"
    place = 1 + sum(e.value > values[at].value for e in values)
    return Draft(
        name, a.reading, f"{figure}, rank {place} of {len(values)}", claimed, evidence, test
    )


def _paid(
    a: Asked, side: Side, found: Told, name: str, code: str, label: str
) -> Draft:  # fmt: skip
    """Whether a place is among those that pay the role best, at exchange rates."""
    role = "A" if side.is_a else "B"
    every = [p for p in found.pay if p.role == role and _in_region(a, p.category)]
    here = next((p for p in every if p.category == code), None)
    if here is None:
        few = f"fewer than {a.room.rule.least} distinct records with pay of {a.role.plural}"
        return short(name, f"{few} are in {label}, in {found.source}")
    k = max(len(a.claim.items), math.ceil(a.room.rule.upper * len(every)))
    k = 1 if len(a.claim.items) == 1 and not said(a.claim.text, "example") else k
    figure = (
        f"pay of {a.role.plural} in {label}: {money(here.market.pay)} {here.market.money}"
        f"{_power(here)}"
    )
    claimed = f"a place among the {k} best paid of {len(every)}" if k > 1 else "the best paid"
    pay = [p.market.pay for p in every]
    return _ranked(a, name, figure, claimed, _pay_evidence(a, side, found, here), pay,
                   every.index(here), k, shares_of_one=False)  # fmt: skip


def _pay_evidence(
    a: Asked, side: Side, found: Told, here: CategoryPay
) -> tuple[Evidence, ...]:  # fmt: skip
    what = f"geometric mean pay of {a.role.plural} in {here.label}"
    made = [a.evidence(side, what, here.market.pay, here.market.money, found.source)]
    if here.ppp is not None:
        made.append(a.evidence(side, f"{what}, at purchasing power", here.ppp.pay, here.ppp.money,
                               found.source))  # fmt: skip
    return tuple(made)


def _power(here: CategoryPay) -> str:
    if here.ppp is None:
        return ""
    return f" (at purchasing power rank {here.ppp.rank} of {here.ppp.of})"


def _in_region(a: Asked, code: str) -> bool:
    if not a.claim.region or a.kind != "country":
        return True
    return code in region_codes(a.claim.region, a.room.market)


def _compared(a: Asked, side: Side, found: Told) -> Draft:
    """Whether one of two categories has more of a role's records than the other."""
    first, second = a.claim.items
    name = _part(a, f"{first} over {second}")
    codes = [category_of(item, a.kind) for item in (first, second)]
    shares = [None if c is None or c.wider else _share(found, side, c.code) for c in codes]
    if any(c is None or c.wider for c in codes):
        return untestable(name, f"“{first}” or “{second}” is nothing that records tell here")
    if shares[0] is None or shares[1] is None:
        few = f"fewer than 5 records of both roles{a.scope.within} are in one of them"
        return short(name, f"{few}, in {found.source}", a.reading)
    both = [shares[0], shares[1]]
    wanted = 0 if a.claim.sense != "less" else 1
    labels = [c.label for c in codes if c is not None]
    figure = (
        f"{in_share(both[0])} of the records of {a.role.plural}{a.scope.within} are in "
        f"{labels[0]}, {in_share(both[1])} in {labels[1]}"
    )
    evidence = tuple(
        a.evidence(side, f"share of the records of {a.role.plural} in {label}", e, "share",
                   found.source)
        for label, e in zip(labels, both, strict=True)
    )  # fmt: skip
    return _ranked(a, name, figure, f"more in {labels[wanted]}", evidence, both, wanted, 1,
                   shares_of_one=True)  # fmt: skip


def _share(found: Told, side: Side, code: str) -> Estimate | None:
    here = next((s for s in found.shares if s.category == code), None)
    return None if here is None else _of_side(here, side)


def _of_side(s: CategoryShare, side: Side) -> Estimate:
    return s.a if side.is_a else s.b
