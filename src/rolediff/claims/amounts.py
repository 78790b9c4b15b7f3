"""Figures that an article claims, as what they allow of an estimate."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl

from rolediff.claims.rule import Allowed, Rule
from rolediff.compare.brief_words import rounded
from rolediff.read.rates import latest_full_year, usd_per_unit
from rolediff.records import PER_YEAR
from rolediff.results import Amount, Claim


def loosened(claim: Claim) -> Amount | None:
    """The amount of a claim, a round one where the claim is hedged ("typically")."""
    if claim.amount is None or not claim.hedged:
        return claim.amount
    return replace(claim.amount, about=True)


def dollars(amount: Amount, year: int | None = None) -> Amount | None:
    """Money as US dollars a year, at the mean ECB rate of `year`; None without a rate.

    Without a year, of the last year that the table of rates covers. An amount whose period is not
    stated is a year's.
    """
    keys = {"pay_currency": [amount.unit], "posted": [None], "year": [year]}
    frame = pl.DataFrame(
        keys, schema={"pay_currency": pl.String, "posted": pl.Date, "year": pl.Int32}
    )
    rate = usd_per_unit(frame)[0]
    times = PER_YEAR.get(amount.period or "year")
    if rate is None or times is None:
        return None
    low, high = (None if x is None else x * times * float(rate) for x in (amount.low, amount.high))
    return Amount(low, high, "USD", "year", amount.about or amount.unit != "USD")


def money_allowed(amount: Amount, rule: Rule) -> Allowed:
    """What an amount of money allows: a point within a margin, a range stretched, or one side."""
    low, high = amount.low, amount.high
    if low is not None and low == high:
        margin = rule.about if amount.about else rule.point
        return Allowed(low * (1 - margin), low * (1 + margin))
    margin = rule.about_stretch if amount.about else rule.stretch
    if low is None or high is None:
        margin = margin if amount.about else 0.0
    return Allowed(
        -math.inf if low is None else low * (1 - margin),
        math.inf if high is None else high * (1 + margin),
    )


def percent_allowed(amount: Amount, rule: Rule) -> Allowed:
    """What a percentage allows, in percent: within some points, or one side of it."""
    low, high = amount.low, amount.high
    open_end = low is None or high is None
    exact = open_end and not amount.about
    return Allowed(
        -math.inf if low is None else low - (0.0 if exact else _points(low, amount, rule)),
        math.inf if high is None else high + (0.0 if exact else _points(high, amount, rule)),
    )


def _points(x: float, amount: Amount, rule: Rule) -> float:
    if amount.about:
        return max(rule.about_points, rule.about * abs(x))
    return max(rule.points, rule.point * abs(x))


def share_allowed(amount: Amount, rule: Rule) -> Allowed:
    """The same as a share from 0 to 1; what reaches an end of the scale is open there."""
    found = percent_allowed(amount, rule)
    low = -math.inf if found.low <= 0 else found.low / 100
    return Allowed(low, math.inf if found.high >= 100 else found.high / 100)


def quantity_allowed(quantity: str, rule: Rule) -> Allowed | None:
    """What "most", "few" and the like allow of a share; None for no such word."""
    return {
        "most": Allowed(rule.most),
        "majority": Allowed(rule.most),
        "all": Allowed(rule.every),
        "few": Allowed(high=rule.named),
        "none": Allowed(high=rule.none),
        "some": Allowed(rule.none),
    }.get(quantity)


def in_words(allowed: Allowed, unit: str = "", decimals: int = 0) -> str:
    """What is allowed: "114,000 to 168,000 US$", "above 0 %", "outside 5 to 15 %"."""
    unit = f" {unit}" if unit else ""
    low, high = (
        rounded(allowed.low, decimals) if math.isfinite(allowed.low) else "",
        rounded(allowed.high, decimals) if math.isfinite(allowed.high) else "",
    )
    if allowed.outside and not low:
        return f"above {high}{unit}"
    if allowed.outside and not high:
        return f"below {low}{unit}"
    if not allowed.outside and allowed.low == 0 and not high:
        return f"above 0{unit}"
    if not allowed.outside and allowed.high == 0 and not low:
        return f"below 0{unit}"
    if low and high:
        return f"{'outside ' * allowed.outside}{low} to {high}{unit}"
    return f"{low}{unit} or more" if low else f"{high}{unit} or less"


def shares_in_words(allowed: Allowed) -> str:
    """The same of shares, in percent."""
    scaled = Allowed(100 * allowed.low, 100 * allowed.high, allowed.outside)
    return in_words(scaled, "%")


def full_year() -> int:
    """The year whose mean rate turns an undated amount into dollars."""
    return latest_full_year()
