"""Mentions of skills as tables with names, and what each posting asks for as a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Flags
from rolediff.annotate.asking import REQUIRED
from rolediff.annotate.sections import SECTIONS
from rolediff.annotate.vocabulary import Vocabulary, bare_letters

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

NUMBERS = ("posting", "start", "end", "form", "section", "required", "asked", "byte", "size")
"""Columns of a table of mentions before it has names; `byte`, `size` = the span in bytes."""

TITLE = SECTIONS.index("title")


def with_surface(table: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """A table of `NUMBERS` with `surface`; `texts` = all titles, then all texts."""
    in_text = (table["section"] != TITLE).cast(pl.Int64)
    where = table["posting"] + in_text * (len(texts) // 2)
    whole = table.with_columns(text=texts.cast(pl.Binary).gather(where))
    surface = pl.col("text").bin.slice("byte", "size").cast(pl.String)
    return whole.with_columns(surface=surface).drop("text")


def named(table: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """A table of `NUMBERS` and `surface` as a table of `MENTIONS`."""
    names = table.with_columns(
        section=pl.Series(SECTIONS).gather(table["section"]),
        required=pl.Series(REQUIRED).gather(table["required"]),
        asked=pl.col("asked").cast(pl.Boolean),
    )
    concepts: pl.DataFrame = known.table[known.concept[table["form"].to_numpy()]]
    return pl.concat([names, concepts], how="horizontal").select(MENTIONS.names())


def own_name(table: pl.DataFrame, companies: pl.Series, known: Vocabulary) -> Flags:
    """Whether a mention is the name of the employer itself: Snowflake at Snowflake."""
    names = bare_letters(companies.cast(pl.String).fill_null("")).to_list()
    own = np.array([known.alike.get(name, -1) for name in names], dtype=np.int64)
    same: Flags = own[table["posting"].to_numpy()] == known.letters[table["form"].to_numpy()]
    return same


def first_of_each(table: pl.DataFrame, in_title: pl.Series) -> pl.DataFrame:
    """The first mention of each surface in a posting, ignoring case and breaks of lines.

    A surface in both title and text has its place in the text; in order of appearance. `table` =
    mentions with `posting` and `surface`; `in_title` = which of them stand in the title.
    """
    place = table["posting"] * 2 + in_title.cast(pl.Int64)
    found = table[np.argsort(place.to_numpy(), kind="stable")]
    key = pl.struct("posting", _evened(found["surface"])).hash()
    return found.filter(found.select(key.is_first_distinct()).to_series())


def lists_of(mentions: pl.DataFrame, postings: int, fields: Sequence[str]) -> pl.Series:
    """The `mentions` of each of `postings` postings as a list of structs of `fields`.

    `mentions` are in order of posting; `fields` = "text", the surface, and columns of `MENTIONS`.
    """
    lists = (
        mentions.rename({"surface": "text"})
        .with_columns(pl.col("posting").set_sorted())  # groups are slices then
        .group_by("posting", maintain_order=True)
        .agg(skills=pl.struct(*fields))
    )
    every = pl.DataFrame({"posting": pl.int_range(postings, dtype=pl.Int64, eager=True)})
    joined = every.join(lists, on="posting", how="left", maintain_order="left")
    return joined["skills"].fill_null([])


def _evened(surface: pl.Series) -> pl.Series:
    """Surfaces in lower case, with one blank for whatever blanks and breaks of lines they have."""
    low = surface.str.to_lowercase()
    odd = low.str.contains(r"[^!-~ ]|  ").arg_true()
    return low.scatter(odd, low.gather(odd).str.replace_all(r"\s+", " "))
