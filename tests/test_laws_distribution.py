"""Laws of decompositions beyond the mean, of reweighting, matching and accounts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.compare.accounting import account_for
from rolediff.compare.explain import explain
from rolediff.compare.matched import matched
from rolediff.compare.reweighting import reweighted
from rolediff.compare.rif import explain_statistic
from rolediff.compare.robust import explain_robust
from rolediff.results import FOUR, MATCHED, PARTS, Estimate
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.functional import Statistic, statistic
from rolediff.stats.valued import valued

few = settings(max_examples=25, deadline=None)
MOMENTS = ("n", "w", "wy", "wyy", "ww", "wwy", "wwyy")
STATISTICS = (
    Statistic(), Statistic("quantile", (0.5,)), Statistic("range", (0.8, 0.3)),
    Statistic("variance"), Statistic("gini", log=True),
)  # fmt: skip
WHICH = st.sampled_from(STATISTICS)
METHODS = st.sampled_from(["logit", "cell"])
OTHER = {"A": "B", "B": "A"}


@st.composite
def cells(draw):
    """Two groups of 40 to 110 rows, outcomes on a grid; a factor of three and one of two."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, g = draw(st.integers(80, 220)), draw(st.sampled_from([None, 24]))
    codes = np.c_[rng.integers(0, 3, n), rng.integers(0, 2, n)]
    group = rng.random(n) < 0.5
    y = 3 + 0.2 * group + 0.3 * codes[:, 0] - 0.1 * codes[:, 1] + rng.normal(0, 0.5, n)
    cluster = None if g is None else np.unique(rng.integers(0, g, n), return_inverse=True)[1]
    weight = rng.integers(1, 4, n).astype(float) if draw(st.booleans()) else None
    factors = [Factor("f", ("a", "b", "c")), Factor("h", ("u", "v"))]
    return from_rows(y.round(2), group, factors, codes, weight=weight, cluster=cluster)


def pairs(found):
    """Values and errors of nested answers, by path."""
    if isinstance(found, Estimate):
        return {(): (found.value, found.se or 0.0)}
    out = {}
    items = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in items:
        out |= {(key, *path): x for path, x in pairs(value).items()}
    return out


def rif(c, what=STATISTICS[1], **more):
    d = explain_statistic(valued(c), what, clustered=c.cluster is not None, **more)
    return {
        "total": {name: getattr(d, name) for name in ("gap", *PARTS)},
        "terms": {k: {n: getattr(p, n) for n in PARTS} for k, p in d.terms.items()},
        "references": {k: (r.explained, r.unexplained) for k, r in d.references.items()},
    }


def dfl(c, method="logit", reference="B"):
    d = reweighted(valued(c), STATISTICS, method=method, reference=reference)
    names = ("gap", "composition", "structure", "off_support")
    return {k: {name: getattr(s, name) for name in names} for k, s in d.splits.items()}


def robust(c, what=STATISTICS[0], method="logit", reference="B"):
    d = explain_robust(valued(c), what, method=method, reference=reference)
    return {
        "gap": d.gap,
        "total": {name: getattr(d.total, name) for name in FOUR},
        "terms": {k: {n: getattr(p, n) for n in FOUR} for k, p in d.terms.items()},
    }


def like(c, reference="B"):
    d = matched(c, reference=reference)
    return {name: getattr(d, name) for name in ("gap", *MATCHED, "off_a", "off_b")}


def entered(c):
    d = account_for(c, ["h"])
    return {"base": d.base, "full": d.full, **d.moved}


ASKED = {"rif": rif, "dfl": dfl, "robust": robust, "match": like, "account": entered}
EACH = st.sampled_from(sorted(ASKED))


def assert_same(x, y, tolerance=1e-7):
    a, b = pairs(x), pairs(y)
    assert a.keys() == b.keys()
    np.testing.assert_allclose(list(a.values()), [b[k] for k in a], tolerance, tolerance)


@few
@given(cells(), WHICH, METHODS, st.sampled_from("AB"))
def test_parts_sum_to_the_whole_and_detail_to_parts(c, what, method, reference):
    d = rif(c, what)["total"]
    assert d["explained"].value + d["unexplained"].value == pytest.approx(d["gap"].value)
    for s in dfl(c, method, reference).values():
        parts = s["composition"].value + s["structure"].value + s["off_support"].value
        assert parts == pytest.approx(s["gap"].value, abs=1e-9)
    r = robust(c, what, method, reference)
    for name in FOUR:
        total = sum(parts[name].value for parts in r["terms"].values())
        assert total == pytest.approx(r["total"][name].value, abs=1e-9)
    assert sum(e.value for e in r["total"].values()) == pytest.approx(r["gap"].value, abs=1e-9)
    m = like(c, reference)
    assert sum(m[name].value for name in MATCHED) == pytest.approx(m["gap"].value, abs=1e-9)
    a = entered(c)
    assert a["full"].value + a["f"].value == pytest.approx(a["base"].value, abs=1e-9)


