"""Skills that postings name: each mention with its place, its concept, and whether it is asked for.

A function from one batch to another, without state between batches: splitting or reordering the
postings changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.asking import demand
from rolediff.annotate.candidates import Candidates
from rolediff.annotate.finding import Reading
from rolediff.annotate.pieces import Cut
from rolediff.annotate.sections import outlined
from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.skill_lists import (
    MENTIONS,
    NUMBERS,
    TITLE,
    first_of_each,
    lists_of,
    named,
    own_name,
    with_surface,
)
from rolediff.annotate.tokens import as_texts, tokenise
from rolediff.annotate.vocabulary import Vocabulary, bundled

__all__ = ["MENTIONS", "asked_skills", "mentions", "posting_skills"]

_BATCH = 1_536  # postings at a time: numpy is called seldom, and little is in memory

Batch = pl.DataFrame | pl.Series | Iterable[str | None]


def mentions(
    batch: Batch,
    vocabulary: Vocabulary | None = None,
    *,
    shown: Callable[[Sheet], None] | None = None,
) -> pl.DataFrame:
    """Every mention of a skill in a batch of postings, as a table of `MENTIONS`.

    `batch` = a frame with `text` and, where there are such columns, `title` and `company` (its own
    name is never asked for), or the texts alone; null is an empty text. In order of posting, the
    title's mentions first, then by place; spans do not overlap, and `text[start:end] == surface`.
    `shown` is given every small batch as it was read, for others that look for phrases.
    """
    known = bundled() if vocabulary is None else vocabulary
    titles, texts = _columns(batch)
    both = pl.concat([titles, texts]).rechunk()  # a gather from two chunks costs a hundredfold
    table = _told(batch, Cut.of(both), len(texts), known, shown)
    return named(with_surface(table, both), known)


def posting_skills(
    table: pl.DataFrame,
    postings: int,
    fields: Sequence[str] = ("text", "start", "end", "concept", "section"),
) -> pl.Series:
    """What each of `postings` postings asks for: a list of structs of `fields`.

    `table` = its mentions; `fields` = "text" and columns of `MENTIONS`.

    One entry for a surface string, ignoring case and breaks of lines, written as first seen; in
    order of appearance. A string in both title and text has its place in the text.
    """
    found = table.filter("asked")
    return lists_of(first_of_each(found, found["section"] == "title"), postings, fields)


def asked_skills(
    postings: pl.DataFrame,
    cut: Cut,
    known: Vocabulary,
    fields: Sequence[str],
    shown: Callable[[Sheet], None],
) -> pl.Series:
    """`posting_skills` of the mentions in `postings`, without the table of all mentions.

    `postings` has `title`, `text` (neither null) and `company`; `cut` = all titles, then all texts.
    """
    both = pl.concat([postings["title"].alias(""), postings["text"].alias("")]).rechunk()
    table = _told(postings, cut, postings.height, known, shown)
    found = with_surface(table.filter(pl.col("asked").cast(pl.Boolean)), both)
    first = first_of_each(found, found["section"] == TITLE)
    return lists_of(named(first, known), postings.height, fields)


def _told(
    batch: Batch,
    cut: Cut,
    postings: int,
    known: Vocabulary,
    shown: Callable[[Sheet], None] | None,
) -> pl.DataFrame:
    """The mentions in a batch as a table of `NUMBERS`."""
    parts = [_mentions(cut, at, postings, known, shown) for at in range(0, postings, _BATCH)]
    found = np.concatenate([np.zeros((len(NUMBERS), 0), dtype=np.int64), *parts], axis=1)
    table = pl.DataFrame(dict(zip(NUMBERS, found, strict=True)))
    if isinstance(batch, pl.DataFrame) and "company" in batch.columns:
        own = own_name(table, batch.get_column("company"), known)
        table = table.with_columns(asked=table["asked"].to_numpy() & ~own)
    return table


def _columns(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """Titles and texts; no title is an empty one."""
    frame = batch if isinstance(batch, pl.DataFrame) else as_texts(batch).alias("text").to_frame()
    texts = as_texts(frame["text"]).alias("")
    if "title" in frame.columns:
        return as_texts(frame["title"]).alias(""), texts
    return pl.repeat("", len(texts), dtype=pl.String, eager=True).alias(""), texts


def _mentions(
    cut: Cut, at: int, postings: int, known: Vocabulary, shown: Callable[[Sheet], None] | None
) -> Ints:
    """The mentions, as rows of `NUMBERS`, of a small batch that begins at posting `at`.

    `cut` = the titles of all `postings`, and their texts, as pieces. Those of the small batch are
    read as one batch of texts, the titles first.
    """
    titles = min(_BATCH, postings - at)
    pieces = cut.pieces((at, at + titles), (postings + at, postings + at + titles))
    read = Reading.of(tokenise(pieces.distinct), known)
    outline = outlined(read.tokens, read.words, known.trie, known.headings, pieces)
    sheet = Sheet(read.tokens, read.words, read.sentences, outline, titles, at)
    if shown is not None:
        shown(sheet)
    found = Candidates.of(read, sheet)
    skill, wanted = found.judged(read)
    kept = np.flatnonzero(skill)
    posting = pieces.text[found.place[kept]] % titles
    return _part(read, sheet, found, wanted, kept[np.argsort(posting, kind="stable")])


def _part(read: Reading, sheet: Sheet, found: Candidates, wanted: Flags, kept: Ints) -> Ints:
    hits, section = found.hits.take(kept), found.section[kept]
    spans = Spans.of(sheet, found.place[kept], hits.first, hits.stop, hits.phrase, section)
    columns = (
        (spans.posting - sheet.at) % sheet.titles + sheet.at,
        spans.start,
        spans.end,
        hits.phrase,
        spans.section,
        demand(read, section, found.sentence[kept]),
        wanted[kept],
        spans.byte,
        spans.size,
    )
    return np.stack(columns).astype(np.int64)
