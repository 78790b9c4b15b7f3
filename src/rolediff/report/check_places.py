"""Where the claims of a checked article stand in it: passages, cut where a claim begins or ends.

Every rendering shows the same passages, with the same numbers for claims and for sources.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rolediff.report.check_words import quoted, unread
from rolediff.report.words import capital
from rolediff.results import Article, Block, CheckedArticle, Judgement, Point

LEAD = 40
"""Characters of a line that introduces a list, up to which a claim is told with it."""
OTHER, OTHERS = 48, 4
"""Characters, and number, of further claims that one figure stands against."""
LISTED = 8
"""Claims that are listed by number where they have one thing in common."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A judgement with the number of its claim, counted from 1 in the order of the article.

    `sources` are the numbers of what its evidence rests on, in `Annotated.sources`; `like` is the
    number of the first claim that is judged the same for the same reasons, 0 if this is the first;
    `under` the labels of its cell or the line that introduces its list; `notes` those of the
    judgement, up to the colon where the whole stands at an earlier claim.
    """

    number: int
    judgement: Judgement
    sources: tuple[int, ...] = ()
    like: int = 0
    under: str = ""
    notes: tuple[str, ...] = ()

    @property
    def quoted(self) -> str:
        """The claim in quotation marks, after what it stands under."""
        before = f"{self.under}: " if self.under else ""
        return before + quoted(self.judgement.claim.text)

    @property
    def parts(self) -> tuple[Point, ...]:
        """The points of the claim where it has several."""
        points = self.judgement.points
        return points if len(points) > 1 else ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage: the claims that it is part of, and those that end with it."""

    text: str
    claims: tuple[Numbered, ...] = ()
    ended: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the article, its pieces in order, and the claims that begin in it.

    `label`: a cell whose words other cells carry as the label of their row or column.
    """

    block: Block
    pieces: tuple[Piece, ...]
    claims: tuple[Numbered, ...] = ()
    label: bool = False

    @property
    def text(self) -> str:
        """The passage without marks, on one line."""
        return " ".join("".join(p.text for p in self.pieces).split())


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article in passages.

    `elsewhere` are claims that stand in no passage (given by hand, not found in the text);
    `sources` are pairs of a source and the command that prints its figure, each once.
    """

    passages: tuple[Passage, ...]
    elsewhere: tuple[Numbered, ...]
    claims: tuple[Numbered, ...]
    sources: tuple[tuple[str, str], ...]


def annotated(c: CheckedArticle) -> Annotated:
    """The passages of `c` with its claims in their places."""
    sources = tuple(dict.fromkeys(pair for j in c.judgements for pair in _sources(j)))
    numbers = {pair: n for n, pair in enumerate(sources, 1)}
    claims = tuple(_numbered(c, numbers))
    homes, labels = _homes(c.article, claims), _labels(c.article)
    passages = tuple(
        _passage(c.article.text, block, homes.get(i, []), labels)
        for i, block in enumerate(c.article.blocks)
    )
    return Annotated(passages, tuple(homes.get(-1, ())), claims, sources)


def _numbered(c: CheckedArticle, sources: Mapping[tuple[str, str], int]) -> Iterator[Numbered]:
    first: dict[object, int] = {}
    said: set[str] = set()
    starts = [b.start for b in c.article.blocks]
    for n, j in enumerate(c.judgements, 1):
        mine = tuple(dict.fromkeys(sources[pair] for pair in _sources(j)))
        alike = n if unread(j) else first.setdefault((j.verdict, j.why, j.points, j.notes), n)
        at = _home(c.article, starts, j)
        under = "" if at < 0 else _under(c.article.blocks[at])
        notes = tuple(x.partition(":")[0] if x in said else x for x in j.notes)
        said.update(j.notes)
        yield Numbered(n, j, mine, 0 if alike == n else alike, under, notes)


def _under(block: Block) -> str:
    if block.kind == "cell":
        return " · ".join(filter(None, (block.row, block.column)))
    return block.lead.rstrip(": ") if len(block.lead) <= LEAD else ""


def not_understood(a: Annotated) -> tuple[Numbered, ...]:
    """What looks like a claim and is not understood."""
    return tuple(n for n in a.claims if unread(n.judgement))


def _sources(j: Judgement) -> Iterator[tuple[str, str]]:
    return ((e.source, e.command) for p in j.points for e in p.evidence)


