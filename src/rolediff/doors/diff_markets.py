"""What `rolediff diff-markets` does from its arguments to its answer."""

from __future__ import annotations

from pathlib import Path

from rolediff.compare.found import Question
from rolediff.compare.market_diff import diff_markets
from rolediff.doors.options import Output
from rolediff.doors.screen import working
from rolediff.doors.write import answered
from rolediff.market import open_market
from rolediff.report.market_diff_markdown import markdown
from rolediff.report.market_diff_text import show
from rolediff.report.market_diff_words import sentence


def told_diff(old: Path, new: Path, question: Question, output: Output) -> None:
    """Print what changed between two market folders as asked."""
    names = (old.name, new.name) if old.name != new.name else (str(old), str(new))
    with working("comparing two markets"):
        markets = (open_market(old), open_market(new))
        answer = diff_markets((names[0], markets[0]), (names[1], markets[1]), question)
    answered("market-diff", answer, output, sentence(answer), markdown, show)
