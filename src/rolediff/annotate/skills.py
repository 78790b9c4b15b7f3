"""Skills that postings name: each mention with its place, its concept, and whether it is asked for.

A function from one batch to another, without state between batches: splitting or reordering the
postings changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Ints
from rolediff.annotate.asking import REQUIRED, asked, demand
from rolediff.annotate.finding import Reading, clear, find
from rolediff.annotate.listing import in_list
from rolediff.annotate.sections import SECTIONS, sections_of_lines
from rolediff.annotate.sheet import Sheet
from rolediff.annotate.tokens import as_texts, tokenise
from rolediff.annotate.trie import Hits
from rolediff.annotate.vocabulary import Vocabulary, bundled

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

_BATCH = 128  # postings at a time, so that the arrays stay in the cache of a core
_TITLE = SECTIONS.index("title")
_LISTED = np.array([name in ("requirements", "preferred") for name in SECTIONS])

_NUMBERS = ("posting", "start", "end", "concept", "section", "required", "asked")

Batch = pl.DataFrame | pl.Series | Iterable[str | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """Mentions of a batch: the columns `_NUMBERS` as rows of one array, and the surfaces."""

    numbers: Ints
    surface: list[bytes]


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
    parts = [
        _mentions(titles[at : at + _BATCH], texts[at : at + _BATCH], known, at, shown)
        for at in range(0, len(texts), _BATCH)
    ]
    table = _table(parts, known)
    if not isinstance(batch, pl.DataFrame) or "company" not in batch.columns:
        return table
    own = _own_name(table, batch.get_column("company"))
    return table.with_columns(asked=pl.col("asked") & ~own)


def _table(parts: list[_Part], known: Vocabulary) -> pl.DataFrame:
    """The mentions of all batches, with names in the place of numbers."""
    if not parts:
        return pl.DataFrame(schema=MENTIONS)
    numbers = np.concatenate([part.numbers for part in parts], axis=1)
    surface = [span for part in parts for span in part.surface]
    named = pl.DataFrame(dict(zip(_NUMBERS, numbers, strict=True))).with_columns(
        surface=pl.Series(surface, dtype=pl.Binary).cast(pl.String),
        section=pl.Series(SECTIONS).gather(numbers[4]),
        required=pl.Series(REQUIRED).gather(numbers[5]),
        asked=pl.col("asked").cast(pl.Boolean),
    )
    concepts: pl.DataFrame = known.table[numbers[3]]
    return pl.concat([named.drop("concept"), concepts], how="horizontal").select(MENTIONS.names())


def _own_name(table: pl.DataFrame, companies: pl.Series) -> pl.Series:
    """Whether a mention is the name of the employer itself: Snowflake at Snowflake."""
    own = _letters(companies.cast(pl.String).fill_null("").gather(table["posting"]))
    return _letters(table["surface"]) == own


def _letters(names: pl.Series) -> pl.Series:
    return names.str.to_lowercase().str.replace_all(r"%20|[^\p{L}\p{N}+#]", "")


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
    surface = pl.col("surface")
    asked_for = (
        table.filter("asked")
        .with_columns(
            text="surface",
            key=surface.str.to_lowercase().str.replace_all(r"\s+", " "),
            titled=pl.col("section") == "title",
        )
        .sort("posting", "titled", "start", maintain_order=True)
        .unique(["posting", "key"], keep="first", maintain_order=True)
        .group_by("posting", maintain_order=True)
        .agg(skills=pl.struct(*fields))
    )
    every = pl.DataFrame({"posting": pl.int_range(postings, dtype=pl.Int64, eager=True)})
    joined = every.join(asked_for, on="posting", how="left", maintain_order="left")
    return joined["skills"].fill_null([])


def _columns(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """Titles and texts; no title is an empty one."""
    frame = batch if isinstance(batch, pl.DataFrame) else as_texts(batch).alias("text").to_frame()
    texts = as_texts(frame["text"]).alias("")
    if "title" in frame.columns:
        return as_texts(frame["title"]).alias(""), texts
    return pl.repeat("", len(texts), dtype=pl.String, eager=True).alias(""), texts


def _mentions(
    titles: pl.Series,
    texts: pl.Series,
    known: Vocabulary,
    at: int,
    shown: Callable[[Sheet], None] | None,
) -> _Part:
    """The mentions of a small batch that begins at posting `at`.

    Its titles and texts are read as one batch of texts, the titles first.
    """
    read = Reading.of(tokenise(pl.concat([titles, texts])), known)
    lines, codes = sections_of_lines(read.tokens, read.words, known.trie, known.headings)
    if shown is not None:
        shown(Sheet(read.tokens, read.words, read.sentences, lines, codes, len(titles), at))
    hits = find(read)
    text = read.tokens.text_of(read.tokens.starts[hits.first])
    line = np.searchsorted(lines.first, hits.first, side="right") - 1
    section = np.where(text < len(titles), _TITLE, codes[line])
    sentence = np.searchsorted(read.sentences, hits.first, side="right")
    opening = read.sentences[sentence - 1] == hits.first
    good = clear(read, hits, _LISTED[section], opening) & (
        in_list(read, hits) | (section == _TITLE)
    )
    kept = np.flatnonzero(good)
    posting = text[kept] % max(len(titles), 1)
    kept = kept[np.argsort(posting, kind="stable")]
    return _part(read, hits.take(kept), text[kept], section[kept], sentence[kept], len(titles), at)


def _part(
    read: Reading, hits: Hits, text: Ints, section: Ints, sentence: Ints, postings: int, at: int
) -> _Part:
    tokens = read.tokens
    start, end = tokens.starts[hits.first], tokens.ends[hits.stop - 1]
    data = tokens.raw.tobytes()
    spans = zip(start.tolist(), end.tolist(), strict=True)
    columns = (
        text % max(postings, 1) + at,
        tokens.characters(start, text),
        tokens.characters(end, text),
        read.known.concept[hits.phrase],
        section,
        demand(read, section, sentence),
        asked(read, hits, section, sentence),
    )
    return _Part(np.stack(columns).astype(np.int64), [data[a:b] for a, b in spans])
