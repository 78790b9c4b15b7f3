"""Items of lists: what they stand under, and whether one is a phrase or a sentence."""

from __future__ import annotations

import re

from rolediff.claims.grammar.asserting import advises
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.words import Topic, phrase, words
from rolediff.results.claims import Article, Block

LABEL = re.compile(r"([^:.!?]{2,60}[:?])\s+(?=\S)")
"""A label of an item, with what ends it: "Pay: ...", "Why the gap? ..."."""

LONGEST_PHRASE = 25
"""Words of an item without a label that is still a phrase."""

_VERB = phrase(
    r"\s*,?\s*(?:(?:\w+ly|often|also|now|still|both|each|always|never|must|may|can) ){0,2}"
    r"(?:<finite>|<ask_verb>|<use_verb>|<pay_verb>|<hire>)(?!\w)"
)
_SHARE = phrase(r"^(?:<about>|<at_least>|<at_most>|only|just|\s)*(?:<fraction>)\s")
_SHORT_LABEL = re.compile(r"((?:[\w.’'&/-]+ ){0,2}[\w.’'&/-]+):\s+(?=[A-Z])")
_SHOWN = re.compile(r"\b(?:shows? up|appears?|turns? up|comes? up|crops? up|is (?:listed|named))\b")


def label_of(text: str, start: int, end: int) -> re.Match[str] | None:
    """The label of a paragraph of sentences: "Pay: ...", "user2: ...", at most three words."""
    found = _SHORT_LABEL.match(text, start, end)
    return None if found is None or words("finite").search(found[1]) else found


class Leads:
    """The items that introduce the nested lists of an article."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._over: dict[str, str] = {}

    def over(self, block: Block) -> tuple[str, ...]:
        """The items over the lead of `block`, innermost first; call it for each block in turn."""
        if block.kind != "item":
            self._over = {}
            return ()
        said = self._text[block.start : block.end][:300]
        if block.lead:
            self._over[said] = block.lead
        else:
            self._over = {}
        chain: list[str] = []
        lead = self._over.get(block.lead, "") if said != block.lead else ""
        while lead and lead not in chain:
            chain.append(lead)
            lead = self._over.get(lead, "")
        return tuple(chain)


def lists(said: str, topic: Topic, labelled: bool) -> bool:
    """Whether an item is a phrase, of a topic or without a verb, and not a sentence."""
    if not topic and words("finite").search(said):
        return False
    if advises(said) or re.search(r"[.!?]\s+[A-Z]", said):
        return False
    sentence = words("finite").search(said) is not None and said.rstrip().endswith(".")
    return not sentence and (len(said.split()) <= LONGEST_PHRASE or labelled)


def told_of(clause: Clause) -> bool:
    """Whether an item says something of a role, or a share, as a sentence would."""
    if clause.topic == "reason":
        return False
    if _SHARE.search(clause.text) or (clause.percents and _SHOWN.search(clause.text)):
        return words("finite").search(clause.text) is not None or clause.has("ask_verb")
    ahead = [m for m in clause.mentions if m.start - clause.start < 40]
    return any(_VERB.match(clause.article, m.end, clause.end) for m in ahead)
