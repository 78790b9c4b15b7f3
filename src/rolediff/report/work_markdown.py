"""What people in two roles do, as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.markdown_parts import safe, section
from rolediff.report.telling_markdown import ending, lines_of, told_rows
from rolediff.report.telling_words import other_lines
from rolediff.report.work_words import occupation, sentence
from rolediff.results import Work


def markdown(w: Work) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(w)) + "\n"


def _lines(w: Work) -> Iterator[str]:
    yield f"# Work of {safe(w.a.label)} and {safe(w.b.label)}"
    yield ""
    yield f"**{safe(sentence(w))}**"
    for title, told in (
        ("Duties: share of openings that name them", [d.told for d in w.duties]),
        ("With any duty about", w.objects),
        ("With any duty to", w.verbs),
        ("With any duty of", w.groups),
    ):
        yield from section(title, told_rows(told, w.a, w.b))
    if w.occupations:
        yield from section("Tasks of neighbouring occupations (proxies)", _tasks(w))
    for line in other_lines(w.other_reading, w.beside, w.reading, "duties"):
        yield from lines_of(safe(line))
    yield from ending(w.missing, w.caveats, w.sources)


def _tasks(w: Work) -> Iterator[str]:
    for i, o in enumerate(w.occupations):
        yield from ([""] if i else [])
        yield from (f"**{safe(occupation(w, o))}**", "")
        yield from (f"- {safe(task)}" for task in o.tasks)
