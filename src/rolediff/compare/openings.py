"""The ads of two roles in one source of postings, each opening once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, RoleReading, matches
from rolediff.compare.found import Question
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, each, once
from rolediff.results import HIDDEN, OtherAds, RoleAds, Telling
from rolediff.stats.cells import Codes, Floats

ALIKE = 0.5
"""Share of skills and duties in common from which on two ads of one employer under one title are
one opening: ads adapted to each country keep most of theirs."""

SKILLS = ("required", "preferred", "named")
"""Lists of a posting that hold skills, the strongest first; a skill stands in one of them."""

Sides = tuple[Floats, Floats]
"""Of A and of B."""


@dataclass(frozen=True)
class Openings:
    """m ads of roles A and B: `lines` has `is_a`, `copies` (postings an ad stands for), and the
    columns of `market.POSTINGS`; `source` tells their source; `excluded` postings fit both roles.
    """

    lines: pl.DataFrame
    source: Mapping[str, Any]
    excluded: int

    @cached_property
    def unit(self) -> Codes:
        """Codes (m,) of employers; an ad without one is a unit of its own."""
        alone = pl.Series([f"\0{i}" for i in range(self.lines.height)], dtype=pl.String)
        names = self.lines["employer"]
        filled = names.zip_with(names.is_not_null(), alone)
        return filled.rank("dense").cast(pl.Int64).to_numpy() - 1

    @property
    def units(self) -> int:
        """G: employers, and ads without one."""
        return int(self.unit.max()) + 1 if len(self.unit) else 0

    @cached_property
    def is_a(self) -> Codes:
        """1 (m,) for ads of A, 0 for B."""
        return self.lines["is_a"].cast(pl.Int64).to_numpy()

    @cached_property
    def sizes(self) -> Sides:
        """Ads (G,) of each employer, of A and of B."""
        a, b = (
            np.bincount(self.unit[self.is_a == side], minlength=self.units).astype(float)
            for side in (1, 0)
        )
        return a, b

    def hits(self, listed: pl.Series, names: pl.Series) -> Sides:
        """Ads (G, K) of each employer whose list in `listed` (m,) holds each of `names`."""
        found = (
            pl.DataFrame({"unit": self.unit, "is_a": self.is_a, "name": listed})
            .explode("name")
            .filter(pl.col("name").is_in(names.implode()))
            .group_by("unit", "is_a", "name")
            .len("n")
        )
        column = {name: i for i, name in enumerate(names)}
        out = np.zeros((2, self.units, len(names)))
        at = found["name"].replace_strict(column, return_dtype=pl.Int64).to_numpy()
        out[found["is_a"].to_numpy(), found["unit"].to_numpy(), at] = found["n"].to_numpy()
        return out[1], out[0]

    def ads_of(self, role: Role, side: bool) -> RoleAds:
        """What there is of one role."""
        sizes = self.sizes[0 if side else 1]
        mine = self.lines.filter(pl.col("is_a") == side)
        known = mine["employer"].drop_nulls().value_counts()["count"].max() or 0
        return RoleAds(
            role.label, role.plural, int(mine["copies"].sum()), mine.height,
            int((sizes > 0).sum()), float(known) / max(mine.height, 1),  # type: ignore[arg-type]
            mine.height - mine["low"].null_count(),
        )  # fmt: skip


def skills_of(lines: pl.DataFrame) -> pl.Series:
    """All skills of each line (m,), as lists without order."""
    return lines.select(pl.concat_list(SKILLS)).to_series()


def find_openings(market: Market, q: Question) -> Openings:
    """The openings of both roles in the source of postings that has most of them.

    Raises:
        UsageError: the two roles are one. NotEnoughEvidence: no postings, or a role with fewer
        than 5 ads.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    found = _found(market, _of_postings(market, q))
    for role, side in ((q.a, True), (q.b, False)):
        _require(market, q, role, found.lines.filter(pl.col("is_a") == side).height)
    return found


def openings_or_none(market: Market, q: Question) -> Openings | None:
    """`find_openings`, or None where a role has fewer than 5 ads."""
    try:
        return find_openings(market, q)
    except NotEnoughEvidence:
        return None


