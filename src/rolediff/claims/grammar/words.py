"""The words of claims, compiled out of `data/claims.toml` when they are first asked for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rolediff.results.claims import ClaimKind

Topic = ClaimKind | Literal[""]
"""What a heading or label announces, or nothing."""


@cache
def words(name: str) -> re.Pattern[str]:
    """Any word of the list `name` of `[words]`, as whole words in any case."""
    return re.compile(rf"(?<!\w)(?:{spelled(name)})(?!\w)", re.IGNORECASE)


@cache
def spelled(name: str) -> str:
    """The list `name` of `[words]` as one regex, to build larger ones of."""
    return "|".join(_table()["words"][name])


@cache
def phrase(template: str) -> re.Pattern[str]:
    """A regex in which `<name>` stands for the list `name` of `[words]`; any case."""
    full = re.sub(r"(?<!P)<(\w+)>", lambda found: f"(?:{spelled(found[1])})", template)
    return re.compile(full, re.IGNORECASE)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The regex `name` of `[patterns]`, in which `<name>` stands as in `phrase`."""
    return phrase(_table()["patterns"][name])


@cache
def topics() -> tuple[tuple[ClaimKind, re.Pattern[str]], ...]:
    """Kinds of claim and the words of a heading or label that announce them, first come first."""
    listed: dict[ClaimKind, list[str]] = _table()["topics"]
    return tuple((kind, re.compile("|".join(some), re.IGNORECASE)) for kind, some in listed.items())


@cache
def names(name: str) -> frozenset[str]:
    """The list `name` of `[names]`."""
    return frozenset(_table()["names"][name])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("rolediff").joinpath("data/claims.toml").read_text("utf-8"))


@cache
def families() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The families of words of `data/claim_families.toml`, each with any word of it."""
    text = files("rolediff").joinpath("data/claim_families.toml").read_text("utf-8")
    listed: dict[str, list[str]] = tomllib.loads(text)["families"]
    return tuple(
        (name, re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)", re.IGNORECASE))
        for name, some in listed.items()
    )
