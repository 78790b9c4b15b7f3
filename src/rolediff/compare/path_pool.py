"""The postings of one source that a question about a path rests on, by role."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from rolediff.annotate.roles import Catalogue, Role, RoleReading, matches
from rolediff.compare.found import Question
from rolediff.compare.lens import Lens
from rolediff.compare.openings import of_one_source, openings
from rolediff.compare.path_ads import Ads
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, Where, once
from rolediff.results import HIDDEN

SHOWN = 3
"""Roles named in the message that one of them has too few openings."""


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Which role is wanted, from which one (or none), and with which skills.

    `have` = concepts of skills; None: a person said nothing of theirs. `catalogue` = the roles
    that may come next.
    """

    to: Role
    start: Role | None = None
    have: tuple[str, ...] | None = None
    reading: RoleReading = "strict"
    where: Where = field(default_factory=Where)
    lens: Lens = field(default_factory=Lens)
    catalogue: Catalogue = field(default_factory=Catalogue.load)


@dataclass(frozen=True)
class Pool:
    """Postings of one source with `role`, an id; a title is of one role only.

    `lines` of `Market.postings`, `openings` of `compare.openings`; `roles` = every role looked
    for, by id; `excluded` = postings of titles that fit both the role wanted and the one set out
    from.
    """

    lines: pl.DataFrame
    openings: pl.DataFrame
    roles: dict[str, Role]
    excluded: int
    _made: dict[str, Ads] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> str:
        """The name of the source."""
        return str(self.lines["source"].drop_nulls().first())

    def of(self, role: Role) -> Ads:
        """The openings of a role."""
        if role.id not in self._made:
            self._made[role.id] = Ads.of(self.openings.filter(pl.col("role") == role.id))
        return self._made[role.id]

    def others(self, role: Role) -> Ads:
        """The openings of all other roles."""
        return Ads.of(self.openings.filter(pl.col("role") != role.id))


def gather(market: Market, q: PathQuestion) -> Pool:
    """The postings of the role wanted, of the one set out from, and of all others in the catalogue.

    Raises:
        UsageError: both roles are one.
        NotEnoughEvidence: no postings, or fewer than 5 openings of a role that was named.
    """
    if q.start is not None and q.start.id == q.to.id:
        raise UsageError(f"--from and --to are both {q.to.label}: name two different roles")
    if not market.has_postings:
        raise NotEnoughEvidence(
            "this market has pay records but no postings, which is where a path is read: "
            "rolediff compress ads.jsonl -o market/, then --data market/"
        )
    wanted = _named(q)
    owned = _owners(market.title_names, wanted, q)[0].filter(pl.col("role").is_not_null())
    pool = pool_in(market, q, _one_source(market, q, owned))
    for role in wanted:
        _require(pool, role, q)
    return pool


def _named(q: PathQuestion) -> list[Role]:
    return [role for role in (q.to, q.start) if role is not None]


def pool_in(market: Market, q: PathQuestion, where: Where) -> Pool:
    """The postings of the one source that `where` names, however few of a role.

    Raises:
        NotEnoughEvidence: a filter that leaves no record.
    """
    named = _named(q)
    others = [role for role in q.catalogue.roles if role.id not in {r.id for r in named}]
    owner, both = _owners(market.title_names, [*named, *others], q)
    owned = owner.filter(pl.col("role").is_not_null())
    mine = pl.col("role").is_in([role.id for role in named])
    parts = [
        _with_role(market.postings(owned.filter(mine)["title"], where), owned.filter(mine)),
        _with_role(_beside(market, where), owned.filter(~mine)),
    ]
    lines = pl.concat(parts)
    made = openings(once(lines, ["role"]), ["role"])
    excluded = int(market.postings(both, where)["n"].sum()) if len(both) else 0
    return Pool(lines, made, {role.id: role for role in (*named, *others)}, excluded)


def _with_role(lines: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    role = lines["title"].replace_strict(
        owned["title"], owned["role"], default=None, return_dtype=pl.String
    )
    told = lines.with_columns(role=role)
    return told.filter(role.is_not_null()) if role.null_count() else told


def _beside(market: Market, where: Where) -> pl.DataFrame:
    """The postings of the source, or a panel of them, in which other roles are looked for."""
    (source,) = where.values["source"]
    lines = market.panel(source)
    try:
        return where.apply(lines)
    except NotEnoughEvidence:
        return lines.clear()


def _owners(
    titles: pl.Series, roles: list[Role], q: PathQuestion
) -> tuple[pl.DataFrame, pl.Series]:
    """Each title with the first of `roles` that it is of, and the titles of both named roles."""
    owner = titles.alias("title").to_frame().with_columns(role=pl.lit(None, pl.String))
    both = titles.clear()
    if q.start is not None:
        fits = matches(q.to, titles, q.reading) & matches(q.start, titles, q.reading)
        both = titles.filter(fits)
    for role in reversed(roles):
        mine = matches(role, titles, q.reading)
        owner = owner.with_columns(
            role=pl.when(pl.lit(mine)).then(pl.lit(role.id)).otherwise("role")
        )
    return owner.filter(~pl.col("title").is_in(both.implode())), both


def _one_source(market: Market, q: PathQuestion, owned: pl.DataFrame) -> Where:
    """The filter of the question, kept to the source that answers it best.

    With the role set out from it is that of the pair; else the one with most postings of the role.
    """
    posted = [s.name for s in market.sources if s.unit == "posting"]
    wanted = {name.casefold() for name in q.where.values.get("source", ())}
    named = [name for name in posted if not wanted or name.casefold() in wanted]
    if not named:
        raise NotEnoughEvidence(
            f"0 postings in the source {'|'.join(sorted(wanted))}, and a path is read from "
            f"postings: leave the filter on source out, or name {' or '.join(posted)}"
        )
    posted = named
    if len(posted) == 1:
        return q.where.of_source(posted[0])
    if q.start is not None:
        return of_one_source(market, Question(q.to, q.start, q.reading, q.where)).where
    mine = market.postings(owned.filter(pl.col("role") == q.to.id)["title"], q.where)
    counts = mine.filter(pl.col("source").is_in(posted)).group_by("source").agg(pl.col("n").sum())
    ranked = counts.sort("n", "source", descending=[True, False])
    return q.where.of_source(str(ranked["source"][0]) if ranked.height else posted[0])


def _require(pool: Pool, role: Role, q: PathQuestion) -> None:
    n = len(pool.of(role))
    if n >= HIDDEN:
        return
    place = f" ({q.where.words})" if q.where else ""
    few = "1 opening" if n == 1 else f"{n} openings"
    most = pool.lines.group_by("role").agg(pl.col("n").sum())
    most = most.sort("n", "role", descending=[True, False]).head(SHOWN)
    said = ", ".join(f"{pool.roles[i].label} ({n:,})" for i, n in most.iter_rows())
    hint = "--reading broad reads more titles; " if q.reading == "strict" else ""
    tail = f"most postings have {said}" if said else "leave out a filter of --where"
    raise NotEnoughEvidence(f"{role.label}: {few}{place}, {HIDDEN} are needed; "
                            f"{hint}{tail}")  # fmt: skip
