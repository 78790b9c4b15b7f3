"""The words by which postings state facts: patterns and stems of data files, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
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
def listed(name: str, *keys: str) -> tuple[str, ...]:
    """The patterns of one list of `data/<name>.toml`, each by itself."""
    value: Any = _table(name)
    for key in keys:
        value = value[key]
    return tuple(_spelled(pattern) for pattern in ([value] if isinstance(value, str) else value))


def meets_any(column: str, patterns: Iterable[str]) -> pl.Expr:
    """Whether one of `patterns` is found in `column`.

    Each is looked for by itself: a pattern of many alternatives with gaps has an automaton of so
    many states that all of them one after the other take a third of its time.
    """
    return pl.any_horizontal(pl.col(column).str.contains(pattern) for pattern in patterns)


def without(text: pl.Series, patterns: Sequence[str], put: str) -> pl.Series:
    """`text` with `put` in the place of what any of `patterns` finds."""
    frame = text.alias("text").to_frame()
    where = frame.select(pl.arg_where(meets_any("text", patterns))).to_series()
    if not len(where):
        return text
    found = f"(?:{'|'.join(patterns)})"
    return text.clone().scatter(where, text.gather(where).str.replace_all(found, put))


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
    return _spelled(value) if isinstance(value, str) else value


def _spelled(pattern: str) -> str:
    # Beside other than ASCII letters, a word boundary of Unicode costs a hundredfold.
    return pattern.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]")