def other_ads(
    market: Market,
    q: Question,
    clear: Sequence[Telling],
    tell: Callable[[Openings], tuple[Telling, ...]],
) -> OtherAds | None:
    """What the other reading of the titles says of the things that tell the roles apart.

    `tell(openings)` tells all things. None where a role has too few ads by it.
    """
    reading: RoleReading = "broad" if q.reading == "strict" else "strict"
    found = openings_or_none(market, replace(q, reading=reading))
    if found is None:
        return None
    there: Mapping[str, Telling] = {t.name: t for t in tell(found)}
    gaps = {t.name: there[t.name].gap for t in clear if t.name in there}
    same = sum(t.gap.value * gaps[t.name].value > 0 for t in clear if t.name in gaps)
    n_a = int(found.is_a.sum())
    return OtherAds(reading, n_a, len(found.is_a) - n_a, gaps, same)


def _of_postings(market: Market, q: Question) -> Question:
    """`q` about one source of postings: that with most ads of the rarer role."""
    named = {name.casefold() for name in q.where.values.get("source", ())}
    posted = [s.name for s in market.sources if s.unit == "posting"]
    chosen = [name for name in posted if not named or name.casefold() in named]
    if not chosen:
        what = f"the source {'|'.join(sorted(named))} has" if posted else "these data have"
        raise NotEnoughEvidence(
            f"{what} no postings, so skills and duties are not known; compress postings that "
            "`rolediff annotate` wrote, or leave the filter on source out"
        )
    asked = [replace(q, where=q.where.of_source(name)) for name in chosen]
    return asked[0] if len(asked) == 1 else max(asked, key=lambda x: _fewest(market, x))


def _fewest(market: Market, q: Question) -> int:
    try:
        lines = _found(market, q).lines
    except NotEnoughEvidence:
        return 0
    a = int(lines["is_a"].sum())
    return min(a, lines.height - a)


def _found(market: Market, q: Question) -> Openings:
    titles = market.title_names
    is_a, is_b = (matches(role, titles, q.reading) for role in (q.a, q.b))
    both = market.postings(titles.filter(is_a & is_b), q.where)
    parts = [
        market.postings(titles.filter(mine & ~theirs), q.where).with_columns(is_a=pl.lit(side))
        for mine, theirs, side in ((is_a, is_b, True), (is_b, is_a, False))
    ]
    lines = openings(once(pl.concat(parts), ["is_a"]))
    source = next(s for s in market.sources if q.where.values["source"] == (s.name,))
    told = {**source.to_dict(), "used": int(lines["copies"].sum())}
    return Openings(lines, told, int(both["n"].sum()))


def openings(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` of `market.once` with a row for each opening.

    Ads of one employer under one title, in one role, that have at least `ALIKE` of their skills
    and duties in common (Jaccard) are one: the first of them with pay, else the first, stands for
    all, and `copies` is their sum.
    """
    ordered = each(lines).with_row_index("at")
    ordered = ordered.sort(pl.col("low").is_null(), "at")
    firsts: dict[tuple[Any, ...], list[tuple[int, frozenset[str]]]] = {}
    stands = [_first(firsts, i, row) for i, row in enumerate(_content(ordered))]
    stood = ordered.with_columns(stands=pl.Series(stands, dtype=pl.Int64))
    copies = pl.col("copies").sum().over("stands")
    own = pl.Series(stands) == pl.Series(range(len(stands)), dtype=pl.Int64)
    return stood.with_columns(copies=copies).filter(own).sort("at").drop("at", "stands")


def _content(lines: pl.DataFrame) -> Any:
    key = lines.select("is_a", "employer", "title").iter_rows()
    facts = lines.select(pl.concat_list(*SKILLS, "duties")).to_series()
    return zip(key, facts, strict=True)


def _first(
    firsts: dict[tuple[Any, ...], list[tuple[int, frozenset[str]]]], at: int, row: Any
) -> int:
    """The number of the ad that stands for this one: its own if none before is like it."""
    key, facts = row
    told = frozenset(facts if facts is not None else ())
    if key[1] is None or not told:
        return at
    before = firsts.setdefault(key, [])
    for number, other in before:
        if len(told & other) >= ALIKE * len(told | other):
            return number
    before.append((at, told))
    return at


def _require(market: Market, q: Question, role: Role, ads: int) -> None:
    if ads >= HIDDEN:
        return
    place = f" ({q.where.words})" if q.where else ""
    titles = market.title_names
    wider = market.postings(titles.filter(matches(role, titles, "broad")), q.where)
    hint = "`rolediff roles` lists those that have more"
    if q.reading == "strict" and wider["n"].sum() > ads:
        hint = f"--reading broad finds {wider['n'].sum():,} postings"
    raise NotEnoughEvidence(f"{role.label}: {ads} ads{place}, {HIDDEN} are needed; {hint}")
