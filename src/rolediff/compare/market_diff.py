"""`diff-markets`: what changed in the comparison of two roles from one market to another.

A figure of the newer market less that of the older one has an interval by MOVER (Zou and Donner
2008, Statistics in Medicine 27(10)) from the intervals of both and their correlation, which is that
of the employers in both (`compare.overlap`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from rolediff.annotate.roles import Role
from rolediff.compare.approximate import approximate
from rolediff.compare.changes import changed, counted
from rolediff.compare.dated import Dated, Pair, share_of_all, skill_changes
from rolediff.compare.found import Found, Question, answering, find
from rolediff.compare.openings import find_openings
from rolediff.compare.overlap import of_gap, of_percentiles
from rolediff.compare.roles import compare_roles
from rolediff.compare.skills import compare_skills
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.results import Comparison, Missing, Skills
from rolediff.results.market_diff import Change, MarketDiff, RoleChanges

PERCENTILES = (25, 50, 75)
"""Percentiles of pay whose change is told."""


def diff_markets(old: tuple[str, Market], new: tuple[str, Market], q: Question) -> MarketDiff:
    """What changed between two markets, each with its name, in the comparison that `q` asks for.

    The newer market's source answers, against the older one's of the same name if there is one.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: a role has too few records in either market to compare anything.
    """
    old, new = (old[0], old[1].remembering()), (new[0], new[1].remembering())
    missing: list[Missing] = []
    pay = _paid(old, new, q, missing)
    skills = _skilled(old, new, q, missing)
    if pay is None and skills is None:
        raise NotEnoughEvidence(f"nothing can be compared: {missing[0].why}")
    dated = pay[0] if pay else skills[0]  # type: ignore[index]
    found = [find(d.market, d.q) for d in dated]
    sources = [next(s for s in d.market.named_sources if s.name == d.source) for d in dated]
    alike = _alike(*(f.rows for f in found))
    older, newer = found
    return MarketDiff(
        a=_role(q.a, True, pay, skills, dated, found),
        b=_role(q.b, False, pay, skills, dated, found),
        gap=_gaps(*pay[1], found) if pay else (),
        old=old[0],
        new=new[0],
        sources=(sources[0].to_dict(), sources[1].to_dict()),
        reading=q.reading,
        where=str(q.where),
        where_words=q.where.words,
        money=q.lens.unit,
        alike=alike,
        n_old=int(older.rows["n"].sum()),
        n_new=int(newer.rows["n"].sum()),
        missing=tuple(missing),
        caveats=(
            *approximate(*(one.market for one in dated)),
            *_caveats(dated, sources, alike, int(newer.rows["n"].sum())),
        ),
    )


def _paid(
    old: tuple[str, Market], new: tuple[str, Market], q: Question, missing: list[Missing]
) -> tuple[Pair, tuple[Comparison, Comparison]] | None:
    try:
        later = answering(find(new[1], q), q)
        pair = _pair(old, new, q, later.where.values.get("source", ()))
        before, after = (compare_roles(d.market, d.q) for d in pair)
    except NotEnoughEvidence as error:
        missing.append(Missing("pay", str(error)))
        return None
    return pair, (before, after)


def _skilled(
    old: tuple[str, Market], new: tuple[str, Market], q: Question, missing: list[Missing]
) -> tuple[Pair, tuple[Skills, Skills]] | None:
    try:
        source = str(find_openings(new[1], q).source["name"])
        pair = _pair(old, new, q, (source,))
        before, after = (compare_skills(d.market, d.q) for d in pair)
    except NotEnoughEvidence as error:
        missing.append(Missing("skills", str(error)))
        return None
    return pair, (before, after)


def _pair(
    old: tuple[str, Market], new: tuple[str, Market], q: Question, named: Sequence[str]
) -> Pair:
    """The question put to one source of each market: that of the same name, whatever its version,
    else the older one's that answers best."""
    later = named[0] if named else new[1].named_sources[0].name
    same = [s.name for s in old[1].named_sources if base(s.name) == base(later)]
    earlier = same[0] if same else None
    if earlier is None:
        free = replace(q, where=replace(q.where, values=_without_source(q)))
        chosen = answering(find(old[1], free), free).where.values.get("source", ())
        earlier = chosen[0] if chosen else old[1].named_sources[0].name
    return (
        Dated(old[0], old[1], replace(q, where=q.where.of_source(earlier))),
        Dated(new[0], new[1], replace(q, where=q.where.of_source(later))),
    )


