"""What `rolediff since` does from its arguments to its answer."""

from __future__ import annotations

from rolediff.compare.found import Question
from rolediff.compare.since import moved_since
from rolediff.doors.options import Output
from rolediff.doors.screen import working
from rolediff.doors.write import answered
from rolediff.report.since_markdown import markdown
from rolediff.report.since_text import show
from rolediff.report.since_words import paragraph


def told_since(day: str, data: str | None, question: Question, output: Output) -> None:
    """Print what moved since the market of a day as asked."""
    with working("comparing two markets"):
        answer = moved_since(day, data, question)
    answered("since", answer, output, paragraph(answer), markdown, show)
