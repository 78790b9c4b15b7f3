"""Claims in cells of tables and in items that say no sentence: what they are of is on the label."""

from __future__ import annotations

import re
from dataclasses import replace

from rolediff.claims.grammar.asked import certificates, degrees, in_prose, listed_kind
from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.figures import experience, money, period
from rolediff.claims.grammar.gap import statistic
from rolediff.claims.grammar.places import places
from rolediff.claims.grammar.share import quantity
from rolediff.claims.grammar.shares_listed import SHARED
from rolediff.claims.grammar.where import split_list
from rolediff.claims.grammar.words import words
from rolediff.results.claims import Amount, Claim, ClaimKind, Sense

_EMPTY = re.compile(r"(?:[-–—?]|n/?a|none|unknown|varies|yes|no|✓|✗|tbd)?", re.IGNORECASE)

_BARE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:\s?[-–—]\s?(\d[\d,]*(?:\.\d+)?))?")
_THOUSANDS = re.compile(r"\bthousands?\b|[’']000|\bin k\b|\(k\b|[£$€]k\b", re.IGNORECASE)
_CURRENCY = re.compile(
    r"(?:US|AU?|CA?|SG?|NZ|HK)?[£$€]|\b(?:USD|EUR|GBP|AUD|CAD|SGD|NZD|CHF|INR)\b"
)
_OF_PERCENT = ("growth", "demand", "trend", "pay", "gap")


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
    if clause.money or (topic == "pay" and bare_sum(clause.text)):
        return "pay"
    if topic not in _OF_PERCENT and SHARED.fullmatch(clause.text.strip(" .;")):
        return "share"
    if clause.percents and topic and not re.search(r"[a-z]{3}", clause.text):
        return topic if topic in ("growth", "demand", "trend") else "share"
    if topic in ("skill", "tool", "education", "certification"):
        kind = listed_kind(clause)
        settled = kind in ("education", "certification") or topic in ("skill", "tool")
        return kind if settled else topic
    if topic == "growth" and not clause.has("rise", "fall", "steady") and not clause.percents:
        return "demand"
    told = topic != "share" or quantity(clause.text)
    return topic if topic and told and topic not in ("pay", "gap", "unread") else None


def bare_sum(text: str, label: str = "") -> Amount | None:
    """The sum that a cell states by its number alone, in the unit that its `label` names, or None.

    "155-175" under "thousands of A$" is 155,000 to 175,000.
    """
    found = _BARE.fullmatch(text.strip())
    if found is None:
        return None
    low, high = (float(part.replace(",", "")) for part in (found[1], found[2] or found[1]))
    scale = 1000.0 if _THOUSANDS.search(label) else 1.0
    sign = _CURRENCY.search(label)
    stated = money(f"{sign[0]} 10,000", 0, len(sign[0]) + 7) if sign else []
    return Amount(low * scale, high * scale, stated[0].amount.unit if stated else "")


def _sums(clause: Clause, label: str) -> list[Claim]:
    bare = bare_sum(clause.text, label)
    if bare and not clause.money:
        return [clause.claim("pay", amount=bare, statistic=statistic(label))]
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
        return tuple(dict.fromkeys(s.name for s in clause.skills)) or _listed(clause)
    if kind == "certification":
        return certificates(clause) if " " in clause.text.split(",")[0] else _listed(clause)
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
    return _listed(clause)


def _listed(clause: Clause) -> tuple[str, ...]:
    """The pieces of a cell, an item or a phrase; those of a sentence are no names."""
    return () if in_prose(clause) else split_list(clause.text)


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
