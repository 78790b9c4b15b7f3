"""Figures of pay of two roles that verdicts rest on, without the rest of a comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from rolediff.annotate.roles import RoleReading
from rolediff.compare.found import Question, answering, find
from rolediff.compare.pay import mean_gap, percentiles
from rolediff.compare.sample import Sample
from rolediff.market import Market
from rolediff.results import HIDDEN, Estimate


@dataclass(frozen=True)
class Paid:
    """The records with pay of the two roles of `q`, from the source that answers.

    The figures are those of `compare.roles.compare_roles`, by the same functions.
    """

    market: Market
    q: Question
    sample: Sample

    @classmethod
    def of(cls, market: Market, asked: Question) -> Paid:
        """The records that answer `asked`."""
        whole = find(market, asked)
        q = answering(whole, asked)
        return cls(market, q, Sample.of(whole.rows if q is asked else find(market, q).rows))

    @property
    def fewest(self) -> int:
        """Distinct records of the role that has fewer."""
        return min(self.sample.lines(side) for side in (True, False))

    @property
    def money(self) -> str:
        """The unit of pay."""
        return self.q.lens.unit

    @property
    def source(self) -> str:
        """The names of the sources."""
        return self.sample.source

    @cached_property
    def gap(self) -> Estimate:
        """Mean log pay of A less that of B."""
        return mean_gap(self.sample)

    @cached_property
    def gap_distinct(self) -> Estimate:
        """The same with each distinct record once."""
        return mean_gap(self.sample, distinct=True)

    def percentile(self, side: bool, p: int) -> Estimate:
        """A percentile of pay of one role, at the midpoint of the range."""
        return self._percentiles[side][p]

    @cached_property
    def _percentiles(self) -> dict[bool, dict[int, Estimate]]:
        return {side: percentiles(self.sample, side) for side in (True, False)}

    @cached_property
    def broad(self) -> tuple[Estimate, Estimate, int] | None:
        """Both gaps with titles read the other way, and the fewest records of a role.

        None where a role has too few.
        """
        other: RoleReading = "broad" if self.q.reading == "strict" else "strict"
        sample = Sample.of(find(self.market, replace(self.q, reading=other)).rows)
        fewest = min(sample.records(side) for side in (True, False))
        if fewest < HIDDEN:
            return None
        return mean_gap(sample), mean_gap(sample, distinct=True), fewest