def base(source: str) -> str:
    """The name of a source without its version."""
    return source.partition("@")[0].casefold()


def _without_source(q: Question) -> dict[str, tuple[str, ...]]:
    return {key: values for key, values in q.where.values.items() if key != "source"}


def _role(
    role: Role, side: bool,
    pay: tuple[Pair, tuple[Comparison, Comparison]] | None,
    skills: tuple[Pair, tuple[Skills, Skills]] | None,
    dated: Pair, found: Sequence[Found],
) -> RoleChanges:  # fmt: skip
    rows = [f.rows.filter(pl.col("is_a") == side) for f in found]
    counts = [_counts(part) for part in rows]
    changes = tuple(
        counted(name, counts[0][name], counts[1][name])
        for name in counts[1]
        if counts[0].get(name) and counts[1][name]
    )
    shares = [share_of_all(d, role) for d in dated]
    share = None
    if shares[0] is not None and shares[1] is not None:
        (older, before), (newer, after) = shares[0], shares[1]
        r = float(before.correlation(after)[0])
        share = changed("share of all", "share", older, newer, r)
    return RoleChanges(
        role.label,
        _percentiles(*pay[1], side, found) if pay else (),
        share,
        changes,
        skill_changes(*skills, side) if skills else (),
    )


def _gaps(old: Comparison, new: Comparison, found: Sequence[Found]) -> tuple[Change, ...]:
    named = (("all records", old.gap, new.gap), ("distinct", old.gap_distinct, new.gap_distinct))
    told = []
    for distinct, (name, a, b) in enumerate(named):
        before, after = (of_gap(f.rows, bool(distinct)) for f in found)
        told.append(changed(name, "share", a, b, float(before.correlation(after)[0])))
    return tuple(replace(change, unit="log") for change in told)  # gaps are in logs already


def _percentiles(
    old: Comparison, new: Comparison, side: bool, found: Sequence[Found]
) -> tuple[Change, ...]:
    tables = [(c.a if side else c.b).percentiles["mid"] for c in (old, new)]
    before, after = (
        of_percentiles(f.rows, side, [(p, table[p].value) for p in PERCENTILES])
        for f, table in zip(found, tables, strict=True)
    )
    alike = before.correlation(after)
    return tuple(
        changed(f"p{p}", "log", tables[0][p], tables[1][p], float(r))
        for p, r in zip(PERCENTILES, alike, strict=True)
    )


def _counts(rows: pl.DataFrame) -> dict[str, int]:
    """Records, those with comparable pay, and employers that are known."""
    paid = rows.filter(pl.col("low").is_not_null())
    found = {"records": int(rows["n"].sum()), "with pay": int(paid["n"].sum())}
    employers = rows["employer"].drop_nulls().n_unique()
    return found | ({"employers": employers} if employers else {})


def _alike(old: pl.DataFrame, new: pl.DataFrame) -> int:
    """Records of the newer rows that are alike in everything but the source in the older ones."""
    names = [name for name in new.columns if name not in ("cell", "source", "copies", "n", "ad")]
    sums = [part.group_by(names).agg(pl.col("n").sum()) for part in (old, new)]
    both = sums[1].join(sums[0], on=names, how="inner", nulls_equal=True, suffix=" old")
    return int(both.select(pl.min_horizontal("n", "n old").sum()).item() or 0)


def _caveats(
    dated: Pair, sources: Sequence[object], alike: int, n_new: int
) -> tuple[tuple[str, str], ...]:
    found = []
    contents = {getattr(source, "sha256", "") for source in sources}
    if len(contents) == 1 and "" not in contents:
        said = "Both markets were made of the same file: of other rows of it, or of the same."
        found.append(("same file", said))
    if base(dated[0].source) != base(dated[1].source):
        said = f"{dated[0].source} answers in the older market, {dated[1].source} in the newer one"
        found.append(("sources differ", f"{said}: what changed may be the source."))
    if alike:
        share = round(100 * alike / max(n_new, 1))
        said = (
            f"{alike:,} of {n_new:,} newer records ({share} %) are alike in everything in the older"
        )
        found.append((
            "records in both",
            f"{said} market and may be the same ads, which move nothing. Intervals of pay, "
            "gap and shares know employers that are in both; where none is known they take the "
            "markets for independent and are too wide.",
        ))  # fmt: skip
    else:
        found.append(("independent", "No record of these roles is in both markets."))
    found.append(
        ("composition", "A change may be of who advertises and where, not of what a job pays.")
    )
    return tuple(found)
