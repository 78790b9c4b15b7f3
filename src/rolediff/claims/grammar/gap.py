"""Claims that one role is paid more than another, by how much, or the same."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.figures import Figure
from rolediff.claims.grammar.naming import Role
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern, phrase, words
from rolediff.results.claims import Amount, Claim

_ASKS_WHICH = phrase(r"\b(?:which|who|what)\b.{0,40}(?:(?<!\w)(?:<more>|<less>|<rich>)(?!\w))")
_ANSWER = re.compile(
    r"\b(?:do|does|are|is|wins?|comes? out (?:ahead|on top)|by (?:some|a wide|a clear) \w+)$",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"^(?:compared (?:with|to)|unlike|next to|relative to|against)\b", re.IGNORECASE
)
_OWN_WAY = re.compile(
    r"\b(?:pays?|paid|earn\w*) (?:in|for|by) (?:\w+ )?(?:equity|stock)", re.IGNORECASE
)
_NOT_OF_PAY = pattern("gap_not_of_pay")
_NO_COMPARISON = pattern("gap_no_comparison")
_BY_SO_MUCH = pattern("gap_by_so_much")
_OF_OTHERS = pattern("gap_of_others")
_IN_FAVOUR = re.compile(r"\bin favou?r of\b|\bpremium for\b|\bto the advantage of\b", re.IGNORECASE)


def gap_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that compares the pay of two roles, if it makes one."""
    if _answers(clause):
        return [_compared(clause, clause.roles, "more")]
    bare = _without_sums(clause)
    if not _of_pay(clause, bare) or not clause.roles:
        return []
    direction = _direction(bare)
    if not direction or not _between_roles(clause, bare):
        return []
    return [_compared(clause, clause.roles, direction)]


def _answers(clause: Clause) -> bool:
    """Whether "Bakers do." answers "Who earns more?"."""
    short = len(clause.text.split()) <= 7 and bool(clause.mentions)
    asked = _ASKS_WHICH.search(clause.question) and words_of_pay(clause.question)
    return bool(short and asked and _ANSWER.search(clause.text))


def words_of_pay(text: str) -> bool:
    """Whether `text` speaks of pay at all."""
    return any(words(name).search(text) for name in ("pay_verb", "pay_noun", "rich"))


def _without_sums(clause: Clause) -> str:
    """The clause with its sums of money and their bounds ("more than $90,000") blanked."""
    text = clause.text
    for figure in clause.money:
        first, last = figure.start - clause.start, figure.end - clause.start
        if not _BY_SO_MUCH.match(text, last):
            text = text[:first] + " " * (last - first) + text[last:]
    return text


def _of_pay(clause: Clause, bare: str) -> bool:
    if words("rich").search(bare):
        return True
    spoken = words("pay_verb").search(bare) or words("pay_noun").search(bare)
    if not spoken and clause.topic in ("pay", "reason"):
        spoken = re.search(
            r"\b(?:figures?|numbers?|gap|difference)\b|\blag|\btrail|\bahead\b|\bbehind\b", bare
        )
    return bool(spoken) and not _OWN_WAY.search(bare)


def _direction(bare: str) -> str:
    """ "more", "less" or "same" by the first word of comparison, or the noun "gap"."""
    bare = _NOT_OF_PAY.sub(" ", _NO_COMPARISON.sub(" ", bare))
    first = {}
    for name in ("same", "less", "more"):
        found = words(name).search(bare)
        if found:
            first[name] = found.start()
    if "same" in first and first["same"] <= min(first.values()):
        return "same"
    both = [name for name in ("less", "more") if name in first]
    if re.search(r"\b(?:twice|double)\b", bare, re.IGNORECASE) and "less" not in first:
        return "more"
    if not both:
        return (
            "more"
            if re.search(
                r"\b(?:gap|premium|difference|differential|disparity)\b.*\b(?:between|over|is|of|in)\b",
                bare,
                re.IGNORECASE,
            )
            else ""
        )
    if "same" in first and re.search(
        r"\bno (?:\w+ )*(?:gap|difference|premium)\b", bare, re.IGNORECASE
    ):
        return "same"
    return min(both, key=lambda name: first[name])


def _between_roles(clause: Clause, bare: str) -> bool:
    """Whether it is roles that are compared: two are named, or one and there is another."""
    if _OF_OTHERS.search(bare):
        return False
    named = {role for m in clause.mentions for role in m.roles}
    if len(named) >= 2:
        return True
    if not named and not clause.carried:
        return False
    superlative = re.search(r"\bthe (?:most|best|highest|least)\b", bare) and not named
    return (
        len(clause.pair) == 2
        and not superlative
        and not re.search(r"\bthan\s+(?!the other|their|its|those of|a |an )\w", bare)
    )


def _compared(clause: Clause, roles: tuple[Role, ...], direction: str) -> Claim:
    higher, lower = _sides(clause, roles, direction)
    figure = next((f for f in [*clause.money, *clause.percents]), None)
    amount = _amount(figure, direction)
    both = tuple(role for role in (higher, lower) if role is not None)
    return clause.claim(
        "gap",
        span=(subject_start(clause), clause.end),
        roles=both,
        amount=amount,
        sense="same" if direction == "same" else "more",
        statistic=statistic(clause.text),
    )


def _sides(
    clause: Clause, roles: tuple[Role, ...], direction: str
) -> tuple[Role | None, Role | None]:
    """Who is said to have more, and who less."""
    order = list(dict.fromkeys(role for m in clause.mentions for role in m.roles)) or list(roles)
    if len(order) == 1:
        order += [role for role in clause.pair if role not in order][:1]
    if len(order) >= 2 and _OTHERWISE.match(clause.text):
        order = [order[1], order[0]]
    favoured = _IN_FAVOUR.search(clause.text)
    if favoured:
        after = [
            r for m in clause.mentions if m.start >= clause.start + favoured.end() for r in m.roles
        ]
        order = [*after[:1], *(role for role in order if role not in after[:1])]
    first, second = order[0], order[1] if len(order) > 1 else None
    return (second, first) if direction == "less" and second is not None else (first, second)


def _amount(figure: Figure | None, direction: str) -> Amount | None:
    """By how much the one has more: 20 % less is 25 % more seen from below, half is twice."""
    if figure is None:
        return None
    amount = figure.amount
    if direction != "less":
        return amount
    if amount.unit == "percent":
        turned = [
            None if v is None or v >= 100 else 100 * v / (100 - v)
            for v in (amount.low, amount.high)
        ]
        return replace(amount, low=turned[0], high=turned[1])
    if amount.unit == "times":
        turned = [None if not v else 1 / v for v in (amount.low, amount.high)]
        return replace(amount, low=turned[1], high=turned[0])
    return amount


def statistic(text: str) -> str:
    """What a figure is of: "average", "median", "entry", "senior", "top" or nothing."""
    for name in ("median", "average", "entry", "senior", "top"):
        if words(name).search(text):
            return name
    return ""
