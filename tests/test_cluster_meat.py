"""Outer products of scores by cluster against the sum written out line by line."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rolediff.stats import cluster_meat, combined, gram
from rolediff.stats.cells import Factor, from_rows
from rolediff.stats.cluster_meat import Clusters, Scores
from rolediff.stats.combined import Combined
from rolediff.stats.gram import Freed, RowEvidence
from rolediff.stats.premium import premiums
from rolediff.stats.valued import valued


def lines(seed, n=300, clusters=180):
    """Lines of two factors and a number; most clusters have one line, some lie in both groups."""
    rng = np.random.default_rng(seed)
    codes = np.c_[rng.integers(0, 3, n), rng.integers(0, 2, n)]
    return valued(from_rows(
        rng.normal(size=n), rng.random(n) < 0.4,
        [Factor("level", ("x", "y", "z")), Factor("place", ("p", "q"))], codes,
        numeric=rng.integers(0, 3, n)[:, None].astype(float), numeric_names=("years",),
        cluster=rng.integers(0, clusters, n),
    )), rng  # fmt: skip


@pytest.mark.parametrize("small", [False, True])
def test_the_sum_over_clusters_is_that_of_whole_scores(small, monkeypatch):
    v, rng = lines(3)
    if small:  # blocks and pieces end within the data
        monkeypatch.setattr(cluster_meat, "MOST", 300)
        monkeypatch.setattr(cluster_meat, "PIECE", 7)
        monkeypatch.setattr(combined, "PIECE", 5)
    design, group = Combined.of(v), v.cells.group
    sides = tuple(
        Scores(at, rng.normal(size=(len(at), 3)), rng.normal(size=(len(at), 2)))
        for at in (np.flatnonzero(group), np.flatnonzero(~group))
    )
    X, p = design.design.matrix(slice(None)), design.width
    scores = np.zeros((180, 2 * (3 * p + 2)))
    for k, side in enumerate(sides):
        for i, line in enumerate(side.at):
            mine = np.concatenate([np.outer(side.parts[i], X[line]).ravel(), side.alone[i]])
            scores[v.cells.cluster[line], k * (3 * p + 2) :][: 3 * p + 2] += mine
    assert_allclose(Clusters(design, v.cells.cluster, 180).meat(sides), scores.T @ scores,
                    rtol=1e-10, atol=1e-9)  # fmt: skip


def test_premiums_are_the_same_in_pieces_and_in_any_order(monkeypatch):
    rng = np.random.default_rng(5)
    n, skills = 400, np.array([2, 3, 4])
    X = np.c_[np.ones(n), rng.normal(size=n), rng.random((n, 3)) < 0.3].astype(float)
    e = RowEvidence.of(X, rng.normal(size=n) + X[:, 2] * 0.2, rng.random(n) + 0.5,
                       rng.integers(0, 150, n))  # fmt: skip
    whole = premiums(e, skills, draws=0)
    monkeypatch.setattr(gram, "MANY", 10)
    monkeypatch.setattr(gram, "ROWS", 17)
    order = np.argsort(e.cluster, kind="stable")
    for at in (np.arange(n), order):
        pieces = premiums(RowEvidence(X[at], e.y[at], e.w[at], e.cluster[at]), skills, draws=0)
        for name in ("alone", "alone_se", "together", "together_se", "df", "p"):
            assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-9)


def test_what_is_left_of_a_column_adds_up_over_clusters():
    rng = np.random.default_rng(6)
    X = np.c_[np.ones(50), rng.normal(size=50), rng.random(50) < 0.4]
    e = RowEvidence.of(X, rng.normal(size=50), None, rng.integers(0, 9, 50))
    coef = np.array([0.1, 0.2, 0.0])
    freed = Freed(np.array([2]), np.array([0, 1]), np.array([[0.3, 0.1]]))
    rest = X[:, 2] - X[:, :2] @ freed.C[0]
    found = next(iter(e.partial(coef, freed)))
    assert_allclose(found.score.sum(), rest @ (e.y - X @ coef))
    assert_allclose(found.information.sum(), rest @ rest)
    assert_allclose(found.on.sum(), rest @ X[:, 2])
    assert_allclose(found.every.sum(), rest.sum())
