"""What kind of thing each skill is, and in which group it is shown."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO

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


def group_names() -> tuple[str, ...]:
    """The groups in the order in which they are shown; the last one holds what fits no other."""
    return tuple(group["name"] for group in _groups())


@cache
def _groups() -> list[dict[str, list[str]]]:
    text = (files("rolediff") / "data/skill_groups.toml").read_text(encoding="utf-8")
    groups: list[dict[str, list[str]]] = tomllib.loads(text)["group"]
    return groups
