"""Points of a claim before Holm's correction over the article, and a claim with its points."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rolediff.claims.rule import Allowed, Finding, Rule, enough, set_against
from rolediff.results import Claim, Estimate, Evidence, Point, Ruled

OPEN: Ruled = "not enough evidence"
UNTESTABLE: Ruled = "not testable with this data"


@dataclass(frozen=True, slots=True)
class Draft:
    """A point with what was found of it: either `test`, or with `fixed` a verdict without one.

    `part` is what could be true apart ("Python"), `reading` one of several ways to read it ("the
    United States", "median"); `figure` tells the figure in words; `claimed` what the claim needs.
    `premise`: what the claim takes for granted, so that it counts only where it does not hold.
    """

    part: str
    reading: str = ""
    figure: str = ""
    claimed: str = ""
    evidence: tuple[Evidence, ...] = ()
    test: Finding | None = None
    fixed: Ruled = OPEN
    premise: bool = False

    @property
    def name(self) -> str:
        """The part with its reading."""
        return ", ".join(filter(None, (self.part, self.reading)))

    @property
    def p(self) -> float | None:
        """The p value that Holm's correction takes."""
        return None if self.test is None else self.test.p

    def point(self, p_adjusted: float | None, rule: Rule) -> Point:
        """The point with its verdict."""
        verdict = self.fixed if self.test is None else _verdict(self.test, p_adjusted, rule)
        why = self.figure
        if self.test is not None and self.claimed:
            why += f"; the claim needs {self.claimed}"
        if self.test is not None and self.test.beyond and verdict == OPEN:
            why += "; that speaks against it, but not clearly enough for so many points"
        return Point(self.name, verdict, why, self.evidence, self.p, p_adjusted)


def _verdict(test: Finding, p_adjusted: float | None, rule: Rule) -> Ruled:
    if test.inside:
        return "supported"
    sure = p_adjusted is not None and p_adjusted < 1 - rule.confidence
    return "contradicted" if test.beyond and sure else OPEN


def measured(
    part: str, reading: str, e: Estimate, allowed: Allowed, rule: Rule, *, figure: str,
    claimed: str, evidence: tuple[Evidence, ...], log: bool = False, fewest: int | None = None,
) -> Draft:  # fmt: skip
    """A point judged by setting the estimate `e` against `allowed`.

    Not enough evidence without an interval, or with fewer than `rule.least` records or employers,
    or than that of the role that has `fewest`, where `e` compares two.
    """
    if fewest is not None and fewest < rule.least:
        few = f"{figure}: {fewest:,} records of one role, {rule.least} are needed"
        return Draft(part, reading, few, claimed, evidence)
    if not enough(e, rule):
        units = "" if e.clusters is None or e.clusters >= e.n else f" of {e.clusters} employers"
        few = f"{figure}: {e.n:,} records{units}, {rule.least} are needed"
        return Draft(part, reading, few, claimed, evidence)
    test = set_against(e, allowed, rule, log=log)
    if test.p is None:
        why = f"{figure}: no interval, so nothing is judged by it"
        return Draft(part, reading, why, claimed, evidence)
    return Draft(part, reading, figure, claimed, evidence, test)


def short(part: str, why: str, reading: str = "") -> Draft:
    """A point that there is not enough evidence for."""
    return Draft(part, reading, why)


def untestable(part: str, why: str, evidence: tuple[Evidence, ...] = ()) -> Draft:
    """A point that nothing here could tell; `evidence` of something near to it."""
    return Draft(part, "", why, evidence=evidence, fixed=UNTESTABLE)


def unplaced(part: str, region: str) -> Draft:
    """A point about a region that is none whose records could be told."""
    return untestable(part, f"{region} is no place whose records can be told here")


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
