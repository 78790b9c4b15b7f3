"""A brief as Markdown, with numbered footnotes."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.markdown_parts import safe
from rolediff.report.printable import printable
from rolediff.results import Brief, Section, Sentence


def markdown(b: Brief) -> str:
    """The whole brief; ends in a newline."""
    return "\n".join(_lines(b)) + "\n"


def _lines(b: Brief) -> Iterator[str]:
    yield f"# {safe(b.title)}"
    if b.where_words:
        yield from ("", f"Only {safe(b.where_words)}.")
    for section in b.sections:
        yield from ("", f"{'#' * section.level} {safe(section.heading)}")
        yield from _body(section)
    yield from ("", "## Mind", "", *(f"- {safe(text)}" for _, text in b.caveats))
    yield from ("", "## Footnotes", "")
    yield from (f"[^{f.number}]: {safe(f.source)}: {code(f.command)}" for f in b.footnotes)


def _body(section: Section) -> Iterator[str]:
    if section.short is not None:
        yield from ("", f"Not enough evidence: {safe(section.short.reason)}.")
    if section.sentences:
        yield from ("", *(f"- {_sentence(s)}" for s in section.sentences))


def _sentence(s: Sentence) -> str:
    return safe(s.text) + "".join(f"[^{n}]" for n in s.footnotes)


def code(text: str) -> str:
    """A span of code that nothing in `text` can end."""
    shown = printable(text)
    ticks = "`"
    while ticks in shown:
        ticks += "`"
    space = " " if "`" in shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"
