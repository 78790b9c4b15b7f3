"""The rule from an interval to a verdict: by hand, and laws that hold whatever the figures."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rolediff.claims.amounts import (
    dollars,
    in_words,
    money_allowed,
    percent_allowed,
    quantity_allowed,
    share_allowed,
)
from rolediff.claims.drafts import Draft, measured
from rolediff.claims.ranking import among, partial_conjunction
from rolediff.claims.rule import (
    Allowed,
    Finding,
    Rule,
    adjusted,
    edge_p,
    enough,
    interval,
    set_against,
)
from rolediff.claims.verdict import of_parts, of_readings
from rolediff.errors import UsageError
from rolediff.read.rates import usd_per_unit
from rolediff.results import Amount, Estimate, Ruled

RULE = Rule()
FIGURES = st.floats(-1e3, 1e3)
ARMS = st.floats(1e-3, 1e3)


def estimate(value: float, below: float, above: float, **more: Any) -> Estimate:
    return Estimate(value, value - below, value + above, **{"n": 100} | more)


def verdict(e: Estimate, allowed: Allowed, rule: Rule = RULE, points: int = 1) -> Ruled:
    """The verdict on a point that is one of `points` alike."""
    draft = measured("part", "", e, allowed, rule, figure="it", claimed="so", evidence=())
    p = adjusted([draft.p] * points, rule)
    return draft.point(p[0], rule).verdict


# what an amount allows


def test_a_point_is_met_within_its_margin() -> None:
    point = Amount(100_000, 100_000, "USD", "year")
    assert money_allowed(point, RULE) == Allowed(90_000, pytest.approx(110_000))
    about = Amount(100_000, 100_000, "USD", "year", about=True)
    assert money_allowed(about, RULE) == Allowed(85_000, pytest.approx(115_000))


def test_a_range_is_stretched_and_an_open_one_is_not() -> None:
    assert money_allowed(Amount(120_000, 160_000, "USD"), RULE) == Allowed(114_000, 168_000)
    assert money_allowed(Amount(300_000, None, "USD"), RULE) == Allowed(300_000, math.inf)
    assert money_allowed(Amount(None, 300_000, "USD"), RULE) == Allowed(-math.inf, 300_000)
    loose = money_allowed(Amount(300_000, None, "USD", about=True), RULE)
    assert loose == Allowed(270_000, math.inf)


def test_a_percentage_is_met_within_points() -> None:
    assert percent_allowed(Amount(15, 15, "percent"), RULE) == Allowed(10, 20)
    assert percent_allowed(Amount(60, 60, "percent"), RULE) == Allowed(54, 66)
    assert percent_allowed(Amount(60, 60, "percent", about=True), RULE) == Allowed(51, 69)
    assert percent_allowed(Amount(90, None, "percent"), RULE) == Allowed(90, math.inf)


def test_a_share_that_reaches_an_end_of_the_scale_is_open_there() -> None:
    assert share_allowed(Amount(97, 97, "percent"), RULE) == Allowed(pytest.approx(0.873), math.inf)
    assert share_allowed(Amount(3, 3, "percent"), RULE) == Allowed(-math.inf, 0.08)


def test_words_for_a_quantity() -> None:
    assert quantity_allowed("most", RULE) == Allowed(0.5)
    assert quantity_allowed("few", RULE) == Allowed(high=0.25)
    assert quantity_allowed("", RULE) is None


def test_money_turns_into_dollars_a_year() -> None:
    import polars as pl

    keys = pl.DataFrame(
        {"pay_currency": ["EUR"], "posted": [None], "year": [2023]},
        schema={"pay_currency": pl.String, "posted": pl.Date, "year": pl.Int32},
    )
    rate = usd_per_unit(keys)[0]
    found = dollars(Amount(5_000, 6_000, "EUR", "month"), 2023)
    assert found is not None
    assert found.low == pytest.approx(5_000 * 12 * rate)
    assert found.high == pytest.approx(6_000 * 12 * rate)
    hourly = dollars(Amount(50, None, "USD", "hour"))
    assert hourly == Amount(104_000, None, "USD", "year")
    assert dollars(Amount(1, 1, "XXX")) is None


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (Allowed(114_000, 168_000), "114,000 to 168,000 %"),
        (Allowed(0.0), "above 0 %"),
        (Allowed(high=0.0), "below 0 %"),
        (Allowed(25), "25 % or more"),
        (Allowed(high=25), "25 % or less"),
        (Allowed(25).opposite, "below 25 %"),
        (Allowed(high=25).opposite, "above 25 %"),
        (Allowed(5, 15).opposite, "outside 5 to 15 %"),
    ],
)
def test_what_is_allowed_in_words(allowed: Allowed, words: str) -> None:
    assert in_words(allowed, "%") == words


# the verdict on a figure


def test_inside_outside_and_neither() -> None:
    allowed = Allowed(10, 20)
    assert verdict(estimate(15, 2, 2), allowed) == "supported"
    assert verdict(estimate(30, 2, 2), allowed) == "contradicted"
    assert verdict(estimate(19, 2, 2), allowed) == "not enough evidence"
    assert verdict(estimate(21, 2, 2), allowed) == "not enough evidence"


def test_a_denied_claim_is_turned_round() -> None:
    allowed = Allowed(10, 20).opposite
    assert verdict(estimate(15, 2, 2), allowed) == "contradicted"
    assert verdict(estimate(30, 2, 2), allowed) == "supported"
    assert verdict(estimate(11, 2, 2), allowed) == "not enough evidence"


def test_what_lies_outside_by_a_little_is_not_contradicted_among_many() -> None:
    e = estimate(22.2, 2, 2)  # z = 2.16 from the nearest figure allowed
    assert verdict(e, Allowed(10, 20)) == "contradicted"
    assert verdict(e, Allowed(10, 20), points=5) == "not enough evidence"
    assert verdict(e, Allowed(10, 20), Rule(holm=False), points=5) == "contradicted"


def test_fewer_than_the_least_records_are_never_judged() -> None:
    assert verdict(estimate(15, 1, 1, n=4), Allowed(10, 20)) == "not enough evidence"
    assert verdict(estimate(90, 1, 1, n=4), Allowed(10, 20)) == "not enough evidence"
    assert verdict(estimate(90, 1, 1, clusters=4), Allowed(10, 20)) == "not enough evidence"
    assert verdict(estimate(90, 1, 1, n=5, clusters=5), Allowed(10, 20)) == "contradicted"
    assert not enough(estimate(1, 1, 1, n=29), Rule(least=30))


def test_a_figure_without_an_interval_settles_nothing() -> None:
    assert verdict(Estimate(15, n=100), Allowed(10, 20)) == "not enough evidence"


def test_p_is_that_of_the_nearest_figure_allowed() -> None:
    from statistics import NormalDist

    e = estimate(30, 1.959964, 1.959964)  # a standard error of 1
    expected = 2 * (1 - NormalDist().cdf(2.5))
    assert set_against(e, Allowed(10, 27.5), RULE, log=False).p == pytest.approx(expected, rel=1e-4)
    assert set_against(e, Allowed(10, 40), RULE, log=False).p == 1.0


def test_p_with_few_degrees_of_freedom_is_that_of_t() -> None:
    from scipy.special import stdtr, stdtrit

    margin = float(stdtrit(6, 0.975))
    assert edge_p(2.0, 2.0 - margin, 2.0 + margin, 0.0, 6) == pytest.approx(2 * stdtr(6, -2.0))


def test_errors_of_money_are_errors_of_logs() -> None:
    e = Estimate(100_000, 80_000, 125_000, n=50)
    found = interval(e, 0.95, log=True)
    assert found is not None
    assert found == pytest.approx((math.log(1e5), math.log(8e4), math.log(1.25e5)))


def test_another_confidence_widens_the_interval() -> None:
    found = interval(estimate(0, 1, 2), 0.99)
    assert found is not None
    ratio = 2.5758293 / 1.9599640
    assert found == pytest.approx((0, -ratio, 2 * ratio), rel=1e-6)


def test_a_rule_refuses_what_is_no_share() -> None:
    with pytest.raises(UsageError, match="confidence"):
        Rule(confidence=95)
    with pytest.raises(UsageError, match="named"):
        Rule(named=25)
    with pytest.raises(UsageError, match="least"):
        Rule(least=1)


# laws

RANK = {"not enough evidence": 0, "supported": 1, "contradicted": 2}


@given(FIGURES, ARMS, ARMS, FIGURES, ARMS, st.booleans(), st.floats(1, 10), st.floats(1, 10))
def test_widening_an_interval_never_settles_anything(
    value: float, below: float, above: float, low: float, width: float, outside: bool,
    more_below: float, more_above: float,
) -> None:  # fmt: skip
    allowed = Allowed(low, low + width, outside)
    first = verdict(estimate(value, below, above), allowed)
    wider = verdict(estimate(value, below * more_below, above * more_above), allowed)
    assert wider in (first, "not enough evidence")


@given(FIGURES, ARMS, ARMS, st.floats(-1e3, 1e3), ARMS, st.booleans())
def test_turning_both_roles_and_the_sense_keeps_the_verdict(
    value: float, below: float, above: float, low: float, width: float, outside: bool
) -> None:
    e, allowed = estimate(value, below, above), Allowed(low, low + width, outside)
    assert verdict(e, allowed) == verdict(-e, allowed.mirrored)


@given(FIGURES, ARMS, ARMS, FIGURES, ARMS)
def test_a_claim_and_its_denial_have_opposite_verdicts(
    value: float, below: float, above: float, low: float, width: float
) -> None:
    e, allowed = estimate(value, below, above), Allowed(low, low + width)
    once = set_against(e, allowed, RULE, log=False)
    denied = set_against(e, allowed.opposite, RULE, log=False)
    assert (once.inside, once.beyond) == (denied.beyond, denied.inside)


@given(FIGURES, ARMS, ARMS, FIGURES)
def test_p_is_below_alpha_only_outside_the_interval(
    value: float, below: float, above: float, edge: float
) -> None:
    assume(edge != value)
    if edge_p(value, value - below, value + above, edge) < 0.05 - 1e-9:
        assert not value - below <= edge <= value + above


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12), st.floats(0, 1))
def test_holm_never_lowers_a_p_value_and_more_points_never_settle_more(
    p: list[float | None], another: float
) -> None:
    alone, more = adjusted(p, RULE), adjusted([*p, another], RULE)
    for before, after, longer in zip(p, alone, more, strict=False):
        if before is None:
            assert after is None
            continue
        assert after is not None
        assert longer is not None
        assert before <= after + 1e-12 <= 1 + 1e-9
        assert after <= longer + 1e-12


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_holm_keeps_the_order(p: list[float]) -> None:
    found = adjusted(list(p), RULE)
    pairs = sorted(zip(p, found, strict=True))
    values = [x for _, x in pairs if x is not None]
    assert values == sorted(values)


def test_holm_by_hand() -> None:
    assert adjusted([0.01, None, 0.04, 0.03], RULE) == pytest.approx([0.03, None, 0.06, 0.06])


# ranks


def test_a_partial_conjunction_by_hand() -> None:
    assert partial_conjunction([0.04, 0.01, 0.2], 1) == pytest.approx(0.03)
    assert partial_conjunction([0.04, 0.01, 0.2], 2) == pytest.approx(0.08)
    assert partial_conjunction([0.04, 0.01, 0.2], 3) == pytest.approx(0.2)


def shares_apart(*values: float, arm: float = 1.0) -> list[Estimate]:
    return [estimate(v, arm, arm) for v in values]


def test_the_largest_is_among_the_largest_where_it_stands_apart() -> None:
    values = shares_apart(50, 30, 20, 10)
    assert among(values, 0, 1, RULE) == Finding(True, False, 1.0)
    second = among(values, 1, 1, RULE)
    assert (second.inside, second.beyond) == (False, True)
    assert second.p is not None
    assert second.p < 1e-6
    assert among(values, 1, 2, RULE).inside
    assert among(values, 3, 2, RULE).beyond


def test_what_cannot_be_told_apart_has_no_place() -> None:
    values = shares_apart(50, 49, 48, 10)
    found = among(values, 0, 1, RULE)
    assert (found.inside, found.beyond) == (False, False)
    assert among(values, 3, 2, RULE).beyond
    assert among(values, 0, 3, RULE).inside


def test_a_place_among_all_there_are_says_nothing() -> None:
    assert among(shares_apart(3, 2, 1), 0, 3, RULE).p is None


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=7, unique=True), st.data())
def test_what_is_among_the_first_is_not_beyond_more(
    values: list[float], data: st.DataObject
) -> None:
    found = [estimate(v, 1, 1) for v in values]
    at = data.draw(st.integers(0, len(values) - 1))
    places = [among(found, at, k, RULE) for k in range(1, len(values))]
    firsts = [k for k, f in enumerate(places) if f.inside]
    beyond = [k for k, f in enumerate(places) if f.beyond]
    assert not firsts or not beyond or max(beyond) < min(firsts)


# parts


@pytest.mark.parametrize(
    ("verdicts", "readings", "parts"),
    [
        (["supported", "supported"], "supported", "supported"),
        (["supported", "contradicted"], "partly", "partly"),
        (["supported", "not enough evidence"], "supported", "partly"),
        (["contradicted", "not enough evidence"], "contradicted", "contradicted"),
        (["contradicted", "not testable with this data"], "contradicted", "contradicted"),
        (["not enough evidence", "not testable with this data"], "not enough evidence",
         "not enough evidence"),
        (["not testable with this data"], "not testable with this data",
         "not testable with this data"),
        (["partly", "contradicted"], "partly", "partly"),
        (["partly", "partly"], "partly", "partly"),
    ],
)  # fmt: skip
def test_verdicts_together(verdicts: list[Ruled], readings: Ruled, parts: Ruled) -> None:
    assert of_readings(verdicts) == readings
    assert of_parts(verdicts) == parts


def test_a_draft_without_a_test_keeps_its_verdict() -> None:
    draft = Draft("part", "reading", "why", fixed="not testable with this data")
    point = draft.point(None, RULE)
    assert (point.name, point.verdict, point.p) == ("part, reading", draft.fixed, None)
