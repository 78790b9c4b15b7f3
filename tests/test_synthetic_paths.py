"""Every way through `decompose`, on seeded data, against plain least squares written out here."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rolediff import errors
from rolediff.compare.decompose import decompose
from rolediff.compare.explain import REFERENCES, explain
from rolediff.stats import design, joint, table
from rolediff.stats.cells import from_rows, join_rare
from rolediff.stats.ols import GROUP, group_gap, ols
from rolediff.stats.table import Model, collapse

ASK = {"outcome": "pay", "group": "role", "a": "A", "b": "B"}
PATHS = {
    "factors": {"factors": ["level", "place"]},
    "numeric": {"numeric": ["years", "score"]},
    "mixed": {"factors": ["level", "place"], "numeric": ["years"]},
    "nothing": {},
    "weights": {"factors": ["level"], "numeric": ["years"], "weights": "w"},
    "log": {"factors": ["level", "place"], "log": True},
}


def made(n=900, seed=3):
    """Rows of two roles: levels, places, years of experience, a score, weights, employers."""
    rng = np.random.default_rng(seed)
    role = rng.random(n) < 0.45
    level = rng.choice(4, n, p=[0.3, 0.4, 0.2, 0.1])
    years = np.round(rng.gamma(3, 2, n) + level, 1)
    employer = rng.integers(0, 120, n)
    noise = rng.normal(0, 0.15 + 0.05 * level) + rng.normal(0, 0.1, 120)[employer]
    pay = np.exp(11 + 0.1 * role + 0.12 * level + 0.02 * years + noise)
    return pl.DataFrame(
        {
            "role": np.where(role, "A", "B"),
            "level": np.array(["mid", "junior", "senior", "lead"])[level],
            "place": rng.choice(["DE", "FR", "US"], n),
            "years": years,
            "score": rng.integers(0, 6, n),
            "w": rng.integers(1, 5, n) / 2,
            "employer": employer,
            "pay": pay,
        }
    )


FRAME = made()


def dense(frame, factors=(), numeric=(), weights=None, log=False):
    """Matrix, outcome, weights and group of a frame, the first category of each as the base."""
    columns = [np.ones(len(frame))]
    for f in factors:
        columns += [(frame[f] == label).to_numpy() for label in sorted(frame[f].unique())[1:]]
    columns += [frame[c].to_numpy() for c in numeric]
    X = np.stack([np.asarray(c, float) for c in columns], axis=1)
    y = frame["pay"].to_numpy()
    w = frame[weights].to_numpy() if weights else np.ones(len(frame))
    return X, np.log(y) if log else y, w, (frame["role"] == "A").to_numpy()


def fit(X, y, w):
    root = np.sqrt(w)
    return np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0]


def plain(X, y, w, a):
    """Threefold and the six twofold splits, by the formulas."""
    means = [np.average(X[m], axis=0, weights=w[m]) for m in (a, ~a)]
    coefs = [fit(X[m], y[m], w[m]) for m in (a, ~a)]
    share = w[a].sum() / w.sum()
    pooled = fit(np.c_[X, a], y, w)[:-1]
    refs = [*coefs, fit(X, y, w), pooled, sum(coefs) / 2, share * coefs[0] + (1 - share) * coefs[1]]
    dx, db = means[0] - means[1], coefs[0] - coefs[1]
    gap = np.average(y[a], weights=w[a]) - np.average(y[~a], weights=w[~a])
    explained = {name: dx @ b for name, b in zip(REFERENCES, refs, strict=True)}
    return gap, (dx @ coefs[1], means[1] @ db, dx @ db), explained


@pytest.mark.parametrize("path", PATHS)
def test_agrees_with_the_formulas(path):
    got = decompose(FRAME, **ASK, **PATHS[path])
    gap, threefold, explained = plain(*dense(FRAME, **PATHS[path]))
    assert got.gap.value == pytest.approx(gap, rel=1e-9)
    values = (got.endowments.value, got.coefficients.value, got.interaction.value)
    assert values == pytest.approx(threefold, rel=1e-8, abs=1e-8 * abs(gap))
    splits = {k: v.explained.value for k, v in got.references.items()}
    assert splits == pytest.approx(explained, rel=1e-8, abs=1e-8 * abs(gap))


@pytest.mark.parametrize("path", PATHS)
def test_hc1_errors_of_the_split_at_b(path):
    """Var(dx) and Var(b) are independent (Jann 2008): both by hand."""
    X, y, w, a = dense(FRAME, **PATHS[path])
    b = fit(X[~a], y[~a], w[~a])
    means, spreads = [], []
    for m in (a, ~a):
        v, n = w[m] / w[m].sum(), m.sum()
        means.append(v @ X[m])
        c = (X[m] - means[-1]) * v[:, None]
        spreads.append(c.T @ c * n / (n - 1))
    x, e, k = X[~a], w[~a] * (y[~a] - X[~a] @ b), X.shape[1]
    bread = np.linalg.inv(x.T @ (x * w[~a][:, None]))
    V = bread @ (x * e[:, None] ** 2).T @ x @ bread * len(x) / (len(x) - k)
    dx = means[0] - means[1]
    se = np.sqrt(dx @ V @ dx + b @ sum(spreads) @ b)
    got = decompose(FRAME, **ASK, **PATHS[path], reference="B")
    assert got.explained.se == pytest.approx(se, rel=1e-8, abs=1e-9)


def parts_of(d, field="value"):
    keys = ("gap", "explained", "unexplained", "endowments", "coefficients", "interaction")
    out = {k: getattr(getattr(d, k), field) for k in keys}
    for key, parts in d.terms.items():
        out |= {(*key, k): getattr(getattr(parts, k), field) for k in keys[1:]}
    return out


def same(x, y, tolerance=1e-10):
    for field in ("value", "se"):
        a, b = parts_of(x, field), parts_of(y, field)
        scale = abs(x.mean_a.value)
        assert a == pytest.approx(b, rel=tolerance, abs=max(tolerance, 1e-10) * scale)


def test_errors_by_cluster_are_a_jackknife_when_clusters_are_few():
    frame = FRAME.with_columns(pl.col("employer") % 12)
    ask = {**ASK, **PATHS["mixed"], "log": True, "cluster": "employer", "reference": "pooled"}
    got = decompose(frame, **ask)
    assert got.vcov == "cluster jackknife (CV3), 12 clusters"
    whole, squares = parts_of(got), dict.fromkeys(parts_of(got), 0.0)
    for g in range(12):
        part = parts_of(decompose(frame.filter(pl.col("employer") != g), **ask))
        squares = {k: s + (part[k] - whole[k]) ** 2 * 11 / 12 for k, s in squares.items()}
    expected = {k: np.sqrt(s) for k, s in squares.items()}
    assert parts_of(got, "se") == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_errors_by_cluster_are_a_sandwich_when_clusters_are_many(monkeypatch):
    monkeypatch.setattr(joint, "FEW_CLUSTERS", 50)
    got = decompose(FRAME, **ASK, factors=["level"], cluster="employer")
    X, y, _, a = dense(FRAME, factors=["level"])
    influence = (
        np.where(a, y - y[a].mean(), 0) / a.sum() - np.where(a, 0, y - y[~a].mean()) / (~a).sum()
    )
    units = FRAME["employer"].rank("dense").to_numpy().astype(int) - 1
    summed, n, k = np.bincount(units, influence), len(y), 2 * X.shape[1]
    g = len(summed)
    se = np.sqrt(summed @ summed * g / (g - 1) * (n - 1) / (n - k))
    assert got.vcov == f"cluster-robust, {g} clusters"
    assert got.gap.se == pytest.approx(se, rel=1e-8)


def test_groups_that_share_no_cluster_are_strata():
    frame = FRAME.with_columns(
        unit=pl.when(pl.col("role") == "A").then(pl.col("employer") % 5).otherwise(
            5 + pl.col("employer") % 9
        )
    )  # fmt: skip
    got = decompose(frame, **ASK, cluster="unit")
    variance = 0.0
    for role in "AB":
        part = frame.filter(pl.col("role") == role)
        means = [part.filter(pl.col("unit") != u)["pay"].mean() for u in part["unit"].unique()]
        g = len(means)
        variance += sum((m - part["pay"].mean()) ** 2 for m in means) * (g - 1) / g
    assert got.gap.se == pytest.approx(np.sqrt(variance), rel=1e-8)
    assert got.gap.df < 12


@pytest.mark.parametrize(
    "dtype", [pl.Categorical, pl.Enum(["mid", "junior", "senior", "lead"])], ids=["cat", "enum"]
)
def test_type_of_a_factor_does_not_matter(dtype):
    ask = {**ASK, "factors": ["level", "place"]}
    same(decompose(FRAME, **ask), decompose(FRAME.with_columns(pl.col("level").cast(dtype)), **ask))


def test_integer_and_boolean_factors():
    frame = FRAME.with_columns(old=pl.col("years") > 6)
    text = frame.with_columns(pl.col("score", "old").cast(pl.String))
    ask = {**ASK, "factors": ["score", "old"]}
    x, y = decompose(frame, **ask), decompose(text, **ask)
    assert x.detail["score"].explained.value == pytest.approx(y.detail["score"].explained.value)
    assert x.explained.se == pytest.approx(y.explained.se)
    assert [k[1] for k in x.terms if k[0] == "score"] == list("012345")


def test_integer_factors_keep_the_order_of_numbers():
    frame = FRAME.with_columns(year=2 + pl.col("score") * 4)
    got = decompose(frame, **ASK, factors=["year"])
    assert [k[1] for k in got.terms if k[0] == "year"] == ["2", "6", "10", "14", "18", "22"]


@pytest.mark.parametrize("form", ["lazy", "pandas", "arrow", "parquet", "parquet str"])
def test_any_table_gives_the_same_answer(form, tmp_path):
    FRAME.write_parquet(tmp_path / "rows.parquet")
    given = {
        "lazy": FRAME.lazy,
        "pandas": FRAME.to_pandas,
        "arrow": FRAME.to_arrow,
        "parquet": lambda: tmp_path / "rows.parquet",
        "parquet str": lambda: str(tmp_path / "rows.parquet"),
    }[form]()
    ask = {**ASK, **PATHS["mixed"], "log": True}
    same(decompose(given, **ask), decompose(FRAME, **ask), 1e-12)


@pytest.mark.parametrize("cluster", [None, "employer", "place"])
@pytest.mark.parametrize("path", PATHS)
def test_grouped_rows_give_the_same_answer(path, cluster, monkeypatch):
    ask = {**ASK, **PATHS[path], "cluster": cluster}
    if cluster in ask.get("factors", ()):
        ask["factors"] = ["level"]
    by_row = decompose(FRAME, **ask)
    monkeypatch.setattr(table, "FEW", 10)
    question = Model(**{"factors": (), "numeric": (), **ASK, **PATHS[path], "cluster": cluster})
    same(by_row, decompose(FRAME, **ask))
    if path == "factors" and not cluster:
        assert len(collapse(FRAME, question)[0]) == 24


def test_tabulated_products_equal_dense_ones(monkeypatch):
    ask = {**ASK, "factors": ["level", "place", "score"], "weights": "w"}
    by_matrix = decompose(FRAME, **ask)
    for limit in (1 << 17, 30):  # all factors in one table, then one table per pair
        monkeypatch.setattr(design, "LARGE", 10)
        monkeypatch.setattr(design, "TABLE", limit)
        same(by_matrix, decompose(FRAME, **ask))


def test_large_data_in_blocks(monkeypatch):
    cells, _ = collapse(FRAME, Model(**ASK, factors=("level",), numeric=("years",)))
    whole = explain(cells), ols(cells, "HC3", with_group=True)
    monkeypatch.setattr(
        design, "blocks", lambda m, _=0: (slice(i, i + 37) for i in range(0, m, 37))
    )
    same(whole[0], explain(cells))


def test_missing_values_are_dropped_and_counted():
    holes = FRAME.with_columns(
        pay=pl.when(pl.int_range(pl.len()) % 50 == 0).then(None).otherwise("pay"),
        years=pl.when(pl.int_range(pl.len()) % 70 == 1).then(float("nan")).otherwise("years"),
        level=pl.when(pl.int_range(pl.len()) % 90 == 2).then(None).otherwise("level"),
    )
    got = decompose(holes, **ASK, **PATHS["mixed"])
    left = holes.filter(
        pl.col("pay").is_not_null(), pl.col("years").is_not_nan(), pl.col("level").is_not_null()
    )
    assert got.dropped == len(FRAME) - len(left) > 0
    assert got.gap.n == len(left)
    same(got, decompose(left, **ASK, **PATHS["mixed"]))


def test_rows_that_have_no_logarithm_or_weight_are_dropped():
    frame = FRAME.with_columns(
        pay=pl.when(pl.int_range(pl.len()) < 3).then(0.0).otherwise("pay"),
        w=pl.when(pl.int_range(pl.len()) == 5).then(0.0).otherwise("w"),
    )
    assert decompose(frame, **ASK, numeric=["years"], weights="w", log=True).dropped == 4


def test_rows_of_other_groups_are_ignored_and_not_counted_as_dropped():
    more = pl.concat([FRAME, FRAME.head(50).with_columns(role=pl.lit("C"), pay=None)])
    same(decompose(more, **ASK, **PATHS["mixed"]), decompose(FRAME, **ASK, **PATHS["mixed"]))
    assert decompose(more, **ASK, **PATHS["mixed"]).dropped == 0


def test_numeric_and_boolean_groups():
    number = FRAME.with_columns(role=(pl.col("role") == "A").cast(int))
    ask = {**PATHS["mixed"], "outcome": "pay", "group": "role"}
    base = decompose(FRAME, **ASK, **PATHS["mixed"])
    same(base, decompose(number, **ask, a=1, b=0))
    same(base, decompose(number.with_columns(pl.col("role").cast(bool)), **ask, a=True, b=False))


def test_categories_in_one_group_only_are_joined_and_said():
    frame = FRAME.with_columns(
        place=pl.when((pl.col("role") == "A") & (pl.col("place") == "DE")).then(pl.lit("FR"))
        .otherwise("place")
    )  # fmt: skip
    got = decompose(frame, **ASK, factors=["place", "level"])
    assert [k[1] for k in got.terms if k[0] == "place"][1:] == ["(other)"]
    assert [str(note) for note in got.notes] == ["place: 2 of 3 categories joined as rare"]


def test_joining_keeps_the_least_number_of_rows_in_each_group():
    cells, _ = collapse(FRAME, Model(**ASK, factors=("level", "place")))
    joined, notes = join_rare(cells, 100)
    for j, factor in enumerate(joined.factors):
        for side in (True, False):
            counts = np.bincount(
                joined.codes[joined.group == side, j], minlength=len(factor.labels)
            )
            assert counts.min() >= 100
    assert notes


def test_a_factor_of_one_category_is_left_out_and_said():
    got = decompose(FRAME.with_columns(firm=pl.lit("x")), **ASK, factors=["firm", "level"])
    assert "firm" not in got.detail
    assert [(note.kind, note.factor) for note in got.notes] == [("single", "firm")]
    same(got, decompose(FRAME, **ASK, factors=["level"]))


def test_collinear_columns_are_left_out_and_said():
    frame = FRAME.with_columns(months=pl.col("years") * 12, copy=pl.col("level"))
    got = decompose(frame, **ASK, factors=["level", "copy"], numeric=["years", "months"])
    assert sum(note.kind == "collinear" for note in got.notes) == 4
    ref = decompose(frame, **ASK, factors=["level"], numeric=["years"])
    assert got.explained.value == pytest.approx(ref.explained.value, rel=1e-8)
    assert got.explained.se == pytest.approx(ref.explained.se, rel=1e-6)


def test_group_gap_is_least_squares_with_an_indicator():
    cells, _ = collapse(FRAME, Model(**ASK, factors=("level",), numeric=("years",)))
    X, y, w, a = dense(FRAME, ("level",), ("years",))
    value, se, df, errors = group_gap(cells)
    assert value == pytest.approx(fit(np.c_[X, a], y, w)[-1], rel=1e-9)
    assert errors == "HC2"
    assert 0.5 * len(y) < df < len(y)
    assert ols(cells, "HC2", with_group=True)[GROUP] == (value, se)


def test_without_covariates_the_gap_is_welch():
    y = np.array([1.0, 4.0, 2.0, 3.0, 9.0, 5.0, 7.0])
    a = np.arange(7) < 3
    value, se, df, _ = group_gap(from_rows(y, a))
    spreads = [y[side].var(ddof=1) / side.sum() for side in (a, ~a)]
    assert value == pytest.approx(y[a].mean() - y[~a].mean())
    assert se == pytest.approx(np.sqrt(sum(spreads)))
    assert df == pytest.approx((1 / 3 + 1 / 4) ** 2 / (1 / 27 + 1 / 64) - 1)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"outcome": "wage"}, errors.ColumnError, "no column 'wage'"),
        ({"outcome": "level"}, errors.ColumnError, "not a number"),
        ({"numeric": ["place"]}, errors.ColumnError, "not a number"),
        ({"weights": "place"}, errors.ColumnError, "not a number"),
        ({"cluster": "firm"}, errors.ColumnError, "no column 'firm'"),
        ({"b": "A"}, errors.UsageError, "both groups are 'A'"),
        ({"factors": ["place", "place"]}, errors.UsageError, "named twice"),
        ({"factors": ["role"]}, errors.UsageError, "named twice"),
        ({"reference": "C"}, errors.UsageError, "no reference 'C'"),
        ({"vcov": "HC9"}, errors.UsageError, "no errors 'HC9'"),
        ({"b": "Z"}, errors.NotEnoughEvidence, "no complete row with role = 'Z'"),
    ],
)
def test_a_wrong_question_says_what_is_wrong(change, kind, says):
    with pytest.raises(kind, match=says):
        decompose(FRAME, **{**ASK, **change})


def test_too_few_rows_say_so():
    few = FRAME.group_by("role", maintain_order=True).head(4)
    with pytest.raises(errors.NotEnoughEvidence, match="cannot be estimated from 4 rows"):
        decompose(few, **ASK, numeric=["years", "score", "w"])
    one = pl.concat(
        [FRAME.filter(pl.col("role") == "A"), FRAME.filter(pl.col("role") == "B").head(1)]
    )
    with pytest.raises(errors.NotEnoughEvidence, match="B: fewer than 2 rows"):
        decompose(one, **ASK)


def test_a_group_inside_one_cluster_says_so():
    frame = FRAME.with_columns(
        employer=pl.when(pl.col("role") == "A").then(1).otherwise(pl.col("employer"))
    )
    with pytest.raises(errors.NotEnoughEvidence, match="lie in one cluster"):
        decompose(frame, **ASK, cluster="employer")


def test_no_table_and_no_file():
    with pytest.raises(errors.UnreadableError, match="is not a table"):
        decompose(object(), **ASK)
    with pytest.raises(errors.UnreadableError, match="no such file"):
        decompose("nowhere.parquet", **ASK)


def test_integer_factors_far_apart_and_empty_factors():
    frame = FRAME.with_columns(code=10**12 * pl.col("score") - 7, void=pl.lit(None, pl.String))
    got = decompose(frame, **ASK, factors=["code"])
    plain_score = decompose(frame, **ASK, factors=["score"])
    assert got.explained.value == pytest.approx(plain_score.explained.value)
    with pytest.raises(errors.NotEnoughEvidence, match="no complete row"):
        decompose(frame, **ASK, factors=["void"])
