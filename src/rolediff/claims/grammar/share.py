"""Claims of shares: "most", "70 % of", "nine in ten" of postings or workers."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern
from rolediff.results.claims import Claim

_OF = pattern("share_of")
_ALONE = pattern("share_alone")
_STRONG = pattern("share_strong")
_NO_SHARE = re.compile(
    r"\bthe (?:most|few)\b|\bmost (?:of (?:the )?(?:time|day|work)|common|often|likely)\b",
    re.IGNORECASE,
)
_EMPLOYERS = re.compile(
    r"^(?:employers|firms|companies|teams|recruiters|people|them|those)$", re.IGNORECASE
)
_QUANTITIES = (
    ("majority", r"majority|more than half|over half|bulk|lion"),
    ("few", r"\bfew|handful|hardly|minority|almost no\b|small share"),
    ("all", r"\ball\b|every\b"),
    ("none", r"\bnone\b"),
    ("most", r"\bmost\b|large share"),
)


def share_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that a share of postings or workers has something."""
    found = _OF.search(clause.text)
    if found is None or not _is_share(clause, found):
        found = (
            _ALONE.search(clause.text)
            if clause.roles and (clause.mentions or "share" in clause.claimed)
            else None
        )
        if found is None or clause.has("rise", "pay_noun", "rich"):
            return []
    figure = next(iter(clause.percents), None)
    items = [skill.name for skill in clause.skills] or [name for *_, name, _ in clause.places]
    return [
        clause.claim(
            "share",
            span=(subject_start(clause) if found.start() > 3 else clause.start, clause.end),
            amount=figure.amount if figure else None,
            quantity=quantity(found["part"]),
            items=items,
        )
    ]


def quantity(text: str) -> str:
    """The word for a share that is said without a figure: "most", "few", "all" ..."""
    if re.search(r"\d", text):
        return ""
    return next((name for name, of in _QUANTITIES if re.search(of, text, re.IGNORECASE)), "")


def _is_share(clause: Clause, found: re.Match[str]) -> bool:
    text = clause.text
    if _NO_SHARE.search(found[0]) or _NO_SHARE.search(
        text[max(0, found.start() - 4) : found.end()]
    ):
        return False
    if clause.money or re.search(r"\b(?:more|less|higher|lower|above|below)\b", found["whole"]):
        return False
    digits = re.search(r"\d|third|quarter|half|majority", found["part"])
    if _EMPLOYERS.match(found["whole"]) and not digits:
        return False
    if not _STRONG.search(found["part"]) or not (clause.roles or clause.pair):
        return False
    if digits and not re.search(r"\bof\b|%\s+\w|half|third|quarter|majority|in ten", found[0]):
        return False
    moved = clause.has("rise", "fall") and re.search(r"\bby\s*$", text[: found.start()])
    said = clause.has("finite", "ask_verb", "hire") or "in " in text[: found.start()]
    return bool(said) and not moved
