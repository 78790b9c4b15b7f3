"""Skills that postings name: each mention with its place, its concept, and whether it is asked for.

A function from one batch to another, without state between batches: splitting or reordering the
postings changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags, Ints
from rolediff.annotate.asking import REQUIRED, asked, demand
from rolediff.annotate.finding import Reading, clear, find
from rolediff.annotate.listing import in_list
from rolediff.annotate.pieces import Cut
from rolediff.annotate.sections import SECTIONS, outlined
from rolediff.annotate.sheet import Sheet, Spans
from rolediff.annotate.tokens import as_texts, tokenise
from rolediff.annotate.trie import Hits
from rolediff.annotate.vocabulary import Vocabulary, bare_letters, bundled

MENTIONS = pl.Schema(
    {
        "posting": pl.Int64,  # index in the batch
        "surface": pl.String,  # as it stands in the text (in the title, if that is the section)
        "start": pl.Int64,  # characters from the start of the text (or title)
        "end": pl.Int64,
        "concept": pl.String,
        "kind": pl.String,
        "family": pl.String,
        "section": pl.String,  # one of sections.SECTIONS
        "required": pl.String,  # one of asking.REQUIRED
        "asked": pl.Boolean,  # false: told of the employer, the benefits, the process, the law
    }
)
"""Column to type of a table of mentions."""

_BATCH = 256  # postings at a time, so that the arrays stay in the cache of a core
_TITLE = SECTIONS.index("title")
_LISTED = np.array([name in ("requirements", "preferred") for name in SECTIONS])

_NUMBERS = ("posting", "start", "end", "form", "section", "required", "asked", "byte", "size")

Batch = pl.DataFrame | pl.Series | Iterable[str | None]


def mentions(
    batch: Batch,
    vocabulary: Vocabulary | None = None,
    *,
    cut: Cut | None = None,
    shown: Callable[[Sheet], None] | None = None,
    asked_only: bool = False,
) -> pl.DataFrame:
    """Every mention of a skill in a batch of postings, as a table of `MENTIONS`.

    `batch` = a frame with `text` and, where there are such columns, `title` and `company` (its own
    name is never asked for), or the texts alone; null is an empty text. In order of posting, the
    title's mentions first, then by place; spans do not overlap, and `text[start:end] == surface`.
    `cut` = all titles, then all texts, if they are cut already.
    `shown` is given every small batch as it was read, for others that look for phrases. With
    `asked_only`, what is not asked for is left out.
    """
    known = bundled() if vocabulary is None else vocabulary
    titles, texts = _columns(batch)
    both = pl.concat([titles, texts]).rechunk()  # a gather from two chunks costs a hundredfold
    whole = Cut.of(both) if cut is None else cut
    parts = [_mentions(whole, at, len(texts), known, shown) for at in range(0, len(texts), _BATCH)]
    found = np.concatenate([np.zeros((len(_NUMBERS), 0), dtype=np.int64), *parts], axis=1)
    table = pl.DataFrame(dict(zip(_NUMBERS, found, strict=True)))
    if isinstance(batch, pl.DataFrame) and "company" in batch.columns:
        own = _own_name(table, batch.get_column("company"), known)
        table = table.with_columns(asked=pl.Series(own).not_() & pl.col("asked").cast(pl.Boolean))
    if asked_only:
        table = table.filter(pl.col("asked").cast(pl.Boolean))
    return _named(table, both, known)


def _named(table: pl.DataFrame, texts: pl.Series, known: Vocabulary) -> pl.DataFrame:
    """The mentions with names in the place of numbers; `texts` = all titles, then all texts."""
    section, concept = table["section"], known.concept[table["form"].to_numpy()]
    where = table["posting"] + pl.Series(section != _TITLE).cast(pl.Int64) * (len(texts) // 2)
    named = table.with_columns(
        text=texts.cast(pl.Binary).gather(where),
        section=pl.Series(SECTIONS).gather(section),
        required=pl.Series(REQUIRED).gather(table["required"]),
        asked=pl.col("asked").cast(pl.Boolean),
    ).with_columns(surface=pl.col("text").bin.slice("byte", "size").cast(pl.String))
    concepts: pl.DataFrame = known.table[concept]
    return pl.concat([named, concepts], how="horizontal").select(MENTIONS.names())


def _own_name(table: pl.DataFrame, companies: pl.Series, known: Vocabulary) -> Flags:
    """Whether a mention is the name of the employer itself: Snowflake at Snowflake."""
    names = bare_letters(companies.cast(pl.String).fill_null("")).to_list()
    own = np.array([known.alike.get(name, -1) for name in names], dtype=np.int64)
    same: Flags = own[table["posting"].to_numpy()] == known.letters[table["form"].to_numpy()]
    return same


def posting_skills(
    table: pl.DataFrame,
    postings: int,
    fields: Sequence[str] = ("text", "start", "end", "concept", "section"),
) -> pl.Series:
    """What each of `postings` postings asks for: a list of structs of `fields`.

    `fields` = "text" and columns of `MENTIONS`.

    One entry for a surface string, ignoring case and breaks of lines, written as first seen; in
    order of appearance. A string in both title and text has its place in the text.
    """
    found = table.filter("asked")
    place = found["posting"] * 2 + (found["section"] == "title").cast(pl.Int64)
    found = found[np.argsort(place.to_numpy(), kind="stable")]
    key = pl.struct("posting", _evened(found["surface"])).hash()
    first = found.filter(found.select(key.is_first_distinct()).to_series())
    asked_for = (
        first.rename({"surface": "text"})
        .group_by("posting", maintain_order=True)
        .agg(skills=pl.struct(*fields))
    )
    every = pl.DataFrame({"posting": pl.int_range(postings, dtype=pl.Int64, eager=True)})
    joined = every.join(asked_for, on="posting", how="left", maintain_order="left")
    return joined["skills"].fill_null([])


def _evened(surface: pl.Series) -> pl.Series:
    """Surfaces in lower case, with one blank for whatever blanks and breaks of lines they have."""
    low = surface.str.to_lowercase()
    odd = low.str.contains(r"[^!-~ ]|  ").arg_true()
    return low.scatter(odd, low.gather(odd).str.replace_all(r"\s+", " "))


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
    """The mentions, as rows of `_NUMBERS`, of a small batch that begins at posting `at`.

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
    hits = find(read)
    in_company, sentence = in_list(read, hits), read.sentence.take(hits.first)
    which, place = sheet.everywhere(hits.first)
    hits, sentence = hits.take(which), sentence[which]
    section = outline.section_of(hits.first, place)
    section[pieces.text[place] < titles] = _TITLE
    opening = read.sentences[sentence - 1] == hits.first
    good = clear(read, hits, place, _LISTED[section], opening)
    kept = np.flatnonzero(good & (in_company[which] | (section == _TITLE)))
    posting = pieces.text[place[kept]] % titles
    kept = kept[np.argsort(posting, kind="stable")]
    return _part(read, sheet, hits.take(kept), place[kept], section[kept], sentence[kept])


def _part(
    read: Reading, sheet: Sheet, hits: Hits, place: Ints, section: Ints, sentence: Ints
) -> Ints:
    spans = Spans.of(sheet, place, hits.first, hits.stop, hits.phrase, section)
    columns = (
        (spans.posting - sheet.at) % sheet.titles + sheet.at,
        spans.start,
        spans.end,
        hits.phrase,
        spans.section,
        demand(read, section, sentence),
        asked(read, hits, section, sentence),
        spans.byte,
        spans.size,
    )
    return np.stack(columns).astype(np.int64)
