"""The verbs for any table, against what a reader would work out by hand."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import polars as pl
import pytest

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.compare.accounting import account_sample
from rolediff.compare.found import Question, answering, find
from rolediff.compare.matched import match_sample
from rolediff.compare.pay import mean_gap
from rolediff.compare.reweighting import reweight_sample
from rolediff.compare.rif import explain_percentiles, explain_sample
from rolediff.compare.robust import robust_sample
from rolediff.compare.sample import Sample
from rolediff.market import load
from rolediff.stats import table as tables
from rolediff.stats.functional import statistic

ASK = {"outcome": "pay", "group": "role", "a": "A", "b": "B", "log": True}
FACTORS = ["level", "place"]


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(4)
    n = 900
    level, place = rng.integers(0, 3, n), rng.integers(0, 4, n)
    is_a = rng.random(n) < 0.2 + 0.15 * level
    is_a[(level == 0) & (place == 3)] = False
    log_pay = 4 + 0.2 * level + 0.1 * place + 0.1 * is_a * level + rng.normal(0, 0.3, n)
    return pl.DataFrame(
        {
            "pay": np.exp(log_pay).round(1),
            "role": np.where(is_a, "A", "B"),
            "level": np.array(["junior", "mid", "senior"])[level],
            "place": np.array(["north", "south", "east", "west"])[place],
            "years": level * 2.0 + rng.integers(0, 2, n),
            "firm": rng.integers(0, 60, n),
            "weight": rng.integers(1, 4, n),
        }
    )


def by_cell(frame):
    """Mean log pay and weight of every combination of level and place, by role."""
    w, y = pl.col("weight"), pl.col("pay").log()
    cells = frame.group_by("role", *FACTORS).agg(w=w.sum(), mean=(w * y).sum() / w.sum())
    a, b = (cells.filter(pl.col("role") == r) for r in "AB")
    return a.join(b, on=FACTORS, how="full", coalesce=True)


@pytest.mark.parametrize("reference", ["A", "B"])
def test_match_by_hand(frame, reference):
    got = rolediff.match(frame, **ASK, factors=FACTORS, weights="weight", reference=reference)
    cells = by_cell(frame)
    both = cells.drop_nulls(["mean", "mean_right"])
    a, b = (both[c].to_numpy() for c in ("mean", "mean_right"))
    share_a, share_b = (both[c].to_numpy() / both[c].sum() for c in ("w", "w_right"))
    values, shares = (a, share_b) if reference == "A" else (b, share_a)
    middle = values @ shares
    explained = a @ share_a - middle if reference == "A" else middle - b @ share_b
    unexplained = middle - b @ share_b if reference == "A" else a @ share_a - middle
    assert got.explained.value == pytest.approx(explained)
    assert got.unexplained.value == pytest.approx(unexplained)
    off_b = 1 - both["w_right"].sum() / cells["w_right"].sum()
    assert got.off_b.value == pytest.approx(off_b)
    assert got.off_a.value == got.only_a.value == 0
    assert got.combinations == (11, 12, 11)
    assert got.off_b.low < off_b < got.off_b.high


def test_reweighting_by_cell_by_hand(frame):
    """What B's median would be if each of B's cells were as common as among A."""
    got = rolediff.reweight(frame, **ASK, factors=FACTORS, method="cell", quantiles=[0.5])
    counts = frame.group_by("role", *FACTORS).len()
    of = {r: counts.filter(pl.col("role") == r) for r in "AB"}
    b = frame.filter(pl.col("role") == "B").join(of["B"], on=FACTORS)
    b = b.join(of["A"], on=FACTORS, suffix="_a").sort("pay")
    w = (b["len_a"] / b["len"]).to_numpy() * of["B"]["len"].sum() / of["A"]["len"].sum()
    h = 1 + (w.sum() - 1) / 2
    ranks = [np.floor(h), np.floor(h) + 1]
    at = [int(np.searchsorted(np.cumsum(w), r * (1 - 1e-12))) for r in ranks]
    low, high = np.log(b["pay"].to_numpy()[at])
    assert got["p50"].counterfactual.value == pytest.approx(low + (h % 1) * (high - low))
    assert got.off_b == pytest.approx(1 - len(b) / of["B"]["len"].sum())
    assert got.worst_balance < 1e-12
    assert got["p50"].off_support.value != 0


def test_account_by_hand(frame):
    """Base and full gaps are coefficients of two regressions, and what moves in between is each
    covariate's coefficients times its own gap."""
    got = rolediff.account(frame, **ASK, factors=FACTORS, numeric=["years"], held=["place"])
    y, d = np.log(frame["pay"].to_numpy()), (frame["role"] == "A").to_numpy().astype(float)
    dummies = frame.select(FACTORS).to_dummies(drop_first=True).to_numpy().astype(float)
    level, place = dummies[:, :2], dummies[:, 2:]
    one, years = np.ones((len(y), 1)), frame["years"].to_numpy()[:, None]
    Z = np.column_stack([d, one, place])
    X = np.column_stack([Z, level, years])
    full = np.linalg.lstsq(X, y)[0]
    assert got.base.value == pytest.approx(np.linalg.lstsq(Z, y)[0][0])
    assert got.full.value == pytest.approx(full[0])
    for name, columns in (("level", slice(5, 7)), ("years", slice(7, 8))):
        part = np.linalg.lstsq(Z, X[:, columns] @ full[columns])[0][0]
        assert got.moved[name].value == pytest.approx(part)
    assert list(got.moved) == ["level", "years"]


