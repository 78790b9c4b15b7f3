"""Claims of what a role asks for: skills, tools, degrees and experience, certificates."""

from __future__ import annotations

import re

from rolediff.claims.grammar.clause import Clause
from rolediff.claims.grammar.skills_named import SkillNamed
from rolediff.claims.grammar.subject import subject_start
from rolediff.claims.grammar.where import split_list
from rolediff.claims.grammar.words import pattern, words
from rolediff.results.claims import Claim, ClaimKind

_NEEDS = pattern("asked_needs")
_DEGREES = pattern("asked_degrees")
_STUDY = pattern("asked_study")
_ADDS = re.compile(r"\b(?:adds?|raises?|boosts?|lifts?|bumps?)\b", re.IGNORECASE)
_ASKED = (("skill",), ("tool",), ("education",), ("certification",))
_YEARS_IN = re.compile(r"\d{1,2}\s?(?:\+|(?:[-–]|to)\s?\d{1,2})?\+?\s+years\b", re.IGNORECASE)
_NUMBER_OF = re.compile(r"\b(?:numbers?|count|supply) of\b", re.IGNORECASE)
_WORKS_WITH = pattern("asked_works_with")
_NAMED_CERTIFICATE = re.compile(
    r"(?:such as|like|e\.g\.?,?|including|especially|:)\s+([^()]+)", re.IGNORECASE
)
_VERB_AFTER = re.compile(
    r"\s+(?:may|can|could|might|will|helps?|is|are|was|counts?|carry|raises?)\b"
)
_CERTIFICATES = re.compile(
    r"(?:[A-Z][\w+/-]*\s+){1,6}(?:[Cc]ertificat\w+|[Cc]redential\w*|badge)"
    r"|(?:[A-Z][\w+-]*\s+)*Certified(?:\s+[A-Z][\w+-]*)+|\b[A-Z]{3,6}\+?(?!\w)|Security\+"
)


def certification_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that a certificate is asked for, named or worth having."""
    if _NUMBER_OF.search(clause.text):
        return []
    answered = clause.topic == "certification" and re.search(r"[A-Z]\w+", clause.text[1:])
    if not (clause.has("certificate") or answered) or clause.has("rich"):
        return []
    if clause.money and not _ADDS.search(clause.text):
        return []
    told = answered or clause.has("ask_verb", "finite") or clause.link in ("and", "but", ",")
    if not told or not (clause.roles or clause.pair):
        return []
    return [
        clause.claim("certification", span=(_start(clause), clause.end), items=certificates(clause))
    ]


def education_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that a degree, or so many years of experience, is asked for."""
    degree = _is_degree(clause)
    without = clause.topic == "education" and re.search(
        r"\bwithout (?:one|it|a|any)\b|\b(?:do|does) not need (?:one|it)\b|\bone is\b", clause.text
    )
    if (
        not (degree or clause.experience or without)
        or clause.money
        or (clause.percents and clause.has("rich", "pay_verb"))
    ):
        return []
    listed = clause.claimed[:1] in _ASKED and clause.link in ("", "and", "but")
    needed = listed or _NEEDS.search(clause.article, clause.first, clause.start)
    if not (needed or _STUDY.search(clause.text)) or clause.has("rich"):
        return []
    if not (clause.roles or clause.pair):
        return []
    figure = next(iter(clause.experience), None)
    return [
        clause.claim(
            "education",
            span=(_start(clause), clause.end),
            items=degrees(clause.text),
            amount=figure.amount if figure else None,
        )
    ]


