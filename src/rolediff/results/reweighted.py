"""A gap in a statistic, split by making one group look like the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rolediff.results.decomposition import Note
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class Split:
    """One statistic: gap = composition + structure + off_support.

    `value_a`, `value_b` of the groups as they are; `counterfactual` of the reference group with
    the other's composition; `off_support` what those without counterpart add (0 with a logit);
    `steps` splits the composition by factors that enter in turn. Raises ValueError if the parts
    do not sum.
    """

    statistic: str
    value_a: Estimate
    value_b: Estimate
    counterfactual: Estimate
    gap: Estimate
    composition: Estimate
    structure: Estimate
    off_support: Estimate
    steps: Mapping[tuple[str, ...], Estimate]

    def __post_init__(self) -> None:
        slack = TOLERANCE * max(1.0, abs(self.value_a.value), abs(self.value_b.value))
        parts = self.composition.value + self.structure.value + self.off_support.value
        entered = sum(e.value for e in self.steps.values())
        if not abs(parts - self.gap.value) <= slack:
            raise ValueError(f"the parts of {self.statistic} sum to {parts}, not {self.gap.value}")
        if self.steps and not abs(entered - self.composition.value) <= slack:
            raise ValueError(f"the steps of {self.statistic} do not sum to its composition")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        names = ("value_a", "value_b", "counterfactual", "gap", "composition", "structure",
                 "off_support")  # fmt: skip
        return {
            "statistic": self.statistic,
            **{name: getattr(self, name).to_dict() for name in names},
            "steps": [{"factors": list(k), **v.to_dict()} for k, v in self.steps.items()],
        }


@dataclass(frozen=True, slots=True)
class Balance:
    """Share of a category, or mean of a covariate: in the target, and before and after."""

    target: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Reweighted(Shown):
    """A decomposition by reweighting (DiNardo, Fortin and Lemieux 1996).

    `reference` "B": group B is made to look like A, so composition is at B's pay, structure at
    A's composition; "A" the other way round. `splits` by statistic ("p50", "mean", ...);
    `off_a`, `off_b` shares of weight without counterpart in the other group (method "cell");
    `effective` equal rows that would carry the reweighted group as its uneven ones do, of
    `reweighted_rows`; `largest` share of it that one row holds; `balance` by (factor, category).
    """

    a: str
    b: str
    outcome: str
    reference: str
    method: str
    splits: Mapping[str, Split]
    off_a: float
    off_b: float
    effective: float
    reweighted_rows: int
    largest: float
    balance: Mapping[tuple[str, str], Balance]
    dropped: int = 0
    notes: tuple[Note, ...] = field(default=())

    def __getitem__(self, statistic: str) -> Split:
        return self.splits[statistic]

    @property
    def worst_balance(self) -> float:
        """Largest difference of a share that remains."""
        return max((abs(b.after - b.target) for b in self.balance.values()), default=0.0)

    def __str__(self) -> str:
        lines = [f"{self.outcome}: {self.a} less {self.b}, reference {self.reference}"]
        lines += [
            f"{name}  gap {s.gap} = composition {s.composition} + structure {s.structure}"
            for name, s in self.splits.items()
        ]
        return "\n".join([*lines, *map(str, self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "outcome": self.outcome,
            "reference": self.reference,
            "method": self.method,
            "splits": [s.to_dict() for s in self.splits.values()],
            "off_support": {"a": self.off_a, "b": self.off_b},
            "effective": self.effective,
            "reweighted_rows": self.reweighted_rows,
            "largest_share": self.largest,
            "balance": [
                {"factor": f, "category": c, "target": x.target, "before": x.before,
                 "after": x.after}
                for (f, c), x in self.balance.items()
            ],
            "dropped": self.dropped,
            "notes": [str(n) for n in self.notes],
        }  # fmt: skip
