"""What each of many skills goes with in pay, other columns held equal, from cross-products.

Two effects per skill: alone, beside the controls but no other skill; and together with all
others, drawn toward zero as far as few postings ask for it (`ridge`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Codes, Floats
from rolediff.stats.gram import Evidence, Freed, Partial
from rolediff.stats.multiplicity import benjamini_hochberg, romano_wolf
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
        error, df, score = _one_at_a_time(evidence, Freed(skills, free, C), alone)
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
        with_rw[~told] = romano_wolf(score[:, ~told], draws, seed)
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


def _one_at_a_time(
    evidence: Evidence, freed: Freed, alone: Floats
) -> tuple[Floats, Floats, Floats]:
    """Jackknife errors (K,), degrees of freedom (K,), and scores by cluster under the null (H, K).

    With s_g the score of a cluster and I_g its part of the information I, leaving it out moves
    the effect by -s_g / (I - I_g).
    """
    found, g = evidence.partial(_controls(evidence, freed.free), freed), evidence.units
    total = found.information.sum(axis=0)
    score = found.score - found.information * np.nan_to_num(alone)
    rest = total - found.information
    able = rest > TOLD * total
    moved = np.divide(score, rest, out=score, where=able)
    moved[~able] = math.inf
    with np.errstate(invalid="ignore"):
        error = np.sqrt((g - 1) / g * np.einsum("gk,gk->k", moved, moved))
    return error, _carrying(found) - 1, found.score


def _carrying(found: Partial) -> Floats:
    """How many equal clusters would carry each effect (K,): see `ols.carrying_units`."""
    added = [part * part for part in (found.on, found.every - found.on)]
    top = np.asarray(sum(part.sum(axis=0) for part in added)) ** 2
    bottom = np.asarray(sum(np.einsum("gk,gk->k", part, part) for part in added))
    return np.asarray(np.divide(top, bottom, out=np.ones(len(top)), where=bottom > 0))


def _meat(evidence: Evidence, fit: Ridge) -> Floats:
    """Outer product (p, p) of the cluster scores of a penalised fit, with CR1's factors."""
    g, n = evidence.units, evidence.gram.n
    pull = fit.penalty * fit.coef / g
    score = evidence.scores(fit.coef) - pull
    without = (g - len(score)) * np.outer(pull, pull)
    return np.asarray(g / (g - 1) * (n - 1) / max(n - fit.edf, 1) * (score.T @ score + without))


def _p_values(value: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided p values (K,) of Student's t; 1 without an error or a degree of freedom."""
    able = (se > 0) & np.isfinite(se) & (df > 0.5)
    t = np.divide(np.abs(value), se, out=np.zeros(len(value)), where=able)
    return np.where(able, 2 * special().stdtr(np.maximum(df, 0.5), -t), 1.0)
