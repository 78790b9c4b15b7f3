"""What each of many skills goes with in pay, other columns held equal, from cross-products.

Two effects per skill: alone, beside the controls but no other skill; and together with all
others, drawn toward zero as far as few postings ask for it (`ridge`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.gram import Evidence, Freed
from rolediff.stats.multiplicity import Scores, benjamini_hochberg
from rolediff.stats.ridge import Ridge, partialled, ridge
from rolediff.stats.special import special

TOLD = 1e-9
"""A skill of which controls tell all but this share of its variance has no effect of its own."""


@dataclass(frozen=True, slots=True)
class Premiums:
    """Shapes (K,). Effects in the unit of the outcome, NaN where controls tell the skill.

    `count` weighted rows with the skill; `alone` and `alone_se`; `together` and `together_se`,
    pooled; `df` degrees of freedom of each effect alone: clusters that carry it less one. `p` of
    no effect alone (1 where it cannot be tested: one cluster carries it), `p_bh` and `p_rw`
    adjusted for the number of tests (the last NaN where no clusters or rows are known). `ratio`
    t^2 / s^2 of the pooled effects.
    """

    count: Floats
    alone: Floats
    alone_se: Floats
    together: Floats
    together_se: Floats
    p: Floats
    p_bh: Floats
    p_rw: Floats
    df: Floats
    units: int
    ratio: float


def premiums(evidence: Evidence, skills: Codes, draws: int = 1999, seed: int = 1) -> Premiums:
    """Effects of the 0/1 columns `skills` (K,), all other columns being controls.

    Errors of `alone` are those of the cluster jackknife with the controls' coefficients held, and
    degrees of freedom as in `ols.carrying_units`, since a plain sandwich is far too narrow for a
    skill that few clusters ask for. For `together`, the sandwich of the penalised fit plus the
    mean square of its shrinkage, which under equal variances is the posterior variance.

    Without `draws` there is no `p_rw`.

    Raises:
        NotEnoughEvidence: no more rows than controls.
    """
    gram, skills = evidence.gram, np.asarray(skills, int)
    free = np.setdiff1d(np.arange(len(gram.xy)), skills)
    S, c, yy, C = partialled(gram, skills, free)
    inner = np.diag(S).copy()
    told = inner <= TOLD * np.maximum(np.diag(gram.xx)[skills], 1e-300)
    alone = np.divide(c, inner, out=np.full(len(c), math.nan), where=~told)
    fit = ridge(gram, skills)
    if evidence.units > 1:
        single = _one_at_a_time(evidence, Freed(skills, free, C), alone, inner)
        error, df, score = single.error, single.df, single.scores
        V = fit.bread @ _meat(evidence, fit) @ fit.bread + fit.doubt
    else:
        df = np.full(len(c), float(max(gram.n - len(free) - 1, 1)))
        rest = np.maximum(yy - c * np.nan_to_num(alone), 0.0) / df
        error = np.sqrt(np.divide(rest, inner, out=np.full(len(c), math.nan), where=~told))
        V, score = fit.bread * fit.sigma2, None
    error[told] = math.nan
    p = _p_values(alone, error, df)
    with_bh, with_rw = np.full((2, len(p)), math.nan)
    with_bh[~told] = benjamini_hochberg(p[~told])
    if score is not None and draws:
        with_rw[~told] = score.of(~told).adjusted(draws, seed)
    return Premiums(
        gram.xx[0, skills], alone, error, fit.coef[skills],
        np.sqrt(np.maximum(np.diag(V)[skills], 0.0)), p, with_bh, with_rw, df, evidence.units,
        1 / float(fit.penalty[skills[0]]) if len(skills) else math.nan,
    )  # fmt: skip


def _controls(evidence: Evidence, free: Codes) -> Floats:
    """Coefficients (p,) of the outcome on the controls alone."""
    gram = evidence.gram
    coef = np.zeros(len(gram.xy))
    inner = gram.xx[np.ix_(free, free)]
    coef[free] = np.linalg.lstsq(inner, gram.xy[free], rcond=1e-12)[0]
    return coef


@dataclass(frozen=True, slots=True)
class _Alone:
    """Of each effect alone (K,): jackknife `error` and `df`; `scores` of clusters, under the null,
    or where they are many their sums and cross-products."""

    error: Floats
    df: Floats
    scores: Scores


def _one_at_a_time(evidence: Evidence, freed: Freed, alone: Floats, information: Floats) -> _Alone:
    """Each skill beside the controls alone.

    With s_g the score of a cluster and I_g its part of the `information` I (K,), leaving it out
    moves the effect by -s_g / (I - I_g). How many equal clusters carry an effect: see
    `ols.carrying_units`.
    """
    square, added, fourth = np.zeros((3, len(alone)))
    g, kept, least = evidence.units, Scores.none(evidence.units, len(alone)), TOLD * information
    known = np.nan_to_num(alone)
    for found in evidence.partial(_controls(evidence, freed.free), freed):
        rest = information - found.information
        able = rest > least
        moved = np.divide(found.score - found.information * known, rest, where=able,
                          out=np.full_like(rest, math.inf))  # fmt: skip
        square += np.einsum("gk,gk->k", moved, moved)
        for part in (found.on**2, (found.every - found.on) ** 2):
            added += part.sum(axis=0)
            fourth += np.einsum("gk,gk->k", part, part)
        kept = kept.with_more(found.score)
    carrying = np.divide(added**2, fourth, out=np.ones(len(alone)), where=fourth > 0)
    return _Alone(np.sqrt((g - 1) / g * square), carrying - 1, kept)


def _meat(evidence: Evidence, fit: Ridge) -> Floats:
    """Outer product (p, p) of the cluster scores of a penalised fit, with CR1's factors."""
    g, n = evidence.units, evidence.gram.n
    pull = fit.penalty * fit.coef / g
    out, seen = np.zeros((len(pull),) * 2), 0
    for piece in evidence.scores(fit.coef):
        score = piece - pull
        out += score.T @ score
        seen += len(score)
    out += (g - seen) * np.outer(pull, pull)
    return np.asarray(g / (g - 1) * (n - 1) / max(n - fit.edf, 1) * out)


def _p_values(value: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided p values (K,) of Student's t; 1 without an error or a degree of freedom."""
    able = (se > 0) & np.isfinite(se) & (df > 0.5)
    t = np.divide(np.abs(value), se, out=np.zeros(len(value)), where=able)
    return np.where(able, 2 * special().stdtr(np.maximum(df, 0.5), -t), 1.0)
