"""`diff-markets`: what changed in the comparison of two roles from one market to another.

A figure of the newer market less that of the older one has an interval by MOVER (Zou and Donner
2008, Statistics in Medicine 27(10)) from the intervals of both, which takes the two for
independent: records that stand in both are counted, and said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, matches
from rolediff.compare.found import Found, Question, answering, find
from rolediff.compare.openings import find_openings
from rolediff.compare.roles import compare_roles
from rolediff.compare.skills import compare_skills
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market, each, once
from rolediff.results import Comparison, Estimate, Missing, Skills
from rolediff.results.market_diff import Change, MarketDiff, RoleChanges
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Shares
from rolediff.stats.quantile import difference

PERCENTILES = (25, 50, 75)
"""Percentiles of pay whose change is told."""
COMMON = 0.02
"""Share of ads, of either role in either market, from which on a skill is compared."""
Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A market, how it is called, and the question put to the one source that answers."""

    name: str
    market: Market
    q: Question

    @property
    def source(self) -> str:
        """The source that answers."""
        return self.q.where.values["source"][0]


def diff_markets(old: tuple[str, Market], new: tuple[str, Market], q: Question) -> MarketDiff:
    """What changed between two markets, each with its name, in the comparison that `q` asks for.

    The newer market's source answers, against the older one's of the same name if there is one.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: a role has too few records in either market to compare anything.
    """
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
        gap=_gaps(*pay[1]) if pay else (),
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
        caveats=_caveats(dated, sources, alike, int(newer.rows["n"].sum())),
    )


Pair = tuple[Dated, Dated]


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
        _counted(name, counts[0][name], counts[1][name])
        for name in counts[1]
        if counts[0].get(name) and counts[1][name]
    )
    shares = [_share(d, role) for d in dated]
    share = None
    if all(s is not None for s in shares):
        share = changed("share of all", "share", *shares)  # type: ignore[arg-type]
    return RoleChanges(
        role.label,
        _percentiles(*pay[1], side) if pay else (),
        share,
        changes,
        _skills(*skills[1], side) if skills else (),
    )


def changed(name: str, unit: str, old: Estimate, new: Estimate) -> Change:
    """The newer figure less the older one, by MOVER; logs of both where the unit is "log"."""
    sides = [_logs(e) if unit == "log" else (e.value, e.low, e.high) for e in (new, old)]
    value, n = sides[0][0] - sides[1][0], old.n + new.n
    if any(x is None for side in sides for x in side):
        change = Estimate(value, n=n, method="no interval in one market")
    else:
        low, high = difference(*sides)  # type: ignore[arg-type]
        change = Estimate(value, low, high, n, se=(high - low) / (2 * Z), method="MOVER")
    return Change(name, "log" if unit == "log" else "share", old, new, change)


def _logs(e: Estimate) -> tuple[float, float | None, float | None]:
    low, high = (math.log(x) if x is not None and x > 0 else None for x in (e.low, e.high))
    return math.log(e.value), low, high


def _gaps(old: Comparison, new: Comparison) -> tuple[Change, ...]:
    named = (("all records", old.gap, new.gap), ("distinct", old.gap_distinct, new.gap_distinct))
    found = [changed(name, "share", a, b) for name, a, b in named]
    return tuple(replace(change, unit="log") for change in found)  # gaps are in logs already


def _percentiles(old: Comparison, new: Comparison, side: bool) -> tuple[Change, ...]:
    tables = [(c.a if side else c.b).percentiles["mid"] for c in (old, new)]
    return tuple(changed(f"p{p}", "log", *(table[p] for table in tables)) for p in PERCENTILES)


def _counts(rows: pl.DataFrame) -> dict[str, int]:
    """Records, those with comparable pay, and employers that are known."""
    paid = rows.filter(pl.col("low").is_not_null())
    found = {"records": int(rows["n"].sum()), "with pay": int(paid["n"].sum())}
    employers = rows["employer"].drop_nulls().n_unique()
    return found | ({"employers": employers} if employers else {})


def _counted(name: str, old: int, new: int) -> Change:
    """The log ratio of two counts of independent events: Wilson's interval (1927) of the newer
    one's share of both."""
    n = old + new
    share, z = new / n, Z * Z / n
    middle = (share + z / 2) / (1 + z)
    half = Z / (1 + z) * math.sqrt(share * (1 - share) / n + z / (4 * n))
    low, high = (math.log(p / (1 - p)) for p in (middle - half, middle + half))
    value = math.log(new / old)
    change = Estimate(value, min(low, value), max(high, value), n, method="ratio of counts, Wilson")
    return Change(name, "log", Estimate(old, n=old), Estimate(new, n=new), change)


def _share(dated: Dated, role: Role) -> Estimate | None:
    """The share that a role has of all that its source holds; ads count once."""
    lines = dated.market.rows(where=dated.q.where).drop_nulls("title")
    if any(s.unit == "posting" for s in dated.market.sources if s.name == dated.source):
        lines = each(once(lines, ["source"]))
    names = lines["title"].unique()
    mine = names.filter(matches(role, names, dated.q.reading))
    alone = pl.format("\0{}", pl.int_range(pl.len()))
    sizes = lines.group_by(unit=pl.coalesce("employer", alone)).agg(
        n=pl.col("n").sum(), hits=pl.col("n").filter(pl.col("title").is_in(mine.implode())).sum()
    )
    if sizes.height < 2 or not sizes["hits"].sum():
        return None
    hits, n = (sizes[c].cast(pl.Float64).to_numpy() for c in ("hits", "n"))
    told = Shares.of(hits[:, None], n)
    value, low, high = (float(x[0]) for x in (told.value, told.low, told.high))
    if math.isnan(low):
        return Estimate(value, n=told.n, clusters=told.clusters, method="too few employers")
    return Estimate(value, low, high, told.n, clusters=told.clusters, method="Wilson, clustered")


def _skills(old: Skills, new: Skills, side: bool) -> tuple[Change, ...]:
    """Skills that are common in either market, the clearest change first."""
    tables = [
        {s.name: s.told.a if side else s.told.b for s in skills.skills} for skills in (old, new)
    ]
    names = [n for n in tables[1] if n in tables[0]]
    common = [n for n in names if max(t[n].value for t in tables) >= COMMON]
    found = [changed(name, "share", *(table[name] for table in tables)) for name in common]
    told = [change for change in found if change.change.se]
    z = np.array([abs(c.change.value) / (c.change.se or 1) for c in told])
    adjusted = benjamini_hochberg(np.array([math.erfc(x / math.sqrt(2)) for x in z]))
    ranked = [replace(c, p_adjusted=float(p)) for c, p in zip(told, adjusted, strict=True)]
    return tuple(sorted(ranked, key=lambda c: (c.p_adjusted, -abs(c.change.value), c.name)))


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
            f"{said} older market and may be the same ads: they move nothing, and the intervals, "
            "which take the markets for independent, are too wide for them.",
        ))  # fmt: skip
    else:
        found.append(("independent", "No record of these roles is in both markets."))
    found.append(
        ("composition", "A change may be of who advertises and where, not of what a job pays.")
    )
    return tuple(found)
