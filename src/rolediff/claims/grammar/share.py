"""Claims of shares: "most", "70 % of", "nine in ten" of postings or workers."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.asked import degrees
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.words import pattern, phrase, words
from rolediff.results.claims import Claim, Sense

_OF = pattern("share_of")
_ALONE = pattern("share_alone")
_STRONG = pattern("share_strong")
_ONE_IN = pattern("share_one_in")
_TAIL = phrase(r"\bin (?:only |just |about )?(?P<part><fraction>)(?P<whole>)$")
_IT_IS = re.compile(r"\b(?:it is|it['’]s|the (?:share|figure) is) (?P<part>(?:\w+ ){0,2}\d.*%)")
_NO_SHARE = re.compile(
    r"\bthe (?:most|few)\b|\bmost (?:of (?:the )?(?:time|day|work)|common|often|likely)\b",
    re.IGNORECASE,
)
_FIRST = phrase(
    r"(?:and |but )?(?:<about>|<at_least>|<at_most>|only|just|\s)*(?P<part><fraction>)\s"
)
_FOR = phrase(
    r"(?:<about>|<at_least>|<at_most>|only|just|\s)*(?P<part><fraction>)\s+(?:for|among)\s"
)
_FRACTION = phrase(r"(?<![\w-])(?P<part><fraction>)(?!\w)")
_OF_THE = re.compile(
    r"\s+(?:of\s+)?(?:(?:the|all|our|these|those|its|such|working|employed|surveyed)\s+){0,2}",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"\d|\b(?:in|out of|of)\b|third|quarter|fifth|tenth|half", re.IGNORECASE)
_MORE_COMMON = re.compile(
    r"\b(?:(?:more|less|most|least) (?:common|frequent|frequently|often|commonly|usual|widespread"
    r"|likely|typical)|rarer|commoner)\b",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"\b(?:remote|hybrid|on-?site|from home)\b", re.IGNORECASE)
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
    if _of_degree(clause):
        return []
    remote = _remote(clause)
    if remote:
        return remote
    found = _OF.search(clause.text) or _ONE_IN.search(clause.text) or _tail(clause)
    again = _again(clause)
    if again is not None:
        claim = _claim(clause, again)
        before = clause.before.items if clause.before is not None else ()
        return [claim if claim.items else replace(claim, items=before)]
    of_role = _of_role(clause)
    if of_role is not None:
        return [_claim(clause, of_role)]
    if found is None or not _is_share(clause, found):
        found = (
            _ALONE.search(clause.text)
            if clause.roles
            and (clause.mentions or "share" in clause.claimed or _FIRST.match(clause.text))
            else None
        )
        if found is None or clause.has("rise", "pay_noun", "rich"):
            return []
    return [_claim(clause, found)]


def _of_degree(clause: Clause) -> bool:
    """Whether "few adverts" ask for a degree or years: no figure is claimed, but an education."""
    vague = re.match(r"(?:few|most|hardly any|almost no|many|some)\b", clause.text, re.IGNORECASE)
    return bool(
        vague
        and not clause.percents
        and (clause.has("degree") or clause.experience or clause.topic == "education")
    )


def _claim(clause: Clause, found: re.Match[str]) -> Claim:
    figure = next(iter(clause.percents), None)
    skills = [s.name for s in clause.skills if not clause.names(s.start)]
    skills = list(degrees(clause.text)) or skills
    return clause.claim(
        "share",
        span=(subject_start(clause) if found.start() > 3 else clause.start, clause.end),
        amount=figure.amount if figure else None,
        quantity=quantity(found["part"]),
        items=skills or [name for *_, name, _ in clause.places],
    )


def _of_role(clause: Clause) -> re.Match[str] | None:
    """ "one in four bakers has", where the figure is of the role itself."""
    for found in _FRACTION.finditer(clause.text):
        end = clause.start + found.end()
        of = [m for m in clause.mentions if 0 <= m.start - end < 24]
        told = _OF_THE.fullmatch(clause.article[end : of[0].start]) if of else None
        if told and _NUMERIC.search(found[0]) and not clause.has("pay_noun", "rich", "rise"):
            return found
    return None


def _remote(clause: Clause) -> list[Claim]:
    """ "remote jobs are more common among bakers": a comparison of shares without a figure."""
    found = _MORE_COMMON.search(clause.text)
    if found is None or not clause.mentions or not _REMOTE.search(clause.text):
        return []
    sense: Sense = "less" if re.match(r"less|rarer|fewer", found[0], re.IGNORECASE) else "more"
    items = tuple(m[0] for m in _REMOTE.finditer(clause.text))[:1]
    return [clause.claim("share", items=items, sense=sense, placed=False)]


def _again(clause: Clause) -> re.Match[str] | None:
    """ "for millers it is 17%", after the share of bakers."""
    short = clause.claimed[:1] == ("share",) and clause.mentions and len(clause.text.split()) <= 8
    if not short:
        return None
    return _IT_IS.search(clause.text) or _FOR.match(clause.text)


def _tail(clause: Clause) -> re.Match[str] | None:
    """ "Angular in a quarter", after another share."""
    return _TAIL.search(clause.text) if clause.claimed[:1] == ("share",) else None


def _acted(before: str) -> bool:
    """Whether a verb stands before "most designers", which are then its object."""
    verb = words("hire").search(before) or words("finite").search(before)
    return verb is not None and not re.search(r"\b(?:in|by|for|of|to)\s*$", before)


def quantity(text: str) -> str:
    """The word for a share that is said without a figure: "most", "few", "all" ..."""
    if re.search(r"\d", text):
        return ""
    return next((name for name, of in _QUANTITIES if re.search(of, text, re.IGNORECASE)), "")


def _is_share(clause: Clause, found: re.Match[str]) -> bool:
    """Whether "most designers" or "70 % of adverts" is the share of something that is said."""
    before = clause.text[: found.start()]
    digits = re.search(r"\d|third|quarter|half|majority|\b(?:in|of)\b", found["part"])
    if clause.money or not _STRONG.search(found["part"]) or not (clause.roles or clause.pair):
        return False
    if digits:
        whole = re.search(r"\b(?:of|in)\b|%\s+\w|half|third|quarter|majority", found[0])
        fits = whole and not (clause.has("rise", "fall") and re.search(r"\bby\s*$", before))
    else:
        around = clause.text[max(0, found.start() - 4) : found.end()]
        fits = not (_NO_SHARE.search(around) or _EMPLOYERS.match(found["whole"]) or _acted(before))
    said = clause.has("finite", "ask_verb", "hire") or "in " in before
    return bool(fits and (said or clause.claimed[:1] == ("share",)))
