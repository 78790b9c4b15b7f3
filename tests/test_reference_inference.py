"""R's survival, clubSandwich, lme4 and sensemakr agree to 1e-6 or better."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rolediff.stats.cr2 import ClusterRobust
from rolediff.stats.interval_regression import interval_regression
from rolediff.stats.linear import linear
from rolediff.stats.mixed import mixed_model
from rolediff.stats.sensitivity import (
    adjusted,
    bound,
    ordinary_se,
    partial_f,
    partial_r2,
    robustness_value,
)

TIGHT = {"rtol": 1e-6, "atol": 1e-9}


def columns(frame, *names):
    """A constant and these columns: numbers, `name^2`, or `name=value`."""
    out = [np.ones(len(frame))]
    for name in names:
        if "=" in name:
            column, _, value = name.partition("=")
            out.append((frame[column] == value).to_numpy().astype(float))
        else:
            base = frame[name.removesuffix("^2")].to_numpy().astype(float)
            out.append(base**2 if name.endswith("^2") else base)
    return np.stack(out, axis=1)


@pytest.fixture(scope="module")
def cps(table):
    return table("cps1985.csv")


# -- ranges --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def intervals(shared):
    frame = pl.read_csv(
        shared / "data/decomposition/cps1985_intervals.csv",
        null_values="NA",
        infer_schema_length=None,
    )
    low, high = (frame[c].cast(pl.Float64).fill_null(np.nan).to_numpy() for c in ("llo", "lhi"))
    X = columns(frame, "education", "experience", "experience^2", "gender=female", "union=yes")
    return low, high, X


def test_interval_regression(reference, intervals):
    expected, fit = reference("r_interval_cps1985"), interval_regression(*intervals)
    np.testing.assert_allclose(fit.coef, list(expected["coef"].values()), **TIGHT)
    np.testing.assert_allclose(fit.sigma, expected["scale"], **TIGHT)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.vcov)), list(expected["se"].values()), **TIGHT)
    assert fit.loglik == pytest.approx(expected["loglik"][1], abs=1e-7)
    low, high, X = intervals
    nothing = interval_regression(low, high, X[:, :1])
    assert nothing.loglik == pytest.approx(expected["loglik"][0], abs=1e-7)
    assert (fit.points, fit.left, fit.right) == (0, 53, 1)


def test_points_alone_are_least_squares(reference, intervals, shared):
    wage = pl.read_csv(
        shared / "data/decomposition/cps1985_intervals.csv", infer_schema_length=None
    )["wage"]
    y, X = np.log(wage.to_numpy()), intervals[2]
    fit, expected = interval_regression(y, y, X), reference("r_interval_cps1985")
    np.testing.assert_allclose(fit.coef, list(expected["exact_ols"].values()), **TIGHT)
    n, k = X.shape
    assert fit.sigma == pytest.approx(expected["exact_sigma"] * np.sqrt((n - k) / n), rel=1e-9)


# -- few clusters --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clustered(cps):
    X = columns(cps, "gender=female", "education", "experience", "union=yes")
    cluster = (cps["occupation"] + "." + cps["sector"]).to_numpy()
    return ClusterRobust(linear(X, cps["wage"].log().to_numpy(), cluster=cluster))


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S", "CR2", "CR3"])
def test_cluster_robust_covariance(reference, clustered, kind):
    expected = reference("r_cr2_cps1985")
    assert clustered.fit.clusters == expected["n_clusters"]
    np.testing.assert_allclose(clustered.fit.coef, list(expected["coef"].values()), **TIGHT)
    np.testing.assert_allclose(clustered.vcov(kind), expected[kind]["vcov"], **TIGHT)


def test_satterthwaite_degrees_of_freedom(reference, clustered):
    for j, row in enumerate(reference("r_cr2_cps1985")["CR2_satterthwaite"]):
        got = clustered.test(j)
        np.testing.assert_allclose(got, (row["beta"], row["SE"], row["df_Satt"]), **TIGHT)


# -- small cells ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def groups(cps):
    return pl.concat_str("occupation", "sector", "region", separator="."), cps


def fitted(groups, X, *, reml):
    label, cps = groups
    group = cps.select(label).to_series().to_numpy()
    return mixed_model(cps["wage"].log().to_numpy(), X, group, reml=reml), np.unique(group)


def test_random_intercepts(reference, groups):
    for name, reml in (("null_REML", True), ("null_ML", False)):
        expected = reference("r_lme4_cps1985")[name]
        fit, labels = fitted(groups, columns(groups[1]), reml=reml)
        assert fit.fixed[0] == pytest.approx(expected["fixef"]["(Intercept)"], rel=1e-6)
        assert fit.covariance[0, 0] == pytest.approx(expected["tau2"], rel=1e-6)
        assert fit.sigma2 == pytest.approx(expected["sigma2"], rel=1e-6)
        if reml:
            assert fit.criterion == pytest.approx(expected["reml"], abs=1e-7)
            for got, key in ((fit.effects[:, 0], "blup"), (fit.spread[:, 0, 0], "condVar")):
                np.testing.assert_allclose(got, [expected[key][x] for x in labels], **TIGHT)
        else:
            assert fit.loglik == pytest.approx(expected["logLik"], abs=1e-7)


def test_random_intercepts_with_covariates(reference, groups):
    expected = reference("r_lme4_cps1985")["cov_REML"]
    X = columns(groups[1], "gender=female", "education", "experience")
    fit, _ = fitted(groups, X, reml=True)
    np.testing.assert_allclose(fit.fixed, list(expected["fixef"].values()), **TIGHT)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.vcov)), list(expected["se"].values()), **TIGHT)
    assert fit.covariance[0, 0] == pytest.approx(expected["tau2"], rel=1e-6)


# -- hidden factors ------------------------------------------------------------------------------


def agrees(got, row):
    np.testing.assert_allclose(
        (got.value, got.se, got.t, got.low, got.high),
        [row[f"adjusted_{k}"] for k in ("estimate", "se", "t", "lower_CI", "upper_CI")],
        **TIGHT,
    )


@pytest.mark.parametrize("block", ["darfur", "cps1985_gender"])
def test_robustness_values(reference, block):
    row = reference("r_sensemakr")[block]["stats"][0]
    t, df = row["t_statistic"], row["dof"]
    assert robustness_value(t, df) == pytest.approx(row["rv_q"], rel=1e-9)
    assert robustness_value(t, df, alpha=0.05) == pytest.approx(row["rv_qa"], rel=1e-9)
    assert partial_r2(t, df) == pytest.approx(row["r2yd.x"], rel=1e-9)
    assert partial_f(t, df) ** 2 == pytest.approx(row["f2yd.x"], rel=1e-9)
    for b in reference("r_sensemakr")[block]["bounds"]:
        agrees(adjusted(row["estimate"], row["se"], df, b["r2dz.x"], b["r2yz.dx"]), b)


def test_benchmark_bounds(reference, cps):
    expected = reference("r_sensemakr")["cps1985_gender"]
    dummies = [
        f"{c}={v}"
        for c in ("union", "region", "occupation", "sector")
        for v in cps[c].unique().sort()[1:]
    ]
    X = columns(cps, "gender=female", "education", "experience", "experience^2", *dummies)
    fit, row = linear(X, cps["wage"].log().to_numpy()), expected["stats"][0]
    assert fit.coef[1] == pytest.approx(row["estimate"], rel=1e-9)
    assert ordinary_se(fit, 1) == pytest.approx(row["se"], rel=1e-9)
    for times, b in enumerate(expected["bounds"], 1):
        found = bound(fit, 1, [2], "education", times)
        assert found.r2dz == pytest.approx(b["r2dz.x"], rel=1e-9)
        assert found.r2yz == pytest.approx(b["r2yz.dx"], rel=1e-9)
        agrees(found.adjusted, b)
