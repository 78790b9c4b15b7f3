"""A brief as one page of HTML that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rolediff.report.glued import glued
from rolediff.report.printable import printable
from rolediff.results import Brief, Footnote, Section, Sentence

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c1f; --link: #0a4f9e; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --ink: #e6e8ea; --link: #8fbcff; }
}
html, body { background: var(--paper); color: var(--ink); }
a { color: var(--link); }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid; }
code { overflow-wrap: anywhere; font-size: .9em; }
sup a { text-decoration: none; padding: 0 .15em; }
.short { border-left: .25rem solid; padding-left: .8rem; }
:target { outline: 2px solid; outline-offset: 2px; }
@page { size: A4; margin: 16mm 15mm; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""


def page(b: Brief) -> str:
    """The whole brief as a document; ends in a newline."""
    return "\n".join(_lines(b)) + "\n"


def _lines(b: Brief) -> Iterator[str]:
    title = _safe(b.title)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f"<main>\n<h1>{title}</h1>"
    if b.where_words:
        yield f"<p>Only {_safe(b.where_words)}.</p>"
    yield from _contents(b)
    first: set[int] = set()
    for number, section in enumerate(b.sections):
        yield from _section(number, section, first)
    yield '<h2 id="mind">Mind</h2>\n<ul>'
    yield from (f"<li>{_safe(glued(text))}</li>" for _, text in b.caveats)
    yield '</ul>\n<section aria-labelledby="footnotes">\n<h2 id="footnotes">Footnotes</h2>\n<ol>'
    yield from map(_footnote, b.footnotes)
    yield "</ol>\n</section>\n</main>\n</body>\n</html>"


def _contents(b: Brief) -> Iterator[str]:
    yield '<nav aria-label="Contents">\n<ul>'
    for number, section in enumerate(b.sections):
        if section.level == 2:
            yield f'<li><a href="#s{number}">{_safe(section.heading)}</a></li>'
    yield "</ul>\n</nav>"


def _section(number: int, section: Section, first: set[int]) -> Iterator[str]:
    level = section.level
    yield f'<h{level} id="s{number}">{_safe(section.heading)}</h{level}>'
    if section.short is not None:
        yield f'<p class="short">Not enough evidence: {_safe(section.short.reason)}.</p>'
    if section.sentences:
        yield "<ul>"
        yield from (_sentence(s, first) for s in section.sentences)
        yield "</ul>"


def _sentence(s: Sentence, first: set[int]) -> str:
    return f"<li>{_safe(glued(s.text))}{''.join(_mark(n, first) for n in s.footnotes)}</li>"


def _mark(n: int, first: set[int]) -> str:
    """A link to a footnote; the first to each can be returned to."""
    own = "" if n in first else f' id="r{n}"'
    first.add(n)
    return f'<sup><a href="#f{n}"{own} aria-label="Footnote {n}">{n}</a></sup>'


def _footnote(f: Footnote) -> str:
    back = f'<a href="#r{f.number}" aria-label="Back to the text of footnote {f.number}">↩</a>'
    command = f"<code>{_safe(f.command)}</code>"
    return f'<li id="f{f.number}">{_safe(f.source)}: {command} {back}</li>'


def _safe(text: str) -> str:
    """Text from data, so that it is text in HTML and nothing else."""
    return escape(printable(text), quote=True)
