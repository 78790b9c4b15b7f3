"""`check`: a verdict on every claim of an article."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Catalogue
from rolediff.claims.by_hand import read_claims
from rolediff.claims.find import find_claims
from rolediff.claims.judges import draft
from rolediff.claims.room import Room
from rolediff.claims.rule import Rule, adjusted
from rolediff.claims.verdict import judgement
from rolediff.compare.approximate import approximate
from rolediff.compare.asked import checked_where
from rolediff.errors import NotEnoughEvidence
from rolediff.market import ReadOptions, Where, load
from rolediff.read.article import read_article
from rolediff.results import Article, CheckedArticle, Claim

CAVEATS = (
    ("pay", "Pay here is advertised: a posted range is not a salary paid."),
    ("ads", "What ads name is a wish of employers, among the employers of one source."),
    ("cause", "Reasons are judged as associations: nothing here tells a cause."),
    ("proxy", "Official occupations are broader than job titles: their figures are proxies."),
)


def check(
    article: Article | Path | str | bytes, market: Any = None, *,
    claims: Sequence[Claim] | Path | None = None, rule: Rule | None = None,
    roles: Path | str | None = None, where: str | Where | None = None,
    options: ReadOptions | None = None, extra: str = "",
) -> CheckedArticle:  # fmt: skip
    """Judge the claims of an article about roles on the records of a market.

    Args:
        article: its file (a `Path`), its text, or an `Article` that was read.
        market: None for the bundled market, a `Market`, its folder, a file of records or a frame.
        claims: None for those that are found; a file of claims, or claims, in their place.
        rule: thresholds; by default those of `Rule`.
        roles: a TOML file of roles that adds to the catalogue.
        where: a filter on all records, `"year=2024.."`.
        options: how to read a file or a frame.
        extra: what to add to the commands that print a figure ("--data market/").

    A claim that there is too little evidence for has that as its verdict; it fails nothing.

    Raises:
        UnreadableError: no article.
        NotEnoughEvidence: no claim about a role is in it.
        UsageError, DataError: an argument or data that cannot be understood.
    """
    asked = rule or Rule()
    catalogue = Catalogue.load(Path(roles) if roles else None)
    read = article if isinstance(article, Article) else read_article(article)
    made = claims_of(read, claims, catalogue)
    loaded = load(market, options).market
    room = Room(loaded, catalogue, asked, read, checked_where(where), extra, made)
    drafted = [draft(claim, room) for claim in made]
    p = iter(adjusted([point.p for d in drafted for point in d.points], asked))
    judgements = tuple(
        judgement(d, tuple(x.point(next(p), asked) for x in d.points), asked) for d in drafted
    )
    caveats = tuple(c for c in CAVEATS if c[0] != "pay" or "advertised" in room.by_pay)
    whole = (*approximate(room.market), *caveats)
    return CheckedArticle(read, judgements, asked.words, asked.confidence, whole)


def claims_of(
    article: Article, given: Sequence[Claim] | Path | None, catalogue: Catalogue
) -> tuple[Claim, ...]:
    """The claims given, as they are or in a file, or those found; in order of position.

    Raises:
        UsageError: a file that is none of claims.
        NotEnoughEvidence: there is no claim.
    """
    if isinstance(given, Path):
        claims: Sequence[Claim] = read_claims(given, article)
    else:
        claims = find_claims(article, catalogue) if given is None else given
    if not claims:
        raise NotEnoughEvidence(
            f"no claim about a role was found in {article.name}: write claims by hand and give "
            "them with --claims (docs/check.md)"
        )
    return tuple(sorted(claims, key=lambda c: (c.start, c.end, c.line)))
