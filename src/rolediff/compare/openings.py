"""The openings of two roles in one source of postings.

An opening is a job once in a role, however often and in whatever wording its employer posts it;
skills, duties, requirements, industries and ages are told of openings. An ad is one wording in one
country (`compare.found`); countries and pay are told of ads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, matches
from rolediff.compare.alike import stood_for
from rolediff.compare.found import Question, Read, lines_of_pair
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, Where, each, once
from rolediff.results import HIDDEN, RoleOpenings
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.sparse import Sparse

SKILLS = ("required", "preferred", "named")
"""Lists of a posting that hold skills, the strongest first; a skill stands in one of them."""

Sides = tuple[Floats, Floats]
"""Of A and of B."""
Hits = tuple[Sparse, Sparse]
"""Of A and of B: openings (G, K) of each employer with each thing."""


def employers(names: pl.Series) -> Codes:
    """Codes (m,) of the employers of m openings; one without a name is a unit of its own."""
    if names.null_count():
        alone = pl.Series([f"\0{i}" for i in range(len(names))], dtype=pl.String)
        names = names.zip_with(names.is_not_null(), alone)
    return np.asarray(names.rank("dense").cast(pl.Int64).to_numpy() - 1)


@dataclass(frozen=True)
class Openings:
    """m openings of roles A and B: `lines` has `is_a`, `copies` (postings an opening stands for),
    and the columns of `market.POSTINGS`; `source` tells their source; `excluded` postings fit both
    roles.
    """

    lines: pl.DataFrame
    source: Mapping[str, Any]
    excluded: int

    @cached_property
    def unit(self) -> Codes:
        """Codes (m,) of employers; an opening without one is a unit of its own."""
        return employers(self.lines["employer"])

    @property
    def units(self) -> int:
        """G: employers, and openings without one."""
        return int(self.unit.max()) + 1 if len(self.unit) else 0

    @cached_property
    def skills(self) -> pl.Series:
        """All skills of each opening (m,), as lists without order."""
        return skills_of(self.lines)

    @cached_property
    def is_a(self) -> Codes:
        """1 (m,) for openings of A, 0 for B."""
        return self.lines["is_a"].cast(pl.Int64).to_numpy()

    @cached_property
    def sizes(self) -> Sides:
        """Openings (G,) of each employer, of A and of B."""
        a, b = (
            np.bincount(self.unit[self.is_a == side], minlength=self.units).astype(float)
            for side in (1, 0)
        )
        return a, b

    def hits(self, listed: pl.Series, names: pl.Series) -> Hits:
        """Openings (G, K) of each employer whose list in `listed` (m,) holds each of `names`."""
        return self.summed(*codes_in(listed, names), len(names))

    def skill_codes(self, names: pl.Series) -> tuple[Codes, Codes]:
        """Every skill of the openings that is one of `names`: its opening, and which it is."""
        found = [codes_in(self.lines[how], names) for how in SKILLS]
        row, column = (np.concatenate(part) for part in zip(*found, strict=True))
        return row, column

    def summed(self, row: Codes, column: Codes, count: int) -> Hits:
        """Openings (G, K) of each employer with each of `count` things: `row` (N,) are openings
        and `column` (N,) things, no pair twice."""
        unit, is_a, shape = self.unit[row], self.is_a[row], (self.units, count)
        a, b = (Sparse.summed(unit[is_a == s], column[is_a == s], shape) for s in (1, 0))
        return a, b

    def of_role(self, role: Role, side: bool) -> RoleOpenings:
        """What there is of one role."""
        sizes = self.sizes[0 if side else 1]
        mine = self.lines.filter(pl.col("is_a") == side)
        known = mine["employer"].drop_nulls().value_counts()["count"].max() or 0
        return RoleOpenings(
            role.label, role.plural, int(mine["copies"].sum()), mine.height,
            int((sizes > 0).sum()), float(known) / max(mine.height, 1),  # type: ignore[arg-type]
            mine.height - mine["low"].null_count(),
        )  # fmt: skip


def codes_in(listed: pl.Series, names: pl.Series) -> tuple[Codes, Codes]:
    """Every entry of the lists `listed` (m,) that is one of `names`: its list, and which it is."""
    entries = listed.rename("name").to_frame().with_row_index("row")
    entries = entries.explode("name", empty_as_null=False)
    known = pl.col("name").cast(pl.Enum(names), strict=False).to_physical()
    found = entries.with_columns(column=known).drop_nulls("column")
    row, column = (found[c].cast(pl.Int64).to_numpy() for c in ("row", "column"))
    return row, column


def skills_of(lines: pl.DataFrame) -> pl.Series:
    """All skills of each line (m,), as lists without order."""
    return lines.select(pl.concat_list(pl.col(s).fill_null([]) for s in SKILLS)).to_series()


def find_openings(market: Market, q: Question) -> Openings:
    """The openings of both roles in the source of postings that has most of them.

    Raises:
        UsageError: the two roles are one. NotEnoughEvidence: no postings, or a role with fewer
        than 5 openings.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    found = openings_of(market, of_one_source(market, q))
    for role, side in ((q.a, True), (q.b, False)):
        _require(market, q, role, found.lines.filter(pl.col("is_a") == side).height)
    return found


