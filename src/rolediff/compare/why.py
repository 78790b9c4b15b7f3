"""Why two roles are advertised at different pay: every analysis of one pair, side by side.

Each section stands alone: where its records do not suffice it says so, with the number that fell
short, and the others still answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rolediff.annotate.roles import RoleReading
from rolediff.compare.ads import Ads, ads
from rolediff.compare.at_once import MANY, at_once
from rolediff.compare.found import Question, answering, find
from rolediff.compare.hidden import hidden_factor
from rolediff.compare.leave_out import leave_one_category_out, leave_one_employer_out
from rolediff.compare.methods import methods
from rolediff.compare.ranges import range_check
from rolediff.compare.reasons import Evidence, three_reasons
from rolediff.compare.rif import explain_sample
from rolediff.compare.roles import compare_roles
from rolediff.compare.sample import Sample
from rolediff.compare.skill_reasons import skill_reasons
from rolediff.compare.specification import by_source, specification_curve
from rolediff.compare.waterfall import waterfall
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import (
    GREY,
    HIDDEN,
    PERCENTILES,
    AtStatistic,
    Comparison,
    Decomposition,
    Influence,
    Methods,
    Reason,
    Short,
    SkillReasons,
    SpecificationCurve,
    Waterfall,
    Why,
)
from rolediff.stats.functional import Statistic

BEYOND = (
    *(Statistic("quantile", (p / 100,)) for p in PERCENTILES),
    Statistic("variance"),
    Statistic("gini", log=True),
)
"""Statistics beside the mean whose gap is split."""


def explain_roles(market: Market, q: Question, reference: str = "pooled") -> Why:
    """Everything that `market` can say on why the pay of the two roles of `q` differs.

    Raises:
        UsageError, NotEnoughEvidence, CurrencyError: as `compare_roles`, whose answer is the base.
    """
    market = market.remembering()
    read = at_once(MANY if market.is_large else 0, {
        "comparison": lambda: compare_roles(market, q, reference),
        "ads": lambda: _section(lambda: ads(market, q)),  # which `_Pair.of` recalls
    })  # fmt: skip
    return _Pair.of(market, q, read["comparison"]).why()


def reasons_of(market: Market, q: Question, comparison: Comparison) -> tuple[Reason, ...]:
    """The reasons alone of `explain_roles`, for the answer `comparison` to `q`."""
    return _Pair.of(market, q, comparison).reasons()


T = TypeVar("T")


def _section(make: Callable[[], T]) -> T | Short:
    """What `make` finds, or what fell short."""
    try:
        return make()
    except NotEnoughEvidence as error:
        return Short(str(error))


@dataclass(frozen=True)
class _Pair:
    """The records of one question, found once for all sections."""

    market: Market
    asked: Question
    q: Question
    comparison: Comparison
    whole: Sample
    sample: Sample
    ads: Ads | Short
    broad: Ads | Short

    @classmethod
    def of(cls, market: Market, asked: Question, comparison: Comparison) -> _Pair:
        whole = find(market, asked)
        q = answering(whole, asked)
        rows = whole.rows if q is asked else find(market, q).rows
        strict = _section(lambda: ads(market, asked))
        sample = Sample.of(whole.rows)
        enough = isinstance(strict, Ads) and strict.paid().fewest >= GREY
        return cls(
            market,
            asked,
            q, comparison, sample, sample if rows is whole.rows else Sample.of(rows),
            strict,
            strict if enough else _section(lambda: ads(market, asked, "broad")),
        )  # fmt: skip

    def why(self) -> Why:
        """Every section."""
        held = tuple(self.sample.varying())
        made = at_once(len(self.whole), {
            "skills": lambda: _section(self._skills),
            "statistics": lambda: self._statistics(held),
            "reasons": self.reasons,
            "ranges": lambda: _section(lambda: range_check(self.sample, held)),
            "curve": lambda: _section(self._curve),
            "methods": lambda: _section(lambda: self._methods(held)),
            "hidden": lambda: _section(lambda: hidden_factor(self.sample, held)),
            "left_out": lambda: self._left_out(held),
            "waterfall": lambda: _section(self._waterfall),
        })  # fmt: skip
        return Why(comparison=self.comparison, **made)

    def reasons(self) -> tuple[Reason, ...]:
        """Breadth, complexity and strategic impact."""
        c = self.comparison
        return three_reasons(
            Evidence(c.gap, c.why, self.sample, self.ads, self.broad, self._texts())
        )

    def _texts(self) -> bool:
        """Whether a source that may be asked has the texts of postings."""
        named = self.asked.where.values.get("source")
        posted = [s.name for s in self.market.sources if s.unit == "posting"]
        return any(named is None or name in named for name in posted)

    def _decomposition(self) -> Decomposition:
        if self.comparison.why is None:
            lines = [self.sample.lines(side) for side in (True, False)]
            what = "no factor that varies" if not self.sample.varying() else "too few"
            raise NotEnoughEvidence(
                f"{lines[0]} and {lines[1]} distinct records with pay: {what} to split the gap"
            )
        return self.comparison.why

    def _waterfall(self) -> Waterfall:
        return waterfall(self.comparison, self._decomposition())

    def _methods(self, held: Sequence[str]) -> Methods:
        why = self._decomposition()
        _require_factors(why)
        return methods(self.sample, held, why)

    def _statistics(self, held: Sequence[str]) -> Mapping[str, AtStatistic | Short]:
        reference = self.comparison.why.reference if self.comparison.why else "pooled"
        return {
            what.label: _section(lambda what=what: _at(self.sample, held, what, reference))  # type: ignore[misc]
            for what in BEYOND
        }

    def _skills(self) -> SkillReasons:
        if isinstance(self.ads, Short):
            raise NotEnoughEvidence(self.ads.reason)
        return skill_reasons(self.ads, self.broad)

    def _curve(self) -> SpecificationCurve:
        return specification_curve(by_source(self._read))

    def _read(self, reading: str) -> Sample:
        known: RoleReading = "broad" if reading == "broad" else "strict"
        if known == self.q.reading:
            return self.sample
        return Sample.of(find(self.market, replace(self.q, reading=known)).rows)

    def _left_out(self, held: Sequence[str]) -> Mapping[str, Influence | Short]:
        found = {"employer": _section(lambda: leave_one_employer_out(self.sample, held))}
        found["source"] = _section(self._without_a_source)
        if self.sample.unit is None:
            found["employer of openings"] = _section(self._without_an_employer)
        return found

    def _without_a_source(self) -> Influence:
        labels = self.whole.factors["source"][0].labels
        if len(labels) < 2:
            raise NotEnoughEvidence(f"{len(labels)} source has pay for these roles, 2 are needed")
        return leave_one_category_out(self.whole, "source", ("source",))

    def _without_an_employer(self) -> Influence:
        if isinstance(self.ads, Short):
            raise NotEnoughEvidence(self.ads.reason)
        sample = Sample.of(self.ads.paid().rows)
        if min(sample.lines(side) for side in (True, False)) < HIDDEN:
            lines = " and ".join(str(sample.lines(side)) for side in (True, False))
            raise NotEnoughEvidence(f"{lines} ads with pay and employer, {HIDDEN} are needed")
        return leave_one_employer_out(sample)


def _require_factors(d: Decomposition) -> None:
    """Refuse shares of nothing: no factor is left once rare categories are joined."""
    if set(d.detail) <= {"(constant)"}:
        raise NotEnoughEvidence(
            "no factor has two categories with 5 distinct records in each role, so nothing can be "
            "accounted for"
        )


def _at(sample: Sample, held: Sequence[str], what: Statistic, reference: str) -> AtStatistic:
    d = explain_sample(sample, held, what, reference=reference)
    _require_factors(d)
    detail = {f: p.explained for f, p in d.detail.items() if f != "(constant)"}
    return AtStatistic(what.label, d.gap, d.explained, d.unexplained, detail)
