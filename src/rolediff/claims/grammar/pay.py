"""Claims of what a role is paid: points, ranges, averages, "over X", one for each sum."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.figures import Figure
from rolediff.claims.grammar.gap import statistic
from rolediff.claims.grammar.naming import Role
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern, words
from rolediff.results.claims import Claim, Sense

_JOINT = pattern("pay_joint")
_OTHER_MONEY = pattern("pay_other_money")
_RELATIVE = pattern("pay_relative")
_ADDS = re.compile(r"\b(?:adds?|raises?|boosts?|lifts?|bumps?)\b", re.IGNORECASE)
_MORE_OR_LESS = re.compile(r"\s?(more|less|higher|lower|above|below)\b", re.IGNORECASE)
_EXTRA = re.compile(r"\b(?:premium|more|extra|uplift|higher|better)\b", re.IGNORECASE)
_OWN_BILL = re.compile(r"\b(?:we|i|they|you) (?:\w+ )?paid\b.{0,25}\bfor\b", re.IGNORECASE)
_IN_PLACE = re.compile(r"in (?:the )?[A-Z][\w ]{1,30}$")
_APART = re.compile(
    r"\brespectively\b|\bagainst\b|\bversus\b|\bvs\b|\bcompared\b|\bbeats?\b", re.IGNORECASE
)
_FOR = pattern("pay_for")


def pay_claims(clause: Clause) -> list[Claim]:
    """The claims of `clause` that state a sum, or a multiple of one, that a role is paid."""
    sums = clause.money
    if not sums:
        return _premium(clause) or _relative(clause) or _elliptic(clause)
    other = _OTHER_MONEY.search(clause.text) or _OTHER_MONEY.search(clause.question)
    if other or _ADDS.search(clause.text) or not _about_pay(clause):
        return []
    return sums_stated(clause)


def sums_stated(clause: Clause, label: str = "") -> list[Claim]:
    """A claim of pay for each sum in `clause`; `label`: of its cell or item."""
    sums = clause.money
    if len(sums) == 1 and clause.block in ("cell", "item"):
        figure = sums[0]
        return [
            clause.claim(
                "pay",
                amount=figure.amount,
                statistic=statistic(label) or statistic(clause.text),
            )
        ]
    parts = _parts(clause, sums)
    told = _respectively(clause, len(sums))
    return [
        _claim(clause, part, figure, told[number] if told else None)
        for number, (part, figure) in enumerate(zip(parts, sums, strict=True))
    ]


def _about_pay(clause: Clause) -> bool:
    spoken = clause.has("pay_verb", "pay_noun", "rich") or clause.topic in ("pay", "reason")
    short = len(clause.text.split()) <= 8 and bool(clause.roles)
    if _OWN_BILL.search(clause.text):
        return False
    return (
        spoken
        or short
        or bool(clause.mentions)
        or "pay" in clause.claimed
        or "gap" in clause.claimed
    )


def _premium(clause: Clause) -> list[Claim]:
    """ "bakers who know rye earn a premium of 8%": what a skill adds to the pay of a role."""
    skills = [s.name for s in clause.skills if not clause.names(s.start)]
    named = {role for m in clause.mentions for role in m.roles}
    told = clause.has("pay_verb", "pay_noun") and (
        _EXTRA.search(clause.text) or _ADDS.search(clause.text)
    )
    if not skills or not clause.percents or not told or len(named or clause.roles) != 1:
        return []
    span = (subject_start(clause), clause.end)
    return [
        clause.claim("pay", span=span, items=skills, amount=clause.percents[0].amount, sense="more")
    ]


def _relative(clause: Clause) -> list[Claim]:
    """ "the figures are half as high again", after sums that were stated."""
    found = _RELATIVE.search(clause.text)
    spoken = re.search(
        r"\b(?:figures?|numbers?|sums?|amounts?|rates?|bands?)\b", clause.text
    ) or clause.has("pay_noun")
    if not found or not spoken or not clause.percents or not {"pay", "gap"} & set(clause.claimed):
        return []
    return [
        clause.claim(
            "pay",
            span=(subject_start(clause), clause.end),
            amount=clause.percents[0].amount,
            sense="more",
        )
    ]


def _elliptic(clause: Clause) -> list[Claim]:
    """ "millers 40", after a sum that bakers were said to earn."""
    number = re.search(r"\b\d[\d,.]*(?:k\b)?", clause.text)
    if clause.sum is None or "pay" not in clause.claimed[:1] or not number or not clause.mentions:
        return []
    if (
        len(clause.text.split()) > 5
        or clause.percents
        or clause.link not in ("", "and", "but", "while", ";")
    ):
        return []
    value = float(number[0].rstrip("k").replace(",", "").rstrip(".")) * (
        1000 if number[0].endswith("k") else 1
    )
    return [clause.claim("pay", amount=replace(clause.sum, low=value, high=value))]


def _parts(clause: Clause, sums: list[Figure]) -> list[tuple[int, int]]:
    """The stretch of the clause that goes with each sum."""
    cuts = [clause.start, *(_cut(clause, one, other) for one, other in pairwise(sums)), clause.end]
    return list(pairwise(cuts))


def _cut(clause: Clause, one: Figure, other: Figure) -> int:
    """Where what is said of `one` ends: at a joint, behind "for bakers" and before "bakers"."""
    between = [m for m in clause.mentions if one.end <= m.start < other.start]
    at = one.end
    if between and _FOR.match(clause.article[one.end : between[0].start]):
        at = between[0].end
    joint = _JOINT.search(clause.article, at, other.start)
    return joint.end() if joint and joint.end() <= other.start else other.start


def _respectively(clause: Clause, count: int) -> list[Role] | None:
    """The role of each sum where they are listed apart: "bakers and millers earn 30 and 20"."""
    named = list(dict.fromkeys(role for m in clause.mentions for role in m.roles))
    if not named and count == 2:
        beaten = re.search(r"\bbeats?\b", clause.text)
        order = list(clause.compared if beaten and clause.compared else clause.pair)
        return order if len(order) == 2 and _APART.search(clause.text) else None
    if count < 2 or len(named) != count:
        return None
    ahead = all(m.end <= clause.money[0].start for m in clause.mentions if m.roles)
    return named if ahead or "respectively" in clause.text else None


def _claim(clause: Clause, part: tuple[int, int], figure: Figure, role: Role | None) -> Claim:
    within = clause.part(*part)
    named = [m for m in within.mentions if m.roles]
    roles = (role,) if role else tuple(r for m in named for r in m.roles) or _before(clause, figure)
    ahead = any(m.start < figure.start for m in within.mentions) or _spoken_before(within, figure)
    start = subject_start(within) if ahead and role is None else figure.start
    if not ahead and _IN_PLACE.fullmatch(clause.article[part[0] : figure.start].strip()):
        start = part[0]
    end = part[1] if role is None else figure.end
    amount = figure.amount
    if not amount.period and clause.sum is not None:
        amount = replace(amount, period=clause.sum.period)
    return within.claim(
        "pay", span=(start, end), roles=roles, amount=amount,
        sense=_relative_to(clause, figure),
        statistic=statistic(within.text) or statistic(clause.text) or _said_before(clause),
    )  # fmt: skip


def _relative_to(clause: Clause, figure: Figure) -> Sense:
    """Whether a sum is so much more or less than another: "perhaps €5,000 less"."""
    found = _MORE_OR_LESS.match(clause.article, figure.end, clause.end)
    return "" if not found else "less" if found[1].lower() in ("less", "lower", "below") else "more"


def _said_before(clause: Clause) -> str:
    """ "average" or "median", where the sentence said so before this clause."""
    said = statistic(clause.article[clause.first : clause.start])
    return said if said in ("average", "median") else ""


def _spoken_before(within: Clause, figure: Figure) -> bool:
    return any(
        words(name).search(within.article, within.start, figure.start)
        for name in ("pay_verb", "pay_noun")
    )


def _before(clause: Clause, figure: Figure) -> tuple[Role, ...]:
    """The role named last before a sum that names none itself."""
    named = [m for m in clause.mentions if m.roles and m.start < figure.start]
    return named[-1].roles if named else clause.roles
