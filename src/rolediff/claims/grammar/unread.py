"""What looks like a claim and is not understood: kept, so that nothing is silently passed over."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.words import pattern, phrase, words
from rolediff.results.claims import Claim

_MORE = phrase(r"(?<!\w)(?:<more>|<less>|<rise>|<fall>)(?!\w)")
_WORTH = pattern("unread_worth")
_ACTS = re.compile(
    r"\b(?:contributes?|supports?|drives?|boosts?|transforms?|improves?)\b", re.IGNORECASE
)
_FIGURE = re.compile(r"[£$€]\s?\d|\d\s?(?:%|per ?cent\b)|\b\d{1,3}k\b")


def unread_claims(clause: Clause) -> list[Claim]:
    """The clause as a claim that is not understood, if it asserts something of a role.

    That is: a role (or what stands for one), and a figure, or a word of comparison beside one of
    pay or jobs, or a word of worth.
    """
    if not clause.roles:
        return []
    told = words("finite").search(clause.text) or _ACTS.search(clause.text)
    figure = bool(
        _FIGURE.search(clause.text) and (clause.mentions or clause.has("pay_noun", "pay_verb"))
    )
    compared = bool(clause.mentions and _MORE.search(clause.text)) and clause.has(
        "pay_noun", "pay_verb", "ads", "hire", "rich"
    )
    worth = bool(clause.mentions or clause.subject) and bool(_WORTH.search(clause.text))
    if not (figure or (told and (compared or worth))):
        return []
    return [clause.claim("unread")]
