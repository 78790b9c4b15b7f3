"""`rolediff brief`: the brief written, and printed as asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rolediff.compare.brief import write_brief
from rolediff.compare.roles import Question
from rolediff.doors.options import Length, Output, Tables, Which, extra
from rolediff.doors.write import answered, check_place, load_market, written
from rolediff.errors import UsageError
from rolediff.report.brief_html import page
from rolediff.report.brief_markdown import markdown
from rolediff.report.brief_text import sentence, show


def told_brief(
    q: Question,
    html: Path | None,
    which: Which,
    tables: Tables,
    output: Output,
    length: Length,
) -> None:
    """Print the brief on two roles, or write it as HTML."""
    if html is not None and (output.json or output.markdown):
        raise UsageError("choose one of --html, --json and --markdown")
    check_place(html, "--html")
    answer = write_brief(load_market(which.data, tables), q, extra(which, tables))
    if html is not None:
        written(page(answer), html)
        return
    shown = partial(show, everything=length.everything)
    answered("brief", answer, output, sentence(answer), markdown, shown)