@pytest.mark.parametrize("held", [[], ["place"]])
def test_an_account_by_few_clusters_is_the_jackknife(frame, held):
    run = partial(rolediff.account, **ASK, factors=FACTORS, held=held, cluster="firm")
    got, firms = run(frame), frame["firm"].unique().to_list()
    without = [run(frame.filter(pl.col("firm") != firm)) for firm in firms]
    assert got.vcov == "CV3"
    for of in (lambda a: a.base, lambda a: a.full, lambda a: a.moved["level"]):
        change = np.array([of(a).value for a in without]) - of(got).value
        jackknife = np.sqrt(np.sum(change**2) * (len(firms) - 1) / len(firms))
        assert of(got).se == pytest.approx(jackknife, rel=1e-6)


def test_the_reweighted_decomposition_is_the_plain_one_where_groups_are_alike(frame):
    """With B a copy of A and paid 10 % less nothing is composition and nothing is error."""
    a = frame.filter(pl.col("role") == "A")
    twin = pl.concat([a, a.with_columns(role=pl.lit("B"), pay=pl.col("pay") * 0.9)])
    got = rolediff.decompose_reweighted(twin, **ASK, factors=FACTORS)
    assert got.total.structure.value == pytest.approx(-np.log(0.9))
    for part in ("composition", "specification_error", "reweighting_error"):
        assert getattr(got.total, part).value == pytest.approx(0, abs=1e-9)