def skill_claims(clause: Clause) -> list[Claim]:
    """The claim of `clause` that a role needs skills, or works with tools."""
    skills = [s for s in clause.skills if not clause.names(s.start)]
    if not skills or not (clause.mentions or clause.carried):
        return []
    firm = any(s.kind not in ("field", "method", "practice", "standard", "other") for s in skills)
    answered = clause.topic in ("skill", "tool") and not clause.has("finite")
    short = firm and clause.question and len(clause.text.split()) <= 8
    answered = answered or bool(short and clause.topic in ("skill", "tool"))
    topical = clause.topic in ("skill", "tool")
    if not clause.mentions and not topical and not _NEEDS.search(clause.text):
        return []
    if not firm and not clause.mentions:
        return []
    if not (
        answered or _NEEDS.search(clause.text) or (firm and clause.has("ask_verb", "use_verb"))
    ):
        return []
    if (
        clause.topic not in ("skill", "tool")
        and not firm
        and not re.search(r"\b(?:need|require|must|ask|know|expect|skill)", clause.text)
    ):
        return []
    kind: ClaimKind = "tool" if _of_tools(clause, skills) else "skill"
    return [
        clause.claim(
            kind,
            span=(_start(clause), clause.end),
            items=tuple(dict.fromkeys(s.name for s in skills)),
        )
    ]


def listed_kind(clause: Clause) -> ClaimKind:
    """Whether an item of a list of skills is one, or a tool, degree or certificate."""
    if _YEARS_IN.match(clause.text):
        return "education"
    certificate, degree = clause.at("certificate"), clause.at("degree")
    if certificate is not None and not (degree is not None and degree < certificate):
        return "certification"
    if _is_degree(clause) or clause.experience:
        return "education"
    family = clause.has("tool_noun") and any(s.tool for s in clause.skills)
    return "tool" if family or (clause.topic == "tool") or _all_tools(clause.skills) else "skill"


def certificates(clause: Clause) -> tuple[str, ...]:
    """The names of the certificates in a clause, else the words that stand for one.

    A sentence that names none tells of any.
    """
    named = _NAMED_CERTIFICATE.search(clause.text)
    if named:
        return split_list(_VERB_AFTER.split(named[1])[0])
    found = _CERTIFICATES.finditer(clause.text)
    around = [m for m in found if not clause.names(clause.start + m.start())]
    whole = () if in_prose(clause) else (clause.text,)
    return tuple(dict.fromkeys(m[0] for m in around)) or whole


def in_prose(clause: Clause) -> bool:
    """Whether it is a sentence, whose pieces are no names of things."""
    return clause.block == "paragraph" and clause.has("finite")


def degrees(text: str) -> tuple[str, ...]:
    """The degrees named in `text`, as written."""
    return tuple(dict.fromkeys(m[0] for m in _DEGREES.finditer(text)))


def _is_degree(clause: Clause) -> bool:
    found = words("degree").search(clause.article, clause.start, clause.end)
    if found is None:
        return False
    weak = re.fullmatch(
        r"university|college|school|education|academic|master|background in",
        found[0],
        re.IGNORECASE,
    )
    return (
        not weak
        or clause.topic == "education"
        or bool(_NEEDS.search(clause.text) and not clause.skills)
    )


def _start(clause: Clause) -> int:
    return subject_start(clause) if clause.mentions else clause.start


def _of_tools(clause: Clause, skills: list[SkillNamed]) -> bool:
    """Whether it is tools that a role works with, rather than skills that it needs."""
    tools = [s for s in skills if s.tool]
    if not tools:
        return False
    nouns = words("tool_noun").finditer(clause.article, clause.start, clause.end)
    noun = next((m.start() for m in nouns if not clause.names(m.start())), None)
    if clause.topic == "tool" or (noun is not None and noun <= tools[0].end):
        return True
    if re.search(r"\bmore (?:often|commonly|frequently)\b|\bmatters?\b", clause.text):
        return False
    if _WORKS_WITH.search(clause.text) and 2 * len(tools) >= len(skills):
        return True
    return len(tools) >= 3 and _all_tools(skills)


def _all_tools(skills: list[SkillNamed]) -> bool:
    return len(skills) >= 2 and sum(s.tool for s in skills) > len(skills) / 2
