"""What changed between two markets in the comparison of two roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rolediff.results.estimate import Estimate
from rolediff.results.telling import Missing

Unit = Literal["log", "share"]
"""What a change is in: logs (of pay, of a gap, of a count), or shares from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in the older and the newer market, and the newer less the older.

    `unit` "log": `old` and `new` are the figures (pay, a count) or, of a gap, logs already;
    `change` is in logs. "share": all three are shares. `p_adjusted` is of the change, after
    Benjamini and Hochberg (1995) over its table, None where it was not adjusted.
    """

    name: str
    unit: Unit
    old: Estimate
    new: Estimate
    change: Estimate
    p_adjusted: float | None = None

    @property
    def clear(self) -> bool:
        """Whether the change tells from none: after adjustment where there was one."""
        if self.p_adjusted is not None:
            return self.p_adjusted < 0.05
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and not low <= 0 <= high

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        said: dict[str, Any] = {
            "name": self.name, "unit": self.unit, "old": self.old.to_dict(),
            "new": self.new.to_dict(), "change": self.change.to_dict(),
            "p_adjusted": self.p_adjusted, "clear": self.clear,
        }  # fmt: skip
        if self.unit == "log":
            said["change_percent"] = self.change.percent.to_dict()
        return said


@dataclass(frozen=True, slots=True)
class RoleChanges:
    """What changed for one role: pay at percentiles, its share of all records or ads of the source,
    how many there are, and the share of its ads that name each skill."""

    label: str
    pay: tuple[Change, ...]
    share: Change | None
    counts: tuple[Change, ...]
    skills: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "role": self.label,
            "pay": [c.to_dict() for c in self.pay],
            "share": None if self.share is None else self.share.to_dict(),
            "counts": [c.to_dict() for c in self.counts],
            "skills": [c.to_dict() for c in self.skills],
        }


@dataclass(frozen=True, slots=True)
class MarketDiff:
    """Two roles in an older and a newer market, in one source of each.

    `gap` = mean log pay of A less that of B, on all records and on distinct ones; `alike` records
    of the roles in the newer market that are the same in everything in the older one, of `n_new`;
    `missing` sections without enough evidence.
    """

    a: RoleChanges
    b: RoleChanges
    gap: tuple[Change, ...]
    old: str
    new: str
    sources: tuple[Mapping[str, Any], Mapping[str, Any]]
    reading: str
    where: str
    where_words: str
    money: str
    alike: int
    n_old: int
    n_new: int
    missing: tuple[Missing, ...]
    caveats: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the envelope."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "gap": [c.to_dict() for c in self.gap],
            "old": self.old,
            "new": self.new,
            "reading": self.reading,
            "where": self.where or None,
            "money": self.money,
            "records_alike_in_both": self.alike,
            "records_old": self.n_old,
            "records_new": self.n_new,
            "missing": [m.to_dict() for m in self.missing],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
            "sources": [dict(source) for source in self.sources],
        }
