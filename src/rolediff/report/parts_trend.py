"""The part of a page on how demand moves."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.charts_time import lines_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.parts_watched import watched
from rolediff.report.scales import plainly, scale_of
from rolediff.report.trend_words import (
    BANDS,
    band,
    banded,
    headline,
    median,
    projected,
    relative,
    skill_sentence,
    survival,
    years,
)
from rolediff.report.where_words import difference, share
from rolediff.results import Estimate, SourceTrend, Trend


def trend_part(t: Trend, command: str) -> Part:
    """How the shares of two roles move."""
    figures: list[Figure] = []
    for source in t.by_source:
        figures += _shares(t, source, command)
    for d in t.watched:
        figures += watched(t, d, _titled(t, d.source), command)
    figures += [*_ages(t, command), *_skills(t, command), *_proxies(t, command)]
    return Part(
        "trend", "Trend", headline(t), (f"Skills: {skill_sentence(t.skills)}",), tuple(figures)
    )


def _titled(t: Trend, name: str) -> str:
    return next((str(s["title"]) for s in t.sources if s["name"] == name), name)


def _shares(t: Trend, s: SourceTrend, command: str) -> Iterator[Figure]:
    sides = {
        "a": [(p.year, p.a) for p in s.periods if p.a is not None],
        "b": [(p.year, p.b) for p in s.periods if p.b is not None],
    }
    lines = [(kind, points) for kind, points in sides.items() if points]
    if len({year for _, points in lines for year, _ in points}) < 2:
        return
    id, title = f"trend-{s.source}", f"Share of all records of {s.source}, {years(s)}"
    told = "; ".join(
        f"{t.a if kind == 'a' else t.b} " + ", ".join(f"{y} {share(e)}" for y, e in points)
        for kind, points in lines
    )
    grid = Grid.of(
        ("year", "all records", t.a, "n", t.b, "n", f"{t.a} of both"),
        ((str(p.year), f"{p.total:,}", share(p.a), f"{p.n_a:,}", share(p.b), f"{p.n_b:,}",
          share(p.of_pair)) for p in s.periods),
    )  # fmt: skip
    every: list[Estimate] = [e for _, points in lines for _, e in points]
    yield Figure(
        id, title, relative(t, s), f"n = {sum(p.total for p in s.periods):,} records of any role",
        _titled(t, s.source),
        "A role's share of all records of one source in a year, never across sources; growth is "
        "the mean log ratio from one year to the next.",
        command, intervals(every), lines_chart(title, f"{told}.", lines),
        (("a", t.a), ("b", t.b)), (), grid,
    )  # fmt: skip


def _ages(t: Trend, command: str) -> Iterator[Figure]:
    if not t.ages:
        return
    title = "How long openings stay: median months since publication of live ones"
    rows = [
        Row(f"{t.a if g.role == 'A' else t.b}, {g.source}",
            (Mark(g.median, g.role.lower(), f"{median(g)} months"),), f"{g.n:,} openings")
        for g in t.ages
    ]  # fmt: skip
    every = [g.median for g in t.ages]
    heads = ("role", "openings", *(f"{band(*b)} months" for b in BANDS), "median")
    grid = Grid.of(
        heads,
        ((t.a if g.role == "A" else t.b, f"{g.n:,}", *(f"{n:,}" for n in banded(g)), median(g))
         for g in t.ages),
    )  # fmt: skip
    say = " ".join(survival(t, g) for g in t.ages) + " This is no growth."
    yield Figure(
        "trend-ages", title, say, "n beside each", _titled(t, t.ages[0].source),
        "Whole months since the month of publication, of openings that were live at the snapshot.",
        command, intervals(every),
        rows_chart(title, say, rows, scale_of(every, plainly, floor=0, with_zero=True)),
        (("a", t.a), ("b", t.b)), (), grid, tuple(rows),
    )  # fmt: skip


def _skills(t: Trend, command: str) -> Iterator[Figure]:
    if not t.skills.moves or t.skills.earlier is None or t.skills.later is None:
        return
    names = {"A": t.a, "B": t.b}
    rows = (
        (m.skill, names[m.role], share(m.earlier), share(m.later), difference(m.change),
         m.direction)
        for m in t.skills.moves
    )  # fmt: skip
    heads = ("skill", "role", "earlier", "later", "points", "")
    yield Figure(
        "trend-skills", "Rising and falling skills", skill_sentence(t.skills),
        f"{len(t.skills.moves)} skills compared",
        f"{_titled(t, t.skills.earlier[0])}; {_titled(t, t.skills.later[0])}",
        "Shares of openings at two dated snapshots; p values adjusted over all skills of both "
        "roles (Benjamini and Hochberg 1995).",
        command, intervals(m.change for m in t.skills.moves), grid=Grid.of(heads, rows),
    )  # fmt: skip


def _proxies(t: Trend, command: str) -> Iterator[Figure]:
    if not t.proxies:
        return
    near: dict[tuple[str, ...], str] = {("A",): t.a, ("B",): t.b}
    rows = (
        (p.occupation, near.get(p.roles, "both"),
         f"{p.employment.value:,.0f} ({p.employment.low or 0:,.0f}–{p.employment.high or 0:,.0f})"
         if p.employment else "", projected(p), f"{p.openings:,.0f}" if p.openings else "")
        for p in t.proxies
    )  # fmt: skip
    year = t.proxies[0].employment_year
    heads = ("occupation", "nearest to", f"employees, {year}", "projected", "openings a year")
    yield Figure(
        "trend-official", "Beside it: neighbouring occupations in the US",
        "No official projection is of either role: these are proxies.",
        "n: employees, in the table",
        "; ".join(f"{s['title']}, {s['version']}" for s in t.official),
        "Published estimates and projections over ten years; they have no interval of their own.",
        command, intervals(p.employment for p in t.proxies), grid=Grid.of(heads, rows),
    )  # fmt: skip
