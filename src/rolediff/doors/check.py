"""What `rolediff check` and `rolediff claims` do from their arguments to the exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from rolediff import __version__
from rolediff.claims.by_hand import claims_file, read_claims
from rolediff.claims.check import check
from rolediff.claims.finding import find_claims
from rolediff.claims.rule import Rule
from rolediff.doors.options import Output, Tables, Which
from rolediff.doors.screen import err, out, working
from rolediff.doors.write import SCHEMA_VERSION, load_market, write_text
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.read.article import read_article
from rolediff.report.json import envelope
from rolediff.report.printable import printable
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
    judged_by = rule_of(rule)
    read, catalogue = told_article(article), which.catalogue()
    found = find_claims(read, catalogue)
