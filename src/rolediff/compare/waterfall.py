"""From one role's typical pay to the other's, factor by factor."""

from __future__ import annotations

import math
from dataclasses import replace

from rolediff.results import Comparison, Decomposition, Estimate, Step, Waterfall
from rolediff.stats.cells import OTHER

REST = "not accounted for"


def waterfall(c: Comparison, why: Decomposition) -> Waterfall:
    """The parts of `why`, largest first, as steps from A's geometric mean pay to B's."""
    parts = {f: -p.explained for f, p in why.detail.items() if f != "(constant)"}
    order = sorted(parts, key=lambda f: (-abs(parts[f].value), f))
    level = why.mean_a.value
    steps: list[Step] = []
    for name in (*order, REST):
        part = -why.unexplained if name == REST else parts[name]
        before, level = level, level + part.value
        steps.append(_step(c, why, name, part, math.exp(before), math.exp(level)))
    return Waterfall(_money(why.mean_a), _money(why.mean_b), tuple(steps), why.reference)


def _step(
    c: Comparison, why: Decomposition, name: str, part: Estimate, before: float, after: float
) -> Step:
    if name == REST:
        return Step(name, part, before, after)
    category = _leading(why, name)
    if not category:
        return Step(name, part, before, after)
    shares = [role.shares.get(name, {}).get(category, 0.0) for role in (c.a, c.b)]
    return Step(name, part, before, after, category, *shares)


def _leading(why: Decomposition, name: str) -> str:
    """The category that contributes most in the direction of its factor, if one is by name."""
    whole = why.detail[name].explained.value
    inside = {
        label: parts.explained.value / whole
        for (factor, label), parts in why.terms.items()
        if factor == name and label and label != OTHER and whole
    }
    best = max(inside, key=lambda label: (inside[label], label), default="")
    return best if best and inside[best] > 0 else ""


def _money(log_pay: Estimate) -> Estimate:
    """A mean of logs as a geometric mean."""
    low = None if log_pay.low is None else math.exp(log_pay.low)
    high = None if log_pay.high is None else math.exp(log_pay.high)
    return replace(log_pay, value=math.exp(log_pay.value), low=low, high=high, se=None)
