"""That an answer is approximate, where its market keeps pay only to within a bound."""

from __future__ import annotations

from rolediff.market import Market
from rolediff.market.bound import Bound, bound_of

Caveat = tuple[str, str]


def approximate(*markets: Market) -> tuple[Caveat, ...]:
    """The caveat of an answer from these markets, with the widest bound; none if pay is exact."""
    found = [bound for bound in map(bound_of, markets) if bound is not None]
    if not found:
        return ()
    return (("approximate", _sentence(max(found, key=lambda bound: bound.percent))),)


def _sentence(bound: Bound) -> str:
    share = bound.percent / 100
    return (
        f"Approximate: pay within ±{bound.percent:g} %. The market keeps each amount to within "
        "that, so a mean or a percentile of pay is off by as much at most, a ratio of two by "
        f"{100 * ((1 + share) ** 2 - 1):.3g} %, and records whose pay differs by less may count as "
        "alike."
    )
