"""Answers in a notebook: a fragment of HTML that brings its own style and nothing else."""

from __future__ import annotations

from typing import Any

from rolediff.report.pages import rendered, style
from rolediff.report.tables import names
from rolediff.report.views import view


def fragment(answer: Any) -> str:
    """The short view of an answer, escaped, with what else it can give."""
    return rendered(
        "notebook.html", part=view(answer), style=style("style.css", "notebook.css"),
        tables=list(names(answer)),
    )  # fmt: skip
