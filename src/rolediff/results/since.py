"""What moved in the comparison of two roles since the market of an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rolediff.results.demand import Demand
from rolediff.results.estimate import Estimate
from rolediff.results.telling import CLEAR, Missing

Section = Literal["pay", "gap", "demand", "industry", "skill"]
"""What a figure is of."""


@dataclass(frozen=True, slots=True)
class Move:
    """One figure on the earlier day (`old`), on the later one (`new`), and how it moved.

    `role` is "A", "B", or "" for a figure of both. `unit` "log": `change` is in logs, `old` and
    `new` are figures (pay, a count) or, of a gap, logs; "share": all three are shares from 0 to 1;
    "rate": `change` is a log ratio a month while ads were watched, `old` and `new` are None.
    `p` is that of the interval of `change` (None without one), `p_adjusted` after Benjamini and
    Hochberg (1995) over all figures of the answer.
    """

    section: Section
    role: str
    name: str
    unit: Literal["log", "share", "rate"]
    old: Estimate | None
    new: Estimate | None
    change: Estimate
    p: float | None
    p_adjusted: float | None = None

    @property
    def clear(self) -> bool:
        """Whether it moved beyond chance, after adjustment."""
        return self.p_adjusted is not None and self.p_adjusted < CLEAR

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        told = {
            "section": self.section, "role": self.role or None, "name": self.name,
            "unit": self.unit, "old": None if self.old is None else self.old.to_dict(),
            "new": None if self.new is None else self.new.to_dict(),
            "change": self.change.to_dict(), "p": self.p, "p_adjusted": self.p_adjusted,
            "clear": self.clear,
        }  # fmt: skip
        if self.unit != "share":
            told["change_percent"] = self.change.percent.to_dict()
        return told


@dataclass(frozen=True, slots=True)
class Since:
    """What moved between the markets of the days `old` and `new` (ISO) of one source.

    `asked` is the day that was asked for; `moves` all figures that both markets have, the clearest
    first; `shared` employers with an ad of any role in both, of `employers` in the older and the
    newer market (None where none is known); `demand` what the windows since then tell.
    """

    a: str
    b: str
    plural_a: str
    plural_b: str
    asked: str
    old: str
    new: str
    source: str
    reading: str
    where: str
    money: str
    n_old: int
    n_new: int
    employers: tuple[int, int] | None
    shared: int | None
    moves: tuple[Move, ...]
    demand: Demand | None
    missing: tuple[Missing, ...]
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Mapping[str, Any], Mapping[str, Any]]

    @property
    def moved(self) -> tuple[Move, ...]:
        """The figures that moved beyond chance."""
        return tuple(m for m in self.moves if m.clear)

    @property
    def compared(self) -> int:
        """How many figures were compared: those whose change has an interval."""
        return sum(m.p_adjusted is not None for m in self.moves)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the envelope."""
        return {
            "a": self.a,
            "b": self.b,
            "asked": self.asked,
            "old": self.old,
            "new": self.new,
            "source": self.source,
            "reading": self.reading,
            "where": self.where or None,
            "money": self.money,
            "records_old": self.n_old,
            "records_new": self.n_new,
            "employers": None if self.employers is None else list(self.employers),
            "employers_in_both": self.shared,
            "compared": self.compared,
            "moved": len(self.moved),
            "adjustment": "Benjamini and Hochberg (1995), false discovery rate 5 %",
            "moves": [m.to_dict() for m in self.moves],
            "demand": None if self.demand is None else self.demand.to_dict(),
            "missing": [m.to_dict() for m in self.missing],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(source) for source in self.sources],
        }
