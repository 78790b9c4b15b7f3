"""A made-up article with made-up judgements, for tests of how they are shown."""

from __future__ import annotations

from typing import Any

from rolediff.results import (
    Article,
    Block,
    CheckedArticle,
    Claim,
    Estimate,
    Evidence,
    Judgement,
    Point,
)

BLOCKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Chefs and cooks", {"kind": "heading", "level": 1}),
    ("Chefs earn more than cooks, and both are in high demand.", {"kind": "paragraph"}),
    ("Let us look closer.", {"kind": "paragraph"}),
    ("Skills", {"kind": "heading", "level": 2}),
    ("Knives and ladles", {"kind": "item", "level": 1, "lead": "Chefs:"}),
    ("Per year", {"kind": "cell", "table": 1}),
    ("Chef", {"kind": "cell", "table": 1, "tab": True}),
    ("Cook", {"kind": "cell", "table": 1, "tab": True}),
    ("Salary", {"kind": "cell", "table": 1, "column": "Per year"}),
    ("$50,000", {"kind": "cell", "table": 1, "row": "Salary", "column": "Chef", "tab": True}),
    ("$40,000", {"kind": "cell", "table": 1, "row": "Salary", "column": "Cook", "tab": True}),
    ("Many will soon be paid in soup.", {"kind": "quote"}),
)
PAY = Evidence(
    "advertised pay of cooks over that of chefs",
    Estimate(25.1, 18.2, 33.9, n=3309), "percent", "Kitchens, CC0", "rolediff Chef Cook",
)  # fmt: skip
KNIVES = Evidence(
    "share of ads for chefs that name knives",
    Estimate(0.32, 0.16, 0.53, n=21), "share", "Ads, 2025", "rolediff skills Chef Cook",
)  # fmt: skip


def built(blocks: tuple[tuple[str, dict[str, Any]], ...] = BLOCKS) -> Article:
    """The article: its blocks one to a line."""
    made, whole = [], ""
    for line, (text, how) in enumerate(blocks, 1):
        whole += "\t" if how.get("tab") else "\n" if whole else ""
        start = len(whole)
        whole += text
        more = {key: value for key, value in how.items() if key != "tab"}
        made.append(Block(start=start, end=len(whole), line=line, **more))
    return Article(
        "kitchen.md", whole, tuple(made), title=blocks[0][0], notes=("one image left out",)
    )


def claim(article: Article, text: str, kind: str = "gap", **more: Any) -> Claim:
    """A claim that stands where `text` does first."""
    start = article.text.index(text)
    line = next(b.line for b in article.blocks if b.start <= start < b.end)
    return Claim(kind, text, start, start + len(text), line, **more)  # type: ignore[arg-type]


def kitchen() -> CheckedArticle:
    """Claims with each verdict, one not understood, one by hand, two that overlap."""
    article = built()
    knives = Point("knives", "supported", "32 % of ads name them.", (KNIVES,), 0.01, 0.04)
    ladles = Point("ladles", "contradicted", "No ad names them.")
    judgements = (
        Judgement(
            claim(article, "Chefs earn more than cooks"), "contradicted",
            "Cooks are advertised at 25 % more.",
            (Point("gap", "contradicted", "Below: 25 %.", (PAY,), 0.001, 0.006),),
            notes=("by pay",),
        ),
        Judgement(claim(article, "more than cooks, and both", "pay"), "not enough evidence",
                  "Only 4 records say.", settle="thirty more records"),
        Judgement(claim(article, "both are in high demand", "demand"),
                  "not testable with this data", "No vacancies are counted.",
                  settle="vacancies by occupation"),
        Judgement(claim(article, "Knives and ladles", "skill"), "partly",
                  "Knives are asked for, ladles are not.", (knives, ladles)),
        Judgement(claim(article, "$50,000", "pay"), "supported", "The median is 50,000 USD."),
        Judgement(claim(article, "Many will soon be paid in soup.", "unread"),
                  "not testable with this data", "The sentence was not understood."),
        Judgement(Claim("pay", "Cooks are poor", by_hand=True), "not enough evidence",
                  "No record says.", settle="thirty more records"),
    )  # fmt: skip
    caveats = (("posted", "A posted range is not a salary paid."),)
    return CheckedArticle(article, judgements, "A claim is supported only if so.", caveats=caveats)
