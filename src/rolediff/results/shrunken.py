"""Estimates that borrow from their like: small cells, and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate


@dataclass(frozen=True, slots=True)
class PooledCell:
    """One cell, a category or a role's records in it: as it stands, and drawn toward its like.

    `shrunk` is the share of the distance to them that was taken away, 0 to 1.
    """

    category: str
    role: str
    raw: float
    pooled: Estimate
    shrunk: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "category": self.category,
            "role": self.role or None,
            "raw": self.raw,
            "pooled": self.pooled.to_dict(),
            "shrunk": self.shrunk,
        }


@dataclass(frozen=True, slots=True)
class PooledCells:
    """Cells of one factor, the largest first (Morris 1983).

    `what` is "gap" (log points of A over B) or "pay" (mean log pay of a role); `between` the
    standard deviation of true values between cells; `toward` what cells are drawn to, by role
    ("" for a gap); `left_out` categories with too few records to count.
    """

    factor: str
    what: str
    cells: tuple[PooledCell, ...]
    between: float
    toward: Mapping[str, float]
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "factor": self.factor,
            "what": self.what,
            "cells": [c.to_dict() for c in self.cells],
            "between_sd": self.between,
            "toward": dict(self.toward),
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class SkillPremium:
    """What pay goes with a skill within a role, in log points, controls held equal.

    `alone` beside no other skill (no interval where too few employers ask for it), `together`
    with all others and drawn toward zero. `p` of no effect alone; `p_bh` keeps the false
    discovery rate, `p_rw` the chance of any false one (None where errors are ordinary ones).
    """

    skill: str
    n: int
    alone: Estimate
    together: Estimate
    p: float
    p_bh: float
    p_rw: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "skill": self.skill,
            "n": self.n,
            "alone": self.alone.to_dict(),
            "together": self.together.to_dict(),
            "p": self.p,
            "p_bh": self.p_bh,
            "p_rw": self.p_rw,
        }


@dataclass(frozen=True, slots=True)
class SkillMix:
    """The part of a gap that goes with which skills postings ask for, in log points.

    `gap` of A over B among postings with pay; `total` and by `families` the part that skills
    account for, their coefficients drawn toward zero as far as counts are small; `controls` the
    part of each control; `plain` the total without drawing (None where there are too few rows).
    """

    gap: Estimate
    total: Estimate
    families: Mapping[str, Estimate]
    controls: Mapping[str, Estimate]
    plain: Estimate | None
    n_a: int
    n_b: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "gap": self.gap.to_dict(),
            "total": self.total.to_dict(),
            "families": {k: e.to_dict() for k, e in self.families.items()},
            "controls": {k: e.to_dict() for k, e in self.controls.items()},
            "plain_total": None if self.plain is None else self.plain.to_dict(),
            "n_a": self.n_a,
            "n_b": self.n_b,
        }
