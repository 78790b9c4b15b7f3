"""A batch of postings with everything that is told of them: the parts of the annotator, joined.

One pure function, without state between batches: splitting or reordering postings changes no row.
"""

from __future__ import annotations

import polars as pl

from rolediff.annotate.annotated import ANNOTATED, SKILL
from rolediff.annotate.distinct import Titles
from rolediff.annotate.industry import industry_of
from rolediff.annotate.lines import Lines
from rolediff.annotate.location import read_place
from rolediff.annotate.pay import stated_pay
from rolediff.annotate.pay_choice import chosen_pay
from rolediff.annotate.pieces import Cut
from rolediff.annotate.place import country
from rolediff.annotate.posting_level import level
from rolediff.annotate.posting_role import role
from rolediff.annotate.requirements import certifications, education, years
from rolediff.annotate.skills import asked_skills
from rolediff.annotate.vocabulary import Vocabulary, bundled
from rolediff.annotate.work import Work
from rolediff.annotate.workplace import employment_type, remote, visa
from rolediff.read.postings import POSTINGS

__all__ = ["ANNOTATED", "BEST_BATCH", "annotate"]

BEST_BATCH = 8_192
"""Postings in a call from which it runs at full speed; compiled patterns are shared by a call."""


def annotate(postings: pl.DataFrame, vocabulary: Vocabulary | None = None) -> pl.DataFrame:
    """What is told of each of `postings` (`read.POSTINGS`): a row of `ANNOTATED` each, in order.

    `vocabulary` = the skills to look for, by default those of the package. Columns of `POSTINGS`
    that are absent count as null. What a field of the source states is taken where title,
    location and text are silent, except that the field goes first for country and employment.
    """
    whole = _completed(postings)
    order = whole["employer"].arg_sort()  # those of one employer say the same of much
    batch = whole[order].rechunk()
    cut = Cut.of(pl.concat([batch["title"], batch["text"].alias("title")]).rechunk())
    texts = cut.pieces((batch.height, 2 * batch.height))
    lines = Lines.within(texts)
    place = country(batch["text"], batch["title"], batch["location"], batch["country"])
    titles = Titles.of(batch["title"])
    parts = [
        batch.select("id", "source", "row", "title", "employer", "url", "posted"),
        role(lines, batch["title"], batch["text"], titles),
        _or_field(level(lines, batch["title"], titles), batch["level"]),
        chosen_pay(batch, stated_pay(batch["text"], place["country"], texts)),
        _or_field(education(lines), _degree(batch["education"])),
        _or_field(years(lines), batch["experience"].floor().cast(pl.Int64)),
        remote(lines, batch["title"], batch["location"], batch["remote"]),
        _of_one_country(place, batch),
        employment_type(lines, batch["title"], batch["employment_type"]),
        visa(lines),
        certifications(lines),
        _phrases(batch, cut, vocabulary),
        _industry(batch),
    ]
    told = pl.concat(parts, how="horizontal")
    told = told.select(pl.col(name).cast(kind) for name, kind in ANNOTATED.items())
    return told[order.arg_sort()]


def _completed(postings: pl.DataFrame) -> pl.DataFrame:
    """`postings` with the columns of `POSTINGS`; text and title that are null are empty."""
    columns = [
        (pl.col(name) if name in postings.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in POSTINGS.items()
    ]
    texts = pl.col("title", "text").fill_null("")
    return postings.select(columns).with_columns(texts).rechunk()


def _or_field(found: pl.DataFrame, field: pl.Series) -> pl.DataFrame:
    """`found` (a fact, `_in`, `_start`, `_end`), with a field's value where there is none."""
    name, *rest = found.columns
    where = f"{name}_in"
    if where not in rest:
        found = found.with_columns(
            pl.when(pl.col(name).is_not_null()).then(pl.lit("text")).alias(where)
        )
    silent = found[name].is_null() & field.is_not_null()
    return found.with_columns(
        pl.when(silent).then(field).otherwise(name).alias(name),
        pl.when(silent).then(pl.lit("field")).otherwise(where).alias(where),
    )


def _degree(field: pl.Series) -> pl.Series:
    """The degree that a field on education asks for, read as a text is."""
    if field.null_count() == len(field):
        return field
    return education(Lines.of(field))["education"]


def _of_one_country(place: pl.DataFrame, batch: pl.DataFrame) -> pl.DataFrame:
    """`place`, without the country of a job that is also offered in another."""
    also = batch.select("also_in").with_row_index("at").explode("also_in", empty_as_null=True)
    also = also.drop_nulls("also_in")
    names = also["also_in"].unique().to_list()
    codes = [read_place(name).country for name in names]
    other = pl.col("also_in").replace_strict(names, codes, return_dtype=pl.String)
    mine = also.with_columns(other=other, mine=place["country"].gather(also["at"]))
    several = mine.filter(pl.col("mine") != pl.col("other"))["at"].unique()
    inside = ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(several.implode())
    return place.select(pl.when(inside).then(pl.all()))


def _phrases(batch: pl.DataFrame, cut: Cut, vocabulary: Vocabulary | None) -> pl.DataFrame:
    """Skills, duties and signals, and the size of the requirements, from one reading of the texts.

    Of the columns of `ANNOTATED`: `skills`, `duties`, `signals`, `requirement_words`. `cut` = all
    titles, then all texts.
    """
    known = bundled() if vocabulary is None else vocabulary
    work = Work(known.trie)
    columns = batch.select("title", "text", company="employer")
    fields = [field.name for field in SKILL.fields]
    skills = asked_skills(columns, cut, known, fields, work.read).alias("skills")
    return work.told(batch["text"]).insert_column(0, skills)


def _industry(batch: pl.DataFrame) -> pl.DataFrame:
    """By each posting alone, so that its row does not depend on the batch."""
    found = industry_of(batch["text"], batch["employer"], batch["industry"])
    return found.rename({name: f"industry_{name}" for name in found.columns[1:]})
