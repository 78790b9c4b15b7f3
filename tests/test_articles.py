"""The articles to find claims in are marked with spans that stand in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ARTICLES = Path(__file__).with_name("articles")
KINDS = {
    "pay", "gap", "reason", "growth", "demand", "industry", "country", "skill", "tool",
    "education", "certification", "trend", "share",
}  # fmt: skip


@pytest.mark.parametrize("gold", sorted(ARTICLES.glob("*/*.json")), ids=lambda path: path.stem)
def test_every_claim_stands_in_its_article(gold: Path) -> None:
    (article,) = [p for p in gold.parent.glob(f"{gold.stem}.*") if p.suffix != ".json"]
    text = " ".join(article.read_text(encoding="utf-8").split())
    claims = json.loads(gold.read_text(encoding="utf-8"))["claims"]
    assert len(claims) >= 5
    for claim in claims:
        assert claim["kind"] in KINDS
        assert " ".join(claim["text"].split()) in text
    texts = [claim["text"] for claim in claims]
    assert len(set(texts)) == len(texts)
