"""How often the ads of every role name one skill."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, matches
from rolediff.annotate.vocabulary import bare_letters, bundled
from rolediff.compare.categories import share_estimate, units
from rolediff.errors import NotEnoughEvidence, UnknownSkillError
from rolediff.market import Market, once
from rolediff.results import HIDDEN, Estimate
from rolediff.stats.prevalence import Shares

METHOD = "Wilson at the effective sample size, clustered by employer"


@dataclass(frozen=True, slots=True)
class SkillRoles:
    """A `skill`, its `kind`, and roles with the share (0 to 1) of their ads that name it, those
    that name it most first; `ads` of any role name it, of `of` in all, in `source`."""

    skill: str
    kind: str
    source: str
    ads: int
    of: int
    roles: tuple[tuple[str, str, Estimate], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "skill": self.skill,
            "kind": self.kind,
            "source": self.source,
            "ads": self.ads,
            "of": self.of,
            "roles": [{"id": i, "role": r, "share": e.to_dict()} for i, r, e in self.roles],
        }


def skill_by_role(market: Market, name: str, roles: Iterable[Role]) -> SkillRoles:
    """Shares of ads that name a skill, for every role with at least 5 ads in the largest source.

    Raises:
        UnknownSkillError: no such skill; names those that are near.
        NotEnoughEvidence: no postings.
    """
    concept, kind = known_skill(name)
    every = market.postings()
    if every.is_empty():
        raise NotEnoughEvidence("this market has no postings, which is where skills are read")
    source = str(every.group_by("source").agg(pl.col("n").sum()).sort("n", "source")["source"][-1])
    ads = once(every.filter(pl.col("source") == source).with_columns(any=pl.lit(1)), ["any"])
    named = pl.concat_list("required", "preferred", "named").list.contains(concept)
    ads = ads.with_columns(names=named)
    found = []
    for role in roles:
        titles = market.title_names
        part = ads.filter(
            pl.col("title").is_in(titles.filter(matches(role, titles, "strict")).implode())
        )
        if part["n"].sum() >= HIDDEN:
            found.append((role.id, role.label, _share(part, source)))
    found.sort(key=lambda pair: (-pair[2].value, pair[1]))
    hits = int(ads.filter("names")["n"].sum())
    return SkillRoles(concept, kind, source, hits, int(ads["n"].sum()), tuple(found))


def known_skill(name: str) -> tuple[str, str]:
    """The concept of a skill, however it is spelled, and its kind.

    Raises:
        UnknownSkillError: the vocabulary has none; names those that are near.
    """
    words = bundled()
    plain = bare_letters(pl.Series([name]))[0]
    number = words.alike.get(plain) if plain else None
    if number is not None:
        form = int(np.flatnonzero(words.letters == number)[0])
        concept = words.concepts[int(words.concept[form])]
        return concept.name, concept.kind
    near = difflib.get_close_matches(name, [c.name for c in words.concepts], 3, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "rolediff skills A B lists those asked"
    raise UnknownSkillError(f"no skill {name[:60]!r}; {hint}", tuple(near))


def _share(part: pl.DataFrame, source: str) -> Estimate:
    unit, _ = units(part["employer"])
    n = part["n"].to_numpy().astype(float)
    hits = np.asarray(np.bincount(unit, n * part["names"].to_numpy()), float)[:, None]
    shares = Shares.of(hits, np.asarray(np.bincount(unit, n), float))
    return share_estimate(shares, 0, METHOD, source)
