"""`trend`: how demand for two roles moves, as far as dated sources can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.roles import Role, RoleReading, matches
from rolediff.collect.windows import read_log
from rolediff.compare.ages import ad_ages, snapshots
from rolediff.compare.approximate import approximate
from rolediff.compare.asked import question
from rolediff.compare.demand import WINDOWS as WINDOWS_OF
from rolediff.compare.demand import source_demand
from rolediff.compare.found import Question
from rolediff.compare.openings import openings
from rolediff.compare.periods import source_trend
from rolediff.compare.proxies import occupation_proxies, official_sources
from rolediff.compare.skill_trend import skill_trend
from rolediff.compare.sources import agreement
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, ReadOptions, Where, load, once, open_market
from rolediff.market.history import MERGED, WINDOWS, is_history
from rolediff.results import HIDDEN, AdAges, Demand, SkillTrend, SourceTrend, Trend

AGREED = {
    "yes": "agree",
    "no": "contradict each other",
    "unclear": "are not both clear, so neither confirms the other",
}
"""How two sources stand to one another."""


def trend(
    a: str | Role, b: str | Role, data: Any = None, *, where: str | Where | None = None,
    reading: RoleReading = "strict", roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> Trend:  # fmt: skip
    """How demand for two roles moves; arguments as those of `diff`.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say.
    """
    asked = question(a, b, where=where, reading=reading, roles=roles)
    market, windows = history_of(data) or (load(data, options).market, None)
    return demand(market, asked, windows)


def history_of(data: Any) -> tuple[Market, pl.DataFrame] | None:
    """All markets of a folder of dated ones together, and when ads were in view; None for others.

    Raises:
        MarketError, DataError: the folder is damaged.
    """
    if not isinstance(data, str | Path) or not is_history(data):
        return None
    folder = Path(data)
    return open_market(folder / MERGED), read_log(folder / WINDOWS)


def demand(market: Market, q: Question, windows: pl.DataFrame | None = None) -> Trend:
    """Shares by year within each source, ages of openings, moves of skills, and official proxies.

    With `windows` (`collect.windows.LOG`), also how demand moved while they were watched.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: fewer than 5 records of a role in all.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    titles = market.title_names
    titles = titles.filter(_roles(titles, q).is_not_null())
    used = _require(_with_role(market.rows(titles, q.where), q), q)
    posted = {s.name for s in market.sources if s.unit == "posting"}
    every = dict.fromkeys(s.name for s in market.sources)
    by_source = tuple(
        source_trend(_with_role(market.rows(None, q.where.of_source(name)), q), name)
        for name in every
        if name in used and name not in posted
    )
    postings = _with_role(market.postings(titles, q.where), q)
    here = set(postings["source"])
    dates = {name: day for name, day in snapshots(market).items() if name in here}
    ages = tuple(_ages(postings, dates))
    skills = skill_trend(postings, dates)
    watched = () if windows is None else tuple(watched_demand(windows, q))
    return Trend(
        q.a.label, q.b.label, q.a.plural, q.b.plural, q.reading, str(q.where), by_source, ages,
        skills, occupation_proxies(q.a, q.b),
        (*approximate(market), *_caveats(market, by_source, ages, skills, watched)),
        tuple({**s.to_dict(), "used": used[s.name]} for s in market.sources if s.name in used),
        official_sources("projections", "wages"), watched,
    )  # fmt: skip


def watched_demand(windows: pl.DataFrame, q: Question) -> Iterator[Demand]:
    """Demand in `windows` (`collect.windows.LOG`), every source by itself.

    Only filters by country and source can be kept: nothing is told under others.
    """
    if q.where.years is not None or not {"country", "source"} >= q.where.values.keys():
        return
    here = q.where.apply(windows).select("id", "source", here=pl.lit(value=True))
    placed = _with_role(windows, q).join(here, on=["id", "source"], how="left")
    lines = placed.with_columns(
        role=pl.when("here").then("role"),  # another place's ads still tell whom the crawler reads
        n=pl.lit(1, pl.Int64),
    )
    for name in lines.filter("here")["source"].unique().sort():
        yield source_demand(lines.filter(pl.col("source") == name).select(WINDOWS_OF.names()), name)


