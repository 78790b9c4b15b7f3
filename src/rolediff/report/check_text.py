"""A checked article on a terminal: what is wrong first, then the article with its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rolediff.report import check_words as words
from rolediff.report.blocks import bullets, mind
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
from rolediff.report.printable import printable
from rolediff.report.words import capital
from rolediff.results import CheckedArticle

MOST, CLAIMS = 400, 40
"""Passages that are shown, and claims of each; `--markdown`, `--html` and `--json` have all."""
PLAIN = 3
"""Passages in a row without a claim that are shown; of more, the first and how many."""
CUT = 150
"""Characters of a passage without a claim."""
PARTS = 6
"""Parts of a claim that are shown; `--markdown`, `--html` and `--json` have all."""
STYLES = {"✗": "bold red", "◐": "yellow", "✓": "green", "?": "cyan", "–": "dim", "…": "dim"}


def show(c: CheckedArticle, console: Console) -> None:
    """Print `c`; readable at 80 columns and without colour."""
    for part in _parts(c):
        console.print(Padding(part, (0, 1, 0, 1)))


def _parts(c: CheckedArticle) -> Iterator[RenderableType]:
    a = annotated(c)
    yield Text(printable(words.sentence(c)), style="bold")
    yield from (Text(printable(capital(note)), style="dim") for note in c.article.notes)
    yield Text()
    yield from _wrong(a)
    yield from _article(a)
    yield from _elsewhere(a)
    yield from _unread(a)
    yield from _settling(a)
    yield Text("How it was judged", style="bold")
    yield Text(printable(c.rule))
    yield Text()
    if c.caveats:
        yield from mind(c.caveats)
    yield from _sources(a)


def _wrong(a: Annotated) -> Iterator[RenderableType]:
    found = wrong(a)
    if not found:
        return
    yield Text("What is wrong with it", style="bold")
    grid = Table.grid(padding=(0, 1, 0, 0))
    for group in found:
        sign = words.mark(group[0].judgement)
        said = Text(printable(group[0].quoted), style="bold")
        said.append(f" ({listed(group)})\n", style="not bold dim")
        said.append(printable(against(group)), style="not bold")
        grid.add_row(Text(sign, style=STYLES[sign]), said)
    yield grid
    yield Text()


def _article(a: Annotated) -> Iterator[RenderableType]:
    yield Text("The article, claim by claim", style="bold")
    yield Text(_key(), style="dim")
    for spoken, group in groupby(a.passages[:MOST], key=_speaks):
        passages = [p for p in group if p.text and (p.claims or not p.label)]
        if not spoken and len(passages) > PLAIN:
            yield from _passage(passages[0])
            yield Text(f"  · {len(passages) - 1} more passages without a claim", style="dim")
            continue
        for passage in passages:
            yield from _passage(passage)
    yield from (Text(f"  {t}", style="dim") for t in _more(len(a.passages) - MOST, "passage"))
    yield Text()


def _key() -> str:
    return "  ".join(f"{sign} {words.SHORT[v]}" for v, sign in words.MARKS.items())


def _speaks(passage: Passage) -> bool:
    return bool(passage.claims) or passage.block.kind == "heading"


def _passage(passage: Passage) -> Iterator[RenderableType]:
    gravest = words.gravest([n.judgement for n in passage.claims])
    sign = words.mark(gravest) if gravest else " "
    if passage.block.kind == "heading":
        yield Text()
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(sign, style=STYLES.get(sign, "")), _said(passage))
    yield grid
    for n in passage.claims[:CLAIMS]:
        if not words.unread(n.judgement):
            yield Padding(_note(n, quote=len(passage.claims) > 1), (0, 0, 0, 4))
    yield from (Text(f"    {text}") for text in _more(len(passage.claims) - CLAIMS, "claim"))


def _said(passage: Passage) -> Text:
    """The passage as text: what introduces it, its words, and after each claim its number."""
    block = passage.block
    heading = block.kind == "heading"
    text = Text(printable(_before(passage)), style="bold" if heading else "")
    if not passage.claims and not heading:
        return text.append(_cut(passage.text))
    for piece in passage.pieces:
        text.append(_flat(piece.text), style="underline" if piece.claims else "")
        for n in piece.ended:
            sign = words.mark(n.judgement)
            text.append(f"[{n.number}{sign}]", style=STYLES[sign])
    return text


def _before(passage: Passage) -> str:
    block = passage.block
    if block.kind == "heading":
        return "#" * max(block.level, 1) + " "
    if block.kind == "item":
        return "  " * (max(block.level, 1) - 1) + "- "
    if block.kind == "cell":
        return " · ".join(filter(None, (block.row, block.column))) + ": "
    return "> " if block.kind == "quote" else ""


def _flat(text: str) -> str:
    """Safe, with white space collapsed but kept at the ends, as pieces are joined."""
    inner = " ".join(printable(text).split())
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


def _cut(text: str) -> str:
    safe = " ".join(printable(text).split())
    return safe if len(safe) <= CUT else f"{safe[: CUT - 1].rstrip()}…"


def _note(n: Numbered, *, quote: bool = False) -> RenderableType:
    """The verdict on a claim; with its words where they do not stand alone right above."""
    j = n.judgement
    sign = words.mark(j)
    said = Text(f"{printable(words.quoted(j.claim.text))}: " if quote else "", style="not bold")
    label = words.verdict(j) + (f", as claim {n.like}" if n.like else "")
    said.append(f"{label if quote else capital(label)}. ", style=STYLES[sign])
    if not n.like:
        said.append_text(_reasons(n))
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(f"{n.number}{sign}", style=STYLES[sign]), said)
    return grid


def _reasons(n: Numbered) -> Text:
    """Why, for each part of the claim where it has several; what to mind, and the sources."""
    said = Text("" if n.parts else printable(n.judgement.why))
    for p in n.parts[:PARTS]:
        sign = words.MARKS[p.verdict]
        said.append(f"\n{sign} ", style=STYLES[sign]).append(printable(words.again(p, n.parts[0])))
    for text in _more(len(n.parts) - PARTS, "part"):
        said.append(f"\n{text}")
    last = [*n.notes, *([f"sources {_list(n.sources)}"] if n.sources else [])]
    if last:
        said.append("\n" if n.parts else " ")
        said.append(printable(f"({'; '.join(last)})"), style="dim")
    return said


def _more(n: int, what: str) -> Iterator[str]:
    if n > 0:
        yield f"· {n} more {what}{'' if n == 1 else 's'} in --markdown, --html and --json"


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{n}]" for n in numbers)


def _elsewhere(a: Annotated) -> Iterator[RenderableType]:
    if not a.elsewhere:
        return
    yield Text("Claims given by hand whose words do not stand in the article", style="bold")
    for n in a.elsewhere:
        yield Text(printable(words.quoted(n.judgement.claim.text)))
        yield Padding(_note(n), (0, 0, 0, 4))
    yield Text()


def _unread(a: Annotated) -> Iterator[RenderableType]:
    found = [f"{n.quoted} (line {n.judgement.claim.line})" for n in not_understood(a)]
    if found:
        yield from bullets("Looks like a claim and was not understood", found)


def _settling(a: Annotated) -> Iterator[RenderableType]:
    found = [f"{capital(what)} ({listed(group)})" for what, group in settling(a).items()]
    if found:
        yield from bullets("What would settle the open claims", found)


def _sources(a: Annotated) -> Iterator[RenderableType]:
    if not a.sources:
        return
    yield Text("Sources, and the commands that print the figures", style="bold")
    grid = Table.grid(padding=(0, 1, 0, 0))
    for n, (source, command) in enumerate(a.sources, 1):
        grid.add_row(Text(f"[{n}]"), Text(printable(f"{command} ({source})")))
    yield grid
