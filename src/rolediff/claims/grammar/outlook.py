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
_OF_WORK = re.compile(
    r"\b(?:remote|demand)\b|\b(?:posting|advert|opening|vacanc|listing)|\b(?:posts|jobs|vacancies|roles|positions|market|interest|hiring)\b",
    re.IGNORECASE,
)
_UNEVEN = re.compile(r"\b(?:uneven|mixed|varies|differs)\b", re.IGNORECASE)
_MOVES = pattern("outlook_moves")
_GAP_MOVED = pattern("gap_moved")
_FALLING = pattern("outlook_falling")
_MOVED = pattern("outlook_moved")
_FASTER = re.compile(r"\bfast(?:er|est)?[- ]growing\b", re.IGNORECASE)
_PAST_COMPARED = phrase(r"(?<!\w)(?:<past>)(?!\w)")


def growth_claims(clause: Clause) -> list[Claim]:
    """The claim that jobs of a role grow, in figures or words, or will not slow."""
    verb = words("rise").search(clause.text)
    if _MOVED.search(clause.text) and not clause.has("future") and clause.topic != "growth":
        return []  # what has already happened is a trend
    slow = (
        re.search(r"\bslow|\bdeclin|\bshrink|\bfall", clause.text)
        if clause.has("negation")
        else None
    )
    told = clause.topic == "growth" and bool(clause.mentions and clause.percents)
    told = told and not clause.has("fall")
    if not told and (not (verb or slow) or not _of_jobs(clause, verb or slow)):
        return []
    figure = _figure(clause)
    if figure is None and not clause.mentions:
        return []
    span = (subject_start(clause), clause.end)
    sense: Sense = "less" if slow and not verb else "more"
    return [
        clause.claim("growth", span=span, amount=figure.amount if figure else None, sense=sense)
    ]


def demand_claims(clause: Clause) -> list[Claim]:
    """The claim that a role is in demand, or is not."""
    if not _IN_DEMAND.search(clause.text) or not clause.roles or clause.reasoned:
        return []
    skilled = [s for s in clause.skills if not clause.names(s.start)]
    if skilled and re.search(r"\b(?:skill|tool|language|framework)s?\b", clause.text):
        return []
    if (
        _FALLING.search(clause.text)
        or (clause.has("fall") and clause.has("past"))
        or _UNEVEN.search(clause.text)
    ):
        return []
    less = re.search(
        r"\b(?:low|weak|little|less|glut|oversuppl\w+|saturated|few|fewer|lower|no|not|subdued|sluggish|flat|muted|cooling)\b",
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
        r"\b(?:[Ff]ewer|[Mm]ore|[Ll]ess|[Hh]igher|[Ll]ower|rarer|commoner)\b.*\bthan\b", clause.text
    )
    if not (down or up or steady or compared) or not _worth(clause, bool(compared)):
        return []
    fewer = down or (
        compared and re.search(r"\b(?:[Ff]ewer|[Ll]ess|[Ll]ower|rarer)\b", clause.text)
    )
    sense: Sense = "less" if fewer else "more" if up or compared else ""
    if _GAP_MOVED.search(clause.text):
        return [clause.claim("trend", span=(subject_start(clause), clause.end))]
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
    where = text if noun or _FASTER.search(text) else before
    if _FASTER.search(text) and clause.mentions and not clause.skills:
        return True
    if noun and clause.mentions and re.search(r"\bgrowth (?:for|in|of|among)\b", text):
        return True
    goes_on = clause.claimed[:1] in (("growth",), ("trend",)) and len(before.split()) <= 4
    if goes_on and not clause.mentions and clause.link in ("and", "but"):
        return True
    return bool(_SUBJECT_OF_JOBS.search(where)) or (bool(clause.mentions) and bool(clause.percents))


def _worth(clause: Clause, compared: bool) -> bool:
    """Whether the change is of something that data on roles could show."""
    if clause.topic in ("trend", "growth"):
        return True
    if not clause.mentions and clause.article[clause.end : clause.end + 1] == ":":
        return False  # what stands before a colon is said again behind it
    of_work = _OF_WORK.search(clause.text) is not None
    named = bool(clause.mentions or clause.skills) or clause.has("pay_noun", "gap_noun") or of_work
    sure = clause.has("future", "past", "steady") or bool(clause.percents) or compared
    goes_on = clause.claimed[:1] == ("trend",) and clause.link in ("and", "but", "yet")
    if goes_on and len(clause.text.split()) <= 8:
        return True
    return named and (sure or bool(_MOVES.search(clause.text) or _MOVED.search(clause.text)))


def _figure(clause: Clause) -> Figure | None:
    return next(iter(clause.percents), None)
