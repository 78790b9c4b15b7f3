"""Skills of a role against the skills a person has: what is covered, missing, worth having."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import polars as pl

from rolediff.annotate.having import known_skills
from rolediff.compare.path_ads import Ads
from rolediff.results import HIDDEN, Asked, Coverage, Estimate, Together, Wanted
from rolediff.stats.cells import Floats
from rolediff.stats.log_odds import log_odds
from rolediff.stats.tails import critical

ANY = ("required", "preferred", "named")
"""The lists of skills of a posting, together all that it asks for."""
TYPICAL = 0.25
"""Share of a role's openings that ask for a skill from which its holders are taken to have it."""
PAIRED = 40
"""Skills among which pairs are looked for."""
TIED = 100
"""Pairs that are told at most."""
FEWEST = 3
"""Employers below which two skills that stand together are the manner of one of them."""
PRIOR = "informative Dirichlet prior (Monroe et al. 2008), employers independent"


def demands(ads: Ads, skip: Sequence[str] = ()) -> tuple[Asked, ...]:
    """Skills that at least `HIDDEN` openings ask for, in whatever way; the commonest first."""
    counts = ads.counts(ANY)
    names = [s for s, n in counts.items() if n >= HIDDEN and s not in skip]
    names.sort(key=lambda s: (-counts[s], s))
    return ads.asked(names, ads.naming(names, ANY)) if names else ()


def typical(ads: Ads) -> tuple[str, ...]:
    """Skills that at least a quarter of a role's openings ask for."""
    least = max(HIDDEN, TYPICAL * len(ads))
    counts = ads.counts(ANY)
    return tuple(
        sorted((s for s, n in counts.items() if n >= least), key=lambda s: (-counts[s], s))
    )


def coverage(ads: Ads, have: Sequence[str], assumed: bool) -> Coverage:
    """What the skills `have` cover of a role's openings."""
    counts = ads.counts(ANY)
    useful = [s for s in have if s in counts]
    mine = ads.asked(useful, ads.holds(useful, ANY)) if useful else ()
    return Coverage(
        assumed,
        _half(ads, have),
        covered(ads, have),
        tuple(sorted(mine, key=lambda a: (-a.share.value, a.name))),
        tuple(s for s in have if s not in counts),
    )


def covered(ads: Ads, have: Sequence[str]) -> Estimate:
    """The share of all mentions of skills that are of skills in `have`: coverage by demand.

    Its n is openings; employers are the independent units.
    """
    listed = pl.sum_horizontal(pl.col(c).list.len().fill_null(0) for c in ANY)
    whole = ads.lines.select(n=listed)["n"].to_numpy().astype(float)
    hits = ads.holds(have, ANY).sum(axis=1) if have else np.zeros(len(ads))
    if not whole.sum():
        return Estimate(0.0, n=len(ads), method="no skill asked for", source=ads.source)
    found = ads.ratio(hits, whole)
    return Estimate(found.value, found.low, found.high, int((whole > 0).sum()),
                    clusters=found.clusters, method=found.method, source=ads.source)  # fmt: skip


def _half(ads: Ads, have: Sequence[str]) -> Estimate | None:
    """Of the openings that name required skills, those of whose required skills half are had."""
    asked = ads.lines["required"].list.len().fill_null(0).to_numpy().astype(float)
    some = asked > 0
    if some.sum() < HIDDEN:
        return None
    had = ads.holds(have, ["required"]).sum(axis=1) if have else np.zeros(len(ads))
    return ads.ratio((some & (2 * had >= asked)).astype(float), some.astype(float))


def wanted(ads: Ads, elsewhere: Ads, have: Sequence[str]) -> tuple[Wanted, ...]:
    """Skills asked for and not had, by demand x distinctiveness.

    Demand and distinctiveness count every employer the same, so that one that posts many openings
    does not rule. `elsewhere` = openings of the role set out from, or of all other roles.
    """
    asked = demands(ads, have)
    if not asked:
        return ()
    distinct = distinctiveness(ads, elsewhere, [a.name for a in asked])
    known = {c.name: c for c in known_skills().values()}
    out = []
    for a in asked:
        odds = distinct[a.name]
        concept = known.get(a.name)
        kind, family = (concept.kind, concept.family) if concept else ("", "")
        score = a.alike.value * odds.value
        out.append(Wanted(a.name, kind, family, a, odds, None, score))
    return tuple(sorted(out, key=lambda w: (-w.score, w.skill)))


def with_premiums(skills: Sequence[Wanted], premiums: Mapping[str, Estimate]) -> tuple[Wanted, ...]:
    """The same with what pay goes with each, where it is known, ranked by the product of all."""
    known = [(w, premiums.get(w.skill)) for w in skills]
    told = [
        replace(w, premium=p, score=w.score * (math.exp(p.value) if p else 1.0)) for w, p in known
    ]
    return tuple(sorted(told, key=lambda w: (-w.score, w.skill)))


def distinctiveness(ads: Ads, elsewhere: Ads, names: Sequence[str]) -> dict[str, Estimate]:
    """Odds ratios of mentions here over elsewhere, every employer weighing the same; of those of
    `names` that any opening names.

    The prior has the shape of both together and weighs as much as the role itself.
    """
    here, there = ads.employers_asking(ANY), elsewhere.employers_asking(ANY)
    every = sorted({*here, *there})
    a, b = (np.array([c.get(s, 0) for s in every], dtype=float) for c in (here, there))
    ratio, z = log_odds(a, b, a + b, strength=float(a.sum()))
    at = {s: i for i, s in enumerate(every)}
    n = ads.units + elsewhere.units
    return {s: _odds(float(ratio[at[s]]), float(z[at[s]]), n, ads.source) for s in names if s in at}


def _odds(ratio: float, z: float, n: int, source: str) -> Estimate:
    if abs(z) < 1e-9:
        return Estimate(math.exp(ratio), n=n, method=PRIOR, source=source)
    margin = critical(math.inf) * abs(ratio / z)
    return Estimate(math.exp(ratio), math.exp(ratio - margin), math.exp(ratio + margin), n,
                    method=PRIOR, source=source)  # fmt: skip


def together(ads: Ads, skills: Sequence[str]) -> tuple[Together, ...]:
    """Pairs of skills that more openings name together than chance would, the `TIED` most tied
    first (phi).

    At least five openings of three employers name both; told is how likely the rarer one makes the
    other.
    """
    names = list(skills)[:PAIRED]
    X = ads.holds(names, ANY)
    both, n, m = X.T @ X, X.sum(axis=0), float(len(ads))
    spread = np.sqrt(np.maximum(np.outer(n * (m - n), n * (m - n)), 1e-300))
    phi = (m * both - np.outer(n, n)) / spread
    pairs = [
        (i, j)
        for i in range(len(names))
        for j in range(i)
        if both[i, j] >= HIDDEN and phi[i, j] > 0
    ]
    pairs.sort(key=lambda p: (-phi[p], p))
    common = (p for p in pairs if ads.employers_with(X[:, p[0]] * X[:, p[1]] > 0) >= FEWEST)
    tied = islice(common, TIED)
    return tuple(_pair(ads, X, names, *sorted(p, key=lambda k: (n[k], k))) for p in tied)


def _pair(ads: Ads, X: Floats, names: Sequence[str], i: int, j: int) -> Together:
    """Of the openings that name the rarer skill i, those that name j too."""
    hits = X[:, i] * X[:, j]
    given = ads.ratio(hits, X[:, i])
    lift = given.value / float(X[:, j].mean())
    return Together(names[i], names[j], int(hits.sum()), given, lift)
