"""RIF regressions and reweighting agree with R rifreg, ddecompose and Hmisc."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pytest

import rolediff
from rolediff.stats import weighted
from rolediff.stats.density import bandwidth, density
from rolediff.stats.functional import Statistic, quantiles_and_heights
from rolediff.stats.ols import ols
from rolediff.stats.table import Model, collapse
from rolediff.stats.valued import valued

CLOSE = {"rel": 1e-6, "abs": 1e-8}
PROBS = (0.1, 0.25, 0.5, 0.75, 0.9)
DFL_ROWS = ("mean", "variance", "gini", "p90-p10", "p90-p50", "p50-p10")
FACTORS = ["central_city", "msa", "region", "black", "hispanic", "education", "industry"]
NUMERIC = [
    "age", "afqt", "family_responsibility", "years_worked_civilian", "years_worked_military",
    "part_time",
]  # fmt: skip
NLYS_INTERACTIONS = [
    "central_city:region", "msa:region", "black:education", "black:afqt", "hispanic:education",
    "hispanic:afqt", "family_responsibility:years_worked_civilian",
    "family_responsibility:years_worked_military", "part_time:industry",
]  # fmt: skip
MEN_INTERACTIONS = ["union:education", "union:experience", "education:experience"]


# -- quantiles and densities ---------------------------------------------------------------------


def test_weighted_quantiles(table, reference):
    wage = table("cps1985.csv")["wage"].to_numpy()
    weight = 1.0 + np.arange(1, len(wage) + 1) % 5
    order = np.argsort(wage, kind="stable")
    got = [weighted.quantile(wage[order], weight[order], p) for p in PROBS]
    assert got == pytest.approx(reference("r_quantiles_cps1985")["wtd_type_quantile"], rel=1e-12)


@pytest.fixture(scope="module")
def cps(table, reference):
    """Lines of log wages, and rifreg's answers."""
    frame = table("cps1985.csv").with_columns(
        half=pl.int_range(pl.len()) % 2,
        female=(pl.col("gender") == "female").cast(int),
        unionyes=(pl.col("union") == "yes").cast(int),
    )
    numeric = ("female", "education", "experience", "unionyes")
    cells, _ = collapse(frame, Model("wage", "half", 0, 1, (), numeric, log=True))
    return valued(cells), reference("r_rifreg_cps1985")


def density_of_r(y, q, width, n=512):
    """R's density(from = q, to = q): binned on a grid of 4 bandwidths around q, convolved by FFT.

    It is about 0.1 % high, as R's was before version 4.4.
    """
    low, high = q - 4 * width, q + 4 * width
    at = (y - low) / ((high - low) / (n - 1))
    left, part = np.floor(at).astype(int), at % 1
    bins = np.zeros(2 * n)
    for index, share in ((left, 1 - part), (left + 1, part)):
        inside = (index >= 0) & (index < n)
        np.add.at(bins, index[inside], share[inside] / len(y))
    grid = np.linspace(0, 2 * (high - low), 2 * n)
    grid[n + 1 :] = -grid[n - 1 : 0 : -1]
    kernel = np.exp(-0.5 * (grid / width) ** 2) / (width * np.sqrt(2 * np.pi))
    spectrum = np.fft.fft(bins) * np.conj(np.fft.fft(kernel))
    return float(np.interp(q, np.linspace(low, high, n), np.fft.ifft(spectrum).real[:n]))


def test_bandwidth_and_density(cps):
    lines, r = cps
    y, ones = np.sort(lines.y), np.ones(len(lines))
    for row in r["density_at_q"]:
        assert bandwidth(y, ones) == pytest.approx(row["bw"], rel=1e-12)
        assert weighted.quantile(y, ones, row["p"]) == pytest.approx(row["q"], rel=1e-12)
        assert density(y, ones, row["q"], row["bw"]) == pytest.approx(row["f"], rel=2e-3)


