"""The gap under every defensible specification, as one sorted set of runs.

Simonsohn, Simmons and Nelson (2020, Nature Human Behaviour 4): what is reported is not one choice
but all that a careful reader might have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from rolediff.compare.sample import FACTORS, End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import HIDDEN, Estimate, Setting, SpecificationCurve, SpecificationRun
from rolediff.stats.cells import join_rare
from rolediff.stats.many_gaps import Gap, ManyGaps
from rolediff.stats.tails import critical

SampleMaker = Callable[[str, str], Sample]
"""The sample of both roles at a reading of titles, from one source of data ("" for all)."""

RARE = 5
"""Categories with fewer distinct records in either role are joined where a reference needs each
role's own coefficients, as `diff` does before it decomposes a gap."""

LADDER = (
    (),
    ("country",),
    ("country", "level"),
    ("country", "level", "year"),
    FACTORS[1:],
)
"""Factors held equal, from none to all; those that do not vary in a sample are left out, and the
source is held as soon as anything is."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Which choices are crossed. `sources` are names, "" for all of them together; where several
    are, the source itself is held equal as soon as anything is."""

    readings: tuple[str, ...] = ("strict", "broad")
    sources: tuple[str, ...] = ("",)
    ends: tuple[End, ...] = ("low", "mid", "high")
    held: tuple[tuple[str, ...], ...] = LADDER
    distinct: tuple[bool, ...] = (False, True)
    references: tuple[str, ...] = ("pooled", "A", "B")


def specification_curve(make: SampleMaker, grid: Grid | None = None) -> SpecificationCurve:
    """Run `grid` on the samples that `make` gives; each is made once.

    At the reference "pooled" a run is the coefficient of the role in a regression on role and
    factors, as in the ladder of `diff`; at another it is the unexplained part of a decomposition.
    Intervals take covariates as random; errors are clustered by employer where known (CR1), with
    as many degrees of freedom as clusters carry the gap, less one.

    Raises:
        UsageError: an unknown reference.
        NotEnoughEvidence: no setting can be run.
    """
    runs: dict[Setting, SpecificationRun] = {}
    skipped: list[tuple[Setting, str]] = []
    grid = Grid() if grid is None else grid
    for reading, source in product(grid.readings, grid.sources):
        try:
            sample = _enough(make(reading, source))
        except NotEnoughEvidence as error:
            skipped.append((Setting(reading, source, "", (), False, ""), str(error)))
            continue
        for distinct in grid.distinct:
            runner = _Runner(sample, distinct, grid.ends)
            for setting in _settings(grid, sample, reading, source, distinct):
                if setting not in runs:
                    runner.add(setting, runs, skipped)
    if not runs:
        raise NotEnoughEvidence(f"none of the specifications can be run: {skipped[0][1]}")
    ordered = sorted(runs.values(), key=lambda r: (r.gap.value, r.setting))
    return SpecificationCurve(tuple(ordered), tuple(dict(skipped).items()))


def _enough(sample: Sample) -> Sample:
    fewest = min(sample.lines(True), sample.lines(False))
    if fewest < HIDDEN:
        raise NotEnoughEvidence(f"{fewest} distinct records of a role with pay, {HIDDEN} needed")
    return sample


def _settings(
    grid: Grid, sample: Sample, reading: str, source: str, distinct: bool
) -> Iterator[Setting]:
    """Settings that differ on this sample: nothing held equal needs no reference."""
    varying = sample.varying()
    for end, held, reference in product(grid.ends, grid.held, grid.references):
        mine = tuple(f for f in held if f in varying)
        if mine and "source" in varying and "source" not in mine:
            mine = ("source", *mine)
        yield Setting(reading, source, end, mine, distinct, reference if mine else "")


class _Runner:
    """All runs on one sample, on all records or on distinct ones."""

    def __init__(self, sample: Sample, distinct: bool, ends: tuple[End, ...]) -> None:
        self.sample, self.ends = sample, ends
        cells = sample.cells(sample.varying(), ends[0], distinct)
        Y = np.stack([np.log(sample.pay(end)) for end in ends], axis=1)
        self.plain = ManyGaps(cells, Y)
        self.joined = ManyGaps(join_rare(cells, RARE)[0], Y)
        self.n = [int(sample.copies(distinct)[sample.is_a == side].sum()) for side in (True, False)]
        self.clusters, self.fewest = sample.clusters(distinct), sample.fewest_units

    def add(
        self,
        setting: Setting,
        runs: dict[Setting, SpecificationRun],
        skipped: list[tuple[Setting, str]],
    ) -> None:
        """Run one setting, or say why it cannot be."""
        own = setting.reference not in ("", "pooled")
        fits = self.joined if own else self.plain
        least = min(self.sample.lines(True), self.sample.lines(False))
        k = len(fits.columns(setting.held))
        if own and least < k + 2:
            skipped.append((setting, f"{k} coefficients from {least} distinct records of a role"))
            return
        try:
            gap = fits.gap(
                setting.held,
                setting.reference or "pooled",
                self.ends.index(setting.end),
            )
        except np.linalg.LinAlgError:
            skipped.append((setting, "the factors held equal tell the role"))
            return
        except ValueError as error:
            raise UsageError(str(error)) from error
        runs[setting] = SpecificationRun(setting, self._estimate(gap), self.n[0], self.n[1])

    def _estimate(self, gap: Gap) -> Estimate:
        bare = Estimate(
            gap.value, n=sum(self.n), clusters=self.sample.units, source=self.sample.source,
            method="too few employers or records",
        )  # fmt: skip
        margin = critical(gap.df) * gap.se
        if self.fewest < 2 or not np.isfinite(margin):
            return bare
        return replace(
            bare, low=gap.value - margin, high=gap.value + margin, se=gap.se, df=gap.df,
            method=f"influence functions, {self.clusters}",
        )  # fmt: skip


def by_source(make: Callable[[str], Sample]) -> SampleMaker:
    """A maker that takes one source out of the samples that `make` gives for each reading."""
    made: dict[str, Sample] = {}

    def maker(reading: str, source: str) -> Sample:
        sample = made.setdefault(reading, made[reading] if reading in made else make(reading))
        if not source:
            return sample
        factor, codes = sample.factors["source"]
        if source not in factor.labels:
            raise NotEnoughEvidence(f"no record of these roles from {source}")
        return sample.where(codes == factor.labels.index(source))

    return maker