def _homes(article: Article, claims: Sequence[Numbered]) -> dict[int, list[Numbered]]:
    """Claims by the index of the block in which they begin; -1: in none."""
    starts = [b.start for b in article.blocks]
    found: dict[int, list[Numbered]] = {}
    for n in claims:
        found.setdefault(_home(article, starts, n.judgement), []).append(n)
    return found


def _home(article: Article, starts: Sequence[int], j: Judgement) -> int:
    """The index of the block in which the claim begins; -1 if it begins in none."""
    claim = j.claim
    at = bisect_right(starts, claim.start) - 1
    inside = at >= 0 and claim.end > claim.start and claim.start < article.blocks[at].end
    return at if inside else -1


def _labels(article: Article) -> set[tuple[int, str]]:
    """The labels of rows and columns, with the number of their table."""
    cells = [b for b in article.blocks if b.kind == "cell"]
    return {(b.table, label) for b in cells for label in (b.row, b.column) if label}


def _passage(
    text: str, block: Block, claims: list[Numbered], labels: set[tuple[int, str]]
) -> Passage:
    alone = block.kind == "cell" and not block.row
    label = alone and (block.table, text[block.start : block.end]) in labels
    return Passage(block, tuple(_pieces(text, block, claims)), tuple(claims), label)


def _pieces(text: str, block: Block, claims: list[Numbered]) -> Iterator[Piece]:
    """The block cut wherever a claim begins or ends; a claim that leads out of it ends with it."""
    spans = [(n, n.judgement.claim.start, min(n.judgement.claim.end, block.end)) for n in claims]
    cuts = sorted({block.start, block.end, *(x for _, start, end in spans for x in (start, end))})
    open_now: list[tuple[Numbered, int]] = []
    coming = sorted(spans, key=lambda span: span[1])
    at = 0
    for start, end in pairwise(cuts):
        while at < len(coming) and coming[at][1] <= start:
            open_now.append((coming[at][0], coming[at][2]))
            at += 1
        around = tuple(n for n, _ in open_now)
        ended = tuple(n for n, last in open_now if last <= end)
        open_now = [(n, last) for n, last in open_now if last > end]
        yield Piece(text[start:end], around, ended)


def listed(group: Sequence[Numbered], told: Callable[[int], str] = str) -> str:
    """ "claims 1, 4 and 30 more", each number as `told` shows it."""
    shown = ", ".join(map(told, sorted(n.number for n in group)[:LISTED]))
    more = f" and {len(group) - LISTED:,} more" if len(group) > LISTED else ""
    return f"claim{'' if len(group) == 1 else 's'} {shown}{more}"


def wrong(a: Annotated) -> list[list[Numbered]]:
    """Claims that are contradicted, then those that are in part: a list for each figure against.

    The first of a list is contradicted in most of its parts.
    """
    found: dict[tuple[str, str], list[Numbered]] = {}
    for verdict in ("contradicted", "partly"):
        for n in a.claims:
            j = n.judgement
            against = [p.why for p in j.points if p.verdict == "contradicted"]
            if j.verdict == verdict and (against or not j.points):
                found.setdefault((verdict, against[0] if against else j.why), []).append(n)
    return [sorted(group, key=_open_parts) for group in found.values()]


def _open_parts(n: Numbered) -> int:
    return sum(p.verdict != "contradicted" for p in n.judgement.points)


def against(group: Sequence[Numbered]) -> str:
    """Why the first of `group` is wrong, by what measure, and what else that stands against."""
    j = group[0].judgement
    measure = f"{capital(j.notes[0].partition(':')[0])}." if j.notes else ""
    return " ".join(filter(None, (j.why, measure, others(group))))


def others(group: Sequence[Numbered]) -> str:
    """In a sentence, what else the figure against the first of `group` stands against."""
    _, *rest = dict.fromkeys(n.judgement.claim.text for n in group)
    if not rest:
        return ""
    shown = [quoted(text, longest=OTHER) for text in rest[:OTHERS]]
    if len(rest) > OTHERS:
        shown.append(f"{len(rest) - OTHERS:,} more")
    told = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"The same stands against {told}."


def settling(a: Annotated) -> dict[str, list[Numbered]]:
    """What would settle the claims that are open, and which claims each would settle."""
    found: dict[str, list[Numbered]] = {}
    for n in a.claims:
        if n.judgement.settle:
            found.setdefault(n.judgement.settle, []).append(n)
    return found
