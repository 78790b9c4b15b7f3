"""The level of seniority that a title names, by the rules in `data/levels.toml`."""

from __future__ import annotations

import polars as pl

from rolediff.annotate.titles import meeting, shape, vocabulary


def level_of_titles(titles: pl.Series) -> pl.Series:
    """Level of each title, a key of `records.LEVELS`, or null where the title names none.

    The same length and order as `titles`. "Senior Staff" is staff, of "Senior/Staff" the first
    named counts, I, II and III after the job are junior, mid and senior, and a product or project
    manager is no manager by level. Nothing is inferred from a role that merely sounds senior.
    """
    distinct = titles.cast(pl.String).unique()
    table = pl.DataFrame({"title": distinct, "level": _levels(_prepared(distinct))})
    asked = titles.cast(pl.String).alias("title").to_frame()
    joined = asked.join(table, on="title", how="left", nulls_equal=True, maintain_order="left")
    return joined["level"].alias(titles.name)


def _prepared(titles: pl.Series) -> pl.Series:
    """Shaped titles: of a range of levels the first is left, "product manager" is one word."""
    words = vocabulary()
    first = words["strip"][0]
    shaped = shape(titles).str.replace_all(first["find"], first["put"])
    for noun, jobs in words["not_a_rank"].items():
        joined = "|".join(jobs)
        shaped = shaped.str.replace_all(rf"\b({joined})[ -]{noun}\b", f"${{1}}_{noun}")
    return shaped


def _levels(prepared: pl.Series) -> pl.Series:
    """The name of the first rule that each prepared title meets."""
    named = pl.repeat(None, len(prepared), dtype=pl.String, eager=True).alias("level")
    for rule in reversed(vocabulary()["level"]):
        where = meeting(prepared, rule)
        if len(where):
            named = named.scatter(where, rule["name"])
    return named
