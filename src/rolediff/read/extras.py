"""Libraries that only an extra brings, imported when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rolediff.errors import MissingExtraError


def library(module: str, what: str, extra: str = "postings") -> Any:
    """The module, or `MissingExtraError` that says what needs it and how to get it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{what} needs {module.split('.', maxsplit=1)[0]}: pip install 'rolediff[{extra}]'"
        ) from error
