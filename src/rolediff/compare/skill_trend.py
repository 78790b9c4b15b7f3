"""Skills that rise and fall between two dated snapshots of postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from rolediff.compare.categories import difference_estimate, share_estimate, units
from rolediff.compare.openings import openings
from rolediff.market import once
from rolediff.results import HIDDEN, SkillMove, SkillTrend
from rolediff.stats.cells import Floats
from rolediff.stats.multiplicity import benjamini_hochberg
from rolediff.stats.prevalence import Shares, differences

APART = 28
"""Days that two snapshots must lie apart: ads live as long, so nearer ones are mostly the same."""
METHOD = "Wilson at the effective sample size, clustered by employer"

End = tuple[str, str]


def skill_trend(postings: pl.DataFrame, dates: Mapping[str, date]) -> SkillTrend:
    """Moves of every skill named in 5 openings of a role, between the earliest and the latest
    snapshot.

    `postings` are of both roles (`role` "A" or "B") in sources of postings, reposts included;
    `dates` the day of each source.
    """
    dated = sorted((day, name) for name, day in _of_one(postings, dates).items())
    if not dated:
        return SkillTrend(None, None, (), "no dated snapshot of postings: two are needed")
    (first, early), (last, late) = dated[0], dated[-1]
    ends: tuple[End, End] = ((early, first.isoformat()), (late, last.isoformat()))
    if (last - first).days < APART:
        have = "1 dated snapshot" if len(dated) == 1 else f"{len(dated)} snapshots"
        return SkillTrend(None, None, (), (
            f"{have} of postings ({early}, {first}); a second of the same boards is needed, "
            f"{APART} days or more apart"
        ))  # fmt: skip
    sides = {role: _sides(postings, role, early, late) for role in "AB"}
    counts = {r: tuple(int(p["n"].sum()) for p in parts) for r, parts in sides.items()}
    few = [r for r, pair in counts.items() if min(pair) < HIDDEN]
    if len(few) == 2:
        said = " and ".join(f"{a} and {b} openings of role {r}" for r, (a, b) in counts.items())
        return SkillTrend(*ends, (), f"{said} at the two dates: {HIDDEN} of a role are needed")
    moves = [m for r in "AB" if r not in few for m in _moves(*sides[r], r, (early, late))]
    adjusted = benjamini_hochberg(np.array([m.p for m in moves]))
    told = [replace(m, p_bh=float(q)) for m, q in zip(moves, adjusted, strict=True)]
    told.sort(key=lambda m: (m.p_bh, -abs(m.change.value), m.role, m.skill))
    short = [f"fewer than {HIDDEN} openings of role {r} at one of the two dates" for r in few]
    missing = "".join(short)
    return SkillTrend(*ends, tuple(told), missing)


def _of_one(postings: pl.DataFrame, dates: Mapping[str, date]) -> Mapping[str, date]:
    """Dates of the one source that was read several times ("ashby@2026-10-03") and has most ads.

    All of them where none was: two sources then are two collections.
    """
    counts = dict(postings.group_by("source").agg(pl.col("n").sum()).iter_rows())
    read: dict[str, list[str]] = {}
    for name in dates:
        read.setdefault(name.partition("@")[0], []).append(name)
    several = {base: names for base, names in read.items() if len(names) > 1}
    if not several:
        return dates
    most = max(sorted(several), key=lambda base: sum(counts.get(n, 0) for n in several[base]))
    return {name: dates[name] for name in several[most]}


def _sides(
    postings: pl.DataFrame, role: str, early: str, late: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Openings of a role at the two dates, an opening once a date."""
    ads = openings(once(postings.filter(pl.col("role") == role), ["source"]), ["source"])
    ads = ads.with_columns(skills=pl.concat_list("required", "preferred", "named"))
    return ads.filter(pl.col("source") == early), ads.filter(pl.col("source") == late)


def _moves(
    earlier: pl.DataFrame, later: pl.DataFrame, role: str, names: tuple[str, str]
) -> list[SkillMove]:
    """Skills of one role, with `p` not yet adjusted; employers at both dates count as one unit."""
    both = pl.concat([earlier, later])
    unit, _ = units(both["employer"])
    groups, cut = int(unit.max()) + 1, earlier.height
    skills = _named(both)
    shares = []
    for part, code in ((earlier, unit[:cut]), (later, unit[cut:])):
        n = part["n"].to_numpy().astype(float)
        hits = _hits(part, code, n, skills, groups)
        sizes: Floats = np.asarray(np.bincount(code, n, minlength=groups), float)
        shares.append(Shares.of(hits, sizes))
    gap = differences(shares[1], shares[0])
    found = []
    for k, skill in enumerate(skills):
        then, now = (share_estimate(s, k, METHOD, n) for s, n in zip(shares, names, strict=True))
        p = float(gap.p[k]) if np.isfinite(gap.p[k]) else 1.0
        change = difference_estimate(gap, k, now, then, groups)
        found.append(SkillMove(role, skill, then, now, change, p, p))
    return found


def _named(ads: pl.DataFrame) -> list[str]:
    """Skills that 5 openings name, sorted."""
    each = ads.select("skills", "n").explode("skills").drop_nulls("skills")
    counted = each.group_by("skills").agg(pl.col("n").sum()).filter(pl.col("n") >= HIDDEN)
    return [str(s) for s in counted["skills"].sort()]


def _hits(
    ads: pl.DataFrame, unit: np.ndarray[tuple[int], np.dtype[np.int64]], n: Floats,
    skills: Sequence[str], groups: int,
) -> Floats:  # fmt: skip
    """Openings (G, K) of each unit that name each skill."""
    lines = ads.select("skills").with_columns(unit=pl.Series(unit), n=pl.Series(n))
    each = lines.explode("skills").filter(pl.col("skills").is_in(list(skills)))
    code = each["skills"].replace_strict(
        list(skills), list(range(len(skills))), return_dtype=pl.Int64
    )  # fmt: skip
    hits = np.zeros((groups, len(skills)))
    np.add.at(hits, (each["unit"].to_numpy(), code.to_numpy()), each["n"].to_numpy())
    return hits
