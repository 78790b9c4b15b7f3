"""The article of a checked page: every passage as what it was, its claims marked where they stand.

Marks differ by shape of the line and by a sign, not by colour alone; the notes on a passage follow
it, and on a wide screen stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from rolediff.report import check_words as words
from rolediff.report.check_html_table import table
from rolediff.report.check_places import Annotated, Numbered, Passage, Piece
from rolediff.report.printable import printable
from rolediff.report.words import capital
from rolediff.results import CheckedArticle, Judgement

TOP, BOTTOM = 3, 6
"""Levels of the article's headings on the page, whose own are 1 and 2."""
DEEPEST = 3
"""Depths of lists that are told apart."""


def safe(text: str) -> str:
    """Text from an article, so that it is text in HTML and nothing else."""
    return escape(printable(text), quote=True)


def style_of(verdict: str) -> str:
    """The class of a verdict in words."""
    return verdict.replace(" ", "-")


def label(j: Judgement) -> str:
    """The sign of a verdict and its name."""
    return (
        f'<strong class="{style_of(words.verdict(j))}"><span aria-hidden="true">{words.mark(j)}'
        f"</span> {capital(words.verdict(j))}.</strong>"
    )


def article(c: CheckedArticle, a: Annotated) -> Iterator[str]:
    """All passages with their notes."""
    level = TOP - 1
    yield '<article class="passages" aria-label="The article">'
    for kind, found in groupby(a.passages, key=_together):
        group = [p for p in found if p.text]
        if kind[0] == "item" and group:
            yield "<ul>"
            yield from (line for p in group for line in _item(p))
            yield "</ul>"
        elif kind[0] == "cell" and group:
            claims = [n for p in group for n in p.claims]
            yield from _beside(table(group, c.article.text, marked), claims)
        else:
            for passage in group:
                level = _level(passage, level)
                yield from _beside([_block(passage, level)], passage.claims)
    yield "</article>"


def _together(p: Passage) -> tuple[str, int]:
    """Items in a row are one list, cells of a table one table."""
    return p.block.kind, p.block.table


def _level(p: Passage, last: int) -> int:
    """The level of a heading on the page: no level is left out."""
    if p.block.kind != "heading":
        return last
    return min(max(p.block.level, 1) + TOP - 1, last + 1, BOTTOM)


def _block(p: Passage, level: int) -> str:
    tag = {"heading": f"h{level}", "quote": "blockquote", "code": "pre"}.get(p.block.kind, "p")
    return f'<{tag} class="words">{marked(p)}</{tag}>'


def _item(p: Passage) -> Iterator[str]:
    yield f'<li class="depth-{min(max(p.block.level, 1), DEEPEST)}">'
    yield from _beside([f'<p class="words">{marked(p)}</p>'], p.claims)
    yield "</li>"


def _beside(lines: Iterable[str], claims: Sequence[Numbered]) -> Iterator[str]:
    """A passage and the notes on it."""
    yield '<div class="passage">'
    yield from lines
    if claims:
        yield '<div class="notes">'
        yield from (note(n, quote=len(claims) > 1) for n in claims)
        yield "</div>"
    yield "</div>"


def marked(p: Passage) -> str:
    """The words of a passage as HTML, its claims marked, each with a link to its note."""
    first: set[int] = set()
    return "".join(_piece(piece, first) for piece in p.pieces)


def _piece(piece: Piece, first: set[int]) -> str:
    text = safe(piece.text)
    gravest = words.gravest([n.judgement for n in piece.claims])
    if gravest is not None:
        text = f'<mark class="{style_of(words.verdict(gravest))}">{text}</mark>'
    new = [n.number for n in piece.claims if n.number not in first]
    first.update(new)
    anchors = "".join(f'<span id="c{number}"></span>' for number in new)
    return anchors + text + "".join(map(_reference, piece.ended))


def _reference(n: Numbered) -> str:
    """The link from the end of a claim to the note on it."""
    j = n.judgement
    shown = f'<span class="hidden">claim </span>{n.number}\u00a0{words.mark(j)}'
    hidden = f'<span class="hidden"> {words.verdict(j)}</span>'
    return f' <a class="ref {style_of(words.verdict(j))}" href="#n{n.number}">{shown}{hidden}</a>'


def note(n: Numbered, *, quote: bool = True) -> str:
    """The verdict on a claim and its reason; parts, figures and sources unfold."""
    j = n.judgement
    said = f'<span class="sign">{n.number}</span> {label(j)} '
    if quote:
        said += f'<span class="quote">{safe(words.quoted(j.claim.text))}</span> '
    said += f'As <a href="#n{n.like}">claim {n.like}</a>.' if n.like else safe(j.why)
    rest = "" if n.like else "".join(_details(n))
    style = f'class="note {style_of(words.verdict(j))}" id="n{n.number}"'
    if not rest:
        return f"<div {style}>{said}</div>"
    return f"<details {style}><summary>{said}</summary>{rest}</details>"


def _details(n: Numbered) -> Iterator[str]:
    j = n.judgement
    told = [f"{words.MARKS[p.verdict]} {words.point(p)}" for p in n.parts]
    told += [words.evidence(e) for e in words.further(j)]
    if told:
        yield f"<ul>{''.join(f'<li>{safe(text)}</li>' for text in told)}</ul>"
    if j.notes:
        yield f"<p>{safe(capital('; '.join(j.notes)))}.</p>"
    if j.settle:
        yield f"<p>To settle it: {safe(j.settle)}.</p>"
    if n.sources:
        links = ", ".join(f'<a href="#s{s}">{s}</a>' for s in n.sources)
        yield f"<p>Sources: {links}</p>"
