"""Decompositions agree with R oaxaca, R ddecompose, Stata's delta method and statsmodels."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import polars as pl
import pytest

from rolediff.compare.decompose import decompose
from rolediff.compare.explain import report_coding
from rolediff.stats.joint import joint
from rolediff.stats.table import Model, collapse

POINT = {"rel": 1e-8, "abs": 1e-11}
ERROR = {"rel": 1e-6, "abs": 1e-9}
THREE = ("endowments", "coefficients", "interaction")
R_WEIGHTS = ("B", "A", "reimers", "cotton", "neumark", "pooled")
"""R oaxaca's weights 0, 1, 0.5, n_A / N, -1 and -2, in its order."""

JANN = {"outcome": "lnwage", "group": "female", "a": 0, "b": 1}
JANN_TERMS = ("educ", "exper", "tenure", "(constant)")
OCCUPATIONS = ("technical", "services", "office", "sales", "management")


def near(expected, **tolerance):
    return pytest.approx(expected, **(tolerance or POINT))


def name_of(r_name):
    return "(constant)" if r_name == "(Intercept)" else r_name


# -- R oaxaca ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chicago(table, reference):
    numeric = ["age", "female", "LTHS", "some.college", "college", "advanced.degree"]
    run = partial(
        decompose, table("chicago.csv"), outcome="ln.real.wage", group="foreign.born", a=0, b=1,
        numeric=numeric,
    )  # fmt: skip
    return run, reference("r_oaxaca_chicago")["result"]


@pytest.fixture(scope="module")
def cps(table, reference):
    frame = table("cps1985.csv").with_columns(
        unionyes=(pl.col("union") == "yes").cast(int),
        south=(pl.col("region") == "south").cast(int),
        **{name: (pl.col("occupation") == name).cast(int) for name in OCCUPATIONS},
    )
    numeric = ["education", "experience", "unionyes", "south"]
    question = {"outcome": "wage", "group": "gender", "a": "male", "b": "female", "log": True}
    dummies = partial(decompose, frame, **question, numeric=[*numeric, *OCCUPATIONS])
    factor = partial(decompose, frame, **question, numeric=numeric, factors=["occupation"])
    return dummies, factor, reference("r_oaxaca_cps1985")


@pytest.fixture(params=["chicago", "cps"])
def oaxaca(request):
    """A decomposition to be asked for, and what R oaxaca says."""
    if request.param == "chicago":
        return request.getfixturevalue("chicago")
    dummies, _, answers = request.getfixturevalue("cps")
    return dummies, answers["result"]


def test_oaxaca_sizes_means_and_coefficients(oaxaca):
    run, r = oaxaca
    got = run()
    assert got.gap.n == r["n"]["n.pooled"]
    assert got.mean_a.value == near(r["y"]["y.A"])
    assert got.mean_b.value == near(r["y"]["y.B"])
    for side, coef in (("A", got.coef_a), ("B", got.coef_b)):
        expected = {(name_of(k), ""): v for k, v in r["beta"][side].items()}
        assert coef == near(expected)


def test_oaxaca_means_of_covariates(cps):
    dummies, _, answers = cps
    frame, r = dummies.args[0], answers["result"]
    numeric = tuple(dummies.keywords["numeric"])
    cells, _ = collapse(frame, Model("wage", "gender", "male", "female", (), numeric))
    fitted = joint(cells, "iid")
    terms, _, R = report_coding(fitted.design, False)
    for side, at in (("A", 0), ("B", 2)):
        means = R @ fitted.theta.reshape(6, -1)[at]
        assert {t.factor: m for t, m in zip(terms, means, strict=True)} == near(
            {name_of(k): v for k, v in r["x_mean"][side].items()}
        )


def test_oaxaca_threefold_overall_and_by_variable(oaxaca):
    run, r = oaxaca
    got = run()
    for part in THREE:
        assert getattr(got, part).value == near(r["threefold"]["overall"][f"coef({part})"])
        for variable, row in r["threefold"]["variables"].items():
            value = getattr(got.detail[name_of(variable)], part).value
            assert value == near(row[f"coef({part})"])


@pytest.mark.parametrize("at", range(6), ids=R_WEIGHTS)
def test_oaxaca_twofold_overall_and_by_variable(oaxaca, at):
    run, r = oaxaca
    got = run().references[R_WEIGHTS[at]]
    overall = r["twofold"]["overall"][at]
    assert got.explained.value == near(overall["coef(explained)"])
    assert got.unexplained.value == near(overall["coef(unexplained)"])
    for variable, row in r["twofold"]["variables"][at].items():
        explained, unexplained = got.detail[name_of(variable)]
        assert explained.value == near(row["coef(explained)"])
        assert unexplained.value == near(row["coef(unexplained)"])