def test_density_is_that_of_the_rows_behind_the_counts():
    y, n = np.array([1.0, 2.0, 4.0, 7.0]), np.array([3.0, 1.0, 2.0, 5.0])
    rows = np.repeat(y, n.astype(int))
    one = np.ones(len(rows))
    assert bandwidth(y, n) == pytest.approx(bandwidth(rows, one))
    plain = np.exp(-0.5 * ((rows - 3) / 0.8) ** 2).mean() / (0.8 * np.sqrt(2 * np.pi))
    assert density(y, n, 3.0, 0.8) == pytest.approx(density(rows, one, 3.0, 0.8))
    assert density(y, n, 3.0, 0.8) == pytest.approx(plain, rel=1e-14)


# -- RIF regressions -----------------------------------------------------------------------------


def rif_regression(lines, p, f, ties):
    what = Statistic("quantile", (p,), ties=ties)
    order, rif = lines.order, np.empty(len(lines))
    rif[order] = what.rif(lines.y[order], lines.times[order], lines.rows[order], f)
    return ols(lines.with_outcome(rif)).coef


@pytest.mark.parametrize("at", range(3))
def test_rif_regression_given_the_density(cps, at):
    """rifreg takes the density on another grid than the one whose values are stored beside it:
    at p10 they agree to 2e-6, at the other two they are 2e-4 apart."""
    lines, r = cps
    row, expected = r["density_at_q"][at], np.array(r["estimates"])[:, at]
    f = np.array([density_of_r(lines.y, row["q"], row["bw"])])
    got = rif_regression(lines, row["p"], f, "15 digits")
    assert got == pytest.approx(expected, **CLOSE)
    assert row["f"] == pytest.approx(f[0], rel=3e-4)
    slopes = rif_regression(lines, row["p"], np.array([row["f"]]), "15 digits")[1:]
    assert slopes * row["f"] / f[0] == pytest.approx(expected[1:], **CLOSE)
    if at == 0:
        stored = rif_regression(lines, row["p"], np.array([row["f"]]), "15 digits")
        assert stored == pytest.approx(expected, abs=1e-6)


def test_slopes_with_our_own_density(cps):
    lines, r = cps
    for at, row in enumerate(r["density_at_q"]):
        got = rif_regression(lines, row["p"], None, "15 digits")[1:]
        assert got == pytest.approx(np.array(r["estimates"])[1:, at], rel=2e-3)


def test_rules_for_ties():
    """Three of ten values tie at the median: they count as below it, or not."""
    y = np.array([1.0, 2.0, 3.0, 5.0, 5.0, 5.0, 7.0, 8.0, 9.0, 10.0])
    ones, f = np.ones(10), np.array([0.5])
    rif = {t: Statistic("quantile", (0.5,), ties=t).rif(y, ones, ones, f) for t in
           ("at or below", "below", "15 digits")}  # fmt: skip
    assert rif["at or below"] == pytest.approx(5 + (0.5 - (y <= 5)) / 0.5)
    assert rif["below"] == pytest.approx(5 + (0.5 - (y < 5)) / 0.5)
    assert rif["15 digits"] == pytest.approx(rif["at or below"])
    logs = np.log(y * 1.7)
    q = weighted.quantile(logs, ones, 0.5)
    rounded = Statistic("quantile", (0.5,), ties="15 digits").rif(logs, ones, ones, f)
    assert (rounded < q).sum() == (6 if float(f"{q:.15g}") >= q else 3)


def test_a_density_can_be_given_to_decompose(table):
    frame = table("cps1985.csv")
    run = partial(rolediff.decompose, frame, outcome="wage", group="gender", a="male", b="female",
                  factors=["union"], numeric=["education"], log=True, quantile=0.5)  # fmt: skip
    own, double = run(), run(density=(1.0, 2.0))
    cells, _ = collapse(frame, Model("wage", "gender", "male", "female", log=True))
    lines = valued(cells)
    for side, got in ((True, own.coef_a), (False, own.coef_b)):
        at = lines.sorted_side(side)
        [(_, _, f)] = quantiles_and_heights((0.5,), lines.y[at], lines.times[at], lines.rows[at])
        given = double.coef_a if side else double.coef_b
        assert given["education", ""] * (1 if side else 2) == pytest.approx(
            got["education", ""] * f
        )


