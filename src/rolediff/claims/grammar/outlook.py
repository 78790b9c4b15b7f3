"""Claims of growth, demand and trends."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.figures import Figure
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern, phrase, words
from rolediff.results.claims import Claim, Sense

_IN_DEMAND = pattern("outlook_in_demand")
_SUBJECT_OF_JOBS = phrase(r"(?<!\w)(?:<jobs>|<people>)(?!\w)")
_PAST_COMPARED = phrase(r"(?<!\w)(?:<past>)(?!\w)")


def growth_claims(clause: Clause) -> list[Claim]:
    """The claim that jobs of a role grow, in figures or words, or will not slow."""
    verb = words("rise").search(clause.text)
    slow = (
        re.search(r"\bslow|\bdeclin|\bshrink|\bfall", clause.text)
        if clause.has("negation")
        else None
    )
    if not (verb or slow) or not _of_jobs(clause, verb or slow):
        return []
    figure = _figure(clause)
    if figure is None and not clause.mentions:
        return []
    span = (subject_start(clause), clause.end)
    sense: Sense = "more" if verb else "less"
    return [
        clause.claim("growth", span=span, amount=figure.amount if figure else None, sense=sense)
    ]


def demand_claims(clause: Clause) -> list[Claim]:
    """The claim that a role is in demand, or is not."""
    if not _IN_DEMAND.search(clause.text) or not clause.roles or words("reason").match(clause.text):
        return []
    less = re.search(
        r"\b(?:low|weak|little|less|glut|oversuppl\w+|saturated|few|fewer|lower|no|not)\b",
        clause.text,
        re.IGNORECASE,
    )
    sense: Sense = "less" if less and not clause.has("negation") else "more"
    figure = next(iter(clause.percents), None)
    return [
        clause.claim(
            "demand",
            span=(subject_start(clause), clause.end),
            sense=sense,
            amount=figure.amount if figure else None,
        )
    ]


def trend_claims(clause: Clause) -> list[Claim]:
    """The claim that something about a role rises, falls or changes."""
    down, up = words("fall").search(clause.text), words("rise").search(clause.text)
    steady = words("steady").search(clause.text)
    compared = _PAST_COMPARED.search(clause.text) and re.search(
        r"\b(?:fewer|more|less|higher|lower|rarer|commoner)\b.*\bthan\b", clause.text
    )
    if not (down or up or steady or compared) or not _worth(clause, bool(compared)):
        return []
    fewer = down or (compared and re.search(r"\b(?:fewer|less|lower|rarer)\b", clause.text))
    sense: Sense = "less" if fewer else "more" if up or compared else ""
    figure = _figure(clause) or next(iter(clause.money), None)
    return [
        clause.claim(
            "trend",
            span=(subject_start(clause), clause.end),
            amount=figure.amount if figure else None,
            sense=sense,
        )
    ]


def _of_jobs(clause: Clause, verb: re.Match[str] | None) -> bool:
    """Whether it is jobs of a role, or demand for it, that the verb is of, and not pay."""
    if verb is None or not clause.roles:
        return False
    text = clause.text
    before = text[: verb.start()]
    if words("pay_noun").search(before) or re.search(r"\b(?:salar|wage|pay)\w*\b", before):
        return False
    noun = re.fullmatch(r"growth|increase|expansion|rise", verb[0], re.IGNORECASE)
    where = (
        text
        if noun or re.search(r"\bfast(?:er|est)?[- ]growing\b", text, re.IGNORECASE)
        else before
    )
    goes_on = clause.claimed[:1] in (("growth",), ("trend",)) and len(before.split()) <= 4
    if goes_on and not clause.mentions and clause.link in ("and", "but"):
        return True
    return bool(_SUBJECT_OF_JOBS.search(where)) or (bool(clause.mentions) and bool(clause.percents))


def _worth(clause: Clause, compared: bool) -> bool:
    """Whether the change is of something that data on roles could show."""
    if clause.topic in ("trend", "growth"):
        return True
    named = (
        bool(clause.mentions)
        or clause.has("pay_noun")
        or re.search(r"\bremote\b|\bposting|\badvert|\bopening|\bvacanc", clause.text) is not None
    )
    sure = clause.has("future", "past", "steady") or bool(clause.percents) or compared
    return named and sure


def _figure(clause: Clause) -> Figure | None:
    return next(iter(clause.percents), None)
