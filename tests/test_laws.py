"""Laws that hold whatever the data: of decompositions, and of markets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rolediff.compare.explain import explain
from rolediff.errors import NotEnoughEvidence
from rolediff.market import compress, merge, open_market, save
from rolediff.records import RECORDS, Source
from rolediff.results import PARTS, Estimate
from rolediff.stats.cells import Factor, from_rows

ERRORS = st.sampled_from(["iid", "HC0", "HC1", "robust", "cluster"])
few = settings(max_examples=40, deadline=None)


@st.composite
def cells(draw):
    """Two groups of 30 to 80 rows: a factor of three, a numeric covariate, weights, clusters."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, g = draw(st.integers(60, 160)), draw(st.sampled_from([8, 1000]))
    code, x = rng.integers(0, 3, n), rng.normal(5, 2, n)
    group = rng.random(n) < 0.5
    y = 3 + group + 0.3 * code + 0.1 * x * (1 + group) + rng.normal(0, 1, n)
    cluster = np.unique(rng.integers(0, g, n), return_inverse=True)[1]
    weight = rng.integers(1, 4, n).astype(float) if draw(st.booleans()) else None
    return from_rows(
        y, group, [Factor("f", ("a", "b", "c"))], code[:, None],
        numeric=x[:, None], numeric_names=("x",), weight=weight, cluster=cluster,
    )  # fmt: skip


def outcome(c):
    return c.wy / c.w


def with_outcome(c, y):
    return replace(
        c, wy=c.w * y, wyy=c.w * y * y, wwy=c.ww * y, wwyy=c.ww * y * y
    )  # fmt: skip


def numbers(d):
    """Every value and standard error of a decomposition, by name."""
    out = {}
    for name in ("gap", "mean_a", "mean_b", *PARTS):
        out[name] = getattr(d, name)
    for key, parts in d.terms.items():
        out |= {(*key, name): getattr(parts, name) for name in PARTS}
    for name, split in d.references.items():
        out |= {(name, "explained"): split.explained, (name, "unexplained"): split.unexplained}
    return {k: (e.value, e.se) for k, e in out.items()}


def assert_same(x, y, tolerance=1e-9):
    a, b = numbers(x), numbers(y)
    assert a.keys() == b.keys()
    np.testing.assert_allclose(list(a.values()), [b[k] for k in a], tolerance, tolerance)


@few
@given(cells(), ERRORS)
def test_parts_sum_to_the_whole_and_detail_to_parts(c, errors):
    d = explain(c, errors=errors)
    assert d.endowments.value + d.coefficients.value + d.interaction.value == (
        pytest.approx(d.gap.value, abs=1e-9)
    )
    for split in (d, *d.references.values()):
        assert split.explained.value + split.unexplained.value == pytest.approx(
            d.gap.value, abs=1e-9
        )
    for parts in (d.detail, d.terms):
        for name in PARTS:
            total = sum(getattr(p, name).value for p in parts.values())
            assert total == pytest.approx(getattr(d, name).value, abs=1e-9)


SWAPPED = {"A": "B", "B": "A", **{x: x for x in ("neumark", "pooled", "reimers", "cotton")}}


@few
@given(cells(), ERRORS)
def test_swapping_the_groups_negates(c, errors):
    d, s = explain(c, errors=errors), explain(replace(c, group=~c.group), errors=errors)
    assert (s.gap.value, s.gap.se) == pytest.approx((-d.gap.value, d.gap.se), abs=1e-9)
    for name, other in SWAPPED.items():
        for part in ("explained", "unexplained"):
            mine, theirs = getattr(d.references[name], part), getattr(s.references[other], part)
            assert theirs.value == pytest.approx(-mine.value, abs=1e-9)
            assert theirs.se == pytest.approx(mine.se, abs=1e-9)
    assert s.interaction.value == pytest.approx(d.interaction.value, abs=1e-9)


