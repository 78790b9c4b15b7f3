"""A checked article as Markdown: what is wrong first, then the article with its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rolediff.report import check_words as words
from rolediff.report.brief_markdown import code
from rolediff.report.check_places import (
    Annotated,
    Numbered,
    Passage,
    against,
    annotated,
    listed,
    not_understood,
    settling,
    wrong,
)
from rolediff.report.markdown_parts import safe, section
from rolediff.report.words import capital
from rolediff.results import CheckedArticle


def markdown(c: CheckedArticle) -> str:
    """The whole of it; ends in a newline."""
    return "\n".join(_lines(c)) + "\n"


def _lines(c: CheckedArticle) -> Iterator[str]:
    a = annotated(c)
    yield f"# Checked: {safe(c.article.title or c.article.name)}"
    yield from ("", f"**{safe(words.sentence(c))}**")
    if c.article.notes:
        yield from ("", *_bullets(map(capital, c.article.notes)))
    if found := wrong(a):
        yield from section("What is wrong with it", _wrong(found))
    yield from section("The article, claim by claim", _article(a))
    if a.elsewhere:
        hand = "Claims given by hand whose words do not stand in the article"
        yield from section(hand, (line for n in a.elsewhere for line in _note(n)))
    if unread := not_understood(a):
        title = "Looks like a claim and was not understood"
        yield from section(title, _bullets(map(_unread, unread)))
    if found_open := settling(a):
        open_ = (f"{capital(w)} ({listed(group)})" for w, group in found_open.items())
        yield from section("What would settle the open claims", _bullets(open_))
    yield from section("How it was judged", [safe(c.rule)])
    if c.caveats:
        yield from section("Mind", _bullets(text for _, text in c.caveats))
    if a.sources:
        yield from section("Sources, and the commands that print the figures", _sources(a))


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {safe(text)}" for text in texts)


def _wrong(groups: Sequence[Sequence[Numbered]]) -> Iterator[str]:
    for group in groups:
        j = group[0].judgement
        said = f"**{safe(group[0].quoted)}** ({listed(group)})"
        yield f"- {words.mark(j)} {said}: {words.verdict(j)}. {safe(against(group))}"


def _unread(n: Numbered) -> str:
    return f"{n.quoted} (line {n.judgement.claim.line})"


def _article(a: Annotated) -> Iterator[str]:
    """The passages, each a quotation, so that headings of the article are not those of the page."""
    key = "; ".join(f"{sign} {words.SHORT[v]}" for v, sign in words.MARKS.items())
    yield f"Signs: {safe(key)}; {words.UNREAD} not understood."
    for passage in a.passages:
        if passage.text and (passage.claims or not passage.label):
            yield from ("", f"> {_before(passage)}{_marked(passage)}")
        if passage.claims:
            yield ""
        for n in passage.claims:
            yield from _note(n)


def _before(passage: Passage) -> str:
    block = passage.block
    if block.kind == "item":
        return "  " * (max(block.level, 1) - 1) + "• "
    if block.kind == "cell":
        return safe(" · ".join(filter(None, (block.row, block.column)))) + ": "
    return ""


def _marked(passage: Passage) -> str:
    """The text with the number and sign of each claim after it."""
    if passage.block.kind == "heading":
        return f"**{''.join(_pieces(passage))}**"
    return "".join(_pieces(passage)).strip()


def _pieces(passage: Passage) -> Iterator[str]:
    for piece in passage.pieces:
        text = piece.text
        yield " " * text[:1].isspace() + safe(text) + " " * text[-1:].isspace()
        yield from (f" **\\[{n.number} {words.mark(n.judgement)}\\]**" for n in piece.ended)


def _note(n: Numbered) -> Iterator[str]:
    j = n.judgement
    said = f"{n.number} {words.mark(j)} {safe(words.quoted(j.claim.text))}"
    if n.like:
        yield f"- {said}: **{words.verdict(j)}**, as claim {n.like}."
        return
    yield f"- {said}: **{words.verdict(j)}**. {safe(j.why)}{_after(n)}"
    yield from (f"  - {words.MARKS[p.verdict]} {safe(words.point(p))}" for p in n.parts)
    yield from (f"  - {safe(words.evidence(e))}" for e in words.further(j))


def _after(n: Numbered) -> str:
    """What to mind, and the sources."""
    last = [*map(safe, n.notes), *(f"[^{number}]" for number in n.sources)]
    return f" ({'; '.join(last)})" if last else ""


def _sources(a: Annotated) -> Iterator[str]:
    for n, (source, command) in enumerate(a.sources, 1):
        yield f"[^{n}]: {safe(source)}: {code(command)}"
