"""Sentences and figures of the reasons that are given for a gap, and of skills as reasons."""

from __future__ import annotations

from rolediff.report.why_words import clear
from rolediff.report.words import capital, facing, lead, percent
from rolediff.results import (
    Comparison,
    Estimate,
    Measure,
    Part,
    Reason,
    Short,
    SkillPremium,
    SkillReasons,
)


def skills_sentence(c: Comparison, s: SkillReasons) -> str:
    """What skills account for, in which openings."""
    where = f"{s.n_a} and {s.n_b} openings with pay in {s.source}, titles read {s.reading}ly"
    if isinstance(s.mix, Short):
        return f"Skill mix cannot be told from {where}: {s.mix.reason}."
    gap, total = facing(c, s.mix.gap), facing(c, s.mix.total)
    return (
        f"Among {where}, the gap is {percent(gap)}; which skills are asked goes with "
        f"{percent(total)} of pay, level and country held equal"
        f"{'' if clear(total) else '; that may be nothing'}."
    )


def premiums_sentence(label: str, found: tuple[SkillPremium, ...] | Short, tested: int) -> str:
    """Skills that pay more or less within a role."""
    if isinstance(found, Short):
        return f"{label}: {found.reason}."
    if not found:
        return f"{label}: of {tested} skills none goes clearly with pay (false discovery rate 5 %)."
    listed = ", ".join(f"{p.skill} {percent(p.alone)}" for p in found[:6])
    return f"{label}: of {tested} skills, {len(found)} go with pay: {listed}."


def measure_cells(m: Measure) -> tuple[str, str, str]:
    """A, B and the difference, each with its interval."""
    return figure(m.a, m.unit), figure(m.b, m.unit), figure(m.difference, m.unit, sign=True)


def figure(e: Estimate, unit: str, *, sign: bool = False) -> str:
    """ "7.0 (3.2 to 10.9)", "61 % (53 to 69)"."""
    digits = 0 if unit == "%" else 1
    value = _digits(e.value, digits, sign)
    mark = f" {unit}" if unit else ""
    if e.low is None or e.high is None:
        return f"{value}{mark}"
    return f"{value}{mark} ({_digits(e.low, digits)} to {_digits(e.high, digits)})"


def _digits(x: float, digits: int, sign: bool = False) -> str:
    text = (
        f"{round(x, digits) + 0.0:+.{digits}f}" if sign else f"{round(x, digits) + 0.0:.{digits}f}"
    )
    return text.replace("-", "−")


def part_sentence(c: Comparison, p: Part | Short) -> str:
    """What the reason is worth in pay."""
    if isinstance(p, Short):
        return f"Its part of pay cannot be told: {p.reason}."
    part = facing(c, p.part)
    read = f", titles read {p.reading}ly" if p.reading else ""
    return (
        f"Its part of pay ({p.of}; {p.source}{read}, n = {p.part.n:,}): {percent(part)} of a gap "
        f"of {percent(facing(c, p.gap))}."
    )


def verdict_line(c: Comparison, r: Reason) -> str:
    """The verdict on a reason in one line."""
    higher, _ = lead(c)
    settle = f" What would settle it: {r.settle}." if r.settle else ""
    return (
        f"Claim: {higher.plural} are advertised at more because {r.claim}. {capital(r.verdict)}: "
        f"{r.why}.{settle}"
    )
