"""`rolediff brief`: the brief written, and printed as asked."""

from __future__ import annotations

import shlex
from pathlib import Path

from rolediff.compare.brief import write_brief
from rolediff.compare.roles import Question
from rolediff.doors.options import Output, Tables, Which
from rolediff.doors.write import answered, load_market
from rolediff.errors import DataError, UsageError
from rolediff.report.brief_html import page
from rolediff.report.brief_markdown import markdown
from rolediff.report.brief_text import show
from rolediff.results import Brief


def told_brief(
    q: Question, html: Path | None, which: Which, tables: Tables, output: Output
) -> None:
    """Print the brief on two roles, or write it as HTML."""
    if html is not None and (output.json or output.markdown):
        raise UsageError("choose one of --html, --json and --markdown")
    check_place(html, "--html")
    answer = write_brief(load_market(which.data, tables), q, extra(which, tables))
    if html is not None:
        written(page(answer), html)
        return
    answered("brief", answer, output, sentence(answer), markdown, show)


def sentence(b: Brief) -> str:
    """The first sentence of the conclusion, or why there is none."""
    last = b.sections[-1]
    return last.sentences[0].text if last.sentences else last.short.reason if last.short else ""


def extra(which: Which, tables: Tables) -> str:
    """What a command needs besides the question to print the same figures."""
    options = {
        "--roles": which.roles,
        "--data": which.data,
        "--map": tables.mapping,
        **{f"--{k}": getattr(tables, k) for k in ("currency", "interval", "format", "kind")},
        "--source": tables.source,
    }
    given = {flag: str(value) for flag, value in options.items() if value is not None}
    return shlex.join([word for pair in given.items() for word in pair])


def check_place(path: Path | None, flag: str) -> None:
    """UsageError where an option stands instead of a file; - alone is standard output."""
    if path is not None and str(path) != "-" and str(path).startswith("-"):
        raise UsageError(f"{flag} needs a file, not {path}: {flag} page.html, or {flag} -")


def written(text: str, path: Path) -> None:
    """Write `text` to `path`; - is standard output. DataError where that cannot be done."""
    if str(path) == "-":
        print(text, end="")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {path} ({why}): choose another place") from error