@few
@given(cells(), WHICH, METHODS, st.sampled_from("AB"))
def test_swapping_the_groups_negates(c, what, method, reference):
    s, mirrored = replace(c, group=~c.group), OTHER[reference]

    def assert_negated(mine, theirs):
        assert theirs.value == pytest.approx(-mine.value, abs=1e-8)
        assert (theirs.se or 0) == pytest.approx(mine.se or 0, abs=1e-8)

    for key, parts in rif(c, what)["references"].items():
        other = OTHER.get(key, key)
        for mine, theirs in zip(parts, rif(s, what)["references"][other], strict=True):
            assert_negated(mine, theirs)
    ours, theirs = dfl(c, method, reference), dfl(s, method, mirrored)
    for label, parts in ours.items():
        for name, e in parts.items():
            assert_negated(e, theirs[label][name])
    ours, theirs = (robust(x, what, method, r)["total"] for x, r in ((c, reference), (s, mirrored)))
    for name in FOUR:
        assert_negated(ours[name], theirs[name])
    ours, theirs = like(c, reference), like(s, mirrored)
    swapped = {"only_a": "only_b", "only_b": "only_a"}
    for name in ("gap", *MATCHED):
        assert_negated(ours[name], theirs[swapped.get(name, name)])
    assert ours["off_a"] == theirs["off_b"]
    ours, theirs = entered(c), entered(s)
    for name, e in ours.items():
        assert_negated(e, theirs[name])


@few
@given(cells(), EACH, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(c, each, random):
    order = list(range(len(c)))
    random.shuffle(order)
    assert_same(ASKED[each](c), ASKED[each](c.take(np.array(order))))


@few
@given(cells(), EACH)
def test_splitting_a_cell_in_two_does_not_matter(c, each):
    half = {name: getattr(c, name) / 2 for name in MOMENTS}
    twice = replace(c, **half).take(np.repeat(np.arange(len(c)), 2))
    assert_same(ASKED[each](c), ASKED[each](twice))


@few
@given(cells(), EACH, st.sampled_from([1e-4, 7.0, 1e5]))
def test_the_unit_of_weights_does_not_matter(c, each, k):
    scaled = {name: getattr(c, name) * k for name in ("w", "wy", "wyy")}
    scaled |= {name: getattr(c, name) * k * k for name in ("ww", "wwy", "wwyy")}
    assert_same(ASKED[each](c), ASKED[each](replace(c, **scaled)))


@few
@given(cells(), EACH, st.permutations([0, 1, 2]))
def test_the_base_category_does_not_matter(c, each, order):
    codes = c.codes.copy()
    codes[:, 0] = np.argsort(order)[codes[:, 0]]
    factors = (Factor("f", tuple("abc"[i] for i in order)), c.factors[1])
    assert_same(ASKED[each](c), ASKED[each](replace(c, factors=factors, codes=codes)))


@few
@given(cells(), EACH, st.integers(0, 3))
def test_a_category_that_does_not_occur_does_not_matter(c, each, at):
    labels = [*"abc"]
    labels.insert(at, "empty")
    codes = c.codes.copy()
    codes[:, 0] += codes[:, 0] >= at
    wider = replace(c, factors=(Factor("f", tuple(labels)), c.factors[1]), codes=codes)
    ours = pairs(ASKED[each](c))
    theirs = {k: v for k, v in pairs(ASKED[each](wider)).items() if ("f", "empty") not in k}
    assert ours.keys() == theirs.keys()
    np.testing.assert_allclose(list(ours.values()), [theirs[k] for k in ours], 1e-7, 1e-7)


@few
@given(cells())
def test_a_rif_of_the_mean_is_the_mean(c):
    c = replace(c, cluster=None)
    ours, theirs = rif(c, Statistic()), explain(c, errors="robust")
    for name in PARTS:
        assert ours["total"][name].value == pytest.approx(getattr(theirs, name).value, abs=1e-9)
        assert ours["total"][name].se == pytest.approx(getattr(theirs, name).se, abs=1e-9)


@few
@given(cells())
def test_cells_balance_exactly_and_match_what_matching_finds(c):
    """At the mean, weights by cell are exact matching."""
    for reference in "AB":
        d = reweighted(valued(c), [Statistic()], method="cell", reference=reference)
        m = matched(c, reference=reference)
        assert d["mean"].composition.value == pytest.approx(m.explained.value, abs=1e-9)
        assert d["mean"].structure.value == pytest.approx(m.unexplained.value, abs=1e-9)
        if d.off_a == d.off_b == 0:
            assert d.worst_balance < 1e-9


@few
@given(cells())
def test_a_logit_saturated_in_cells_gives_the_weights_of_cells(c):
    if len(np.unique(c.codes[c.group] @ [2, 1])) + len(np.unique(c.codes[~c.group] @ [2, 1])) < 12:
        return
    lines = valued(c)
    full = reweighted(lines, STATISTICS, interactions=["f:h"])
    cell = reweighted(lines, STATISTICS, method="cell")
    for label, split in full.splits.items():
        other = cell[label].composition
        assert split.composition.value == pytest.approx(other.value, abs=1e-7)
        assert (split.composition.se or 0) == pytest.approx(other.se or 0, rel=1e-6, abs=1e-9)


@few
@given(cells())
def test_an_account_without_base_is_the_pooled_detail(c):
    got, pooled = account_for(c), explain(c).references["pooled"]
    assert got.full.value == pytest.approx(pooled.unexplained.value, abs=1e-9)
    for name, e in got.moved.items():
        assert e.value == pytest.approx(pooled.detail[name][0].value, abs=1e-9)


@few
@given(cells(), st.floats(0.05, 0.95))
def test_a_quantile_commutes_with_a_rising_function(c, p):
    what, lines = statistic(p), valued(c)
    at = lines.sorted_side(True)
    y, w = lines.y[at], np.round(lines.times[at] * 2)
    plain = np.repeat(y, w.astype(int))
    assert what.value(y, w) == pytest.approx(np.quantile(plain, p), abs=1e-12)