def _with_role(lines: pl.DataFrame, q: Question) -> pl.DataFrame:
    return lines.with_columns(role=_roles(lines["title"], q))


def _roles(titles: pl.Series, q: Question) -> pl.Series:
    """ "A", "B" or null for each title; one that fits both is neither."""
    distinct = titles.drop_nulls().unique().sort()
    is_a, is_b = (matches(role, distinct, q.reading) for role in (q.a, q.b))
    of = dict.fromkeys(distinct.filter(is_a & ~is_b), "A")
    of |= dict.fromkeys(distinct.filter(is_b & ~is_a), "B")
    return titles.replace_strict(of, default=None, return_dtype=pl.String)


def _require(lines: pl.DataFrame, q: Question) -> dict[str, int]:
    """Records of both roles by source; refused where a role has fewer than 5 in all."""
    mine = lines.drop_nulls("role")
    for side, role in (("A", q.a), ("B", q.b)):
        n = int(mine.filter(pl.col("role") == side)["n"].sum())
        if n < HIDDEN:
            place = f" ({q.where.words})" if q.where else ""
            raise NotEnoughEvidence(
                f"{role.label}: {n} records{place}, {HIDDEN} are needed; `rolediff roles` lists "
                "counts, --reading broad finds more titles"
            )
    return dict(mine.group_by("source").agg(pl.col("n").sum()).sort("source").iter_rows())


def _ages(postings: pl.DataFrame, dates: Mapping[str, date]) -> list[AdAges]:
    """Ages of the openings of each role in every snapshot."""
    found = []
    for name, day in dates.items():
        for role in "AB":
            part = postings.filter((pl.col("source") == name) & (pl.col("role") == role))
            live = openings(once(part, ["source"]), ["source"])
            found.append(ad_ages(live, role, name, day))
    return [f for f in found if f is not None]


def _agreements(by_source: Sequence[SourceTrend]) -> Iterator[str]:
    """Whether each further source that spans years agrees with the first."""
    known = [s for s in by_source if s.relative is not None]
    for other in known[1:]:
        names = f"{known[0].source} and {other.source}"
        said = AGREED[agreement(known[0].relative, other.relative)]
        yield f"On how one role grew against the other, {names} {said}."


def _caveats(
    market: Market,
    by_source: Sequence[SourceTrend],
    ages: Sequence[AdAges],
    skills: SkillTrend,
    watched: Sequence[Demand],
) -> list[tuple[str, str]]:
    said = [(
        "within",
        "A share is of all records of one source in one year: it moves with whom the source "
        "collects from, not only with demand. Sources are never pooled.",
    )] if by_source else [] if watched else [(
        "no-period",
        "No source here has records of several years, so nothing can be said of growth: add "
        "dated records of pay, or postings of two dates.",
    )]  # fmt: skip
    if len(by_source) == 1:
        said.append((
            "source",
            f"Shares by year are of one source, {by_source[0].source}; a second that spans years "
            "would check them.",
        ))  # fmt: skip
    said += [("agreement", text) for text in _agreements(by_source)]
    for trend in by_source:
        version = next(s.version for s in market.sources if s.name == trend.source)
        if trend.periods and version.startswith(f"{trend.periods[-1].year}-"):
            said.append((
                "part-year",
                f"{trend.source} ends on {version}: of {trend.periods[-1].year} it has a part, "
                "whose shares are of that part.",
            ))  # fmt: skip
    if ages:
        said.append((
            "snapshot",
            "A snapshot holds the openings live on one day. Its months of publication show how "
            "long they stay; older months are emptier because postings are taken down, so they are "
            "never read as growth.",
        ))  # fmt: skip
    if watched:
        said.append((
            "watched",
            "Ads opened are those that came into view after their employer did, at employers in "
            "view from before the first whole month: employers added later are no growth. "
            "An ad posted in several places counts in each; one put up again opens again.",
        ))  # fmt: skip
    if skills.moves:
        said.append((
            "two-collections",
            "Skills of two snapshots differ also because employers do; those in both count as one "
            "unit. The false discovery rate over all skills of both roles is held at 5 %.",
        ))  # fmt: skip
    said.append((
        "proxy",
        "No official code is either role, so no official growth of it exists: figures quoted for "
        "it are of a broader occupation such as those here.",
    ))  # fmt: skip
    return said
