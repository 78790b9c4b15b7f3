"""Claims of where roles are hired or paid: industries, and countries, cities and regions."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern, words
from rolediff.results.claims import Claim, Sense

_PAYS = pattern("where_pays")
_OPENING = pattern("where_opening")
_TOP = pattern("where_top")
_HIRED = pattern("where_hired")
_SUPERLATIVE = re.compile(
    r"\b(?:highest|best|most|lowest|better|higher|lower|more|well|less)\b", re.IGNORECASE
)
_HIGHEST_IN = re.compile(r"\b(?:highest|best|lowest|higher|better|most|top)\b.{0,60}\bin\s")
_EMPLOYERS = pattern("where_employers")
_CLUSTER = pattern("where_cluster")
_COME_FROM = pattern("where_come_from")
_CUTS = re.compile(r"\b(?:layoffs?|lay-offs?|cuts|redundancies|crisis|downturn)\b")
_JOBS = re.compile(r"\b(?:jobs|open|demand)")
_LEAD = re.compile(r"(?:[Ii]n|[Oo]n|[Aa]cross|[Ww]ithin|[Oo]utside) [^,]{2,40},\s+")
_ASIDE = re.compile(
    r"\b(?:outside|except|excluding|beyond|but not|than)\s+(?:in\s+)?(?:the\s+)?$", re.IGNORECASE
)
_THOSE_IN = re.compile(
    r"\bthan (?:those|their peers|colleagues|their counterparts) (?:in|at)\b", re.IGNORECASE
)
_WHICH_PAYS = re.compile(r"\bwhich (?:pays?|offers?|hires?|has|have|leads?)\b[^,]*", re.IGNORECASE)
_AMONG = re.compile(
    r"\b(?:such as|like|including|include|are|is|especially|namely|notably|:)\s+", re.IGNORECASE
)
_LISTED = re.compile(
    r"\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|/|;|&|\bfollowed by\b|\bthen\b)\s*", re.IGNORECASE
)


def industry_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that some industries hire or pay."""
    named = words("industry").finditer(clause.article, clause.start, clause.end)
    vague = ("It", "it", "space", "health", "food")
    found = [m for m in named if m[0] not in vague and not clause.names(m.start())]
    top = _top(clause, "industry_noun")
    if _goes_on(clause):
        items = tuple(dict.fromkeys(m[0] for m in found)) or listed(clause)
        return [clause.claim("industry", items=items, sense=_sense(clause))]
    if not found and not (top and clause.has("finite")):
        return []
    if not (
        top
        or _leads(clause, [m.start() for m in found])
        or _hired_there(clause, found)
        or (found and _EMPLOYERS.search(clause.text))
        or _asked_where(clause)
        or (len(found) >= 2 and _THOSE_IN.search(clause.text))
    ):
        return []
    if not (clause.roles or clause.pair):
        return []
    items = tuple(dict.fromkeys(m[0] for m in found)) or listed(clause)
    return [
        clause.claim(
            "industry", span=(subject_start(clause), clause.end), items=items, sense=_sense(clause)
        )
    ]


def _goes_on(clause: Clause) -> bool:
    """ "millers by mills and shops", after bakers were said to be hired by others."""
    if clause.claimed[:1] != ("industry",) or not clause.mentions or clause.has("finite"):
        return False
    after = clause.article[clause.mentions[0].end : clause.end]
    return re.match(r"\s*,?\s*(?:mostly |chiefly |mainly )?(?:by|in|at|to)\s", after) is not None


