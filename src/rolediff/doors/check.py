"""What `rolediff check` and `rolediff claims` do from their arguments to the exit code."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path

from rolediff import __version__
from rolediff.annotate.roles import Catalogue
from rolediff.claims.by_hand import write_claims
from rolediff.claims.check import check, claims_of
from rolediff.claims.rule import Rule
from rolediff.doors.options import Output, Tables, Which, extra
from rolediff.doors.screen import out, working
from rolediff.doors.write import SCHEMA_VERSION, check_place, load_market, written
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.read.article import read_article
from rolediff.report.check_html import page
from rolediff.report.check_json import reviewed
from rolediff.report.check_markdown import markdown
from rolediff.report.check_text import show
from rolediff.report.json import envelope
from rolediff.results import Article, CheckedArticle

CONTRADICTED, NOTHING = 5, NotEnoughEvidence.exit_code
"""Exit codes of an article that the data contradict, and of one in which nothing was judged."""


def checked(
    article: str,
    by_hand: Path | None,
    rule: str | None,
    strict: bool,
    html: Path | None,
    which: Which,
    tables: Tables,
    output: Output,
) -> int:
    """Print or write the article with its verdicts; the exit code."""
    if sum((html is not None, output.json, output.markdown)) > 1:
        raise UsageError("choose one of --html, --json and --markdown")
    check_place(html, "--html")
    judged_by, read = rule_of(rule), told_article(article)
    market = load_market(which.data, tables)
    with working("judging"):
        answer = check(
            read, market, claims=by_hand, rule=judged_by, where=which.where, roles=which.roles,
            extra=extra(which, tables),
        )  # fmt: skip
    _tell(answer, html, output)
    return _code(answer, strict)


def told_article(name: str) -> Article:
    """The article in the file `name`, or on standard input for "-".

    Raises:
        UsageError: an option that there is none of; UnreadableError: no article.
    """
    if name == "-":
        return read_article(sys.stdin.buffer, "standard input")
    if name.startswith("-"):
        raise UsageError(f"unknown option {name}; rolediff check --help shows how")
    return read_article(Path(name), Path(name).name)


def listed(article: str, path: Path | None, roles: Path | None) -> None:
    """Print or write the claims of an article as a file to edit."""
    check_place(path, "--out")
    read = told_article(article)
    written(write_claims(claims_of(read, None, Catalogue.load(roles)), read), path or Path("-"))


def rule_of(text: str | None) -> Rule:
    """The rule with the thresholds of NAME=VALUE[,NAME=VALUE].

    Raises:
        UsageError: a name or a value that is none.
    """
    given: dict[str, float | int | bool] = {}
    kinds = {f.name: f.type for f in fields(Rule)}
    for part in text.split(",") if text else ():
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in kinds:
            raise UsageError(f'no "{name}" in --rule: use {", ".join(kinds)}')
        given[name] = _valued(name, value, str(kinds[name]))
    return replace(Rule(), **given)  # type: ignore[arg-type]


def _valued(name: str, value: str, kind: str) -> float | int | bool:
    try:
        if kind == "bool":
            return {"yes": True, "no": False}[value]
        return int(value) if kind == "int" else float(value)
    except (KeyError, ValueError):
        wanted = {"bool": "yes or no", "int": "a whole number"}.get(kind, "a number")
        raise UsageError(f'--rule {name}={value}: write {wanted} for "{name}"') from None


def _tell(c: CheckedArticle, html: Path | None, output: Output) -> None:
    if html is not None:
        written(page(c), html)
    elif output.json:
        print(envelope("check", SCHEMA_VERSION, reviewed(c), __version__))
    elif output.markdown:
        print(markdown(c), end="")
    else:
        show(c, out())


def _code(c: CheckedArticle, strict: bool) -> int:
    if strict and c.contradicted:
        return CONTRADICTED
    judged = any(j.verdict != "not testable with this data" for j in c.judgements)
    return 0 if judged else NOTHING