def openings_or_none(market: Market, q: Question) -> Openings | None:
    """`find_openings`, or None where a role has fewer than 5 openings."""
    try:
        return find_openings(market, q)
    except NotEnoughEvidence:
        return None


def of_one_source(market: Market, q: Question) -> Question:
    """The question `q` about one source of postings: that with most openings of the rarer role."""
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
        lines = openings_of(market, q).lines
    except NotEnoughEvidence:
        return 0
    a = int(lines["is_a"].sum())
    return min(a, lines.height - a)


def openings_of(market: Market, q: Question) -> Openings:
    """The openings of both roles, however few, in the one source that `q` names."""
    return market.recall(("openings", *q.key), lambda: openings_read(market, q, market.postings))


def openings_read(market: Market, q: Question, read: Read) -> Openings:
    """The openings of both roles in the one source that `q` names, of lines that `read` reads."""
    ads, excluded = _ads(market, q, read)
    source = next(s for s in market.sources if q.where.values["source"] == (s.name,))
    kept = openings(ads, ["is_a"])
    told = {**source.to_dict(), "used": int(kept["copies"].sum())}
    return Openings(kept, told, excluded)


def _ads(market: Market, q: Question, read: Read) -> tuple[pl.DataFrame, int]:
    """`lines_of_pair` with each ad once in a role; whole lines are put in order only once."""
    whole: list[pl.DataFrame] = []

    def narrow(titles: pl.Series, where: Where) -> pl.DataFrame:
        whole.append(read(titles, where))
        return whole[0].select("title", "low", "ad", "n").with_row_index("line")

    told, excluded = lines_of_pair(market, q, narrow)
    ads = once(told, ["is_a"])
    return whole[0][ads["line"]].with_columns(ads["n"], ads["is_a"], ads["copies"]), excluded


def openings(lines: pl.DataFrame, within: Sequence[str]) -> pl.DataFrame:
    """`lines` of `market.once` with a row for each opening, once in what the columns `within` tell.

    Ads of one employer under one title that have at least `ALIKE` of their skills and duties in
    common (Jaccard) are one: the first of them with pay, else the first, stands for all, and
    `copies` is their sum.
    """
    ads = each(lines)
    order = np.argsort(ads["low"].is_null().to_numpy(), kind="stable")
    group = _posters(ads.select(*within, "employer", "title")[order], within)
    row, fact = _facts(ads, order, np.flatnonzero(group >= 0))
    stands = stood_for(group, row, fact)
    copies = np.bincount(stands, ads["copies"].to_numpy()[order], len(stands))
    own = np.flatnonzero(stands == np.arange(len(stands)))
    own = own[np.argsort(order[own])]
    counted = pl.Series("copies", copies[own], dtype=pl.Float64).cast(ads.schema["copies"])
    return ads[order[own]].with_columns(counted)


def _posters(lines: pl.DataFrame, within: Sequence[str]) -> Codes:
    """Codes (m,) of employer, title and what `within` tells; -1 without an employer or alone."""
    of = (*within, "employer", "title")
    first = pl.col("row").first().over(of).cast(pl.Int64)
    shared = pl.col("employer").is_not_null() & (pl.len().over(of) > 1)
    known = pl.when(shared).then(first).otherwise(-1)
    return lines.select(*of).with_row_index("row").select(known).to_series().to_numpy()


def _facts(lines: pl.DataFrame, order: Codes, at: Codes) -> tuple[Codes, Codes]:
    """Each skill or duty of the lines `at` in this `order`: its line, and its code; skills have
    even ones."""
    some, row = lines.select(*SKILLS, "duties")[order[at]], pl.Series("row", at)
    parts = [pl.DataFrame({"row": row, "fact": x}) for x in (skills_of(some), some["duties"])]
    long = [part.explode("fact", empty_as_null=False).drop_nulls("fact") for part in parts]
    codes = [part["fact"].cast(pl.Categorical).to_physical().cast(pl.Int64) for part in long]
    fact = np.concatenate([2 * code.to_numpy() + i for i, code in enumerate(codes)])
    return np.concatenate([part["row"].to_numpy() for part in long]), fact


def _require(market: Market, q: Question, role: Role, n: int) -> None:
    if n >= HIDDEN:
        return
    place = f" ({q.where.words})" if q.where else ""
    titles = market.title_names
    wider = market.postings(titles.filter(matches(role, titles, "broad")), q.where)
    hint = "`rolediff roles` lists those that have more"
    if q.reading == "strict" and wider["n"].sum() > n:
        hint = f"--reading broad finds {wider['n'].sum():,} postings"
    told = "1 opening" if n == 1 else f"{n} openings"
    raise NotEnoughEvidence(f"{role.label}: {told}{place}, {HIDDEN} are needed; {hint}")