@few
@given(cells(), ERRORS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(c, errors, random):
    order = list(range(len(c)))
    random.shuffle(order)
    assert_same(explain(c, errors=errors), explain(c.take(np.array(order)), errors=errors))


@few
@given(cells(), ERRORS)
def test_splitting_a_cell_in_two_does_not_matter(c, errors):
    half = {name: getattr(c, name) / 2 for name in ("n", "w", "wy", "wyy", "ww", "wwy", "wwyy")}
    twice = replace(c, **half).take(np.repeat(np.arange(len(c)), 2))
    assert_same(explain(c, errors=errors), explain(twice, errors=errors))


@few
@given(cells(), st.permutations([0, 1, 2]), ERRORS)
def test_normalised_detail_does_not_depend_on_the_base(c, order, errors):
    labels = tuple("abc"[i] for i in order)
    codes = np.argsort(order)[c.codes]
    renamed = replace(c, factors=(Factor("f", labels),), codes=codes)
    assert_same(explain(c, errors=errors), explain(renamed, errors=errors))


@few
@given(cells(), st.floats(-50, 50), ERRORS)
def test_a_constant_added_to_the_outcome_moves_only_the_means(c, k, errors):
    d, moved = explain(c, errors=errors), explain(with_outcome(c, outcome(c) + k), errors=errors)
    assert moved.mean_a.value == pytest.approx(d.mean_a.value + k, abs=1e-8)
    x, y = numbers(d), numbers(moved)
    same = [key for key in x if key not in ("mean_a", "mean_b")]
    np.testing.assert_allclose([y[k] for k in same], [x[k] for k in same], 1e-7, 1e-7)


@few
@given(cells(), st.floats(0.1, 10), ERRORS)
def test_scaling_the_outcome_scales_every_part(c, k, errors):
    x = numbers(explain(c, errors=errors))
    y = numbers(explain(with_outcome(c, outcome(c) * k), errors=errors))
    np.testing.assert_allclose([y[i] for i in x], k * np.array([x[i] for i in x]), 1e-8, 1e-8)


@few
@given(cells(), st.sampled_from([1e-4, 0.5, -3.0, 1e4]), ERRORS)
def test_the_unit_of_a_covariate_does_not_matter(c, k, errors):
    assert_same(
        explain(c, errors=errors), explain(replace(c, numeric=c.numeric * k), errors=errors)
    )


@few
@given(cells(), st.floats(0.1, 10), ERRORS)
def test_weights_that_are_all_equal_do_nothing(c, k, errors):
    assume((c.w == 1).all())
    scaled = {name: getattr(c, name) * k for name in ("w", "wy", "wyy")}
    scaled |= {name: getattr(c, name) * k * k for name in ("ww", "wwy", "wwyy")}
    assert_same(explain(c, errors=errors), explain(replace(c, **scaled), errors=errors))


@few
@given(cells())
def test_reimers_is_midway_and_cotton_between_a_and_b(c):
    at = {k: v.explained.value for k, v in explain(c).references.items()}
    assert at["reimers"] == pytest.approx((at["A"] + at["B"]) / 2, abs=1e-9)
    assert min(at["A"], at["B"]) - 1e-9 <= at["cotton"] <= max(at["A"], at["B"]) + 1e-9


@few
@given(cells(), st.floats(0.5, 0.99))
def test_more_confidence_is_a_wider_interval(c, confidence):
    less, more = explain(c, confidence=confidence).gap, explain(c, confidence=0.995).gap
    assert more.low < less.low < less.value < less.high < more.high


@pytest.mark.parametrize("low_high", [(1.0, 2.0), (-2.0, -1.0)])
def test_an_estimate_outside_its_interval_is_refused(low_high):
    with pytest.raises(ValueError, match="outside its interval"):
        Estimate(0.0, *low_high)


def test_parts_that_do_not_sum_are_refused():
    rng = np.random.default_rng(1)
    d = explain(from_rows(rng.normal(size=40), np.arange(40) % 2 == 0))
    with pytest.raises(ValueError, match="the parts of gap sum"):
        replace(d, gap=Estimate(d.gap.value + 1))


# -- markets -------------------------------------------------------------------------------------

PAY = [(None, None, None), ("USD", 100_000.0, 150_000.0), ("EUR", 60_000.5, 60_000.5)]

row = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["one", "two"]),
        "title": st.sampled_from(["AI Engineer", "Senior ML Engineer", "Data Analyst II"]),
        "employer": st.sampled_from([None, "Acme", "Zeta"]),
        "country": st.sampled_from([None, "US", "DE"]),
        "posted": st.sampled_from([None, date(2024, 5, 1), date(2023, 1, 2)]),
        "pay": st.sampled_from(PAY),
    }
)


