"""Sentences of an answer to why, in words that need no statistics."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.words import (
    capital,
    facing,
    factor,
    headline,
    lead,
    log_points,
    number,
    percent,
    signed,
)
from rolediff.results import (
    AtStatistic,
    Comparison,
    Estimate,
    HiddenFactor,
    Influence,
    Methods,
    RangeCheck,
    Short,
    SpecificationCurve,
    Step,
    Why,
)

REST = "not accounted for"


def answer(w: Why) -> str:
    """The answer in one or two sentences."""
    return f"{headline(w.comparison)} {because(w)}"


def because(w: Why) -> str:
    """How much of the gap is accounted for, by which factor most, and what becomes of reasons."""
    return " ".join(filter(None, (_accounted(w), _verdicts(w))))


def _accounted(w: Why) -> str:
    if isinstance(w.waterfall, Short):
        return f"What the gap is made of cannot be told: {w.waterfall.reason}."
    names = [s.factor for s in w.waterfall.steps if s.factor != REST]
    if clear(w.comparison.gap) and not isinstance(w.methods, Short) and names:
        told = share_range(w.methods)
        most = factor(names[0])
        return (
            f"What these records hold of the jobs ({_listed(names)}) accounts for {told} of the "
            f"gap, depending on the method, {most} most; the rest is not accounted for by "
            "anything in them."
        )
    return "Since the gap itself is not clear, shares of it would say nothing."


def _listed(names: list[str]) -> str:
    said = list(map(factor, names))
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _verdicts(w: Why) -> str:
    kinds: dict[str, list[str]] = {}
    for reason in w.reasons:
        kinds.setdefault(reason.verdict, []).append(reason.name)
    said = "; ".join(_judged(verdict, names) for verdict, names in kinds.items())
    return f"Of the three reasons usually given for such gaps, {said}."


def _judged(verdict: str, names: list[str]) -> str:
    """ "breadth and complexity are contradicted"."""
    one = len(names) == 1
    if verdict == "not enough evidence":
        return f"{_listed(names)} {'has' if one else 'have'} not enough evidence"
    return f"{_listed(names)} {'is' if one else 'are'} {verdict}"


def clear(e: Estimate) -> bool:
    """Whether the interval leaves out zero."""
    return e.low is not None and e.high is not None and (e.low > 0 or e.high < 0)


def share_range(m: Methods) -> str:
    """ "9 to 34 %" of the gap, over all methods."""
    low, high = (number(100 * x) for x in m.shares)
    return f"{low} %" if low == high else f"{low} to {high} %"


def step_sentence(c: Comparison, s: Step) -> str:
    """One plain sentence on one factor."""
    rise = percent(s.part)
    doubt = "" if clear(s.part) else "; the interval holds zero, so it may be nothing"
    name = capital(factor(s.factor))
    if not s.category or s.share_a is None or s.share_b is None:
        return f"{name}: {rise} of pay{doubt}."
    a, b = number(100 * s.share_a), number(100 * s.share_b)
    return (
        f"{name}: {a} % of the {c.a.label} records say {s.category}, "
        f"{b} % of the {c.b.label} ones. "
        f"With all else equal, such differences are worth {rise}{doubt}."
    )


def unexplained_sentence(w: Why) -> str:
    """What remains, and what that does not mean."""
    if isinstance(w.waterfall, Short):
        return "All of the gap remains: nothing here could be held equal."
    rest = facing_from_b(w.comparison, w.waterfall.steps[-1].part)
    higher, lower = lead(w.comparison)
    doubt = "" if clear(rest) else ", which may be nothing"
    return (
        f"Between {lower.plural} and {higher.plural} alike in all of that, {percent(rest)} "
        f"remains{doubt}. It is not accounted for by what was measured; it is no finding "
        "about its cause."
    )


def facing_from_b(c: Comparison, e: Estimate) -> Estimate:
    """A part told from A to B, as the higher role over the lower one."""
    return facing(c, -e)


def methods_sentence(c: Comparison, m: Methods) -> str:
    """From .. to .. % accounted for, and the records without a like."""
    told = ""
    if clear(c.gap):
        told = f"By {len(m.methods)} methods and references, {share_range(m)} is accounted for."
    if m.off_a is None or m.off_b is None:
        return told
    a, b = (number(100 * e.value) for e in (m.off_a, m.off_b))
    return (
        f"{told} No comparable record of the other role: {a} % of the {c.a.label} records, {b} % "
        f"of the {c.b.label} ones; exact matching leaves those out{_outside(c, m)}."
    ).strip()


def _outside(c: Comparison, m: Methods) -> str:
    """What the records without a like add to the gap, if that can be said as a share."""
    found = [x.off_support for x in m.methods if x.off_support is not None]
    if not found or not clear(c.gap):
        return ""
    return f", with {number(100 * found[0] / m.methods[0].gap.value)} % of the gap that they make"


def ranges_sentence(c: Comparison, r: RangeCheck) -> str:
    """Whether the end of the range that is taken matters."""
    names = {"low": "low end", "mid": "midpoint", "high": "high end"}
    ends = ", ".join(
        f"{names[k]} {signed(facing(c, e).percent.value)} %" for k, e in r.ends.items()
    )
    whole = percent(facing(c, r.interval))
    verdict = "all of one sign" if r.agree else "the sign depends on it"
    return f"{capital(ends)}; pay anywhere in its range (interval regression) {whole}: {verdict}."


def curve_sentence(c: Comparison, s: SpecificationCurve) -> str:
    """Of .. specifications, .. show whom higher, from .. to .. %."""
    higher, lower = lead(c)
    on_side = s.positive if c.gap.value >= 0 else s.negative
    sure = s.clear[0 if c.gap.value >= 0 else 1]
    found = sorted(facing(c, r.gap).percent.value for r in (s.lowest, s.highest))
    return (
        f"Of {len(s.runs)} defensible specifications, {on_side} show {higher.label} higher than "
        f"{lower.label}, {sure} of them clearly; from {signed(found[0])} to {signed(found[1])} %."
    )


def hidden_sentences(h: HiddenFactor) -> Iterator[str]:
    """What an unmeasured factor would have to be, and what one as strong as a known one leaves."""
    yield (
        f"A factor that nobody recorded would have to account for {100 * h.robustness:.0f} % of "
        "what is left of both role and pay to take the remaining gap away."
    )
    for b in (b for b in h.benchmarks if b.times == 1 and b.left is not None):
        left = 100 * (b.left or 0.0)
        if left < 0:
            yield f"One as strong as {factor(b.factor)} would turn it round."
        else:
            yield f"One as strong as {factor(b.factor)} would leave {left:.0f} % of it."


def statistic_name(label: str) -> str:
    """A statistic as a reader says it."""
    return {"p50": "median", "gini": "Gini of pay"}.get(label, label)


def statistic_gap(label: str, e: Estimate) -> str:
    """A gap in it: in percent of pay, or in its own unit."""
    return log_points(e) if label in ("variance", "gini") else percent(e)


def statistics_note(w: Why) -> str:
    """How the table was made, and why some intervals are missing."""
    reasons = [
        s.gap.method.removeprefix("no interval: ")
        for s in w.statistics.values()
        if isinstance(s, AtStatistic) and s.gap.low is None
    ]
    missing = f" Without an interval: {reasons[0]}." if reasons else ""
    return f"By RIF regressions. Variance is of log pay.{missing}"


def influence_sentence(c: Comparison, kind: str, i: Influence) -> str:
    """Whether one unit carries the answer."""
    if i.lowest is None or i.highest is None:
        return f"Without one {kind}: none can be left out."
    ends = sorted(_turned(c, x.gap) for x in (i.lowest, i.highest))
    flips = "none turns" if not i.flips else f"{i.flips} turn{'s' if i.flips == 1 else ''}"
    lines = i.kind if kind == "employer" else kind
    return (
        f"Without any one {lines} (of {i.units:,}): {signed(ends[0])} to {signed(ends[1])} %; "
        f"{flips} the sign."
    )


def _turned(c: Comparison, gap: float) -> float:
    return facing(c, Estimate(gap)).percent.value
