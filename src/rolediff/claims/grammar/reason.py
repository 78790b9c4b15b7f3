"""Claims of why pay differs: "because", "due to", "the gap comes from", items under a "why"."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.gap import words_of_pay
from rolediff.claims.grammar.words import pattern, phrase, words
from rolediff.results.claims import Claim

_GAP = phrase(r"^(?:and |but |so )?(?:<reason_gap>)(?!\w)")
_NOUN = phrase(r"^(?:and |but |so )?(?:<reason_noun>)(?!\w)")
_WHAT = phrase(r"^(?:and |but |so )?(?:<reason_what>)(?!\w)")
_VERB = phrase(r"(?<!\w)(?:<reason_verb>)(?!\w)")
_NOT_OF_PAY = tuple((kind,) for kind in ("trend", "growth", "demand", "skill", "tool", "education"))
_OPENING = re.compile(r"^(?:is|are|was)\b[^:]{0,20}:\s*|^(?:is|are|that|because|the fact that)\s+")
_EXPLAINS = pattern("reason_explains")
_TOLD = pattern("reason_told")
_MARK = phrase(r"^(?:\w+ly |in part |perhaps )?(?:<reason>)(?!\w)\s*")
_WHY = re.compile(r"^\s*(?:so |but |and )?why\b", re.IGNORECASE)


def reason_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that says why pay differs, if it does."""
    marked = _MARK.match(clause.text)
    of_other = clause.claimed[:1] in _NOT_OF_PAY and clause.topic != "reason"
    if marked and _follows_pay(clause) and not of_other:
        return [reason_claim(clause, clause.text[marked.end() :])]
    return _stated(clause) if not marked else []


def _stated(clause: Clause) -> list[Claim]:
    """ "The gap comes from", "the reason is", "this explains", "some put it down to"."""
    text = clause.text
    spoken = _follows_pay(clause) or words_of_pay(text)
    gap, noun, what = (_GAP.match(text), _NOUN.match(text), _WHAT.match(text))
    told = _TOLD.match(text)
    verb = _VERB.search(text, gap.end()) if gap else None
    if gap and verb and (spoken or clause.topic == "pay" or clause.compared):
        return [reason_claim(clause, text[verb.end() :])]
    if spoken and _EXPLAINS.search(text):
        return [reason_claim(clause, text)]
    for found in (noun, what, told):
        if found and spoken and len(text[found.end() :].split()) > (0 if found is told else 1):
            return [reason_claim(clause, text[found.end() :])]
    return []


def reason_claim(clause: Clause, said: str) -> Claim:
    """A claim of the reason `said` for the difference in pay that was spoken of."""
    item = _OPENING.sub("", " ".join(said.split())).strip(" ,.;:")
    roles = clause.compared or clause.roles
    if len(roles) == 1:
        roles = (*roles, *(role for role in clause.pair if role not in roles))
    return clause.claim("reason", roles=roles, items=(item,) if item else ())


def _follows_pay(clause: Clause) -> bool:
    """Whether pay was spoken of right before, or it is asked why."""
    if {"gap", "pay", "reason", "country"} & set(clause.claimed) or clause.topic == "reason":
        return True
    return bool(_WHY.match(clause.question)) and (
        words_of_pay(clause.question) or bool(clause.compared)
    )


def explains(clause: Clause) -> bool:
    """Whether a statement under a heading that asks why pay differs can be a reason for it."""
    return clause.topic == "reason" and words("finite").search(clause.text) is not None
