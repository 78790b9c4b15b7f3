"""Rows of a table that were left out, counted and in words."""

from __future__ import annotations

from dataclasses import dataclass

from rolediff.results import Note


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows of the two groups that were left out: a value missing, or no logarithm."""

    missing: int
    unlogged: int

    @property
    def total(self) -> int:
        """Rows left out for either reason."""
        return self.missing + self.unlogged


def notes_of(dropped: Dropped) -> tuple[Note, ...]:
    """What was left out, in words."""
    said = ((dropped.missing, "a value missing"), (dropped.unlogged, "an outcome not above 0"))
    return tuple(Note("dropped", "", f"{n:,} rows left out, {why}") for n, why in said if n)
