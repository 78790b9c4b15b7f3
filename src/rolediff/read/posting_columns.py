"""Which column of a table, or key of an object, states which fact of a posting.

The names are data: `data/postings.toml` for what only postings have, `data/columns.toml` for
what they share with tables of pay.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from rolediff.errors import ColumnError, UsageError
from rolediff.read import columns as pay_table
from rolediff.read.columns import plain

Columns = dict[str, tuple[str, ...]]
"""Field of `RAW` to the columns that state it, the preferred one first."""

_RENAMED = {"currency": "pay_currency", "interval": "pay_interval"}
_SHARED = (
    *("title", "employer", "country", "location", "level", "employment_type", "remote"),
    *("industry", "education", "posted", "pay", "pay_low", "pay_high", "currency", "interval"),
)


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The tables of `data/postings.toml`."""
    text = resources.files("rolediff").joinpath("data", "postings.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1024)  # bounded: the keys of objects are whatever a file holds
def posting_columns(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...] = ()) -> Columns:
    """The columns recognised among `names`; `mapping` (field, column) goes before recognition.

    Raises `ColumnError` where there is no title or no text, or a mapped column is not there, and
    `UsageError` for a field that postings do not have.
    """
    mapped = {field_of(field): column for field, column in mapping}
    for field, column in mapped.items():
        if column not in names:
            raise ColumnError(
                f'no column "{column}" for {field}; the columns are: {_listed(names)}'
            )
    by_name = {plain(name): name for name in reversed(names) if name not in mapped.values()}
    found: Columns = {}
    for field, known in _synonyms().items():
        present = tuple(by_name[name] for name in known if name in by_name)
        if field in mapped or present:
            found[field] = (mapped[field],) if field in mapped else present
    for field, key in (("title", "role"), ("text", "text")):
        if field not in found:
            hint = f"name it with a mapping {key}=COLUMN"
            raise ColumnError(f"no {field} column among: {_listed(names)}; {hint}")
    return found


def field_of(name: str) -> str:
    """The field of a posting that a person means by `name`; `UsageError` if there is none."""
    if plain(name) in ("role", "jobtitle"):
        return "title"
    if plain(name) == "company":
        return "employer"
    fields = {plain(field): field for field in _synonyms()}
    if plain(name) not in fields:
        known = ", ".join(sorted(_synonyms()))
        raise UsageError(f'"{name}" is not a field of a posting; use one of: {known}')
    return fields[plain(name)]


@cache
def _synonyms() -> dict[str, list[str]]:
    shared = pay_table.vocabulary()["synonyms"]
    common = {_RENAMED.get(field, field): shared[field] for field in _SHARED}
    return common | vocabulary()["columns"]


def freeze(mapping: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """A mapping in the form that `posting_columns` remembers results by."""
    return tuple(sorted((mapping or {}).items()))


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(name[:40] for name in names[:40])
    return shown + (f" and {len(names) - 40} more" if len(names) > 40 else "")
