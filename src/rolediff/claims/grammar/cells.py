"""Claims in cells of tables and in items that say no sentence: what they are of is on the label."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.asked import certificates, degrees, listed_kind
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.figures import experience, period
from rolediff.claims.grammar.gap import statistic
from rolediff.claims.grammar.places import places
from rolediff.claims.grammar.share import quantity
from rolediff.claims.grammar.where import split_list
from rolediff.claims.grammar.words import words
from rolediff.results.claims import Claim, ClaimKind, Sense

_EMPTY = re.compile(r"(?:[-–—?]|n/?a|none|unknown|varies|yes|no|✓|✗|tbd)?", re.IGNORECASE)


def labelled_claims(clause: Clause, label: str) -> list[Claim]:
    """The claim that a cell or item makes under its `label`, whose topic is `clause.topic`."""
    if _EMPTY.fullmatch(clause.text.strip()) or not clause.roles:
        return []
    kind = _kind(clause)
    if kind is None:
        return []
    return claims_of_kind(clause, label, kind)


def _placed(claim: Claim, label: str) -> Claim:
    """The claim with the place and years that only its label names: "Median pay (US), 2024"."""
    where = [code for *_, code in places(label, 0, len(label)) if code]
    place = claim.place or (where[0] if len(set(where)) == 1 and not claim.region else "")
    return replace(claim, place=place, period=claim.period or period(label))


def claims_of_kind(clause: Clause, label: str, kind: ClaimKind) -> list[Claim]:
    """The claims of `kind` that a clause makes under a `label`: its figures, items and sense."""
    return [_placed(claim, label) for claim in _claims(clause, label, kind)]


def _claims(clause: Clause, label: str, kind: ClaimKind) -> list[Claim]:
    if kind == "pay":
        return _sums(clause, label)
    years = experience(f"{clause.text} years experience", 0, len(clause.text) + 17)
    bare = years if kind == "education" and "year" in label.lower() else clause.experience
    figure = next(iter([*clause.percents, *bare]), None)
    sense = _sense(clause.text, kind)
    return [
        clause.claim(
            kind,
            items=_items(clause, kind),
            amount=figure.amount if figure else None,
            sense=sense,
            quantity=quantity(clause.text) if kind == "share" else "",
            placed=kind != "country",
        )
    ]


def _kind(clause: Clause) -> ClaimKind | None:
    """What a cell or item claims, by its topic and by what is in it."""
    topic = clause.topic
    if clause.money:
        return "pay"
    if clause.percents and topic and not re.search(r"[a-z]{3}", clause.text):
        return topic if topic in ("growth", "demand", "trend") else "share"
    if topic in ("skill", "tool", "education", "certification"):
        kind = listed_kind(clause)
        settled = kind in ("education", "certification") or topic in ("skill", "tool")
        return kind if settled else topic
    if topic == "share" and not quantity(clause.text):
        return None
    if topic == "growth" and not clause.has("rise", "fall", "steady") and not clause.percents:
        return "demand"
    return topic if topic and topic not in ("pay", "gap", "unread") else None


def _sums(clause: Clause, label: str) -> list[Claim]:
    whole = len(clause.money) == 1
    return [
        clause.claim(
            "pay",
            span=None if whole else (figure.start, figure.end),
            amount=figure.amount,
            statistic=statistic(label) or statistic(clause.text),
        )
        for figure in clause.money
    ]


def _items(clause: Clause, kind: ClaimKind) -> tuple[str, ...]:
    """What a cell or item lists, in the way of its kind."""
    if kind in ("skill", "tool"):
        return tuple(dict.fromkeys(s.name for s in clause.skills)) or split_list(clause.text)
    if kind == "certification":
        return certificates(clause) if " " in clause.text.split(",")[0] else split_list(clause.text)
    if kind == "education":
        return degrees(clause.text) or (clause.text,)
    if kind in ("industry", "country"):
        return _where(clause, kind)
    return (clause.text,) if kind in ("reason", "trend", "demand") else ()


def _where(clause: Clause, kind: ClaimKind) -> tuple[str, ...]:
    """The places or industries of a cell, or of an item that says something of them."""
    if kind == "country" and clause.places:
        return tuple(dict.fromkeys(name for _, _, name, _ in clause.places))
    if kind == "industry" and re.search(r"\b(?:pays?|hires?|is|are)\b", clause.text):
        return tuple(m[0] for m in words("industry").finditer(clause.text))
    return split_list(clause.text)


def _sense(text: str, kind: ClaimKind) -> Sense:
    if kind not in ("growth", "demand", "trend"):
        return ""
    falls = re.search(
        r"^\s*[-−–]\s?\d|\b(?:low|weak|few|fall|declin|shrink|down|slow|less|moderate)",
        text,
        re.IGNORECASE,
    )
    if re.search(r"\b(?:flat|steady|stable|unchanged|constant)\b", text, re.IGNORECASE):
        return "same"
    return "less" if falls else "more"
