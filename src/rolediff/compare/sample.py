"""The records of two roles as arrays, and as the cells of a regression."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.compare.caveats import UNSTATED
from rolediff.results import Estimate
from rolediff.stats.cells import Cells, Codes, Factor, Floats, from_rows
from rolediff.stats.gap_errors import GapInterval, gap_interval
from rolediff.stats.quantile import Counted

FACTORS = (
    "source",
    "country",
    "level",
    "year",
    "remote",
    "company_size",
    "employment_type",
    "industry",
    "education",
)
"""What may be held equal, in the order in which it is."""

End = Literal["low", "mid", "high"]


@dataclass(frozen=True)
class Sample:
    """m offers with pay of roles A and B, in a fixed order.

    `is_a` (m,) tells the role; `low` and `high` (m,) are pay; `n` (m,) how many records are alike
    in every field; `unit` (m,) codes of employers, or None where no employer is known and each
    line (all records alike) is a unit; `factors` maps a name to its labels and codes (m,);
    `source` names the data; `employers` what the codes of `unit` stand for, empty for none.
    """

    is_a: NDArray[np.bool_]
    low: Floats
    high: Floats
    n: Floats
    unit: Codes | None
    factors: Mapping[str, tuple[Factor, Codes]]
    source: str = ""
    employers: tuple[str, ...] = ()
    _gaps: dict[tuple[tuple[str, ...], End, bool], GapInterval] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Sample:
        """From rows of a market with the column `is_a`; those without pay are left out."""
        paid = rows.filter(pl.col("low").is_not_null())
        unit, employers = _units(paid["employer"])
        return cls(
            paid["is_a"].to_numpy(),
            paid["low"].to_numpy(),
            paid["high"].to_numpy(),
            paid["n"].cast(pl.Float64).to_numpy(),
            unit,
            {name: _coded(paid[name]) for name in FACTORS},
            ", ".join(paid["source"].drop_nulls().unique().sort()),
            employers,
        )

    def __len__(self) -> int:
        return len(self.n)

    @property
    def units(self) -> int:
        """Independent units: employers, or lines of identical records."""
        return len(self) if self.unit is None else int(self.unit.max()) + 1

    @cached_property
    def alone(self) -> bool:
        """Whether every line is one record, so that distinct records are all records."""
        return bool((self.n == 1).all())

    def clusters(self, distinct: bool = False) -> str:
        """What errors are clustered on, in words."""
        if self.unit is not None:
            return "clustered by employer"
        copied = not distinct and bool((self.n > 1).any())
        return "clustered on identical records" if copied else "rows independent"

    def records(self, side: bool) -> int:
        """Records with pay of one role."""
        return int(self.n[self.is_a == side].sum())

    def lines(self, side: bool) -> int:
        """Distinct records with pay of one role."""
        return int((self.is_a == side).sum())

    @property
    def fewest_units(self) -> int:
        """Independent units (employers, or lines) of the role that has fewer of them."""
        if self.unit is None:
            return min(self.lines(side) for side in (True, False))
        there = (np.bincount(self.unit[self.is_a == side]) for side in (True, False))
        return min(int(np.count_nonzero(counts)) for counts in there)

    def pay(self, end: End = "mid") -> Floats:
        """Pay (m,) at this end of the range."""
        return {"low": self.low, "high": self.high, "mid": (self.low + self.high) / 2}[end]

    def copies(self, distinct: bool) -> Floats:
        """Weight (m,) of each line: 1, or how many records are alike."""
        return np.ones(len(self)) if distinct else self.n

    def varying(self) -> list[str]:
        """Factors with at least two categories here."""
        return [f for f, (_, codes) in self.factors.items() if len(codes) and np.ptp(codes) > 0]

    def where(self, mask: NDArray[np.bool_]) -> Sample:
        """The lines where `mask` holds."""
        unit, employers = None, self.employers
        if self.unit is not None:
            left, unit = np.unique(self.unit[mask], return_inverse=True)
            employers = tuple(map(employers.__getitem__, left.tolist())) if employers else ()
        factors = {k: (f, codes[mask]) for k, (f, codes) in self.factors.items()}
        return Sample(
            self.is_a[mask], self.low[mask], self.high[mask], self.n[mask], unit, factors,
            self.source, employers,
        )  # fmt: skip

    def counted(self, side: bool, end: End = "mid", distinct: bool = False) -> Counted:
        """Pay of one role as counted values."""
        mask = self.is_a == side
        unit = None if self.unit is None else self.unit[mask]
        return Counted.of(self.pay(end)[mask], self.copies(distinct)[mask], unit)

    def cells(self, names: Sequence[str] = (), end: End = "mid", distinct: bool = False) -> Cells:
        """Cells of log pay with these factors; a line counts as one independent row."""
        chosen = [self.factors[name] for name in names]
        codes = np.stack([c for _, c in chosen], axis=1) if chosen else None
        return from_rows(
            np.log(self.pay(end)),
            self.is_a,
            [factor for factor, _ in chosen],
            codes,
            weight=self.copies(distinct),
            cluster=self.unit,
        )

    def gap(
        self, names: Sequence[str] = (), end: End = "mid", distinct: bool = False
    ) -> GapInterval:
        """The gap in mean log pay with these factors held equal, worked out once."""
        key = tuple(names), end, distinct
        if key not in self._gaps:
            self._gaps[key] = gap_interval(self.cells(names, end, distinct))
        return self._gaps[key]

    def estimate(self, gap: GapInterval, distinct: bool = False) -> Estimate:
        """A gap of these records with its interval, or without one and the reason.

        There is none where a role rests on one employer, or on one distinct record: how much its
        mean would vary between employers cannot be seen then.
        """
        n, units = int(self.copies(distinct).sum()), self.units
        if self.fewest_units < 2 or not math.isfinite(gap.high - gap.low):
            few = "too few employers" if self.unit is not None else "too few distinct records"
            return Estimate(gap.value, n=n, clusters=units, method=few, source=self.source)
        method = f"{gap.errors}, {self.clusters(distinct)}"
        df = gap.df if math.isfinite(gap.df) else None
        return Estimate(gap.value, gap.low, gap.high, n, gap.se, df, units, method, self.source)


def _units(employer: pl.Series) -> tuple[Codes | None, tuple[str, ...]]:
    """Employers as codes, and their names; a line without one is a unit of its own, named "".

    None, and no names, where no employer is known.
    """
    if employer.null_count() == len(employer):
        return None, ()
    alone = np.cumsum(employer.is_null().to_numpy()) - 1
    names = employer.drop_nulls().unique().sort()
    single = int(alone[-1]) + 1
    place = employer.rank("dense").cast(pl.Int64).fill_null(1).to_numpy() - 1
    known = employer.is_not_null().to_numpy()
    return np.where(known, place + single, alone), ("",) * single + tuple(names)


def _coded(column: pl.Series) -> tuple[Factor, Codes]:
    text = column.cast(pl.String).fill_null(UNSTATED)
    labels = text.unique().sort().to_list()
    codes = text.cast(pl.Enum(labels)).to_physical().cast(pl.Int64).to_numpy()
    return Factor(column.name, tuple(labels)), codes
