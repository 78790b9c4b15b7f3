"""How a gap changes as factors are held equal, factor by factor and without an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rolediff.results.decomposition import Note
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class Account(Shown):
    """Gelbach's (2016) account: base = full + sum of `moved`.

    `base` is the gap with the covariates in `held` held equal (the raw gap if none), `full` with
    all; `moved` says what each factor takes off it once all are in, whatever the order. Raises
    ValueError if the parts do not sum.
    """

    a: str
    b: str
    outcome: str
    held: tuple[str, ...]
    base: Estimate
    full: Estimate
    moved: Mapping[str, Estimate]
    vcov: str = ""
    dropped: int = 0
    notes: tuple[Note, ...] = field(default=())

    def __post_init__(self) -> None:
        total = self.full.value + sum(e.value for e in self.moved.values())
        if not abs(total - self.base.value) <= TOLERANCE * max(1.0, abs(self.base.value)):
            raise ValueError(f"the parts sum to {total}, not {self.base.value}")

    def __str__(self) -> str:
        lines = [f"{self.outcome}: {self.a} less {self.b} ({self.vcov})", f"base  {self.base}"]
        lines += [f"  {name}  {e}" for name, e in self.moved.items()]
        return "\n".join([*lines, f"full  {self.full}", *map(str, self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "outcome": self.outcome,
            "held_equal": list(self.held),
            "base": self.base.to_dict(),
            "full": self.full.to_dict(),
            "moved": {name: e.to_dict() for name, e in self.moved.items()},
            "vcov": self.vcov,
            "dropped": self.dropped,
            "notes": [str(n) for n in self.notes],
        }
