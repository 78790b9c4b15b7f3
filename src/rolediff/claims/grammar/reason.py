"""Claims of why pay differs: "because", "due to", "the gap comes from", items under a "why"."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.gap import words_of_pay
from rolediff.claims.grammar.words import phrase, words
from rolediff.results.claims import Claim

_SUBJECT = phrase(r"^(?:and |but |so )?(?P<subject><reason_subject>)(?!\w)")
_VERB = phrase(r"(?<!\w)(?:<reason_verb>)(?!\w)")
_MARK = phrase(r"^(?:\w+ly |in part |perhaps )?(?:<reason>)(?!\w)\s*")
_WHY = re.compile(r"^\s*(?:so |but |and )?why\b", re.IGNORECASE)


def reason_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that says why pay differs, if it does."""
    marked = _MARK.match(clause.text)
    if marked and _follows_pay(clause):
        return [reason_claim(clause, clause.text[marked.end() :])]
    subject = _SUBJECT.match(clause.text)
    gap = subject and words("gap_noun").search(subject["subject"])
    if subject and (
        _follows_pay(clause) or words_of_pay(clause.text) or (gap and clause.topic == "pay")
    ):
        verb = _VERB.search(clause.text, subject.end())
        asserted = verb or re.match(
            r"(?:what|this|that|which|it)\b", subject["subject"], re.IGNORECASE
        )
        if asserted and len(clause.text.split()) > 3:
            said = clause.text[verb.end() if verb else subject.end() :]
            return [reason_claim(clause, said)]
    return []


def reason_claim(clause: Clause, said: str) -> Claim:
    """A claim of the reason `said` for the difference in pay that was spoken of."""
    item = " ".join(said.split()).strip(" ,.;:")
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