def country_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that some countries, cities or regions hire or pay best or well."""
    which = _WHICH_PAYS.search(clause.text) if clause.places else None
    if which and clause.places[0][0] < clause.start + which.start():
        span = (clause.start, clause.start + which.end())
        return [clause.claim("country", span=span, items=_named(clause.part(*span)), placed=False)]
    top = _top(clause, "country_noun")
    if top and clause.has("finite"):
        items = _named(clause) or listed(clause)
        return [_country(clause, items)] if items else []
    if not clause.places:
        return []
    starts = [start for start, *_ in clause.places if not _within_lead(clause, start)]
    again = clause.claimed[:1] == ("country",)
    told_of = clause.has("pay_noun", "pay_verb") or _JOBS.search(clause.text)
    highest = _HIGHEST_IN.search(clause.text)
    paid = clause.has("pay_noun", "pay_verb", "hire", "demand")
    superlative = (
        highest and told_of and not len({r for m in clause.mentions for r in m.roles}) >= 2
    )
    superlatively = paid and _SUPERLATIVE.search(clause.text)
    topical = clause.topic == "country" and (superlatively or not clause.has("finite"))
    ranked = re.search(r"\b(?:leads?|followed by|tops?)\b", clause.text)
    told = ranked or _SUPERLATIVE.search(clause.text) or paid or again or clause.has("country_noun")
    located = clause.topic == "country" and clause.question and len(clause.text.split()) <= 10
    employers = clause.has("industry", "industry_noun", "jobs") and bool(clause.pair)
    from_there = bool(_COME_FROM.search(clause.text) and clause.mentions)
    from_there = from_there or bool(_CLUSTER.search(clause.text) and employers)
    if (_leads(clause, starts) and told) or superlative or topical or located or from_there:
        return [_country(clause, _named(clause))]
    return []


def _within_lead(clause: Clause, at: int) -> bool:
    """Whether a place stands in an "in Europe," that only leads up to the rest."""
    lead = _LEAD.match(clause.article, clause.start, clause.end)
    return lead is not None and at < lead.end()


def _top(clause: Clause, noun: str) -> re.Match[str] | None:
    """ "The best-paying countries", where no two roles are compared "in most countries"."""
    found = _TOP.search(clause.text)
    if found is None or not words(noun).fullmatch(found["noun"]):
        return None
    within = re.search(r"\b(?:in|across|at|of)\s+(?:the\s+)?$", clause.text[: found.start()])
    named = {role for m in clause.mentions for role in m.roles}
    return None if within and len(named) > 1 else found


def listed(clause: Clause) -> tuple[str, ...]:
    """What is listed behind "such as" or "are": names set apart by commas and "and"."""
    found = list(_AMONG.finditer(clause.text))
    tail = clause.text[found[-1].end() :] if found else clause.text
    return split_list(tail)


def split_list(text: str) -> tuple[str, ...]:
    """The parts of "A, B and C"."""
    parts = (part.strip(" .()") for part in _LISTED.split(text))
    return tuple(dict.fromkeys(part for part in parts if part and len(part) < 80))


def _country(clause: Clause, items: tuple[str, ...]) -> Claim:
    span = (
        subject_start(clause)
        if not clause.places or clause.places[0][0] > subject_start(clause)
        else clause.start,
        clause.end,
    )
    return clause.claim("country", span=span, items=items, sense=_sense(clause), placed=False)


def _named(clause: Clause) -> tuple[str, ...]:
    """The places that a clause names, but for those that it sets aside."""
    named = [
        name
        for start, _, name, _ in clause.places
        if not _ASIDE.search(clause.article[max(clause.start, start - 16) : start])
        and not (len(clause.places) > 1 and _within_lead(clause, start))
    ]
    return tuple(dict.fromkeys(named))


def _sense(clause: Clause) -> Sense:
    return (
        "less"
        if re.search(
            r"\b(?:least|lowest|worst|less|poorly|badly|fewer|fewest)\b", clause.text, re.IGNORECASE
        )
        else "more"
    )


def _leads(clause: Clause, starts: list[int]) -> bool:
    """Whether a place or industry is the subject of a verb of hiring or paying."""
    if not starts or not any(starts):
        return False
    text, first = clause.article, starts[0]
    if clause.has("fall") and not clause.has("pay_noun", "pay_verb", "best"):
        return False
    if _CUTS.search(text, first, min(clause.end, first + 40)):
        return False
    if any(m.end <= first for m in clause.mentions if m.roles):
        return False
    lead = _LEAD.match(text, clause.start, first)
    before = text[lead.end() if lead else clause.start : first].strip().lower()
    opening = _OPENING.fullmatch(before)
    prepositional = re.match(r"(?:in|at|across|for|within|outside|from|on)\b", before)
    verb = _PAYS.search(text, first, min(clause.end, first + 140))
    return bool(opening and verb and not prepositional)


def _hired_there(clause: Clause, found: list[re.Match[str]]) -> bool:
    """Whether roles are said to be hired by, or to work in, an industry that is named after."""
    hired = _HIRED.search(clause.text)
    if not hired or not found:
        return False
    after = any(m.start() >= clause.start + hired.end() for m in found)
    return after and bool(clause.mentions or clause.carried) and not clause.money


def _asked_where(clause: Clause) -> bool:
    asserts = clause.has("hire", "pay_verb", "industry_noun", "best") or not clause.has("finite")
    return clause.topic == "industry" and asserts
