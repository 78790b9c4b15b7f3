"""Many tests at once: false discovery rate, and family-wise error under dependence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.wild import cluster_weights

MANY = 10_000
"""Clusters from which on sums with random weights are as good as normal."""


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p values (k,): rejecting those at or below a keeps the false discovery rate at a.

    Benjamini and Hochberg (1995, Journal of the Royal Statistical Society B 57(1)).
    """
    k = len(p)
    order = np.argsort(p, kind="stable")[::-1]
    stepped = np.minimum.accumulate(p[order] * k / np.arange(k, 0, -1)) if k else p
    out = np.empty(k)
    out[order] = np.minimum(stepped, 1.0)
    return out


def romano_wolf(score: Floats, draws: int = 1999, seed: int = 1) -> Floats:
    """Adjusted p values (k,) that keep the chance of any false rejection, whatever the dependence.

    Romano and Wolf (2005, Econometrica 73(4); 2016, Statistics & Probability Letters 113), step
    down on the largest |t|. `score` (G, k) is what each of G independent clusters adds to each
    score under its null; t = sum / root of the sum of squares, and draws give each cluster's
    scores a common random weight (wild score bootstrap: Kline and Santos 2012), so that tests
    stay as dependent as they are; of over `MANY` clusters the weighted sums are drawn from the
    normal distribution that they have in the limit. Columns without any score get 1.
    """
    kept = Scores.none(len(score), score.shape[1]).with_more(score)
    return kept.adjusted(draws, seed)


@dataclass(frozen=True, slots=True)
class Scores:
    """What independent clusters add to k scores: `total` (k,) and `cross` (k, k) of outer products;
    `each`, pieces (g, k) that list them, None where there are over `MANY` clusters."""

    total: Floats
    cross: Floats
    each: tuple[Floats, ...] | None

    @classmethod
    def none(cls, clusters: int, k: int) -> Scores:
        """Of no cluster so far, of so many."""
        return cls(np.zeros(k), np.zeros((k, k)), None if clusters > MANY else ())

    def with_more(self, score: Floats) -> Scores:
        """Those of further clusters (g, k) as well."""
        each = None if self.each is None else (*self.each, score)
        return Scores(self.total + score.sum(axis=0), self.cross + score.T @ score, each)

    def of(self, tests: NDArray[np.bool_]) -> Scores:
        """Of these of the tests (k,)."""
        each = None if self.each is None else tuple(piece[:, tests] for piece in self.each)
        return Scores(self.total[tests], self.cross[np.ix_(tests, tests)], each)

    def adjusted(self, draws: int, seed: int) -> Floats:
        """See `romano_wolf`."""
        norm = np.sqrt(np.diag(self.cross))
        some = np.flatnonzero(norm > 0)
        t = np.abs(self.total[some] / norm[some])
        drawn = np.abs(self._draws(some, norm[some], draws, seed))
        order = np.argsort(-t, kind="stable")
        # Largest draw among this and all less extreme tests: those still in the family at its step.
        largest = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
        hits = (largest >= t[order] * (1 - 1e-12)).sum(axis=0)
        stepped = np.maximum.accumulate((1 + hits) / (1 + len(drawn)))
        out = np.ones(len(norm))
        out[some[order]] = stepped
        return out

    def _draws(self, some: Codes, norm: Floats, draws: int, seed: int) -> Floats:
        """Randomly weighted sums (draws, k) of what each cluster adds."""
        if self.each is not None:
            unit = np.concatenate(self.each)[:, some] / norm
            drawn: Floats = cluster_weights(len(unit), draws, seed)[0] @ unit
            return drawn
        value, vector = np.linalg.eigh(self.cross[np.ix_(some, some)] / np.outer(norm, norm))
        root = vector * np.sqrt(np.maximum(value, 0.0))
        return np.asarray(np.random.default_rng(seed).normal(size=(draws, len(value))) @ root.T)


def holm(p: Floats) -> Floats:
    """Adjusted p values (k,): rejecting those at or below a keeps the chance of any false one at a.

    Holm (1979, Scandinavian Journal of Statistics 6(2)), whatever the dependence.
    """
    k = len(p)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(k, 0, -1)) if k else p
    out = np.empty(k)
    out[order] = np.minimum(stepped, 1.0)
    return out
