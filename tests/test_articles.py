"""The articles to find claims in are marked with spans that stand in them."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

ARTICLES = Path(__file__).with_name("articles")
KINDS = {
    "pay", "gap", "reason", "growth", "demand", "industry", "country", "skill", "tool",
    "education", "certification", "trend", "share",
}  # fmt: skip


INLINE = r"</?(?:a|abbr|b|em|i|small|span|strong|sup)\b[^>]*>"


def text_of(article: Path) -> str:
    """Its text with white space collapsed; that of HTML is what its tags leave.

    The first two sets mark HTML as it stands in the file, tags and all.
    """
    text = article.read_text(encoding="utf-8")
    if article.suffix == ".html" and article.parent.name not in {"tuning", "unseen"}:
        text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(INLINE, "", text)))
    return plain(text)


def plain(text: str) -> str:
    """Without marks of bold and code, white space collapsed."""
    return " ".join(re.sub(r"\*\*|`", "", text).split())


@pytest.mark.parametrize(
    "gold",
    sorted(ARTICLES.glob("*/*.json")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_every_claim_stands_in_its_article(gold: Path) -> None:
    (article,) = [p for p in gold.parent.glob(f"{gold.stem}.*") if p.suffix != ".json"]
    text = text_of(article)
    claims = json.loads(gold.read_text(encoding="utf-8"))["claims"]
    assert len(claims) >= 5 or gold.stem == "no-claims"
    for claim in claims:
        assert claim["kind"] in KINDS
        span = plain(claim["text"])
        assert span in text
        assert text.count(span) >= claim.get("nth", 1)
    spans = [(claim["text"], claim.get("nth", 1)) for claim in claims]
    assert len(set(spans)) == len(spans)


@pytest.mark.parametrize(
    ("folder", "articles"),
    [
        ("tuning2", 8),
        ("tuning3", 8),
        ("tuning4", 16),
        ("tuning5", 12),
        ("tuning6", 7),
        ("tuning7", 14),
        ("tuning8", 14),
        ("tuning9", 14),
        ("tuning10", 16),
        ("tuning11", 16),
        ("tuning12", 16),
        ("unseen4", 7),
        ("unseen5", 10),
    ],
)
def test_the_further_sets_hold_all_their_articles(folder: str, articles: int) -> None:
    assert len(list((ARTICLES / folder).glob("*.json"))) == articles
