"""Shares of the openings of a role that name any of some skills, as `rolediff skills` has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.annotate.skill_groups import skill_ancestors
from rolediff.compare.categories import difference_estimate, share_estimate
from rolediff.compare.openings import Openings, skills_of
from rolediff.results import Estimate
from rolediff.stats.cells import Floats
from rolediff.stats.prevalence import Shares, differences

METHOD = "Wilson at the effective sample size, clustered by employer"


def naming(found: Openings, skills: Sequence[str], is_a: bool) -> Estimate:
    """The share of one role's openings that name any of `skills`, or what is part of one."""
    return _estimate(found, _shares(found, skills, is_a))


def by_part(found: Openings, skills: Sequence[str]) -> bool:
    """Whether any opening names a part of `skills` and none of them itself."""
    own, wide = (_named(found, names) for names in (skills, _with_parts(skills)))
    return bool((wide & ~own).any())


def naming_gap(found: Openings, skills: Sequence[str], is_a: bool) -> Estimate:
    """The same share in the role less that in the other role."""
    mine, other = (_shares(found, skills, side) for side in (is_a, not is_a))
    first, second = (_estimate(found, s) for s in (mine, other))
    clusters = mine.clusters + other.clusters
    return difference_estimate(differences(mine, other), 0, first, second, clusters)


@cache
def parts_of(skill: str) -> frozenset[str]:
    """A skill and all that is part of it: scikit-learn is part of machine learning."""
    return frozenset(
        {skill, *(name for name, above in skill_ancestors().items() if skill in above)}
    )


def _estimate(found: Openings, shares: Shares) -> Estimate:
    return share_estimate(shares, 0, METHOD, str(found.source["name"]))


def _shares(found: Openings, skills: Sequence[str], is_a: bool) -> Shares:
    sizes = found.sizes[0 if is_a else 1]
    return Shares.of(_hits(found, skills, is_a)[:, None], sizes)


def _hits(found: Openings, skills: Sequence[str], is_a: bool) -> Floats:
    """Openings (G,) of each employer that name any of `skills`."""
    hit = _named(found, _with_parts(skills)) & (found.is_a == int(is_a))
    counted: Floats = np.bincount(found.unit[hit], minlength=found.units).astype(float)
    return counted


def _with_parts(skills: Sequence[str]) -> list[str]:
    return sorted(frozenset().union(*map(parts_of, skills)))


def _named(found: Openings, skills: Sequence[str]) -> NDArray[np.bool_]:
    """Whether (m,) each opening names any of `skills`."""
    named = skills_of(found.lines).list.eval(pl.element().is_in(list(skills))).list.any()
    return np.asarray(named.fill_null(False).to_numpy())
