"""A report as Markdown: every sentence and every table of the page, without its charts."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.brief_markdown import code
from rolediff.report.figures import Figure, Part
from rolediff.report.markdown_parts import safe, table
from rolediff.report.parts import parts
from rolediff.report.report_html import source_words
from rolediff.results import Report


def markdown(r: Report) -> str:
    """The whole report; ends in a newline."""
    return "\n".join(_lines(r)) + "\n"


def _lines(r: Report) -> Iterator[str]:
    yield f"# {safe(r.a)} and {safe(r.b)}"
    if r.where_words:
        yield from ("", f"Only {safe(r.where_words)}.")
    for part in parts(r):
        yield from _part(part)
    yield from ("", "## Mind", "", *(f"- {safe(text)}" for _, text in r.caveats))
    yield from ("", "## Sources", "", *(f"- {safe(source_words(s))}" for s in r.sources))


def _part(p: Part) -> Iterator[str]:
    yield from ("", f"## {safe(p.heading)}")
    if p.short:
        yield from ("", f"Not enough evidence: {safe(p.short)}.")
    for text in filter(None, (p.answer, *p.say)):
        yield from ("", safe(text))
    for figure in p.figures:
        yield from _figure(figure)


def _figure(f: Figure) -> Iterator[str]:
    yield from ("", f"### {safe(f.title)}")
    if f.say:
        yield from ("", safe(f.say))
    if f.items:
        yield from ("", *(f"- {safe(f'{lead} {text}'.strip())}" for lead, text in f.items))
    if f.grid is not None:
        yield from ("", *table(f.grid.heads, (map(safe, row) for row in f.grid.rows)))
        if f.grid.rest:
            yield from ("", f"{f.grid.rest:,} more in {code(f'{f.command} --json')}.")
    facts = f"{f.n}. {f.interval}. Source: {f.source}. {f.how}"
    yield from ("", f"{safe(facts)} Printed by {code(f.command)}.")
