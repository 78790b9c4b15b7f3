"""Answers as tables for data frames: every answer has one that is natural, most have several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from rolediff.results import Estimate

Getter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type, and how a row has it."""

    name: str
    type: Any
    of: Getter


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an answer with their columns."""

    rows: Callable[[Any], Iterable[Any]]
    columns: tuple[Column, ...]

    def frame(self, answer: Any) -> pl.DataFrame:
        """The table of `answer`; without rows it keeps its columns and types."""
        rows = list(self.rows(answer))
        data = {c.name: [c.of(row) for row in rows] for c in self.columns}
        return pl.DataFrame(data, schema={c.name: c.type for c in self.columns}, strict=False)


def text(name: str, of: Getter) -> Column:
    """A column of words."""
    return Column(name, pl.String, of)


def count(name: str, of: Getter) -> Column:
    """A column of whole numbers."""
    return Column(name, pl.Int64, of)


def real(name: str, of: Getter) -> Column:
    """A column of numbers."""
    return Column(name, pl.Float64, of)


def flag(name: str, of: Getter) -> Column:
    """A column of yes and no."""
    return Column(name, pl.Boolean, of)


def estimate(name: str, of: Callable[[Any], Estimate | None]) -> tuple[Column, Column, Column]:
    """Three columns: the value, and the ends of its interval."""
    return (
        real(name, lambda row: _of(of(row), "value")),
        real(f"{name}_low", lambda row: _of(of(row), "low")),
        real(f"{name}_high", lambda row: _of(of(row), "high")),
    )


def _of(e: Estimate | None, field: str) -> Any:
    return None if e is None else getattr(e, field)


def made(rows: Callable[[Any], Iterable[Any]], *columns: Column | tuple[Column, ...]) -> Table:
    """A table of rows and columns, the three of an estimate given as one."""
    return Table(rows, tuple(_flat(columns)))


def _flat(columns: Iterable[Column | tuple[Column, ...]]) -> Iterator[Column]:
    for c in columns:
        yield from c if isinstance(c, tuple) else (c,)
