"""How an answer moves: over defensible specifications, without one employer, beside a hidden
factor, and by the way a range is read. Gaps are log points of A over B."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """One specification: how titles are read, the source of data ("" for all), the end of the pay
    range, the factors held equal, whether each distinct record counts once, and whose
    coefficients weigh the factors ("" where none is held)."""

    reading: str
    source: str
    end: str
    held: tuple[str, ...]
    distinct: bool
    reference: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "reading": self.reading,
            "source": self.source or None,
            "end": self.end,
            "held_equal": list(self.held),
            "distinct": self.distinct,
            "reference": self.reference or None,
        }


@dataclass(frozen=True, slots=True)
class SpecificationRun:
    """A gap at one setting, with records of A and B behind it."""

    setting: Setting
    gap: Estimate
    n_a: int
    n_b: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**self.setting.to_dict(), "gap": self.gap.to_dict(),
                "n_a": self.n_a, "n_b": self.n_b}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpecificationCurve:
    """Runs sorted by their gap (Simonsohn, Simmons and Nelson 2020), and settings that could not
    be run with the reason. Settings that come to the same regression are one run."""

    runs: tuple[SpecificationRun, ...]
    skipped: tuple[tuple[Setting, str], ...] = ()

    @property
    def lowest(self) -> SpecificationRun:
        """The run with the lowest gap."""
        return self.runs[0]

    @property
    def highest(self) -> SpecificationRun:
        """The run with the highest gap."""
        return self.runs[-1]

    @property
    def median(self) -> float:
        """Median gap over the runs, in log points."""
        values, middle = [r.gap.value for r in self.runs], len(self.runs) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2

    @property
    def positive(self) -> int:
        """Runs in which A is higher."""
        return sum(r.gap.value > 0 for r in self.runs)

    @property
    def negative(self) -> int:
        """Runs in which B is higher."""
        return sum(r.gap.value < 0 for r in self.runs)

    @property
    def clear(self) -> tuple[int, int]:
        """Runs whose interval lies wholly above 0, and wholly below."""
        ends = [(r.gap.low, r.gap.high) for r in self.runs]
        above = sum(low is not None and low > 0 for low, _ in ends)
        return above, sum(high is not None and high < 0 for _, high in ends)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "specifications": len(self.runs),
            "a_higher": self.positive,
            "b_higher": self.negative,
            "a_clearly_higher": self.clear[0],
            "b_clearly_higher": self.clear[1],
            "median": self.median,
            "lowest": self.lowest.to_dict(),
            "highest": self.highest.to_dict(),
            "runs": [r.to_dict() for r in self.runs],
            "skipped": [{**s.to_dict(), "reason": why} for s, why in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The gap without the records of `name` (an employer, a source), `n` of them."""

    name: str
    n: int
    gap: float
    change: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"left_out": self.name, "n": self.n, "gap": self.gap, "change": self.change}


@dataclass(frozen=True, slots=True)
class Influence:
    """The gap without each of `units`, those that move it most first; `kind` says what they are.

    `lowest` and `highest` are the extremes over all units, `flips` how many of them turn the
    sign; `most` holds the most influential. `impossible` units cannot be left out: nothing of a
    role would be left.
    """

    kind: str
    gap: float
    units: int
    lowest: LeftOut | None
    highest: LeftOut | None
    flips: int
    most: tuple[LeftOut, ...]
    impossible: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "kind": self.kind,
            "gap": self.gap,
            "units": self.units,
            "lowest": None if self.lowest is None else self.lowest.to_dict(),
            "highest": None if self.highest is None else self.highest.to_dict(),
            "sign_flips": self.flips,
            "most_influential": [x.to_dict() for x in self.most],
            "impossible": list(self.impossible),
        }


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The gap beside a hidden factor `times` as strong as `factor` is, given the others.

    `r2_role` and `r2_pay` are the hidden factor's partial R2 with the role and with pay; `gap` is
    None where no factor can be that strong. `left` is the share of the gap that stays.
    """

    factor: str
    times: float
    r2_role: float | None
    r2_pay: float | None
    gap: Estimate | None
    left: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "factor": self.factor,
            "times": self.times,
            "r2_role": self.r2_role,
            "r2_pay": self.r2_pay,
            "gap": None if self.gap is None else self.gap.to_dict(),
            "left": self.left,
        }


@dataclass(frozen=True, slots=True)
class HiddenFactor:
    """How strong a factor that nobody measured must be (Cinelli and Hazlett 2020).

    `gap` with `held` held equal; `partial_r2` of the role with pay; `robustness` the partial R2
    with both role and pay that would take the whole gap away, `robustness_alpha` that would make
    it insignificant at 5 %, with `design_effect`, how much wider the interval in use is than
    the ordinary one; `extreme` the partial R2 with the role that is enough if the factor tells
    all the rest of pay.
    """

    held: tuple[str, ...]
    gap: Estimate
    partial_r2: float
    robustness: float
    robustness_alpha: float | None
    extreme: float
    design_effect: float | None
    df: int
    benchmarks: tuple[Benchmark, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "held_equal": list(self.held),
            "gap": self.gap.to_dict(),
            "partial_r2": self.partial_r2,
            "robustness_value": self.robustness,
            "robustness_value_alpha": self.robustness_alpha,
            "extreme_robustness_value": self.extreme,
            "design_effect": self.design_effect,
            "df": self.df,
            "benchmarks": [b.to_dict() for b in self.benchmarks],
        }


@dataclass(frozen=True, slots=True)
class RangeCheck:
    """The gap with `held` held equal, by what is taken of an advertised range: its low end, its
    midpoint, its high end, or the whole of it (interval regression)."""

    held: tuple[str, ...]
    ends: Mapping[str, Estimate]
    interval: Estimate

    @property
    def agree(self) -> bool:
        """Whether all four have one sign."""
        signs = {e.value > 0 for e in (*self.ends.values(), self.interval)}
        return len(signs) == 1

    @property
    def spread(self) -> float:
        """Largest less smallest of the four gaps, in log points."""
        values = [e.value for e in (*self.ends.values(), self.interval)]
        return max(values) - min(values)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "held_equal": list(self.held),
            "ends": {k: e.to_dict() for k, e in self.ends.items()},
            "interval_regression": self.interval.to_dict(),
            "same_sign": self.agree,
            "spread": self.spread,
        }