# -- reweighting ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nlys(table):
    return {
        "frame": table("nlys00.csv"), "outcome": "wage", "group": "female", "a": "no", "b": "yes",
        "log": True, "factors": FACTORS, "numeric": NUMERIC,
    }  # fmt: skip


@pytest.fixture(scope="module")
def men(table):
    return {
        "frame": table("men8305.csv.gz"), "outcome": "wage", "group": "year", "a": "2003-2005",
        "b": "1983-1985", "log": True, "factors": ["union", "education", "experience"],
        "weights": "weights", "interactions": MEN_INTERACTIONS,
    }  # fmt: skip


def assert_like_ddecompose(got, answers):
    """R integrates the Lorenz curve for its Gini coefficients by quadrature, to about 1e-5."""
    rows = {f"p{100 * row['probs']:g}": row for row in answers["dq"]}
    rows |= dict(zip(DFL_ROWS, answers["dother"], strict=False))
    for label, row in rows.items():
        split, near = got[label], 1.5e-5 if label == "gini" else 1e-8
        assert split.gap.value == pytest.approx(row["Observed difference"], abs=near)
        assert split.composition.value == pytest.approx(row["Composition effect"], abs=near)
        assert split.structure.value == pytest.approx(row["Structure effect"], abs=near)


def test_ddecompose_with_a_logit_on_many_covariates(nlys, reference):
    got = rolediff.reweight(**nlys, statistics=DFL_ROWS)
    assert_like_ddecompose(got, reference("r_ddecompose_dfl")["nlys00_all"])


def test_ddecompose_with_weights_and_interactions(men, reference):
    got = rolediff.reweight(**men, statistics=DFL_ROWS)
    assert_like_ddecompose(got, reference("r_ddecompose_dfl")["men8305_agg"])
    again = rolediff.reweight(
        **men | {"frame": men["frame"].with_columns(weights=pl.col("weights") * 1e4)}
    )
    for label, split in again.splits.items():
        assert split.composition.value == pytest.approx(got[label].composition.value, abs=1e-9)


def test_ddecompose_in_steps(men, reference):
    steps = [["education", "experience"], ["union"]]
    got = rolediff.reweight(**men, quantiles=(0.1, 0.5, 0.9), statistics=["mean"], steps=steps)
    r = reference("r_ddecompose_dfl")["men8305_sequential"]
    for row, split in zip([*r["dq"], *r["dother"]], got.splits.values(), strict=True):
        first, second = split.steps.values()
        assert first.value == pytest.approx(row["Comp. eff. X2"], abs=1e-8)
        assert second.value == pytest.approx(row["Comp. eff. X1|X2"], abs=1e-8)


def test_our_gini_is_exact_where_quadrature_is_not(table):
    """The Gini of n values by its definition, half the mean difference over the mean."""
    y = np.sort(table("cps1985.csv")["wage"].to_numpy())
    definition = np.abs(y[:, None] - y).mean() / (2 * y.mean())
    assert weighted.gini(y, np.ones(len(y))) == pytest.approx(definition, rel=1e-12)


def test_ddecompose_doubly_robust(nlys, reference):
    r = reference("r_ddecompose_nlys00_ob")["result"]["doubly_robust_male_ref"]
    rows = r["reweighted_ob_decompose"]["terms"]
    got = rolediff.decompose_reweighted(
        **nlys, reference="A", interactions=NLYS_INTERACTIONS, normalize=False
    )
    names = {
        "composition": "Composition_effect", "specification_error": "Specification_error",
        "structure": "Structure_effect", "reweighting_error": "Reweighting_error",
    }  # fmt: skip
    by_name = {row["Variable"]: row for row in rows}
    for ours, theirs in names.items():
        assert getattr(got.total, ours).value == pytest.approx(rows[0][theirs], abs=1e-8)
        for name in NUMERIC:
            value = getattr(got.detail[name], ours).value
            assert value == pytest.approx(by_name[name][theirs], abs=1e-8)
    for name in FACTORS:
        theirs = sum(row["Composition_effect"] for k, row in by_name.items() if k.startswith(name))
        assert got.detail[name].composition.value == pytest.approx(theirs, abs=1e-8)
