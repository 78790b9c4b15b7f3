"""The verbs that read an article: what it claims, and what the data say to that.

`app` is the command with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rolediff.doors.options import OUTPUT, QUESTION, Output, Tables, Which
from rolediff.doors.pair_verbs import app

__all__ = ["app"]

ArticleFile = Annotated[
    str,
    Parameter(
        name="ARTICLE",
        allow_leading_hyphen=True,
        help="The article: Markdown, HTML, text or PDF; - is standard input.",
    ),
]


@app.command
def check(
    article: ArticleFile,
    /,
    *,
    claims: Annotated[Path | None, Parameter(group=QUESTION)] = None,
    rule: Annotated[str | None, Parameter(group=QUESTION)] = None,
    strict: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    html: Annotated[Path | None, Parameter(group=OUTPUT, allow_leading_hyphen=True)] = None,
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> int:
    """Check an article on roles: a verdict on every claim, with the evidence for it.

    Each claim is contradicted, true in part, supported, open for want of
    evidence, or not testable with this data. What looks like a claim and is
    not understood is listed.

    Exit codes: 0 judged, 5 a claim is contradicted (with --strict),
    4 nothing in it can be judged, 3 the article or the data cannot be read.

    Parameters
    ----------
    claims
        Judge the claims of this file, not those that are found;
        rolediff claims ARTICLE -o claims.toml starts it.
    rule
        When a claim is judged, as NAME=VALUE[,NAME=VALUE]:
        confidence=0.99,point=0.05; docs/check.md lists them.
    strict
        Exit with 5 if any claim is contradicted.
    html
        Write the annotated article as one page of HTML to this
        file; - is standard output.
    """
    from rolediff.doors.check import checked

    return checked(article, claims, rule, strict, html, which, tables, output)


@app.command(name="claims")
def list_claims(
    article: ArticleFile,
    /,
    *,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], group=OUTPUT, allow_leading_hyphen=True)
    ] = None,
    roles: Annotated[Path | None, Parameter(group=QUESTION)] = None,
    debug: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,  # noqa: ARG001
) -> None:
    """List the claims of an article, as a file to edit for check --claims.

    Exit codes: 0 written, 4 no claim in it, 3 the article cannot be read.

    Parameters
    ----------
    out
        Write them to this file; without it, or with -, they are printed.
    roles
        A TOML file of your own roles, added to the catalogue or replacing entries by id.
    debug
        Show the traceback of an error.
    """
    from rolediff.doors.check import listed

    listed(article, out, roles)