def records(rows):
    out = []
    for r in rows:
        currency, low, high = r["pay"]
        out.append(
            {
                **{k: v for k, v in r.items() if k != "pay"},
                "pay_low": low, "pay_high": high, "pay_currency": currency,
                "pay_source": currency and "field", "low": low, "high": high,
            }
        )  # fmt: skip
    return pl.DataFrame(
        [{name: r.get(name) for name in RECORDS} for r in out], schema=RECORDS, orient="row"
    )


def equal(x, y):
    return x.cells.equals(y.cells) and x.pay.equals(y.pay) and x.sources == y.sources


def parts(rows, names):
    """A market of `rows`, with the counts of its source."""
    return compress(records(rows), [Source(name, rows=len(rows)) for name in names])


@few
@given(st.lists(st.tuples(row, st.booleans()), min_size=1, max_size=40))
def test_compressing_parts_and_merging_is_compressing_all(pairs):
    left, right = ([r for r, side in pairs if side is x] for x in (True, False))
    both = parts(left + right, ["s"])
    assert equal(both, parts(left, ["s"]) + parts(right, ["s"]))
    assert len(both) == len(pairs)


@few
@given(*[st.lists(row, min_size=1, max_size=15)] * 3)
def test_merging_is_commutative_and_associative(x, y, z):
    a, b, c = parts(x, ["x"]), parts(y, ["y"]), parts(z, ["x"])
    assert equal(a + b, b + a)
    assert equal((a + b) + c, a + (b + c))
    assert equal(merge(a, b, c), a + b + c)


@few
@given(st.lists(row, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert equal(parts(rows, ["s"]), parts(shuffled, ["s"]))


@few
@given(st.lists(row, min_size=1, max_size=30))
def test_rows_of_a_market_are_its_records(rows):
    market = parts(rows, ["s"])
    assert market.rows()["n"].sum() == len(rows)
    paid = sum(r["pay"][0] is not None for r in rows)
    assert market.titles["n_pay"].sum() == paid


def test_saving_twice_gives_the_same_bytes(tmp_path):
    rng = np.random.default_rng(5)
    rows = [
        {"source": "s", "title": "AI Engineer", "country": ["US", "DE"][i % 2], "pay": PAY[i % 3]}
        for i in rng.permutation(50)
    ]
    first, again = tmp_path / "first", tmp_path / "again"
    save(parts(rows, ["s"]), first)
    save(parts(rows[::-1], ["s"]), again)
    for file in first.iterdir():
        assert file.read_bytes() == (again / file.name).read_bytes()
    assert equal(open_market(first), parts(rows, ["s"]))
    before = {f.name: f.read_bytes() for f in first.iterdir()}
    save(open_market(first), first)
    assert before == {f.name: f.read_bytes() for f in first.iterdir()}


def test_evidence_that_is_too_thin_is_an_error_not_a_number():
    with pytest.raises(NotEnoughEvidence):
        explain(from_rows(np.array([1.0, 2.0]), np.array([True, False])))
