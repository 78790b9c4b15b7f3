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

_ASKS_WHICH = phrase(r"\b(?:which|who|what)\b.{0,40}(?:(?<!\w)(?:<more>|<less>|<rich>|pays)(?!\w))")
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
_SO_MUCH = pattern("gap_so_much")
_AHEAD = pattern("gap_ahead")
_GAP_IS = pattern("gap_is")
_NO_GAP = re.compile(r"\bno (?:\w+ )*(?:gap|difference|premium)\b", re.IGNORECASE)
_THAN_ONE = re.compile(
    r"^[^a-zA-Z]*(?:(?:nearly|about|some|roughly|almost|around|over|only)\s+)?[£$€\d].*\bthan\b",
    re.IGNORECASE,
)
_OF_FIGURES = re.compile(
    r"\b(?:figures?|numbers?|gap|difference|shortfall|advantage|premium|lead|ahead|behind)\b|\b(?:lag|trail)"
)
_OTHER_SUBJECT = re.compile(
    r"(?:[\w-]+ ){0,2}(?:employers|companies|firms|start-?ups|banks|agencies|sectors|teams)\b",
    re.IGNORECASE,
)
_SOME_OF_THEM = re.compile(
    r"s (?:who|that|with) (?:know|have|hold|speak|use|code|work|an?\b|\w+ (?:skills|experience))"
)
_BARE_PAY = pattern("gap_bare_pay")
_BY_A_SUM = re.compile(r"\bby (?:\w+ ){0,2}[£$€]\s?\d", re.IGNORECASE)
_OPENINGS = re.compile(
    r"\b(?:number of|openings|postings|adverts|ads|vacancies|headcount)\b", re.IGNORECASE
)
_GAP_MOVED = pattern("gap_moved")
_TWICE = re.compile(r"\b(?:twice|double)\b", re.IGNORECASE)
_IN_FAVOUR = re.compile(r"\bin favou?r of\b|\bpremium for\b|\bto the advantage of\b", re.IGNORECASE)


def gap_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that compares the pay of two roles, if it makes one."""
    if _answers(clause):
        return [_compared(clause, clause.roles, "more")]
    if _goes_on(clause):
        return [_compared(clause, _pair(clause), _direction(clause.text) or "more")]
    bare = _without_sums(clause)
    if not _of_pay(clause, bare) or not clause.roles or _of_else(clause, bare):
        return []
    direction = _direction(bare)
    if _OTHER_SUBJECT.match(bare) or (clause.has("future") and clause.has("fall", "rise")):
        return []
    if not direction or not _between_roles(clause, bare):
        return []
    return [_compared(clause, _pair(clause), direction)]


def gap_stated(clause: Clause) -> Claim:
    """What `clause` says of the pay of two roles; of no roles if it does not say who has more."""
    direction = _direction(_without_sums(clause))
    roles = _pair(clause)
    if not direction or not roles:
        return clause.claim("gap", roles=())
    return _compared(clause, roles, direction)


def _of_else(clause: Clause, bare: str) -> bool:
    """Whether openings are compared, or the gap at two dates, or "pay is higher" of nobody."""
    if _OPENINGS.search(bare) and not words_of_pay(bare):
        return True
    if _GAP_MOVED.search(bare):
        return True
    named = any(m.how == "name" for m in clause.mentions)
    return not named and not clause.topic and _BARE_PAY.match(clause.text) is not None


def _answers(clause: Clause) -> bool:
    """Whether "Bakers do." answers "Who earns more?"."""
    named = [m for m in clause.mentions if m.how == "name"]
    asked = _ASKS_WHICH.search(clause.question) and words_of_pay(clause.question)
    sums = clause.money and not _BY_A_SUM.search(clause.text)
    if not asked or len(named) != 1 or len(clause.text.split()) > 12 or sums:
        return False
    rest = clause.text[named[0].end - clause.start :].strip(" ,")
    return not rest or _BY_A_SUM.match(rest) is not None or _ANSWER.search(rest) is not None


def _pair(clause: Clause) -> tuple[Role, ...]:
    """The roles compared last, the one that is paid more first, or those named."""
    named = clause.mentions or clause.claimed[:1] != ("gap",)
    return clause.roles if named or not clause.compared else clause.compared


def _goes_on(clause: Clause) -> bool:
    """Whether "or 20% more" or "one survey puts it at 8%" goes on from what was said of pay."""
    before = clause.claimed[:1]
    if before not in (("gap",), ("pay",)) or not clause.percents or clause.money:
        return False
    if words("gap_noun").search(clause.text) and _SO_MUCH.search(clause.text):
        return True
    at = clause.percents[0].end
    more = _BY_SO_MUCH.match(clause.article, at) and len(clause.text.split()) <= 7
    put = (
        before == ("gap",)
        and _SO_MUCH.search(clause.text)
        and not clause.has("ads", "rise", "fall")
    )
    return bool(more or put)


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
    follows = {"gap", "pay"} & set(clause.claimed[:2])
    if not spoken and follows:
        spoken = _AHEAD.search(bare) if clause.mentions and not clause.skills else None
    if not spoken and follows and clause.money and re.search(r"\bthan\b", bare):
        spoken = _BY_SO_MUCH.match(clause.article, clause.money[0].end)
    if not spoken and (clause.topic in ("pay", "reason") or follows):
        spoken = _OF_FIGURES.search(bare)
    return bool(spoken) and not _OWN_WAY.search(bare)


def _direction(bare: str) -> str:
    """ "more", "less" or "same" by the first word of comparison, or the noun "gap"."""
    bare = _NOT_OF_PAY.sub(" ", _NO_COMPARISON.sub(" ", bare))
    found = {name: words(name).search(bare) for name in ("same", "less", "more")}
    first = {name: m.start() for name, m in found.items() if m}
    if not first.keys() & {"less", "more"}:
        return "same" if first else "more" if _GAP_IS.search(bare) else ""
    if "same" in first and (first["same"] == min(first.values()) or _NO_GAP.search(bare)):
        return "same"
    if _TWICE.search(bare) and "less" not in first:
        return "more"
    return min((name for name in first if name != "same"), key=lambda name: first[name])


def _between_roles(clause: Clause, bare: str) -> bool:
    """Whether it is roles that are compared: two are named, or one and there is another."""
    if _OF_OTHERS.search(bare):
        return False
    named = {role for m in clause.mentions for role in m.roles}
    if len(named) >= 2:
        return True
    if not named and not clause.carried:
        return False
    if _THAN_ONE.search(clause.text) and clause.carried:
        return True
    if _SOME_OF_THEM.search(clause.text) and len(named) == 1:
        return False
    superlative = re.search(r"\b(?:the (?:most|best|least)|highest|lowest)\b", bare) and not named
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
    if len(order) == 1 and _THAN_ONE.search(clause.text) and clause.carried:
        order = [*(role for role in clause.carried[:1] if role not in order), *order]
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
