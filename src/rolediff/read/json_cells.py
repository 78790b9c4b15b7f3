"""Fields of JSON objects, of whatever type they turn out to be, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
"""A posting as the board gives it."""
Raw = dict[str, Any]
"""A posting as an adapter gives it: values for columns of `RAW`."""


def figure(value: object) -> str | None:
    """A number or a text of a JSON field as the text of an amount; anything else is None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return f"{value:.2f}".removesuffix(".00")
    return value.strip() or None if isinstance(value, str) else None


def word(value: object) -> str | None:
    """A text, a number or a truth value of a JSON field as text, an object by its name."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def objects_in(value: object) -> list[Json]:
    """The objects of a list; none of anything else."""
    return [x for x in value if isinstance(x, dict)] if isinstance(value, list) else []


def object_or_empty(value: object) -> Json:
    """An object as it is; an empty one for anything else."""
    return value if isinstance(value, dict) else {}
