"""What kind of thing each skill is, and in which group it is shown."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import polars as pl


@cache
def skill_groups() -> pl.DataFrame:
    """Every skill of the vocabulary: `concept`, `kind`, `family` and `group`, all String.

    The groups are those of `data/skill_groups.toml`.
    """
    data = files("rolediff") / "data"
    table = pl.read_csv(
        BytesIO((data / "skills.tsv").read_bytes()), separator="\t", quote_char=None,
        columns=["concept", "kind", "family"], infer_schema=False,
    )  # fmt: skip
    families: dict[str, str] = {}
    own: dict[str, str] = {}
    for group in _groups():
        families |= dict.fromkeys(group["families"], group["name"])
        own |= dict.fromkeys(group.get("skills", ()), group["name"])
    by_family = pl.col("family").replace_strict(families, default=group_names()[-1])
    by_name = pl.col("concept").replace_strict(own, default=None, return_dtype=pl.String)
    return table.with_columns(group=pl.coalesce(by_name, by_family))


@cache
def skill_ancestors() -> dict[str, list[str]]:
    """For each skill of the vocabulary the skills that it is part of, at any remove, sorted."""
    data = files("rolediff") / "data/skills.tsv"
    table = pl.read_csv(
        BytesIO(data.read_bytes()), separator="\t", quote_char=None,
        columns=["concept", "parents"], infer_schema=False,
    )  # fmt: skip
    parents = {name: (listed or "").split("|") for name, listed in table.iter_rows()}
    return {name: sorted(_above(name, parents)) for name in parents}


def _above(name: str, parents: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    open_ = [name]
    while open_:
        new = {p for p in parents.get(open_.pop(), ()) if p} - found - {name}
        found |= new
        open_ += new
    return found


def group_names() -> tuple[str, ...]:
    """The groups in the order in which they are shown; the last one holds what fits no other."""
    return tuple(group["name"] for group in _groups())


@cache
def _groups() -> list[dict[str, Any]]:
    text = (files("rolediff") / "data/skill_groups.toml").read_text(encoding="utf-8")
    groups: list[dict[str, Any]] = tomllib.loads(text)["group"]
    return groups
