"""`rolediff report`: everything gathered, and one page of HTML written."""

from __future__ import annotations

from pathlib import Path

from rolediff import __version__
from rolediff.compare.gather import gather_roles
from rolediff.compare.roles import Question
from rolediff.doors.options import Output, Tables, Which, extra
from rolediff.doors.screen import working
from rolediff.doors.write import SCHEMA_VERSION, check_place, load_market, written
from rolediff.errors import UsageError
from rolediff.report.json import envelope
from rolediff.report.printable import printable


def told_report(
    q: Question, out: Path | None, which: Which, tables: Tables, output: Output
) -> None:
    """Write the report on two roles as a page, or print it as JSON or Markdown."""
    from rolediff.report.report_html import page, sentence
    from rolediff.report.report_markdown import markdown

    if sum((out is not None, output.json, output.markdown)) != 1:
        raise UsageError("choose one of -o report.html, --json and --markdown")
    check_place(out, "-o")
    market = load_market(which.data, tables)
    with working("comparing"):
        answer = gather_roles(market, q, which.catalogue(), extra(which, tables))
    if out is not None:
        written(page(answer), out)
    elif output.json:
        said = {"sentence": printable(sentence(answer)), **answer.to_dict()}
        print(envelope("report", SCHEMA_VERSION, said, __version__))
    else:
        print(markdown(answer), end="")
