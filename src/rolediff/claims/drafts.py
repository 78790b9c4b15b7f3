"""Points of a claim before Holm's correction over the article, and a claim with its points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rolediff.claims.rule import Allowed, Rule, Tested, enough, tested
from rolediff.results import Claim, Estimate, Evidence, Point, Ruled

OPEN: Ruled = "not enough evidence"
UNTESTABLE: Ruled = "not testable with this data"


@dataclass(frozen=True, slots=True)
class Draft:
    """A point with what was found of it: either `test`, or with `fixed` a verdict without one.

    `figure` tells the figure in words; `claimed` what the claim allows.
    """

    name: str
    figure: str = ""
    claimed: str = ""
    evidence: tuple[Evidence, ...] = ()
    test: Tested | None = None
    fixed: Ruled = OPEN

    @property
    def p(self) -> float | None:
        """The p value that Holm's correction takes."""
        return None if self.test is None else self.test.p

    def point(self, p_adjusted: float | None, rule: Rule) -> Point:
        """The point with its verdict."""
        verdict = self.fixed if self.test is None else _verdict(self.test, p_adjusted, rule)
        why = self.figure
        if self.test is not None and self.claimed:
            how = {"supported": "inside", "contradicted": "outside"}.get(verdict)
            where = f"wholly {how} it" if how else self._not_clear(verdict)
            why = f"{self.figure}; claimed: {self.claimed}; the interval lies {where}"
        return Point(self.name, verdict, why, self.evidence, self.p, p_adjusted)

    def _not_clear(self, verdict: Ruled) -> str:
        assert self.test is not None
        if self.test.beyond and verdict == OPEN:
            return "outside it, but not clearly enough for so many points of one article"
        return "partly inside, partly outside it"


def _verdict(test: Tested, p_adjusted: float | None, rule: Rule) -> Ruled:
    if test.inside:
        return "supported"
    sure = p_adjusted is not None and p_adjusted < 1 - rule.confidence
    return "contradicted" if test.beyond and sure else OPEN


def measured(
    name: str, e: Estimate, allowed: Allowed, rule: Rule, *, figure: str, claimed: str,
    evidence: tuple[Evidence, ...], log: bool = False,
) -> Draft:  # fmt: skip
    """A point judged by setting the estimate `e` against `allowed`.

    Not enough evidence without an interval, or with fewer than `rule.least` records or employers.
    """
    if not enough(e, rule):
        units = "" if e.clusters is None or e.clusters >= e.n else f" of {e.clusters} employers"
        few = f"{figure}: {e.n:,} records{units}, {rule.least} are needed"
        return Draft(name, few, claimed, evidence)
    test = tested(e, allowed, rule, log=log)
    if test.p is None:
        return Draft(name, f"{figure}: no interval, so nothing is judged by it", claimed, evidence)
    return Draft(name, figure, claimed, evidence, test)


def short(name: str, why: str) -> Draft:
    """A point that there is not enough evidence for."""
    return Draft(name, why)


def untestable(name: str, why: str) -> Draft:
    """A point that nothing here could tell."""
    return Draft(name, why, fixed=UNTESTABLE)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim with its points, what a reader must mind, and what would settle it."""

    claim: Claim
    points: tuple[Draft, ...]
    settle: str = ""
    notes: tuple[str, ...] = ()

    def noted(self, *notes: str) -> Drafted:
        """The same with further notes, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))


Judge = Callable[..., Drafted]
