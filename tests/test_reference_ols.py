"""Least squares agrees with R's lm, sandwich, clubSandwich and survey, by row and by cell."""

from __future__ import annotations

import gzip

import numpy as np
import polars as pl
import pytest

from rolediff.stats import table as tables
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.design import CONSTANT
from rolediff.stats.ols import GROUP, group_gap, ols
from rolediff.stats.table import Model, collapse

FACTORS = ("union", "education", "experience", "married", "nonwhite", "year")
BASES = {"education": "High School", "experience": "20-24"}
POINT = {"rtol": 1e-8, "atol": 1e-11}


@pytest.fixture(scope="module")
def men(shared):
    with gzip.open(shared / "data/decomposition/men8305.csv.gz") as file:
        frame = pl.read_csv(file.read())
    first = [pl.col(c).replace({base: f" {base}"}) for c, base in BASES.items()]
    return frame.with_columns(
        *first,
        side=pl.Series(np.arange(len(frame)) % 2),
        both=pl.concat_str("education", "experience"),
    )


@pytest.fixture(scope="module")
def expected(reference):
    return reference("r_ols_vcov_men8305")


def by_row(frame, weight=None, cluster=None):
    coded = [frame[c].cast(pl.Enum(frame[c].unique().sort())) for c in FACTORS]
    return from_rows(
        frame["wage"].log().to_numpy(),
        frame["side"].to_numpy() == 0,
        [Factor(c.name, tuple(c.dtype.categories)) for c in coded],
        np.stack([c.to_physical().to_numpy() for c in coded], axis=1).astype(np.int64),
        weight=frame[weight].to_numpy() if weight else None,
        cluster=frame[cluster].rank("dense").to_numpy().astype(np.int64) - 1 if cluster else None,
    )


def by_cell(frame, weight=None, cluster=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "FEW", 0)
        question = Model("wage", "side", 0, 1, FACTORS, weights=weight, cluster=cluster, log=True)
        cells, _ = collapse(frame, question)
    assert len(cells) < len(frame) / 3
    return cells


@pytest.fixture(params=[by_row, by_cell], ids=["rows", "cells"])
def cells_of(request):
    return request.param


def agree(fit, answer, vcov, coef):
    """Coefficients to 1e-8, the covariance matrix to 1e-6, in R's order of names."""
    names = ["(Intercept)" if t == CONSTANT else f"{t.factor}{t.label}" for t in fit.terms]
    at = [names.index(name) for name in coef]
    np.testing.assert_allclose(fit.coef[at], list(coef.values()), **POINT)
    scale = np.sqrt(np.outer(*[np.diag(vcov)] * 2))
    np.testing.assert_allclose(answer[np.ix_(at, at)] / scale, np.array(vcov) / scale, atol=1e-6)


@pytest.mark.parametrize("kind", ["iid", "HC0", "HC1", "HC2", "HC3"])
def test_independent_rows(men, expected, cells_of, kind):
    fit = ols(cells_of(men), kind)
    assert fit.n == expected["n"]
    agree(fit, fit.vcov, expected[kind]["vcov"], expected["coef"])


@pytest.mark.parametrize(("kind", "block"), [("CR0", "CR0"), ("CR1", "CR1_stata")])
def test_clusters(men, expected, cells_of, kind, block):
    fit = ols(cells_of(men, cluster="both"), kind)
    assert fit.units == expected["n_clusters"]
    agree(fit, fit.vcov, expected[block]["vcov"], expected["coef"])


@pytest.mark.parametrize("kind", ["HC0", "HC1", "CR1"])
def test_sampling_weights(men, expected, cells_of, kind):
    fit = ols(cells_of(men, "weights", "both" if kind == "CR1" else None), kind)
    r = expected["pweight"]
    agree(fit, fit.vcov, r[kind]["vcov"], r["coef"])


def test_a_survey_design_is_hc0_with_n_over_n_less_one(men, expected, cells_of):
    fit = ols(cells_of(men, "weights"), "HC0")
    names = ["(Intercept)" if t == CONSTANT else f"{t.factor}{t.label}" for t in fit.terms]
    se = np.sqrt(np.diag(fit.vcov) * fit.n / (fit.n - 1))
    assert dict(zip(names, se, strict=True)) == pytest.approx(expected["svyglm"]["se"], rel=1e-6)


def test_two_way_clusters_by_inclusion_and_exclusion(men, expected, cells_of):
    fits = [ols(cells_of(men, cluster=c), "CR1") for c in ("education", "experience", "both")]
    V = fits[0].vcov + fits[1].vcov - fits[2].vcov
    r = np.array(expected["CR_twoway_education_experience"]["vcov"], dtype=float)
    names = ["(Intercept)" if t == CONSTANT else f"{t.factor}{t.label}" for t in fits[0].terms]
    at = [names.index(name) for name in expected["coef"]]
    np.testing.assert_allclose(V[np.ix_(at, at)], r, rtol=1e-6, atol=1e-9)


def test_jackknife_is_cr3_of_clubsandwich(table, reference):
    r = reference("r_cr2_cps1985")
    frame = table("cps1985.csv").with_columns(
        unionyes=(pl.col("union") == "yes").cast(int), job=pl.concat_str("occupation", "sector")
    )
    numeric = ("education", "experience", "unionyes")
    question = Model("wage", "gender", "female", "male", (), numeric, None, "job", True)
    cells, _ = collapse(frame, question)
    names = {CONSTANT: "(Intercept)", GROUP: "genderfemale"}
    g = r["n_clusters"]
    for kind, block, factor in (("CR0", "CR0", 1), ("CR1", "CR1S", 1), ("CV3", "CR3", g / (g - 1))):
        fit = ols(cells, kind, with_group=True)
        coef = dict(zip((names.get(t, t.factor) for t in fit.terms), fit.coef, strict=True))
        assert coef == pytest.approx(r["coef"], rel=1e-8)
        se = np.sqrt(factor * np.diag(fit.vcov))
        assert dict(zip(coef, se, strict=True)) == pytest.approx(r[block]["se"], rel=1e-6)
    assert group_gap(cells)[1] == pytest.approx(
        r["CR3"]["se"]["genderfemale"] * np.sqrt((g - 1) / g), rel=1e-6
    )
