"""How alike roles are by the skills that their openings ask for."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, RoleReading, matches
from rolediff.compare.openings import codes_in, openings, skills_of
from rolediff.market import once
from rolediff.results import GREY, Estimate, NearRole
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.similarity import Profile, cosine
from rolediff.stats.sparse import Sparse
from rolediff.stats.tails import critical

EMPLOYERS = 10
"""Employers below which a role is not set beside others."""
NEAREST = 5
"""Roles that are named."""
METHOD = "cosine of tf-idf shares over pairs of employers, jackknife by employer"


def idf(ads: int, naming: Floats) -> Floats:
    """Weight (K,) of each skill that `naming` of `ads` name: log(ads / naming), 0 if none does."""
    weight: Floats = np.log(ads / np.maximum(naming, 1.0)) * (naming > 0)
    return weight


def similarity(a: Profile, b: Profile, source: str) -> Estimate:
    """How alike the openings of two roles are, 0 to 1; the profiles are over the same employers."""
    value, error = cosine(a, b)
    n = int(a.sizes.sum() + b.sizes.sum())
    clusters = int(((a.sizes > 0) | (b.sizes > 0)).sum())
    if not math.isfinite(error):
        return Estimate(
            value if math.isfinite(value) else 0.0, n=n, clusters=clusters,
            method="too few employers", source=source,
        )  # fmt: skip
    margin = critical(clusters - 1) * error
    low, high = max(value - margin, 0.0), min(value + margin, 1.0)
    return Estimate(
        value, min(low, value), max(high, value), n, error, clusters - 1, clusters, METHOD, source
    )


class Neighbours:
    """The other roles of a catalogue with enough openings in one source, as profiles of skills.

    `lines` are all postings of the source; `names` the K skills, with their `weight` (K,). All
    roles are over the same employers, so that any two can be compared.
    """

    def __init__(self, lines: pl.DataFrame, names: pl.Series, weight: Floats, source: str) -> None:
        self._lines = lines.filter(pl.col("employer").is_not_null())
        self._names, self._weight, self._source = names, weight, source
        self._titles = self._lines["title"].drop_nulls().unique().sort()
        self._employers = self._lines["employer"].unique().sort()

    def nearest(
        self,
        to: Sequence[Role],
        others: Sequence[Role],
        reading: RoleReading,
        most: int = NEAREST,
    ) -> list[tuple[NearRole, ...]]:
        """For each role of `to`, those of `others` that are most alike, without shared titles."""
        mine = [matches(role, self._titles, reading) for role in to]
        taken = mine[0]
        for more in mine[1:]:
            taken = taken | more
        known = [p for titles in mine if (p := self._profile(titles)) is not None]
        if len(known) < len(to):
            return [() for _ in to]
        beside = [
            (role, found)
            for role in others
            if role.id not in {r.id for r in to}
            and (found := self._profile(matches(role, self._titles, reading) & ~taken)) is not None
        ]
        return [self._ranked(own, beside)[:most] for own in known]

    def _ranked(self, own: Profile, beside: list[tuple[Role, Profile]]) -> tuple[NearRole, ...]:
        found = [
            NearRole(role.label, int(theirs.sizes.sum()), similarity(own, theirs, self._source))
            for role, theirs in beside
        ]
        return tuple(sorted(found, key=lambda r: (-r.similarity.value, r.label)))

    def _profile(self, is_role: pl.Series) -> Profile | None:
        """The openings under these titles; None where they are few."""
        titles = self._titles.filter(is_role)
        lines = self._lines.filter(pl.col("title").is_in(titles.implode()))
        if lines["n"].sum() < GREY or lines["employer"].n_unique() < EMPLOYERS:
            return None
        found = openings(once(lines.with_columns(one=pl.lit(True)), ["one"]), ["one"])
        if found.height < GREY or found["employer"].n_unique() < EMPLOYERS:
            return None
        unit = _codes(found["employer"], self._employers)
        sizes = np.bincount(unit, minlength=len(self._employers)).astype(float)
        row, column = codes_in(skills_of(found), self._names)
        hits = Sparse.summed(unit[row], column, (len(self._employers), len(self._names)))
        return Profile.of(hits.scaled(columns=self._weight), sizes)


def _codes(values: pl.Series, among: pl.Series) -> Codes:
    """The place (m,) of each of `values` in the sorted distinct `among`, which holds them all."""
    codes: Codes = values.cast(pl.Enum(among)).to_physical().cast(pl.Int64).to_numpy()
    return codes