def test_oaxaca_bootstrap_errors_are_like_ours(oaxaca):
    run, r = oaxaca
    got = run()
    for part in THREE:
        se = r["threefold"]["overall"][f"se({part})"]
        assert getattr(got, part).se == near(se, rel=0.25)
    for name, row in zip(R_WEIGHTS, r["twofold"]["overall"], strict=True):
        assert got.references[name].explained.se == near(row["se(explained)"], rel=0.25)


@pytest.mark.parametrize("at", range(6), ids=R_WEIGHTS)
def test_oaxaca_normalised_occupation(cps, at):
    """R leaves the coefficients of weight -2 un-normalised, which misplaces its detail by
    category; sums over the categories, and all else, are right even then."""
    _, factor, answers = cps
    r = answers["result_normalised_occupation"]
    got = factor(reference=R_WEIGHTS[at])
    rows = {
        ("occupation", "worker") if k == "(Base)" else
        ("occupation", k) if k in OCCUPATIONS else (name_of(k), ""): v
        for k, v in r["twofold"]["variables"][at].items()
    }  # fmt: skip
    for part in ("explained", "unexplained"):
        theirs = {k: v[f"coef({part})"] for k, v in rows.items()}
        ours = {k: getattr(v, part).value for k, v in got.terms.items()}
        if R_WEIGHTS[at] == "pooled":
            assert near(sum(v for k, v in theirs.items() if k[0] == "occupation")) == (
                getattr(got.detail["occupation"], part).value
            )
            theirs, ours = ({k: v for k, v in x.items() if not k[1]} for x in (theirs, ours))
        assert ours == near(theirs)


# -- Stata's delta method ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def jann(table, reference):
    return partial(
        decompose, table("jann_oaxaca_sess.csv"), **JANN, numeric=JANN_TERMS[:3]
    ), reference("jann_oaxaca_delta")


@pytest.mark.parametrize("vcov", ["iid", "HC1"])
def test_jann_threefold_with_errors_of_the_detail(jann, vcov):
    run, r = jann
    got = run(vcov=vcov)
    assert (got.gap.value, got.gap.se) == near(tuple(r["diff"]), **ERROR)
    for part, row in r[f"threefold_{vcov}"].items():
        total = getattr(got, part)
        assert total.value == near(row["total"])
        assert total.se == near(row["se"], **ERROR)
        detail = [getattr(got.detail[k], part) for k in JANN_TERMS]
        assert [e.value for e in detail] == near(row["detail"])
        assert [e.se for e in detail] == near(row["detail_se"], **ERROR)


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("B", "w=0.0"),
        ("reimers", "w=0.5"),
        ("A", "w=1.0"),
        ("cotton", "cotton"),
        ("pooled", "pooled_with_group (Jann)"),
        ("neumark", "omega (Neumark)"),
    ],
)
def test_jann_twofold_with_errors_of_the_detail(jann, name, block):
    run, r = jann
    row = r["twofold"][block]
    got = run(vcov="HC0" if "beta" in row else "iid").references[name]
    for i, part in enumerate(("explained", "unexplained")):
        total = getattr(got, part)
        assert total.value == near(row[part][0])
        assert total.se == near(row[part][1], **ERROR)
        detail = [got.detail[k][i] for k in JANN_TERMS]
        assert [e.value for e in detail] == near(row[f"{part}_detail"])
        assert [e.se for e in detail] == near(row[f"{part}_detail_se"], **ERROR)


# -- R ddecompose --------------------------------------------------------------------------------

BASE = "Primary, Constr., Utilities"
FACTORS = ("central_city", "msa", "region", "black", "hispanic", "education", "industry")
NUMERIC = (
    "age", "afqt", "family_responsibility", "years_worked_civilian", "years_worked_military",
    "part_time",
)  # fmt: skip
BLOCKS = {
    "female_ref": ("B", "iid", False),
    "male_ref": ("A", "iid", False),
    "female_ref_HC1": ("B", "HC1", False),
    "female_ref_normalised": ("B", "iid", True),
}


@pytest.fixture(scope="module")
def nlys(table):
    """With R's base of industry sorted first, where rolediff looks for it."""
    industry = pl.col("industry").str.replace(BASE, f" {BASE}", literal=True)
    return table("nlys00.csv").with_columns(industry, wage=pl.col("wage").log())


