"""What kind of thing each skill is, what it is part of, and in which group it is shown."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import polars as pl

from rolediff.annotate.compounds import compounds


@cache
def skill_groups() -> pl.DataFrame:
    """Every skill of the vocabulary: `concept`, `kind`, `family` and `group`, all String.

    The groups are those of `data/skill_groups.toml`. A skill of two parts ("load testing") is of
    the family of what it is under.
    """
    families: dict[str, str] = {}
    own: dict[str, str] = {}
    for group in _groups():
        families |= dict.fromkeys(group["families"], group["name"])
        own |= dict.fromkeys(group.get("skills", ()), group["name"])
    by_family = pl.col("family").replace_strict(families, default=group_names()[-1])
    by_name = pl.col("concept").replace_strict(own, default=None, return_dtype=pl.String)
    grouped = _table().with_columns(group=pl.coalesce(by_name, by_family))
    return grouped.select("concept", "kind", "family", "group")


@cache
def skill_ancestors() -> dict[str, list[str]]:
    """For each skill of the vocabulary the skills that it is part of, at any remove, sorted."""
    listed = _table().select("concept", "parents")
    parents = {name: (above or "").split("|") for name, above in listed.iter_rows()}
    return {name: sorted(_above(name, parents)) for name in parents}


def group_names() -> tuple[str, ...]:
    """The groups in the order in which they are shown; the last one holds what fits no other."""
    return tuple(group["name"] for group in _groups())


@cache
def _table() -> pl.DataFrame:
    """`concept`, `kind`, `parents`, `family` of every skill, those of two parts at the end."""
    data = (files("rolediff") / "data/skills.tsv").read_bytes()
    columns = ["concept", "kind", "parents", "family"]
    listed = pl.read_csv(
        BytesIO(data), separator="\t", quote_char=None, columns=columns, infer_schema=False
    )
    pairs = [(pair.spellings[0], "method", pair.under) for pair in compounds()]
    made = pl.DataFrame(pairs, schema=columns[:3], orient="row")
    family = listed.select(parents="concept", family="family")
    made = made.join(family, on="parents", how="left", maintain_order="left")
    whole = pl.concat([listed.select(columns), made.select(columns)])
    return whole.unique("concept", keep="first", maintain_order=True)


def _above(name: str, parents: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    left = [name]
    while left:
        new = {parent for parent in parents.get(left.pop(), ()) if parent} - found - {name}
        found |= new
        left += new
    return found


@cache
def _groups() -> list[dict[str, Any]]:
    text = (files("rolediff") / "data/skill_groups.toml").read_text(encoding="utf-8")
    groups: list[dict[str, Any]] = tomllib.loads(text)["group"]
    return groups
