"""A checked article as one page of HTML that needs nothing else: no script, no font, no network.

What is wrong stands first, then the article, annotated in place. Whatever comes from the article
is text and nothing else; a content security policy forbids the page to load or run anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from rolediff.report import check_words as words
from rolediff.report.check_html_article import article, label, note, safe, style_of
from rolediff.report.check_places import (
    Annotated,
    Numbered,
    against,
    annotated,
    listed,
    not_understood,
    settling,
    wrong,
)
from rolediff.report.words import capital
from rolediff.results import CheckedArticle


def page(c: CheckedArticle, *, top: str = "", css: str = "") -> str:
    """The whole page as a document; ends in a newline.

    `top` = markup that stands before it, and `css` its style, where it is one page of several.
    """
    return "\n".join(_lines(c, top, _style() + css)) + "\n"


@cache
def _style() -> str:
    return (files("rolediff") / "data" / "check.css").read_text(encoding="utf-8")


def _policy(style: str) -> str:
    """Nothing may be loaded, run or sent; of styles, only the one in the page."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _lines(c: CheckedArticle, top: str, style: str) -> Iterator[str]:
    a = annotated(c)
    title = f"Checked: {safe(c.article.title or c.article.name)}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>"
    yield from [top] * bool(top)
    yield f'<header>\n<h1>{title}</h1>\n<p class="sum">{safe(words.lead(c))}</p>'
    yield from _tally(c)
    yield from (f'<p class="faint">{safe(capital(text))}.</p>' for text in c.article.notes)
    yield "</header>\n<main>"
    yield from _wrong(wrong(a))
    yield '<section aria-labelledby="article">\n<h2 id="article">The article, claim by claim</h2>'
    yield from article(c, a)
    yield "</section>"
    yield from _rest(c, a)
    yield "</main>\n</body>\n</html>"


def _tally(c: CheckedArticle) -> Iterator[str]:
    """The signs, what they mean, and how often each was given."""
    yield '<ul class="tally" aria-label="Verdicts">'
    counts = words.tally(c)
    for verdict, sign in words.MARKS.items():
        yield _counted(sign, words.SHORT[verdict], counts[verdict])
    yield _counted(words.UNREAD, "not understood", sum(map(words.unread, c.judgements)))
    yield "</ul>"


def _counted(sign: str, name: str, n: int) -> str:
    hidden = f'<span class="sign" aria-hidden="true">{sign}</span>'
    return f'<li class="{style_of(name)}">{hidden} {n} {name}</li>'


def _wrong(groups: Sequence[Sequence[Numbered]]) -> Iterator[str]:
    if not groups:
        return
    yield '<section aria-labelledby="wrong">'
    yield '<h2 id="wrong">What is wrong with it</h2>'
    yield '<ul class="wrong">'
    for group in groups:
        j = group[0].judgement
        yield f'<li class="{style_of(words.verdict(j))}"><p class="quote">'
        yield f"{safe(group[0].quoted)}</p>"
        said = f'<span class="faint">({listed(group, _link)})</span>'
        yield f"<p>{label(j)} {safe(against(group))} {said}</p></li>"
    yield "</ul>\n</section>"


def _rest(c: CheckedArticle, a: Annotated) -> Iterator[str]:
    if a.elsewhere:
        hand = "Claims given by hand whose words do not stand in the article"
        lines = (f'<span id="c{n.number}"></span>{note(n)}' for n in a.elsewhere)
        yield from _section("hand", hand, lines)
    if unread := not_understood(a):
        title = "Looks like a claim and was not understood"
        yield from _section("unread", title, _bullets(map(_unread, unread)))
    if open_ := settling(a):
        told = (f"{safe(capital(what))} ({listed(group, _link)})" for what, group in open_.items())
        yield from _section("settle", "What would settle the open claims", _bullets(told))
    yield from _section("rule", "How it was judged", [f"<p>{safe(c.rule)}</p>"])
    if c.caveats:
        yield from _section("mind", "Mind", _bullets(safe(text) for _, text in c.caveats))
    if a.sources:
        title = "Sources, and the commands that print the figures"
        yield from _section("sources", title, _sources(a))


def _section(id_: str, title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f'<section class="plain" aria-labelledby="{id_}">\n<h2 id="{id_}">{title}</h2>'
    yield from lines
    yield "</section>"


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{text}</li>" for text in texts)
    yield "</ul>"


def _unread(n: Numbered) -> str:
    line = n.judgement.claim.line
    return f'{safe(n.quoted)} (<a href="#c{n.number}">line {line}</a>)'


def _link(number: int) -> str:
    return f'<a href="#c{number}">{number}</a>'


def _sources(a: Annotated) -> Iterator[str]:
    yield "<ol>"
    for n, (source, command) in enumerate(a.sources, 1):
        yield f'<li id="s{n}">{safe(source)}: <code>{safe(command)}</code></li>'
    yield "</ol>"
