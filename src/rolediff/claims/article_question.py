"""`check_article`: an article as a person names it, its claims found or given, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Catalogue
from rolediff.claims.by_hand import read_claims
from rolediff.claims.check import check
from rolediff.claims.find import find_claims
from rolediff.claims.rule import Rule
from rolediff.errors import NotEnoughEvidence
from rolediff.market import ReadOptions, Where
from rolediff.read.article import read_article
from rolediff.results import Article, CheckedArticle, Claim


def check_article(
    article: Article | Path | str,
    data: Any = None,
    *,
    claims: Path | Sequence[Claim] | None = None,
    rule: Rule | None = None,
    where: str | Where | None = None,
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
    extra: str = "",
) -> CheckedArticle:
    """A verdict on every claim that an article makes about roles, with its evidence.

    Args:
        article: the path of a file (Markdown, HTML, text or PDF), the text itself, or as read.
        data, where, roles, options: as for `diff`.
        claims: what to judge in place of what is found: a file (TOML), or claims.
        rule: thresholds; by default those of `Rule`.
        extra: what to add to the commands that print a figure ("--data market/").

    Raises:
        UnreadableError: no article.
        NotEnoughEvidence: no claim about a role is in it.
        UsageError, DataError: as their messages say.
    """
    read = article if isinstance(article, Article) else read_article(article)
    given = claims_of(read, claims, Catalogue.load(Path(roles) if roles else None))
    return check(
        read, data, claims=given, rule=rule, roles=roles, where=where, options=options, extra=extra
    )


def claims_of(
    article: Article, given: Path | Sequence[Claim] | None, catalogue: Catalogue
) -> Sequence[Claim]:
    """The claims given, as they are or in a file; without any, those found in the article.

    Raises:
        NotEnoughEvidence: there is none.
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
    return claims
