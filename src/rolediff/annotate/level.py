"""The level of seniority that a title names, by the rules in `data/levels.toml`."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from rolediff.annotate.titles import meeting, meeting_all, shape, vocabulary


def level_of_titles(titles: pl.Series) -> pl.Series:
    """Level of each title, a key of `records.LEVELS`, or null where the title names none.

    The same length and order as `titles`. "Senior Staff" is staff, of "Senior/Staff" the first
    named counts, I, II and III after the job are junior, mid and senior, and a product or project
    manager is no manager by level. Nothing is inferred from a role that merely sounds senior.
    """
    distinct = titles.cast(pl.String).unique()
    table = pl.DataFrame({"title": distinct, "level": level_of_shaped(shape(distinct))})
    asked = titles.cast(pl.String).alias("title").to_frame()
    joined = asked.join(table, on="title", how="left", nulls_equal=True, maintain_order="left")
    return joined["level"].alias(titles.name)


def level_of_shaped(shapes: pl.Series) -> pl.Series:
    """`level_of_titles` of the titles that have these `titles.shape`s."""
    hinted = shapes.str.contains_any([*_stems()]).fill_null(False).arg_true()
    named = _levels(_prepared(shapes.gather(hinted)))
    none = pl.repeat(None, len(shapes), dtype=pl.String, eager=True).alias("level")
    return none.scatter(hinted, named) if len(hinted) else none


@cache
def _stems() -> tuple[str, ...]:
    """The literals of all rules; without one of them a title has no level."""
    words = vocabulary()
    rules = (words["strip"][0], *words["level"])
    return tuple({*words["not_a_rank"], *(stem for rule in rules for stem in rule["stems"])})


def _prepared(shapes: pl.Series) -> pl.Series:
    """Shaped titles: of a range of levels the first is left, "product manager" is one word."""
    words = vocabulary()
    first = words["strip"][0]
    shapes = shapes.str.replace_all(first["find"], first["put"])
    for noun, jobs in words["not_a_rank"].items():
        joined = "|".join(jobs)
        where = meeting_all(shapes, [noun])
        some = shapes.gather(where).str.replace_all(rf"\b({joined})[ -]{noun}\b", f"${{1}}_{noun}")
        shapes = shapes.clone().scatter(where, some) if len(where) else shapes
    return shapes


def _levels(prepared: pl.Series) -> pl.Series:
    """The name of the first rule that each prepared title meets."""
    named = pl.repeat(None, len(prepared), dtype=pl.String, eager=True).alias("level")
    left = np.arange(len(prepared))
    for rule in vocabulary()["level"]:
        where = left[meeting(prepared.gather(left), rule)]
        if len(where):
            named = named.scatter(where, rule["name"])
            left = np.setdiff1d(left, where, assume_unique=True)
    return named