def r_key(factor, label):
    label = label.strip()
    return "(Intercept)" if factor == "(constant)" else f"{factor}{label}"


@pytest.mark.parametrize("block", BLOCKS)
def test_ddecompose_points(nlys, reference, block):
    name, vcov, normalize = BLOCKS[block]
    terms = reference("r_ddecompose_nlys00_ob")["result"][block]["ob_decompose"]["terms"]
    got = decompose(
        nlys, outcome="wage", group="female", a="no", b="yes", factors=FACTORS, numeric=NUMERIC,
        reference=name, vcov=vcov, normalize=normalize,
    )  # fmt: skip
    ours = {r_key(*k): v for k, v in got.terms.items()}
    assert got.gap.value == near(terms[0]["Observed_difference"])
    assert got.explained.value == near(terms[0]["Composition_effect"])
    assert got.unexplained.value == near(terms[0]["Structure_effect"])
    for row in terms[1:]:
        parts = ours[row["Variable"]]
        assert parts.explained.value == near(row["Composition_effect"])
        assert parts.unexplained.value == near(row["Structure_effect"])


@pytest.mark.parametrize("block", BLOCKS)
def test_ddecompose_errors_are_ours_and_a_trace(nlys, reference, block):
    """ddecompose takes the variance of a product of independent estimates in full, with
    sum(V_x V_b); the delta method, Stata's and ours, leaves out that term of second order."""
    name, vcov, normalize = BLOCKS[block]
    question = Model("wage", "female", "no", "yes", FACTORS, NUMERIC)
    fitted = joint(collapse(nlys, question)[0], vcov)
    terms, T, R = report_coding(fitted.design, normalize)
    p = fitted.design.width
    theta, V = fitted.theta.reshape(6, p), fitted.vcov.reshape(6, p, 6, p)
    mean, b = [R @ theta[i] for i in (0, 2)], [T @ theta[i] for i in (1, 3)]
    V_mean = [R @ V[i, :, i] @ R.T for i in (0, 2)]
    V_b = [T @ V[i, :, i] @ T.T for i in (1, 3)]
    ref, other = (0, 1) if name == "A" else (1, 0)

    def product(x, V_x, y, V_y):
        return np.outer(x, x) * V_y + np.outer(y, y) * V_x + V_x * V_y

    variances = {
        "Observed_difference": sum(product(mean[i], V_mean[i], b[i], V_b[i]) for i in (0, 1)),
        "Composition_effect": product(mean[0] - mean[1], sum(V_mean), b[ref], V_b[ref]),
        "Structure_effect": product(mean[other], V_mean[other], b[0] - b[1], sum(V_b)),
    }
    rows = {
        row["Variable"]: row
        for row in reference("r_ddecompose_nlys00_ob")["result"][block]["ob_decompose"]["se"]
    }
    for part, Q in variances.items():
        ours = {"Total": Q.sum()} | {
            r_key(t.factor, t.label): q for t, q in zip(terms, Q.diagonal(), strict=True)
        }
        for variable, row in rows.items():
            if row[part] is not None:
                assert math.sqrt(max(ours[variable], 0)) == near(row[part], **ERROR)


# -- statsmodels ---------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["ccard_OWNRENT", "chicago_foreign_born"])
def test_statsmodels(request, table, reference, data):
    r = reference("py_statsmodels_oaxaca")[data]
    if data.startswith("chicago"):
        got = request.getfixturevalue("chicago")[0]()
    else:
        numeric = ["AGE", "INCOME", "INCOMESQ"]
        got = decompose(
            table("sm_ccard.csv"), outcome="AVGEXP", group="OWNRENT", a=1, b=0, numeric=numeric
        )
    threefold = [getattr(got, part).value for part in (*THREE, "gap")]
    assert threefold == near(r["three_fold"])
    names = {"pooled": "pooled", "nuemark": "neumark", "reimers": "reimers"}
    names |= {"self_0": "B", "self_1": "A"}
    for theirs, ours in names.items():
        split = got.references[ours]
        values = [split.unexplained.value, split.explained.value, got.gap.value]
        assert values == near(r[f"two_fold_{theirs}"])
    a, b = (got.references[x].explained.value for x in "AB")
    assert 0.25 * a + 0.75 * b == near(r["two_fold_self_0.25"][1])
    cotton = got.references["cotton"].explained.value
    if data.startswith("ccard"):  # statsmodels swaps these groups, but not their sizes
        cotton = a + b - cotton
    assert cotton == near(r["two_fold_cotton"][1])
