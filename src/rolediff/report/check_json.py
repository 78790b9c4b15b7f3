"""A checked article as plain data: each claim in the shape of schema.org's ClaimReview.

`@context`, `@type`, `claimReviewed`, `reviewRating`, `itemReviewed` and `author` are schema.org's
(https://schema.org/ClaimReview); where the claim stands and what the verdict rests on is added.
"""

from __future__ import annotations

from typing import Any

from rolediff.report import check_words as words
from rolediff.report.check_places import Annotated, Numbered, annotated
from rolediff.results import CheckedArticle, Ruled

RATINGS: dict[Ruled, int | None] = {
    "supported": 5,
    "partly": 3,
    "contradicted": 1,
    "not enough evidence": None,
    "not testable with this data": None,
}
"""Verdicts on a scale from 1 (contradicted) to 5 (supported); None: no rating of its truth."""
NOT_UNDERSTOOD = "not understood"


def reviewed(c: CheckedArticle) -> dict[str, Any]:
    """The whole result for the envelope, one review for each claim in order of position."""
    a = annotated(c)
    return {
        "sentence": words.sentence(c),
        "name": c.article.name,
        "title": c.article.title,
        "not_read": list(c.article.notes),
        "counts": {
            **words.tally(c),
            NOT_UNDERSTOOD: sum(words.unread(j) for j in c.judgements),
        },
        "rule": c.rule,
        "confidence": c.confidence,
        "claims": [_review(c, n) for n in a.claims],
        "sources": _sources(a),
        "caveats": [{"code": code, "text": text} for code, text in c.caveats],
    }


def _sources(a: Annotated) -> list[dict[str, Any]]:
    return [
        {"number": n, "source": source, "command": command}
        for n, (source, command) in enumerate(a.sources, 1)
    ]


def _review(c: CheckedArticle, n: Numbered) -> dict[str, Any]:
    j = n.judgement
    claim = j.claim.to_dict()
    place = {key: claim.pop(key) for key in ("line", "start", "end")}
    text = claim.pop("text")
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": n.number,
        "claimReviewed": text,
        "reviewRating": _rating(n),
        "itemReviewed": {"@type": "Claim", "name": text, "appearance": _appearance(c)},
        "author": {"@type": "Organization", "name": "rolediff"},
        **place,
        "claim": claim,
        "points": [p.to_dict() for p in j.points],
        "sources": list(n.sources),
        "settle": j.settle,
        "notes": list(j.notes),
    }


def _rating(n: Numbered) -> dict[str, Any]:
    j = n.judgement
    read = not words.unread(j)
    return {
        "@type": "Rating",
        "ratingValue": RATINGS[j.verdict] if read else None,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": j.verdict if read else NOT_UNDERSTOOD,
        "ratingExplanation": j.why,
    }


def _appearance(c: CheckedArticle) -> dict[str, Any]:
    return {"@type": "Article", "name": c.article.name, "headline": c.article.title}
