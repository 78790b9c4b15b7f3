"""Influence functions are derivatives: nudge the weight of a row and all moves as they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.design import Design
from rolediff.stats.functional import Statistic
from rolediff.stats.gelbach import gelbach
from rolediff.stats.matching import matching
from rolediff.stats.reweight import reweighting
from rolediff.stats.rif import generated
from rolediff.stats.rif_joint import generated_joint
from rolediff.stats.robust import three_fits
from rolediff.stats.side import side_of
from rolediff.stats.units import unit_errors
from rolediff.stats.valuation import valuation
from rolediff.stats.valued import valued

N, ROWS, STEP = 240, range(0, 240, 24), 1e-4
SMOOTH = [Statistic(), Statistic("variance"), Statistic("gini", log=True), Statistic("gini")]
rng = np.random.default_rng(3)
CODE, X = rng.integers(0, 3, N), rng.normal(size=N)
GROUP = rng.random(N) < 0.45
Y = 1 + 0.3 * GROUP + 0.2 * CODE * (1 + GROUP) + 0.1 * X + rng.normal(0, 0.4, N)


def cells(weight, numeric=True):
    more = {"numeric": X[:, None], "numeric_names": ("x",)} if numeric else {}
    return from_rows(Y, GROUP, [Factor("f", ("a", "b", "c"))], CODE[:, None], weight=weight, **more)


def lines(weight, numeric=True):
    return valued(cells(weight, numeric), counted=True)


def moved(of, row):
    """Derivative of a function of all weights by that of one row."""
    up, down = np.ones(N), np.ones(N)
    up[row] += STEP
    down[row] -= STEP
    return (of(up) - of(down)) / (2 * STEP)


def fits_of(weight, what, scaled_as):
    """Means and coefficients of both groups in columns scaled as in a given design."""
    v = lines(weight)
    c = v.with_outcome(generated(v, what).r)
    sides = [side_of(Design(c, scaled_as.centre, scaled_as.scale), s) for s in (True, False)]
    return np.concatenate([x for s in sides for x in (s.mean, np.linalg.solve(s.gram, s.cross))])


@pytest.mark.parametrize("what", SMOOTH, ids=str)
def test_of_regressions_on_a_rif(what):
    v = lines(np.ones(N))
    g = generated(v, what)
    fitted = generated_joint(v, g, clustered=False)
    p = fitted.design.width
    design = fitted.design.matrix(slice(None))
    for row in ROWS:
        i = 0 if GROUP[row] else 1
        residuals = [1.0, *(g.r[row] - design[row] @ b[:p] - (b[p:].sum() if i == 0 else 0)
                            for b in fitted.coefs[i])]  # fmt: skip
        scores = np.concatenate([design[row] * r for r in residuals])
        added = fitted.maps[i].reshape(6 * p, 4, p)[:, 1:].sum(axis=1) @ g.loadings[1 - i].T
        influence = fitted.maps[i] @ scores + added @ g.z[row]
        expected = moved(lambda w: fits_of(w, what, fitted.design), row)
        assert influence[: 4 * p] == pytest.approx(expected, abs=2e-8)


def test_a_cluster_of_one_row_each_is_a_row():
    """The covariance by cluster and by row are one where clusters are rows, but for factors."""
    for what in (Statistic("quantile", (0.4,)), Statistic("range", (0.9, 0.2)), SMOOTH[2]):
        v = lines(np.ones(N))
        alone = replace(v, cells=replace(v.cells, cluster=np.arange(N)))
        by_row = generated_joint(v, generated(v, what), clustered=False)
        by_cluster = generated_joint(alone, generated(alone, what), clustered=True)
        assert not by_cluster.jackknife
        p = by_row.design.width
        n, sizes = N, {1: GROUP.sum(), 3: N - GROUP.sum()}
        for block, size in sizes.items():
            at = slice(block * p, (block + 1) * p)
            ours = by_row.vcov[at, at] * (size - p) / size
            theirs = by_cluster.vcov[at, at] * (n - 2 * p) / (n - 1) * (n - 1) / n
            assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("what", SMOOTH, ids=str)
@pytest.mark.parametrize("method", ["logit", "cell"])
@pytest.mark.parametrize("reference", [True, False])
def test_of_a_reweighted_group_weights_estimated(what, method, reference):
    def asked(weight):
        r = reweighting(lines(weight, method == "logit"), reference, method)
        at = r.v.sorted_side(reference)
        found = valuation(what, r.v, at, r.times)
        value, phi = found.value, found.phi
        every = np.zeros(N)
        every[at] = phi
        if what.kind == "variance":  # its influence is of the variance over sum w
            total = r.times.sum()
            value *= (total - 1) / total
        return value, r.influence(every)

    influence = asked(np.ones(N))[1]
    for row in ROWS:
        assert influence[row] == pytest.approx(moved(lambda w: asked(w)[0], row), abs=2e-8)


@pytest.mark.parametrize("what", SMOOTH, ids=str)
@pytest.mark.parametrize("reference", [True, False])
def test_of_three_regressions(what, reference):
    first = three_fits(reweighting(lines(np.ones(N)), reference), lines(np.ones(N)), what)
    scale, centre = first.design.design.scale[0], first.design.design.centre[0]

    def theta(weight):
        v = lines(weight)
        t = three_fits(reweighting(v, reference), v, what)
        d, out = t.design.design, []
        for fit in t.fits:
            mean, coef = fit.mean.copy(), fit.coef.copy()
            mean[-1] = (mean[-1] * d.scale[0] + d.centre[0] - centre) / scale
            coef[-1] *= scale / d.scale[0]
            coef[0] -= coef[-1] * (d.centre[0] - centre) / scale
            out += [mean, coef]
        return np.concatenate(out)

    influence = first.influence(np.eye(6 * first.design.width))
    for row in ROWS:
        assert influence[row] == pytest.approx(moved(theta, row), abs=2e-7)


def test_of_matching(monkeypatch):
    """Without the factors for small cells, which are no part of the derivative."""
    monkeypatch.setattr(
        "rolediff.stats.matching._Table._grown", lambda table: np.ones(len(table.units))
    )
    seen = {}

    def spy(c, influence, *, per_outcome, **rest):
        seen["all"] = influence + per_outcome * (c.wy / c.w)[:, None]
        return unit_errors(c, influence, per_outcome=per_outcome, **rest)

    monkeypatch.setattr("rolediff.stats.matching.unit_errors", spy)
    matching(cells(np.ones(N), False))
    influence = seen["all"]
    for row in ROWS:
        expected = moved(lambda w: matching(cells(w, False)).values, row)
        assert influence[row] == pytest.approx(expected, abs=1e-9)


def test_of_an_account():
    c = cells(np.ones(N))
    base, part = np.array([0, 1, 2]), np.array([-1, -1, -1, 0])
    alone = replace(c, cluster=np.arange(N))
    sandwich = gelbach(c, base, part, 1)
    values = [[moved(lambda w: gelbach(cells(w), base, part, 1).values, row)] for row in range(N)]
    plain = np.sqrt(np.sum(np.concatenate(values) ** 2, axis=0))
    assert sandwich.errors.se == pytest.approx(plain * np.sqrt(N / (N - 5)), rel=1e-6)
    assert gelbach(alone, base, part, 1).way == "CR1"
    by_cluster = gelbach(alone, base, part, 1).errors.se
    assert by_cluster == pytest.approx(sandwich.errors.se, rel=1e-6)
