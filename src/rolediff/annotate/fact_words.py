"""The words by which postings state facts: patterns and stems of data files, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

_FACTS = ("requirements", "workplace", "posting_level", "posting_role")  # data files with stems


@cache
def words_of(name: str) -> dict[str, Any]:
    """The parsed `data/<name>.toml`; lists of patterns are joined to one regex each."""
    return {key: _joined(value) for key, value in _table(name).items()}


@cache
def stems() -> tuple[str, ...]:
    """The literals that any fact is looked for by, without those that others cover."""
    listed = {
        stem
        for name in _FACTS
        for words in _table(name).values()
        for stem in words.get("stems", [])
    }
    plain = {re.sub(r"\\(.)", r"\1", stem) for stem in listed if stem.isascii()}
    covered = {stem for stem in plain if any(other in stem for other in plain - {stem})}
    return tuple(sorted(plain - covered))


@cache
def heading_stems() -> tuple[str, ...]:
    """The literals that headings around wishes have."""
    return tuple(_table("wishes")["stems"])


def any_of(text: pl.Series, literals: tuple[str, ...]) -> pl.Series:
    """Which have one of `literals` in any case, or are mostly in another script than Latin."""
    foreign = text.str.len_bytes() > 1.6 * text.str.len_chars()
    return text.str.contains_any([*literals], ascii_case_insensitive=True) | foreign


@cache
def _table(name: str) -> dict[str, Any]:
    text = files("rolediff").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _joined(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _joined(inner) for key, inner in value.items()}
    if isinstance(value, list):
        value = f"(?:{'|'.join(value)})"
    if not isinstance(value, str):
        return value
    # Beside other than ASCII letters, a word boundary of Unicode costs a hundredfold.
    return value.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]")
