"""A verdict on a reason, by an explicit rule on intervals."""

from __future__ import annotations

from collections.abc import Sequence

from rolediff.results import Estimate, Measure, Part, Short, Verdict


def judge(
    gap: Estimate, measures: Sequence[Measure | Short], part: Part | Short, testable: bool = True
) -> tuple[Verdict, str]:
    """Whether a reason is one for the role that is advertised higher, and what decided.

    Every difference and the part are turned so that above zero speaks for the reason. Clear means
    that the 95 % interval leaves out zero.

    - not testable with this data: no figure of it could exist here (`testable` False).
    - not enough evidence: the gap itself is not clear, or none of the following.
    - contradicted: a measure is clearly lower in the higher paid role and none clearly higher, or
      the part of the gap is clearly below zero.
    - supported: a measure is clearly higher there, none clearly lower, and the part is clearly
      above zero.
    """
    if not testable:
        return "not testable with this data", "nothing here records it"
    turn = sign(gap)
    if turn == 0:
        return "not enough evidence", "the gap itself is not clear"
    signs = [turn * sign(m.difference) for m in measures if isinstance(m, Measure)]
    pays = 0 if isinstance(part, Short) else turn * sign(part.part)
    return _ruled(signs, pays, part)


def _ruled(signs: Sequence[int], pays: int, part: Part | Short) -> tuple[Verdict, str]:
    more, less = signs.count(1), signs.count(-1)
    if less and not more:
        return "contradicted", "the role advertised higher has less of it"
    if pays < 0:
        return "contradicted", "what goes with it would turn the gap the other way"
    if more and pays > 0 and not less:
        return "supported", "the role advertised higher has more of it, and that goes with pay"
    return "not enough evidence", _open(signs, part)


def _open(signs: Sequence[int], part: Part | Short) -> str:
    if not signs:
        return "none of its measures has records enough"
    if 1 in signs and -1 in signs:
        return "its measures disagree"
    if 1 not in signs:
        return "no measure differs clearly between the roles"
    if isinstance(part, Short):
        return f"the roles differ, but what that is worth cannot be told: {part.reason}"
    return "the roles differ, but the part of the gap that goes with it is not clear"


def sign(e: Estimate) -> int:
    """1 or -1 where the interval lies wholly on that side of zero, else 0."""
    if e.low is None or e.high is None:
        return 0
    return (e.low > 0) - (e.high < 0)