QUESTIONS = {
    "quantile": partial(rolediff.decompose, quantile=0.5),
    "range": partial(rolediff.decompose, statistic="p90-p10"),
    "variance": partial(rolediff.decompose, statistic="variance"),
    "gini": partial(rolediff.decompose, statistic="gini"),
    "reweight": rolediff.reweight,
    "cells": partial(rolediff.reweight, method="cell"),
    "robust": partial(rolediff.decompose_reweighted, quantile=0.5),
    "match": rolediff.match,
    "account": rolediff.account,
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("cluster", [None, "firm"])
def test_grouped_rows_give_what_single_rows_do(frame, name, cluster, monkeypatch):
    ask = {**ASK, "factors": FACTORS, "weights": "weight", "cluster": cluster}
    by_row = QUESTIONS[name](frame, **ask).to_dict()
    monkeypatch.setattr(tables, "FEW", 0)
    grouped = QUESTIONS[name](frame, **ask).to_dict()

    def flat(x, path=()):
        if isinstance(x, dict):
            return {k: v for key, y in x.items() for k, v in flat(y, (*path, key)).items()}
        if isinstance(x, list):
            return {k: v for key, y in enumerate(x) for k, v in flat(y, (*path, key)).items()}
        return {path: x}

    ours, theirs = flat(by_row), flat(grouped)
    assert ours.keys() == theirs.keys()
    for key, x in ours.items():
        # Degrees of freedom take rows of one cell as of one weight.
        if key[-1] in ("low", "high", "se"):
            assert theirs[key] == pytest.approx(x, abs=2e-3), key
            continue
        assert theirs[key] == (pytest.approx(x, abs=1e-8) if isinstance(x, float) else x), key


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_question_gives_the_same_bytes(frame, name):
    ask = {**ASK, "factors": FACTORS, "numeric": ["years"]} if name != "match" else (
        {**ASK, "factors": FACTORS})  # fmt: skip
    first, second = (json.dumps(QUESTIONS[name](frame, **ask).to_dict()) for _ in range(2))
    assert first == second
    assert "A less B" in str(QUESTIONS[name](frame, **ask))


@pytest.mark.parametrize(
    ("verb", "wrong", "message"),
    [
        (rolediff.decompose, {"quantile": 1.5}, "not between 0 and 1"),
        (rolediff.decompose, {"quantile": 0.5, "statistic": "gini"}, "ask for one"),
        (rolediff.decompose, {"statistic": "mode"}, "no statistic 'mode'"),
        (rolediff.decompose, {"statistic": "p50-p50"}, "is no range"),
        (rolediff.decompose, {"quantile": 0.5, "ties": "up"}, "no rule for ties"),
        (rolediff.decompose, {"quantile": 0.5, "reference": "C"}, "no reference 'C'"),
        (rolediff.decompose, {"quantile": 0.5, "confidence": 95}, "is no share"),
        (rolediff.decompose, {"quantile": 0.5, "density": (1, (1, 2))}, "give 1 heights"),
        (rolediff.reweight, {"method": "magic"}, "no method 'magic'"),
        (rolediff.reweight, {"reference": "pooled"}, "makes A or B look"),
        (rolediff.reweight, {"interactions": ["level:age"]}, "an interaction joins"),
        (rolediff.reweight, {"steps": [["level"]]}, "steps name every factor once"),
        (rolediff.decompose_reweighted, {"reference": "pooled"}, "reference A or B"),
        (rolediff.decompose_reweighted, {"interactions": ["level"]}, "an interaction joins"),
        (rolediff.match, {"reference": "C"}, "pay of A or of B"),
        (rolediff.account, {"held": ["age"]}, "'age' is no covariate"),
    ],
)
def test_what_cannot_be_understood_is_refused(frame, verb, wrong, message):
    with pytest.raises(rolediff.UsageError, match=message):
        verb(frame, **{**ASK, "factors": FACTORS, **wrong})


def test_covariates_that_tell_the_groups_apart(frame):
    apart = frame.with_columns(place=pl.col("place") + pl.col("role"))
    with pytest.raises(rolediff.NotEnoughEvidence, match="tell the groups apart"):
        rolediff.reweight(apart, **ASK, factors=["place"])
    with pytest.raises(rolediff.NotEnoughEvidence, match="alike"):
        rolediff.match(apart, **ASK, factors=["place"])
    with pytest.raises(rolediff.NotEnoughEvidence, match="alike"):
        rolediff.reweight(apart, **ASK, factors=["place"], method="cell")


def test_no_interval_where_too_few_records_carry_it(frame):
    few = frame.head(60)
    got = rolediff.reweight(few, **ASK, factors=["level"], quantiles=[0.1, 0.5])
    assert got["p10"].gap.low is None
    assert "100 are needed" in got["p10"].gap.method
    assert got["mean"].gap.low is not None
    tail = rolediff.decompose(few, **ASK, factors=["level"], quantile=0.1)
    assert tail.detail["level"].explained.low is None
    assert tail.gap.value != 0
    firms = frame.with_columns(firm=pl.col("firm") % 6)
    clustered = rolediff.reweight(firms, **ASK, factors=["level"], cluster="firm")
    assert "10 clusters" in clustered["mean"].structure.method


@pytest.fixture(scope="module")
def sample():
    catalogue = Catalogue.load(None)
    question = Question(catalogue.resolve("AI Engineer"), catalogue.resolve("ML Engineer"))
    market = load(None).market
    question = answering(find(market, question), question)
    return Sample.of(find(market, question).rows)


def test_of_two_roles_in_the_bundled_market(sample):
    names = ["country", "level", "year"]
    at = explain_percentiles(sample, names, percentiles=(25, 50))
    assert at[50].gap.value < 0
    assert at[50].gap.low < at[50].gap.value < at[50].gap.high
    spread = explain_sample(sample, names, statistic(None, "gini", log=True))
    assert 0 < spread.value_a < 1
    d = reweight_sample(
        sample, names, [statistic(0.5), statistic()], steps=[["level"], ["country"], ["year"]]
    )
    assert d["mean"].gap.value == pytest.approx(mean_gap(sample).value)
    assert len(d["mean"].steps) == 3
    assert robust_sample(sample, names, statistic()).gap.value == pytest.approx(d["mean"].gap.value)
    m = match_sample(sample, names)
    assert m.gap.value == pytest.approx(d["mean"].gap.value)
    assert 0 < m.off_b.value < 0.5
    a = account_sample(sample, names, held=["country"])
    assert list(a.moved) == ["level", "year"]
    counted = sample.counted(True).quantile(0.5)
    assert d["p50"].value_a.value == pytest.approx(np.log(counted), abs=1e-9)
